"""Bad weather between a client and the server: a proxy that fails, loses replies and doubles by a script.

It keeps what it saw a client be told: the ids of the events in every request that was answered with success.
"""

import asyncio
import gzip
import json
import re
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import httpx
import uvicorn

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

SCRIPT = ("pass", "fail", "pass", "busy", "lose", "double", "pass", "lose", "fail", "double")
"""What befalls one request after another: failed on its way, told to wait, its reply lost, sent twice."""

_ID = re.compile(r'"(?:messageId|uuid|id)"\s*:\s*"([^"]+)"')
_GZIP = b"\x1f\x8b"
_UNTOUCHED = ("host", "content-length", "transfer-encoding", "connection", "expect", "accept-encoding")


@dataclass(slots=True)
class Seen:
    """What was seen of the clients' requests.

    Attributes:
        told: Ids of events a client was told are accepted.
        befell: How often each thing of the script befell a request.
        answers: How often each status came from the server.
        problems: Answers of success that refused single events.
    """

    told: set[str] = field(default_factory=set)
    befell: dict[str, int] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Weather:
    """An ASGI app that passes requests on to the server, as its script allows."""

    def __init__(self, server: str, on_request: Callable[[int], None]) -> None:
        self.seen = Seen()
        self._server = server
        self._on_request = on_request
        self._script = cycle(SCRIPT)
        self._count = 0

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        body = await _whole(receive)
        befalls = next(self._script)
        self._count += 1
        self.seen.befell[befalls] = self.seen.befell.get(befalls, 0) + 1
        await asyncio.to_thread(self._on_request, self._count)
        if befalls == "fail":
            await _answer(send, 500, b'{"why": "bad weather"}')
        elif befalls == "busy":
            await _answer(send, 429, b'{"why": "bad weather"}', [(b"retry-after", b"1")])
        else:
            await self._pass_on(scope, body, send, befalls)

    async def _pass_on(self, scope: dict[str, Any], body: bytes, send: Send, befalls: str) -> None:
        try:
            async with httpx.AsyncClient(base_url=self._server, timeout=20) as client:
                if befalls == "double":
                    await client.send(_copied(client, scope, body))
                reply = await client.send(_copied(client, scope, body))
        except httpx.HTTPError:
            await _answer(send, 502, b'{"why": "the server is away"}')
            return
        self.seen.answers[reply.status_code] = self.seen.answers.get(reply.status_code, 0) + 1
        if befalls == "lose":
            await _answer(send, 503, b'{"why": "the reply was lost"}')
            return
        if reply.is_success:
            self._told(scope, body, reply)
        kept = [(name, value) for name, value in reply.headers.raw if name.lower() == b"retry-after"]
        await _answer(send, reply.status_code, reply.content, kept)

    def _told(self, scope: dict[str, Any], body: bytes, reply: httpx.Response) -> None:
        text = (gzip.decompress(body) if body.startswith(_GZIP) else body).decode()
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.seen.told |= {headers["ce-id"]} if "ce-id" in headers else set(_ID.findall(text))
        if "error" in reply.text.lower() and json.loads(reply.text).get("errors"):
            self.seen.problems.append(reply.text[:500])


@contextmanager
def weather(server: str, on_request: Callable[[int], None]) -> Iterator[tuple[str, Seen]]:
    """Run the proxy on a free port of loopback; gives its address and what it sees.

    Args:
        server: Address of the server behind it.
        on_request: Called with the number of each request, before anything befalls it.
    """
    proxy = Weather(server, on_request)
    with socket.create_server(("127.0.0.1", 0)) as door:
        running = uvicorn.Server(uvicorn.Config(proxy, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[door])))
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}", proxy.seen
        finally:
            running.should_exit = True
            thread.join()


def _copied(client: httpx.AsyncClient, scope: dict[str, Any], body: bytes) -> httpx.Request:
    headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
    kept = [(name, value) for name, value in headers if name.lower() not in _UNTOUCHED]
    url = scope["path"] + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
    request = client.build_request(scope["method"], url, content=body)
    for name in ("content-type", "accept", "user-agent", "accept-encoding"):
        request.headers.pop(name, None)
    request.headers.update(dict(kept))
    return request


async def _whole(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


async def _answer(
    send: Send, status: int, body: bytes, more: list[tuple[bytes, bytes]] | None = None
) -> None:
    headers = [(b"content-type", b"application/json"), *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
