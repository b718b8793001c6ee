"""A promise on the ledger: who owes what to whom by when, where it was said, and what has become of it.

It is kept as a fact of the person, `promise.customer` or `promise.company`, told apart by its id; each change
of its state is a revision of that fact, so that what was owed at any instant can be asked like all else.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

from segue.core.records.memory import Fact
from segue.core.records.record import Record
from segue.core.units import DAY, Instant

Promiser = Literal["customer", "company"]
PromiseState = Literal["open", "kept", "broken", "withdrawn"]

PREDICATE: Final = "promise."
ASK_AGAIN, AWAY, QUIET = "ask_again", "away", "quiet"
WAITS: Final = frozenset({ASK_AGAIN, AWAY, QUIET})
"""Kinds that nobody has to do anything for: they hold until their instant, and are kept when it comes."""

DEEDS: Final = frozenset({"call", "reply", "send", "pay", "decide", "sign", "meet", "do"})
"""Kinds that are kept by doing something; whoever has not when they are due has broken them."""

GIVEN: Final = tuple(sorted({*DEEDS, QUIET}))
"""What a colleague may promise when a conversation is handed back."""

FADES_AFTER: Final = 90 * DAY
"""How long a promise without a time is owed."""

REMEMBERED_FOR: Final = 180 * DAY
"""How long after its end, or its time, a promise is among what is known now."""

TIMER: Final = "promise"
"""Kind of the timer that wakes the planner when a promise is due."""

_SAID_AT, _SAID_IN = "said_at", "said_in"


class Promised(Record, frozen=True):
    """One promise.

    Attributes:
        id: Derived from the signal it was made in, who promised, what, and its place among them.
        what: One of `DEEDS` or `WAITS`.
        due_at: The instant it is due at, in the zone of the person; 0 where no time was said.
        said_at: When it was made; `said_in` the signal it was made in.
        subject: `profile:ID` of the customer.
        by: Who made it, or asked for it: `customer`, `segue`, `rep:NAME`.
        words: The words it was made in, if any.
        handed_back: True where a colleague left it to Segue.
        at: Since when its state holds; `signal_id` what brought it about.
    """

    id: str
    who: Promiser
    what: str
    state: PromiseState
    due_at: Instant
    said_at: Instant
    said_in: str
    subject: str
    by: str
    at: Instant
    signal_id: str
    words: str = ""
    handed_back: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is owed still."""
        return self.state == "open"

    def state_at(self, now: int, grace: int) -> PromiseState:
        """Its state to somebody who looks at `now`: what is long past due was not kept, told or not."""
        if self.state != "open" or not self.due_at:
            return self.state
        if self.what in WAITS:
            return "kept" if self.due_at <= now else "open"
        return "broken" if self.due_at + grace <= now else "open"

    def fact(self) -> Fact:
        """The revision that says so; of words, so a claim, whoever spoke."""
        value: dict[str, Any] = {
            "what": self.what,
            "due_at": self.due_at,
            "state": self.state,
            _SAID_AT: self.said_at,
            _SAID_IN: self.said_in,
            "by": self.by,
        }
        if self.handed_back:
            value["handed_back"] = True
        return Fact(
            subject=self.subject,
            predicate=f"{PREDICATE}{self.who}",
            value=value,
            valid_from=self.at,
            trust="claimed",
            signal_id=self.signal_id,
            qualifier=self.id,
            valid_to=self._ends_at(),
            words=self.words,
        )

    def _ends_at(self) -> Instant:
        if self.state != "open":
            return Instant(self.at + REMEMBERED_FOR)
        ends = self.due_at + REMEMBERED_FOR if self.due_at else self.said_at + FADES_AFTER
        return Instant(max(ends, self.at))


def promises_in(facts: Iterable[Fact]) -> Iterator[Promised]:
    """The promises among facts, as they stand."""
    for fact in facts:
        if fact.predicate.startswith(PREDICATE) and (found := promised_of(fact)) is not None:
            yield found


def promised_of(fact: Fact) -> Promised | None:
    """The promise a fact holds; None where it is no promise.

    Logs of older versions hold the instant alone, told apart by what was promised.
    """
    who: Promiser = "company" if fact.predicate == "promise.company" else "customer"
    held = fact.value
    if isinstance(held, int) and fact.predicate.startswith(PREDICATE):
        held = {"what": fact.qualifier, "due_at": held, "state": "open"}
    if not isinstance(held, dict) or "state" not in held:
        return None
    return Promised(
        id=fact.qualifier,
        who=who,
        what=held["what"],
        state=held["state"],
        due_at=Instant(held["due_at"]),
        said_at=Instant(held.get(_SAID_AT, fact.valid_from)),
        said_in=held.get(_SAID_IN, fact.signal_id),
        subject=fact.subject,
        by=held.get("by", who),
        at=fact.valid_from,
        signal_id=fact.signal_id,
        words=fact.words,
        handed_back=held.get("handed_back", False),
    )
