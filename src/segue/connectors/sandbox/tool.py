"""One tool of the company behind the connector port: keys honoured, natural keys looked up, faults had."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from segue.connectors.sandbox.book import Book, Done, RequestSeen
from segue.connectors.sandbox.faults import Fault, Faults
from segue.core.errors import AmbiguousError, ConnectorError, RefusedError, RetryError
from segue.core.ports import Clock, Limits, Reply, Request
from segue.core.records.effects import EffectClass
from segue.core.units import DAY, Instant

NATURAL_KEYS = {
    "book": "meeting",
    "move": "meeting",
    "cancel": "meeting",
    "update_record": "record",
    "brief": "conversation",
}
"""Verb to the argument that names what it is about; without it the key itself is the name."""

ALIKE_WITHIN = DAY
"""How far back a message without a key is looked for by its recipient and text."""

After = Callable[[Request, Done], Awaitable[None]]


async def nothing_after(_request: Request, _done: Done) -> None:
    """Let nothing follow from what was done."""


class SandboxTool:
    """A connector of the sandbox company.

    Args:
        name: Connector name.
        verbs: Verbs with their effect class.
        after: What else follows in the company when something was done.
    """

    def __init__(
        self,
        name: str,
        verbs: Mapping[str, EffectClass],
        *,
        book: Book,
        faults: Faults,
        clock: Clock,
        after: After = nothing_after,
    ) -> None:
        self.name = name
        self.verbs = verbs
        self.limits = Limits()
        self._book, self._faults, self._clock, self._after = book, faults, clock, after

    async def perform(self, request: Request) -> Reply:
        """Do what is asked, with whatever fault was told for this call."""
        number = self._saw(request)
        try:
            self._check(request)
            reply = await self._perform(request, self._faults.take(self.name, request.verb))
        except ConnectorError as error:
            self._book.answered(number, error.code)
            raise
        self._book.answered(number, "done")
        return reply

    async def look_up(self, request: Request) -> Reply | None:
        """Find what an earlier attempt left behind: by key, by natural key, or by recipient and words."""
        self._check(request)
        fault = self._faults.take(self.name, request.verb, ("slow", "fail"))
        if fault is not None and fault.kind == "fail":
            raise RetryError(f"{self.name} is down", fault.seconds or None)
        if fault is not None:
            await self._clock.sleep(fault.seconds)
        found = self._found(request)
        return Reply(found.reference) if found is not None else None

    def _check(self, request: Request) -> None:
        if request.verb not in self.verbs:
            raise RefusedError(f"{self.name} has no verb `{request.verb}`")

    async def _perform(self, request: Request, fault: Fault | None) -> Reply:
        kind = fault.kind if fault else ""
        seconds = fault.seconds if fault else 0.0
        if kind == "fail":
            raise RetryError(f"{self.name} is down", seconds or None)
        if kind == "refuse":
            raise RefusedError(f"{self.name} refuses `{request.verb}`")
        if kind == "reset":
            raise AmbiguousError(f"{self.name} reset the connection")
        if kind == "slow":
            await self._clock.sleep(seconds)
        done = await self._do(request)
        if kind == "lose_reply":
            raise AmbiguousError(f"the reply of {self.name} got lost")
        if kind == "late":
            await self._clock.sleep(request.deadline_s + max(1.0, seconds))
        return Reply(done.reference)

    async def _do(self, request: Request) -> Done:
        match self.verbs[request.verb]:
            case "K":
                known = self._repeated(request)
                done = known or self._new(request)
                await self._after(request, done)  # Also when repeated: an end in between may have cut it off.
                return done
            case "N":
                return self._changed(request)
            case "U":
                return self._new(request)

    def _new(self, request: Request) -> Done:
        return self._book.do(
            self._clock.now(), self.name, request.verb, request.key, natural_key(request), request.arguments
        )

    def _repeated(self, request: Request) -> Done | None:
        """The same key gets the first answer."""
        known = self._book.by_key(self.name, request.key)
        if known is None:
            return None
        if known.verb != request.verb or dict(request.arguments) != dict(known.arguments):
            raise RefusedError(f"key `{request.key}` was used with other arguments")
        self._book.repeat(known)
        return known

    def _changed(self, request: Request) -> Done:
        """The same natural key is the same thing, changed; a thing that is not there cannot be changed."""
        known = self._book.by_natural(self.name, natural_key(request))
        if request.verb in {"move", "cancel"} and (
            known is None or (known.cancelled and request.verb == "move")
        ):
            raise RefusedError(f"there is no event `{natural_key(request)}` to {request.verb}")
        if known is None:
            return self._new(request)
        if (known.key, known.verb) == (request.key, request.verb) or _stands(known, request):
            self._book.repeat(known)
        else:
            merged = {**known.arguments, **request.arguments}
            self._book.change(known, merged, cancelled=request.verb == "cancel")
        return known

    def _found(self, request: Request) -> Done | None:
        match self.verbs[request.verb]:
            case "K":
                return self._book.by_key(self.name, request.key)
            case "N":
                known = self._book.by_natural(self.name, natural_key(request))
                return known if known is not None and _stands(known, request) else None
            case "U":
                return self._alike(request)

    def _alike(self, request: Request) -> Done | None:
        """The same words to the same recipient lately: all that can be known without a key."""
        since = Instant(self._clock.now() - ALIKE_WITHIN)
        wanted = _words(request.arguments)
        found = reversed(self._book.since(self.name, request.verb, since))
        return next((done for done in found if _words(done.arguments) == wanted), None)

    def _saw(self, request: Request) -> int:
        now = self._clock.now()
        return self._book.saw(
            RequestSeen(now, self.name, request.verb, request.key, request.attempt, "", request.arguments)
        )


def natural_key(request: Request) -> str:
    """What a request is about: the named argument, else its key."""
    return str(request.arguments.get(NATURAL_KEYS.get(request.verb, ""), "") or request.key)


def _stands(known: Done, request: Request) -> bool:
    """Whether a thing is as the request wants it."""
    as_wanted = {**known.arguments, **request.arguments} == dict(known.arguments)
    return as_wanted and known.cancelled == (request.verb == "cancel")


def _words(arguments: Mapping[str, Any]) -> tuple[object, object]:
    return arguments.get("to"), arguments.get("text")
