"""The web chat behind the connector port: a reply becomes a line, and whoever listens is woken."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from segue.connectors.webchat.book import ChatBook, Line
from segue.core.errors import ConflictError, RefusedError, RetryError, StorageError
from segue.core.ports import Clock, Limits, Reply, Request
from segue.core.records.effects import EffectClass

NAME = "chat"
SEND = "send"
VERBS: Mapping[str, EffectClass] = {SEND: "K"}


class WebChat:
    """The connector `chat`: sends each reply once, by the effect's own key.

    Args:
        book: Where visitors and lines are kept.
        clock: When a line is said.
    """

    name = NAME

    def __init__(self, book: ChatBook, clock: Clock) -> None:
        self.book = book
        self.clock = clock
        self.verbs = VERBS
        self.limits = Limits()
        self._listening: dict[str, set[asyncio.Event]] = {}

    async def perform(self, request: Request) -> Reply:
        """Say a reply to a visitor.

        Raises:
            RefusedError: There is no such visitor any more, or the request is no message.
            RetryError: It could not be kept.
        """
        to, text = request.arguments.get("to"), request.arguments.get("text")
        if request.verb != SEND:
            raise RefusedError(f"{self.name} has no verb `{request.verb}`")
        if not isinstance(to, str) or not isinstance(text, str) or not text:
            raise RefusedError("a chat message needs `to` and `text`")
        if self.book.visitor(to) is None:
            raise RefusedError("nobody chats under this address; the conversation was forgotten")
        earlier = self.book.sent(request.key)
        if earlier is not None and earlier.visitor != to:
            raise RefusedError(f"key `{request.key}` was used for somebody else")
        try:
            line = self.book.add(to, request.key, "segue", text.strip(), self.clock.now())
        except ConflictError as error:
            raise RefusedError(str(error)) from error
        except StorageError as error:
            raise RetryError(str(error)) from error
        self.wake(to)
        return _reply(line)

    async def look_up(self, request: Request) -> Reply | None:
        """Find the line an earlier attempt left behind.

        Raises:
            RefusedError: The verb is unknown.
        """
        if request.verb != SEND:
            raise RefusedError(f"{self.name} has no verb `{request.verb}`")
        line = self.book.sent(request.key)
        return None if line is None else _reply(line)

    def wake(self, visitor: str) -> None:
        """Tell whoever listens to a visitor's conversation that there is something new."""
        for event in self._listening.get(visitor, ()):
            event.set()

    @contextmanager
    def listening(self, visitor: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever there is something new."""
        event = asyncio.Event()
        self._listening.setdefault(visitor, set()).add(event)
        try:
            yield event
        finally:
            left = self._listening[visitor]
            left.discard(event)
            if not left:
                del self._listening[visitor]

    def listeners(self, visitor: str = "") -> int:
        """How many listen, to one visitor's conversation or to all."""
        if visitor:
            return len(self._listening.get(visitor, ()))
        return sum(len(events) for events in self._listening.values())


def _reply(line: Line) -> Reply:
    return Reply(f"chat-{line.visitor}-{line.n}")
