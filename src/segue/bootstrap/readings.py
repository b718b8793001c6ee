"""Readings: what may be asked of a home, from the app that runs it or beside it, read-only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from segue.bootstrap.keeping import KEEP_ALL, Rules
from segue.core.errors import InputError, MissingError
from segue.core.ids import IdKey
from segue.core.ports import PersonView, Receipt
from segue.core.records.context import LedgerRow
from segue.core.records.decisions import Decision
from segue.core.records.effects import LEGAL_MOVES, Approval
from segue.core.records.memory import Outcome
from segue.core.records.signals import Signal
from segue.core.token_encoder import TokenEncoder
from segue.core.units import PPM, Instant, to_datetime, to_instant
from segue.stores import SqliteStore

APPROVAL_STATUSES = ("pending", "given", "rejected", "expired")
UNDONE = ("failed", "unknown", "pending")
"""States of effects that a human may want to look into."""
_EVER = Instant(2**62)
_MOST_RECALLED = 1_000
_MOST_UNKNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Recalled:
    """A message that was found: its source's id, words, time and score (higher is better)."""

    source_id: str
    text: str
    at: datetime
    score: float
    channel: str
    by: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A signal that was laid aside, and why."""

    id: str
    signal: Signal
    code: str
    error: str
    at: datetime


class Readings:
    """Thin reads over one tenant's store.

    Args:
        store: Open for reading at least.
        normalise: Spells identifiers as the store knows them.
        reporting: ISO code of the currency scores are told in.
    """

    def __init__(
        self,
        store: SqliteStore,
        normalise: Callable[[Iterable[str]], tuple[str, ...]],
        reporting: str,
        tokens: TokenEncoder | None = None,
        rules: Rules = KEEP_ALL,
    ) -> None:
        self._store, self._tokens, self._rules = store, tokens, rules
        self._normalise = normalise
        self.reporting = reporting

    @property
    def store(self) -> SqliteStore:
        """The store itself, for reports and pages."""
        return self._store

    def rules(self) -> Rules:
        """How long words are kept."""
        return self._rules

    def tokens(self) -> TokenEncoder | None:
        """What reads questions for recall; None where words alone decide."""
        return self._tokens

    @property
    def ids(self) -> IdKey:
        """The tenant's id key."""
        return self._store.ids

    def spell(self, identifiers: Iterable[str]) -> tuple[str, ...]:
        """Identifiers as the store knows them.

        Raises:
            SignalError: One is malformed.
        """
        return self._normalise(identifiers)

    def person(
        self, who: str, *, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> PersonView:
        """A person, by an identifier (`email:ann@x.io`) or a person id.

        Args:
            who: Identifier or id.
            as_of: What was true then (valid time); None is now.
            known_at: ... by what was known then (recorded time); None is now.

        Raises:
            SignalError: The identifier is malformed.
            InputError: A time has no zone.
            MissingError: Nobody is known by it.
        """
        with self._store.read() as reader:
            found = reader.person(self.person_id(who), as_of=_instant(as_of), known_at=_instant(known_at))
        if found is None:
            raise MissingError(f"nobody is known as `{_shown(who)}`")
        return found

    def person_id(self, who: str) -> str:
        """The id of a person, by an identifier or an id.

        Raises:
            SignalError: The identifier is malformed.
            MissingError: Nobody is known by it.
        """
        if not _is_text(who):
            raise MissingError("nobody is known by a text with a lone surrogate")
        if ":" not in who:
            return who
        spelt = self._normalise([who])
        with self._store.read() as reader:
            found = reader.find_person(self.ids.identifier_hash(spelt[0])) if spelt else None
        if found is None:
            raise MissingError(f"nobody is known as `{_shown(who)}`")
        return found

    def recall(self, who: str, query: str, k: int = 10) -> list[Recalled]:
        """The `k` messages of a person that match a query best."""
        person_id = self.person_id(who)
        with self._store.read() as reader:
            asked = query if _is_text(query) else ""
            found = reader.recall(person_id, asked, min(k, _MOST_RECALLED), self.tokens()).found
            sources = {message.signal_id: reader.signal(message.signal_id) for message, _ in found}
        return [
            Recalled(
                source_id=source.source_id if (source := sources[message.signal_id]) else "",
                text=message.text,
                at=to_datetime(message.at),
                score=score / PPM,
                channel=message.channel,
                by=message.by,
            )
            for message, score in found
        ]

    def decisions(self, who: str = "", *, limit: int = 200, before: int | None = None) -> list[Decision]:
        """Decisions, newest first, of one person or of all."""
        return [decision for _, decision in self.numbered_decisions(who, limit=limit, before=before)]

    def numbered_decisions(
        self, who: str = "", *, limit: int = 200, before: int | None = None
    ) -> list[tuple[int, Decision]]:
        """Decisions with their log position: pass the last one as `before` to read on."""
        person_id = self.person_id(who) if who else ""
        with self._store.read() as reader:
            return reader.decisions(person_id=person_id, limit=limit, before=before)

    def decisions_after(self, after: int, limit: int = 200) -> list[tuple[int, Decision]]:
        """Decisions behind a log position, oldest first, with their own positions."""
        with self._store.read() as reader:
            return reader.decisions_after(after, limit)

    def position(self) -> int:
        """The log position of the newest event."""
        with self._store.read() as reader:
            return reader.position()

    def decision_id(self, beginning: str) -> str:
        """The id of the one decision whose id begins so.

        Raises:
            MissingError: There is none, or more than one.
        """
        with self._store.read() as reader:
            found = reader.decision_ids(beginning, 2) if _is_text(beginning) else []
        if len(found) != 1:
            many = "more than one decision begins" if found else "no decision begins"
            raise MissingError(f"{many} with `{_shown(beginning)}`")
        return found[0]

    def explain(self, decision_id: str) -> Receipt:
        """Everything there is to tell of one decision.

        Raises:
            MissingError: There is no such decision.
        """
        with self._store.read() as reader:
            receipt = reader.receipt(decision_id) if _is_text(decision_id) else None
        if receipt is None:
            raise MissingError(f"no decision `{_shown(decision_id)}`")
        return receipt

    def outcomes(self) -> list[Outcome]:
        """All outcomes and harms, oldest first."""
        with self._store.read() as reader:
            return reader.outcomes()

    def approvals(self, status: str = "pending") -> list[Approval]:
        """Approvals by status, the most valuable first.

        Raises:
            InputError: There is no such status.
        """
        if status not in APPROVAL_STATUSES:
            raise InputError(f"status `{_shown(status)}` is none of {', '.join(APPROVAL_STATUSES)}")
        with self._store.read() as reader:
            return reader.approvals(status=status)

    def effect(self, effect_id: str) -> LedgerRow:
        """One effect with its ledger.

        Raises:
            MissingError: There is no such effect.
        """
        with self._store.read() as reader:
            row = reader.effect(effect_id) if _is_text(effect_id) else None
        if row is None:
            raise MissingError(f"no effect `{_shown(effect_id)}`")
        return row

    def effects(self, state: str = "", *, limit: int = 200) -> list[LedgerRow]:
        """Effects in one state, newest first; without one, all that failed, are unknown, or wait.

        Raises:
            InputError: There is no such state.
        """
        states = tuple(LEGAL_MOVES)
        if state and state not in states:
            near = get_close_matches(_shown(state), states, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(states)}"
            raise InputError(f"state `{_shown(state)}` is unknown; {hint}")
        with self._store.read() as reader:
            return reader.effects((state,) if state else UNDONE, limit)

    def unknown_effect(self, beginning: str) -> str:
        """The id of the one unknown effect whose id begins so, or the whole id of any other.

        Raises:
            MissingError: There is more than one.
        """
        found = [row.effect.id for row in self.effects("unknown", limit=_MOST_UNKNOWN)]
        found = [item for item in found if item.startswith(beginning)]
        if len(found) > 1:
            raise MissingError(f"more than one unknown effect begins with `{_shown(beginning)}`")
        return found[0] if found else beginning

    def open_effects(self, limit: int = 1_000) -> list[LedgerRow]:
        """Effects that wait, run, or are unknown and looked up again."""
        with self._store.read() as reader:
            return [*reader.open_attempts(), *reader.due_effects(_EVER, limit)]

    def dead_letters(self) -> list[DeadLetter]:
        """Signals that were laid aside and not put back."""
        with self._store.read() as reader:
            return [
                DeadLetter(key, signal, code, error, to_datetime(at))
                for key, signal, code, error, at in reader.dead_letters()
            ]

    def counts(self) -> dict[str, int]:
        """Row counts by table."""
        with self._store.read() as reader:
            return reader.counts()


def _instant(moment: datetime | None) -> Instant | None:
    try:
        return None if moment is None else to_instant(moment)
    except ValueError as error:
        raise InputError(str(error)) from error


def _is_text(text: str) -> bool:
    """Whether it can be asked for at all: a lone surrogate stands in no record."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def _shown(text: str) -> str:
    return text[:60].encode(errors="backslashreplace").decode()
