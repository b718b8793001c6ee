"""One request to an ASGI app in process, with neither socket nor server."""

import json
from typing import Any, NamedTuple, cast

from litestar import Litestar


class Told(NamedTuple):
    """What the app answered."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]


async def posted(app: Litestar, path: str, key: str, told: object) -> Told:
    """What an app answers to JSON that is posted by a key."""
    body = json.dumps(told).encode()
    asked = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"authorization", f"Bearer {key}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
        "state": {},
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(cast("Any", asked), cast("Any", receive), cast("Any", send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    answered = json.loads(b"".join(part.get("body", b"") for part in sent[1:]))
    return Told(sent[0]["status"], headers, answered)
