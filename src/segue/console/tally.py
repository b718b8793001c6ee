"""The tally on top of the list: counted from the log, and after that only from what is new in it."""

import threading
from collections import Counter
from dataclasses import dataclass, field

from segue.core.ports import Reader
from segue.core.records.decisions import Decision
from segue.core.records.events import Attempted, DeadLettered, DeadLetterReplayed, Event, Stepped

REACH = 200_000
"""How many events the first look goes back: about four seconds; after that only new ones are read."""

_KEPT = frozenset({"policy", "reservation", "kill_switch", "breaker", "draft"})


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers for the strip and the filters.

    Attributes:
        sent: Effects a connector took.
        held: Decisions in which something was kept back by policy, a limit, or a human's switch.
        waiting: Approvals that wait for a human.
        since: Log position the numbers begin after; 0 is the beginning.
    """

    decisions: int
    sent: int
    held: int
    waiting: int
    outcomes: int
    harms: int
    dead: int
    since: int
    plays: tuple[tuple[str, int], ...]
    modes: tuple[tuple[str, int], ...]
    questions: tuple[tuple[str, int], ...]


def held_back(decision: Decision) -> bool:
    """Whether a decision kept something from going out that somebody wanted."""
    if decision.mode in {"hold", "deny"} or decision.question == "refused":
        return True
    return decision.mode == "nothing" and any(item.dropped_at in _KEPT for item in decision.considered)


@dataclass(slots=True)
class Tally:
    """Counts that grow with the log; may be read from any thread."""

    since: int = -1
    position: int = 0
    _sent: set[str] = field(default_factory=set)
    _outcomes: set[str] = field(default_factory=set)
    _harms: set[str] = field(default_factory=set)
    _dead: set[str] = field(default_factory=set)
    _counts: Counter[str] = field(default_factory=Counter)
    _plays: Counter[str] = field(default_factory=Counter)
    _modes: Counter[str] = field(default_factory=Counter)
    _questions: Counter[str] = field(default_factory=Counter)
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    def read(self, reader: Reader) -> Totals:
        """Bring the counts up to the reader's position."""
        with self._mutex:
            if self.since < 0:
                self.since = self.position = max(0, reader.position() - REACH)
            for row in reader.log(self.position):
                self.position = row.seq
                if row.event is not None:
                    self._take(row.event)
            return self._totals(reader)

    def _take(self, event: Event) -> None:
        match event:
            case Stepped():
                if event.decision is not None:
                    self._decided(event.decision)
                for outcome in event.outcomes:
                    (self._harms if outcome.harm else self._outcomes).add(outcome.id)
            case Attempted():
                if event.attempt.state in {"sent", "delivered"}:
                    self._sent.add(event.attempt.effect_id)
            case DeadLettered():
                self._dead.add(event.id)
            case DeadLetterReplayed():
                self._dead.discard(event.id)
            case _:
                pass

    def _decided(self, decision: Decision) -> None:
        self._counts["decisions"] += 1
        self._counts["held"] += held_back(decision)
        self._modes[decision.mode] += 1
        self._questions[decision.question] += 1
        if decision.play:
            self._plays[decision.play] += 1

    def _totals(self, reader: Reader) -> Totals:
        return Totals(
            decisions=self._counts["decisions"],
            sent=len(self._sent),
            held=self._counts["held"],
            waiting=len(reader.approvals()),
            outcomes=len(self._outcomes),
            harms=len(self._harms),
            dead=len(self._dead),
            since=self.since,
            plays=tuple(sorted(self._plays.items())),
            modes=tuple(self._modes.most_common()),
            questions=tuple(self._questions.most_common()),
        )
