"""Decisions as they fall, as server-sent events; a client that was cut off resumes behind its last one."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import anyio.to_thread
import msgspec
from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from segue.api import shapes, telling
from segue.api.access import Access, key_in
from segue.api.metrics import Metrics
from segue.api.problems import Refusal
from segue.bootstrap import Door

MOST_LISTENERS = 50
HEARTBEAT_S = 15.0
_AT_ONCE = 100
_MEDIA_TYPE = "text/event-stream"
_ENCODER = msgspec.json.Encoder()


class DecisionStream:
    """The stream of one tenant.

    Every event's id is its log position. A listener is woken when a decision falls and reads what is new; one
    that is slow waits at its own pace and hinders nobody.

    Args:
        door: The tenant.
        metrics: Tells how many listen.
        heartbeat_s: A comment is sent after so long without a decision, so that proxies keep the line open.
    """

    def __init__(self, door: Door, metrics: Metrics, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._door, self._metrics, self._heartbeat_s = door, metrics, heartbeat_s
        self._wakes: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        door.app.listen(self._note)

    def _note(self, event: str, _fields: Mapping[str, Any]) -> None:
        """Wake who listens; called in the writer's thread."""
        loop = self._loop
        if event == "decision" and loop is not None and self._wakes and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for wake in self._wakes:
            wake.set()

    def open(self, after: int | None) -> AsyncIterator[bytes]:
        """Listen from behind a position; None is from now on.

        Raises:
            Refusal: 503, as many listen as may.
        """
        if len(self._wakes) >= MOST_LISTENERS:
            raise Refusal(503, "busy", f"{MOST_LISTENERS} listen already", {"retry-after": "30"})
        self._loop = asyncio.get_running_loop()
        wake = asyncio.Event()
        self._wakes.add(wake)
        return self._events(wake, after)

    async def _events(self, wake: asyncio.Event, after: int | None) -> AsyncIterator[bytes]:
        self._metrics.listeners.inc()
        closing = asyncio.create_task(self._door.closing.wait())
        try:
            yield b"retry: 2000\n\n"
            at = await anyio.to_thread.run_sync(self._door.app.position) if after is None else after
            while not self._door.closing.is_set():
                wake.clear()
                found = await anyio.to_thread.run_sync(self._door.app.decisions_after, at, _AT_ONCE)
                for position, decision in found:
                    line = telling.shown(decision, shapes.DecisionLine, self._door.app.reporting)
                    yield b"id: %d\nevent: decision\ndata: %s\n\n" % (position, _ENCODER.encode(line))
                    at = position
                if not found and not await self._woken(wake, closing):
                    yield b": still here\n\n"
        finally:
            closing.cancel()
            self._wakes.discard(wake)
            self._metrics.listeners.dec()

    async def _woken(self, wake: asyncio.Event, closing: "asyncio.Task[Any]") -> bool:
        woken = asyncio.create_task(wake.wait())
        done, _ = await asyncio.wait(
            {woken, closing}, timeout=self._heartbeat_s, return_when=asyncio.FIRST_COMPLETED
        )
        woken.cancel()
        return bool(done)


def stream_route(stream: DecisionStream, access: Access) -> HTTPRouteHandler:
    """`/v1/decisions/stream`; not in the OpenAPI document, which cannot say what a stream is."""

    @get("/v1/decisions/stream", include_in_schema=False)
    async def decisions(request: Request[Any, Any, Any]) -> Stream:
        access.caller(key_in(dict(request.headers)), "read")
        told = request.headers.get("last-event-id", "") or request.query_params.get("after", "")
        if told and not (told.isascii() and told.isdigit() and len(told) < 19):  # noqa: PLR2004 - 64 bits
            raise Refusal(422, "shape", "last-event-id: send the id of the last event as it came")
        opened = stream.open(int(told) if told else None)
        return Stream(opened, media_type=_MEDIA_TYPE, headers={"x-accel-buffering": "no"})

    return decisions
