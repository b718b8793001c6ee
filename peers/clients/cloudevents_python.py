"""cloudevents: one event to a request, binary and structured in turn, sent again until it is taken."""

import json
import sys
import time

import requests
from cloudevents.v1.conversion import to_binary, to_structured
from cloudevents.v1.http import CloudEvent

host, key, prefix, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
problems: list[str] = []
TAKEN, TRIES = range(200, 300), 40


def send(number: int) -> None:
    event = CloudEvent(
        {"type": "message.received", "source": "peers", "id": f"{prefix}-{number}",
         "subject": f"email:{prefix}{number % 7}@peers.example"},
        {"channel": "email", "text": f"Question {number}: what does the plan cost?"},
    )  # fmt: skip
    headers, body = (to_structured if number % 2 else to_binary)(event)
    for _ in range(TRIES):
        try:
            answer = requests.post(
                f"{host}/v1/cloudevents",
                data=body,
                headers={**headers, "Authorization": f"Bearer {key}"},
                timeout=15,
            )
        except requests.RequestException:
            time.sleep(0.2)
            continue
        if answer.status_code in TAKEN:
            return
        time.sleep(float(answer.headers.get("Retry-After", 0.2)))
    problems.append(f"{number}: never taken")


for index in range(count):
    send(index)
print(json.dumps({"sent": count, "problems": problems}))
