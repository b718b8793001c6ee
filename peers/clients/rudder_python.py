"""rudder-sdk-python, as its users run it: tracks numbered events and waits until all are sent."""

import json
import sys

from rudderstack.analytics.client import Client

host, key, prefix, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
problems: list[str] = []


def failed(error: Exception, items: object) -> None:
    problems.append(repr(error))


client = Client(key, host=host, upload_size=20, upload_interval=0.1, on_error=failed)
for number in range(count):
    who = f"{prefix}{number % 7}@peers.example"
    client.track(
        user_id=who, event="Plan Viewed", properties={"n": number}, message_id=f"{prefix}-{number}",
        context={"traits": {"email": who}},
    )  # fmt: skip
client.shutdown()
print(json.dumps({"sent": count, "problems": problems}))
