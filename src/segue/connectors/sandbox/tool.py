"""One tool of the company behind the connector port: keys honoured, natural keys looked up, faults had."""

from collections.abc import Awaitable, Callable, Mapping

from segue.connectors.sandbox.book import Book, Done, RequestSeen
from segue.connectors.sandbox.faults import Fault, Faults
from segue.core.errors import AmbiguousError, ConnectorError, RefusedError, RetryError
from segue.core.ports import Clock, Limits, Reply, Request
from segue.core.records.effects import EffectClass
from segue.core.units import DAY

NATURAL_KEYS = {"book": "meeting", "move": "meeting", "cancel": "meeting", "update_record": "record"}
"""Verb to the argument that names what it is about; without it the key itself is the name."""

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
        fault = self._faults.take(self.name, request.verb)
        try:
            reply = await self._perform(request, fault)
        except ConnectorError as error:
            self._saw(request, error.code)
            raise
        self._saw(request, "done")
        return reply

    async def look_up(self, request: Request) -> Reply | None:
        """Find what an earlier attempt left behind: by key, by natural key, or by recipient and words."""
        found = self._found(request)
        return Reply(found.reference) if found is not None else None

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
        known = self._found(request) if self.verbs[request.verb] != "U" else None
        if known is not None:
            return self._again(request, known)
        done = self._book.do(
            self._clock.now(), self.name, request.verb, request.key, natural_key(request), request.arguments
        )
        await self._after(request, done)
        return done

    def _again(self, request: Request, known: Done) -> Done:
        """The same key gets the first answer; the same natural key is the same thing, changed."""
        if self.verbs[request.verb] == "K":
            if dict(request.arguments) != dict(known.arguments):
                raise RefusedError(f"key `{request.key}` was used with other arguments")
            self._book.repeat(known)
            return known
        if known.key == request.key and request.verb == known.verb:
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
                return self._book.by_natural(self.name, natural_key(request))
            case "U":
                return self._alike(request)

    def _alike(self, request: Request) -> Done | None:
        """The same words to the same recipient within a day: all that can be known without a key."""
        since = self._clock.now() - DAY
        return next(
            (
                done
                for done in reversed(self._book.all(self.name))
                if done.at >= since and dict(done.arguments) == dict(request.arguments)
            ),
            None,
        )

    def _saw(self, request: Request, outcome: str) -> None:
        self._book.saw(
            RequestSeen(self._clock.now(), self.name, request.verb, request.key, request.attempt, outcome)
        )


def natural_key(request: Request) -> str:
    """What a request is about: the named argument, else its key."""
    return str(request.arguments.get(NATURAL_KEYS.get(request.verb, ""), "") or request.key)
