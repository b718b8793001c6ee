"""The routes of the web chat: come in, say something, go on elsewhere, and hear replies as they fall."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Literal

import msgspec
from litestar import Response, get, route
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from segue.bootstrap import Door, Entry
from segue.connectors.webchat import Line, Visitor
from segue.core.errors import SegueError
from segue.core.units import to_datetime
from segue.portal.asking import (
    MISSING,
    TOO_MANY,
    AnyRequest,
    address_of,
    bearer,
    body_of,
    problem,
    problem_of,
    told,
)
from segue.portal.assets import asset
from segue.portal.limiting import Limiter
from segue.portal.origins import Answer, Origins

BEAT_S = 20.0
"""A stream says so often that it lives, so that no proxy between closes it."""

Method = Literal["GET", "POST"]

_PREFLIGHT: Literal["OPTIONS"] = "OPTIONS"
_STREAMS_PER_VISITOR = 6
_STREAMS = 5_000
_FOLLOWED = 1_000
_WIDGET_FOR_S = 300


class EnterBody(msgspec.Struct, frozen=True):
    """What the widget brings when it comes in; see `Entry`."""

    brand: str = ""
    language: str = ""
    token: str = ""
    link: str = ""
    user: str = ""
    email: str = ""
    identity: str = ""


class SayBody(msgspec.Struct, frozen=True):
    """A message, under the visitor's own id of it."""

    id: str
    text: str


def chat_routes(door: Door) -> list[ControllerRouterHandler]:
    """The routes of the chat of one tenant, below `/chat/`."""
    chat = _Chat(door)
    script = asset("widget.js")

    @get("/chat/widget.js", media_type="text/javascript", sync_to_thread=False)
    def widget() -> Response[str]:
        headers = {
            "cross-origin-resource-policy": "cross-origin",
            "cache-control": f"public, max-age={_WIDGET_FOR_S}",
        }
        return Response(script, media_type="text/javascript", headers=headers)

    def asked(path: str, method: Method, answer: Answer) -> HTTPRouteHandler:
        """A route that answers a browser's question before it speaks too."""

        async def answered(request: AnyRequest) -> Response[Any]:
            if request.method == _PREFLIGHT:
                return chat.origins.preflight(request, method)
            return await chat.origins.answer(request, answer)

        return route(path, http_method=[method, _PREFLIGHT], status_code=200)(answered)

    return [
        widget,
        asked("/chat/enter", "POST", chat.enter),
        asked("/chat/messages", "POST", chat.say),
        asked("/chat/link", "POST", chat.link),
        asked("/chat/stream", "GET", chat.stream),
    ]


class _Chat:
    """The answers of one tenant's chat."""

    def __init__(self, door: Door) -> None:
        self.origins = Origins(door)
        self._door, self._room = door, door.chat
        clock = door.app.clock
        self._entering = Limiter(clock, burst=20, per_minute=30)
        self._saying = Limiter(clock, burst=12, per_minute=20)
        self._address = Limiter(clock, burst=60, per_minute=120)
        self._followed: set[asyncio.Task[None]] = set()

    async def enter(self, request: AnyRequest) -> Response[Any]:
        """Come in: a token to speak with, and whose conversation it is."""
        if wait_s := self._entering.wait_s(self._from(request)):
            return _too_many(wait_s)
        body = await body_of(request, EnterBody)
        if isinstance(body, Response):
            return body
        entry = Entry(
            origin=self.origins.of(request),
            brand=body.brand,
            language=body.language,
            token=body.token,
            link=body.link,
            user=body.user,
            email=body.email,
            signature=body.identity,
        )
        try:
            entered = await self._room.enter(entry)
        except SegueError as error:
            return problem_of(error)
        return told(
            {
                "token": entered.token,
                "conversation": entered.visitor.id[:8],
                "language": entered.visitor.language,
                "known": entered.is_vouched,
                "joined": entered.by_link,
            }
        )

    async def say(self, request: AnyRequest) -> Response[Any]:
        """Take in a message; sent again under its id, it changes nothing."""
        visitor = self._room.visitor(bearer(request))
        if visitor is None:
            return _over()
        wait_s = self._address.wait_s(self._from(request)) or self._saying.wait_s(visitor.id)
        if wait_s:
            return _too_many(wait_s)
        body = await body_of(request, SayBody)
        if isinstance(body, Response):
            self._saying.give_back(visitor.id)
            return body
        try:
            line, signal_id = await self._room.say(bearer(request), body.id, body.text)
        except SegueError as error:
            self._saying.give_back(visitor.id)
            return problem_of(error)
        self._follow(visitor, signal_id)
        return told({"n": line.n, "id": line.key})

    async def link(self, request: AnyRequest) -> Response[Any]:
        """Make a link to another device."""
        visitor = self._room.visitor(bearer(request))
        if visitor is None:
            return _over()
        if wait_s := self._saying.wait_s(visitor.id):
            return _too_many(wait_s)
        token, until = self._room.link(bearer(request))
        return told({"link": token, "until": to_datetime(until).isoformat()})

    async def stream(self, request: AnyRequest) -> Response[Any]:
        """Every line behind the one the browser saw last, and then each as it falls."""
        visitor = self._room.visitor(bearer(request))
        if visitor is None:
            return _over()
        chat = self._room.chat
        if chat.listeners(visitor.id) >= _STREAMS_PER_VISITOR or chat.listeners() >= _STREAMS:
            return _too_many(int(BEAT_S))
        seen = request.headers.get("last-event-id", "")
        after = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0  # noqa: PLR2004 - a line's number
        headers = {"x-accel-buffering": "no"}
        return Stream(self._lines(visitor, after), media_type="text/event-stream", headers=headers)

    async def _lines(self, visitor: Visitor, after: int) -> AsyncIterator[bytes]:
        chat, closing = self._room.chat, self._door.closing
        yield b"retry: 2000\n\n"
        with chat.listening(visitor.id) as news:
            while not closing.is_set():
                news.clear()
                found = await asyncio.to_thread(chat.book.after, visitor.id, after)
                for line in found:
                    yield _event(line)
                    after = line.n
                if not found and not await _either(news, closing):
                    yield b": still here\n\n"

    def _follow(self, visitor: Visitor, signal_id: str) -> None:
        """Beside the answer: tell the visitor when a human takes over."""
        if len(self._followed) < _FOLLOWED:
            task = asyncio.create_task(self._room.follow(visitor, signal_id))
            self._followed.add(task)
            task.add_done_callback(self._followed.discard)

    def _from(self, request: AnyRequest) -> str:
        return address_of(request, self._door.settings.trusted_proxies)


async def _either(one: asyncio.Event, other: asyncio.Event) -> bool:
    """Wait for one of two, at most a beat; whether one came."""
    waiting = {asyncio.ensure_future(one.wait()), asyncio.ensure_future(other.wait())}
    try:
        done, _ = await asyncio.wait(waiting, timeout=BEAT_S, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)
    finally:
        for task in waiting:
            task.cancel()


def _event(line: Line) -> bytes:
    shown = {"n": line.n, "id": line.key, "by": line.by, "text": line.text}
    shown["at"] = to_datetime(line.at).isoformat()
    return b"id: %d\nevent: line\ndata: %s\n\n" % (line.n, msgspec.json.encode(shown))


def _over() -> Response[bytes]:
    return problem(MISSING, "this conversation is over; begin a new one", "missing")


def _too_many(wait_s: int) -> Response[bytes]:
    return problem(TOO_MANY, f"too much at once; try again in {wait_s} s", "busy", again_s=wait_s)
