"""posthog, as its users run it: captures numbered events and waits until all are sent."""

import json
import sys
from uuid import NAMESPACE_URL, uuid5

from posthog import Posthog

host, key, prefix, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
problems: list[str] = []


def failed(error: Exception, items: object) -> None:
    problems.append(repr(error))


client = Posthog(key, host=host, flush_at=20, flush_interval=0.1, max_retries=10, gzip=True, on_error=failed)
for number in range(count):
    who = f"{prefix}{number % 7}@peers.example"
    client.capture(
        "Plan Viewed", distinct_id=who, properties={"n": number, "email": who},
        uuid=str(uuid5(NAMESPACE_URL, f"{prefix}-{number}")),
    )  # fmt: skip
client.shutdown()
print(json.dumps({"sent": count, "problems": problems}))
