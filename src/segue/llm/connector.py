"""The connector: one reading within one timeout, by at most one retry, with what it cost."""

import asyncio
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Final

import msgspec

from segue.core.errors import ConnectorError, InputError, RefusedError, RetryError
from segue.core.ports import Limits, Reply, Request
from segue.core.records.effects import EffectClass
from segue.core.records.playbook import LanguageModel, Playbook
from segue.core.records.reading import CONNECTOR, VERB, Spent
from segue.core.units import PPM
from segue.llm.installed import MISSING, is_installed
from segue.llm.ladder import Ladder, Rung, below
from segue.llm.outcome import Outcome
from segue.llm.reply import form_of, reading_of
from segue.perception import LONGEST_REPLY, PROMPT_VERSION, instructions, labels_of

_ROOM_S: Final = 1.0
"""So much of the timeout is left for the answer's way back to the decision, which waits a little less."""

_NEVER_S: Final = 86_400.0
"""A reading is of no use later: with this, a failed one is not tried again."""

_BYTES_A_TOKEN: Final = 3
VERBS: Final[Mapping[str, EffectClass]] = {VERB: "K"}
_ASKING: Final = "segue.llm.asking"


@dataclass(slots=True)
class _Bill:
    """What the requests of one reading used."""

    model: LanguageModel
    told: int
    spent: Spent = field(default_factory=Spent)

    def add(self, outcome: Outcome) -> None:
        """Count a request; where the server does not say, by what was sent and may have been written."""
        read, wrote = outcome.input_tokens, outcome.output_tokens
        if outcome.is_answer and not (read or wrote):
            read, wrote = self.told, LONGEST_REPLY
        self.add_tokens(read, wrote)

    def add_tokens(self, read: int, wrote: int) -> None:
        """Count tokens of one request."""
        read, wrote = self.spent.input_tokens + read, self.spent.output_tokens + wrote
        paid = -(-(read * self.model.input_micro + wrote * self.model.output_micro) // PPM)
        self.spent = Spent(self.spent.requests + 1, read, wrote, paid)


class LlmConnector:
    """Asks the model that the playbook in force names; implements the port `Connector`.

    Args:
        playbook: The one in force, so that a reload is heard of.
        secret: Reads `env:NAME` or `file:PATH`.
    """

    def __init__(self, playbook: Callable[[], Playbook], secret: Callable[[str], str]) -> None:
        self.name = CONNECTOR
        self.verbs = VERBS
        self.limits = Limits(per_second=10.0, burst=10, concurrent=4)
        self._playbook = playbook
        self._secret = secret
        self._ladder = Ladder()

    def warm(self) -> None:
        """Load the client beside everything else, so that the first reading need not wait for it."""
        if is_installed():
            Thread(target=importlib.import_module, args=(_ASKING,), name="segue-llm", daemon=True).start()

    async def perform(self, request: Request) -> Reply:
        """Read a text.

        Raises:
            RefusedError: It would be refused again.
            RetryError: The server is away, busy or slow; what the request cost is in `known`.
        """
        playbook = self._playbook()
        model = playbook.settings.llm
        if model is None:
            raise RefusedError("no language model is switched on any more")
        if not is_installed():
            raise RefusedError(MISSING)
        told = instructions(playbook.intents)
        text = str(request.arguments["text"])
        bill = _Bill(model, len((told + text).encode()) // _BYTES_A_TOKEN)
        limit_s = model.timeout_s - _ROOM_S
        try:
            async with asyncio.timeout(limit_s):
                return await self._read(playbook, model, request, bill)
        except TimeoutError as error:
            bill.add_tokens(bill.told, 0)
            raise _failed(RetryError(f"no reading within {limit_s:g} s", _NEVER_S), bill) from error

    async def look_up(self, request: Request) -> Reply | None:
        """Nothing is ever left behind: a reading that got lost is none."""
        del request
        return None

    async def _read(self, playbook: Playbook, model: LanguageModel, request: Request, bill: _Bill) -> Reply:
        """Go down the ladder until a reply fits, with one retry for what was answered and does not."""
        asking = await asyncio.to_thread(importlib.import_module, _ASKING)
        try:
            key = self._secret(model.key) if model.key else ""
        except InputError as error:
            raise RefusedError(str(error)) from error
        server = asking.Server(model.url, model.model, key, model.timeout_s - _ROOM_S, LONGEST_REPLY)
        text, form = str(request.arguments["text"]), form_of(labels_of(playbook.intents))
        answers = int(request.arguments.get("requests", 1))
        rung = self._ladder.first(model.url, model.model)
        while True:
            outcome: Outcome = await asking.ask(server, rung, instructions(playbook.intents), text, form)
            bill.add(outcome)
            if outcome.reply is not None:
                self._ladder.worked(model.url, model.model, rung)
                pieces = request.arguments.get("pieces", ())
                read_by = f"{model.model}#{PROMPT_VERSION}"
                reading = reading_of(outcome.reply, text, pieces, read_by)
                return _reply(model, bill, rung, {"reading": reading})
            answers -= outcome.sort != "form_refused"
            following = self._next(model, rung, outcome, answers)
            if following is None:
                return _end(model, bill, rung, outcome)
            rung = following

    def _next(self, model: LanguageModel, rung: Rung, outcome: Outcome, answers: int) -> Rung | None:
        """The rung to try now, or None where nothing is to be tried."""
        lower = below(rung)
        if outcome.sort == "form_refused":
            self._ladder.refused(model.url, model.model)
            return lower
        if outcome.sort in {"unusable", "broken"} and answers > 0:
            return lower or rung
        return None


def _reply(model: LanguageModel, bill: _Bill, rung: Rung, told: Mapping[str, Any]) -> Reply:
    detail = {**told, "mode": rung, "spent": msgspec.to_builtins(bill.spent)}
    return Reply(reference=model.model, delivered=True, detail=detail)


def _end(model: LanguageModel, bill: _Bill, rung: Rung, outcome: Outcome) -> Reply:
    """What a reading without a result comes to: an answer that is of no use, or no answer."""
    if outcome.is_answer:
        return _reply(model, bill, rung, {"why": outcome.why})
    if outcome.sort in {"busy", "broken"}:
        raise _failed(RetryError(outcome.why, _NEVER_S), bill)
    raise _failed(RefusedError(outcome.why), bill)


def _failed(error: ConnectorError, bill: _Bill) -> ConnectorError:
    error.known = {"spent": msgspec.to_builtins(bill.spent)}
    return error
