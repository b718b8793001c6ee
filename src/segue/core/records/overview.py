"""What operators' pages ask across all lanes: counts by day, accounts, who is who by name, ways to tools."""

from dataclasses import dataclass, field
from typing import Literal

from segue.core.records.decisions import Decision
from segue.core.records.memory import Fact, Goal, Outcome
from segue.core.records.signals import Signal
from segue.core.units import Instant

Listed = Literal["unknown", "failed", "pending"]
"""States of effects that are listed: those that somebody may want to look into."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many decisions of one day came to the same.

    Attributes:
        day: Days since 1970-01-01 in UTC.
        held: Names of what kept something back, see `segue.core.held.kept_back`.
        number: How many.
        expected_micro: Sum of the scores of what was chosen.
    """

    day: int
    mode: str
    question: str
    play: str
    held: tuple[str, ...]
    number: int
    expected_micro: int


@dataclass(frozen=True, slots=True)
class Way:
    """What waits on the way to one connector.

    Attributes:
        due: Effects that could go out now and have not.
        later: Effects whose time has not come.
        running: Calls under way.
        oldest_due_at: Since when the oldest of the due ones could go out.
        unknown: Effects of which nobody knows whether they happened.
    """

    connector: str
    due: int = 0
    later: int = 0
    running: int = 0
    unknown: int = 0
    oldest_due_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class OpenGoals:
    """The goals of one play that are open, and what they are worth together."""

    play: str
    number: int
    value_micro: int


@dataclass(frozen=True, slots=True)
class Named:
    """A person or an account by name, and the facts that would give them away."""

    id: str
    name: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter: a signal that was laid aside, and why."""

    seq: int
    id: str
    signal: Signal
    code: str
    error: str
    at: Instant


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as of now: members, facts, goals, outcomes and what was decided for it, newest first."""

    account_id: str
    members: tuple[Named, ...]
    more_members: bool
    facts: tuple[Fact, ...]
    goals: tuple[Goal, ...]
    outcomes: tuple[Outcome, ...]
    decisions: tuple[Decision, ...]
    offers: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Controls:
    """What a human or a breaker has stopped: the facts that say so."""

    kill_switch: Fact | None = None
    paused: dict[str, Fact] = field(default_factory=dict)
