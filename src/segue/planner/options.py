"""The values that flow through the loop: the moment, what is wanted, and the options to choose from."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from segue.core.records.context import Context
from segue.core.records.decisions import Candidate, Considered, Mode, Question, Score, Stage, Verdict
from segue.core.records.effects import Approval, Effect
from segue.core.records.memory import Arm, Goal
from segue.core.records.percepts import Percept
from segue.core.records.playbook import Action, Play, Playbook, State
from segue.core.records.signals import Signal
from segue.core.units import Instant
from segue.graph import FactView, Memory
from segue.planner.house import House
from segue.planner.superseding import Superseded
from segue.plays import Detected

NO_VERDICT = Verdict()


@dataclass(frozen=True, slots=True)
class Want:
    """A goal that wants something now: its play and the state it is in."""

    play: Play
    goal: Goal
    state: State


@dataclass(frozen=True, slots=True)
class Failure:
    """An effect that will not happen, or of which nobody can tell whether it did.

    Attributes:
        detail: What the connector or the ledger said last.
    """

    effect: Effect
    state: Literal["failed", "unknown"]
    detail: str

    @property
    def reason(self) -> str:
        """What went wrong, for a human."""
        what = f"`{self.effect.action}` by {self.effect.connector}"
        told = "failed" if self.state == "failed" else "may or may not have gone out"
        return f"{what} {told}: {self.detail or 'no reason was given'}"


class Moment(Struct, frozen=True):
    """One step's world: the context with the signal already remembered, and a view to read facts through.

    Attributes:
        known: The context before the signal was remembered.
        context: The same with `memory` applied; account signals have a contact bound as the person.
        heard: What is to be decided about: the signal itself, or the message it carries.
        percept: What the words of `heard` mean.
        goals: Goals that were opened, moved, won or lost by this signal.
        wants: Goals that a play was woken for, in the playbook's order.
        question: What is to be decided, or None when nobody asked anything.
        approval: The approval the signal speaks of.
        request: The gate request to be answered.
        late: Why nobody listens to a message any more, where it came too late.
        failure: The effect in whose place something is to be done.
        tried: Connectors that failed already; they are not tried again.
        superseded: What the first decision on `heard` left open, where a second reading has it decided anew.
    """

    signal: Signal
    heard: Signal
    percept: Percept | None
    house: House
    known: Context
    context: Context
    memory: Memory
    detected: Detected
    view: FactView
    arm: Arm
    goals: tuple[Goal, ...] = ()
    wants: tuple[Want, ...] = ()
    question: Question | None = None
    approval: Approval | None = None
    request: Signal | None = None
    late: str = ""
    failure: Failure | None = None
    tried: tuple[str, ...] = ()
    superseded: Superseded | None = None

    @property
    def playbook(self) -> Playbook:
        """The playbook in force."""
        return self.house.playbook

    @property
    def now(self) -> Instant:
        """The step's now."""
        return self.context.now


class Stop(NamedTuple):
    """A control that lets a candidate not out now, although nothing else speaks against it.

    Attributes:
        waits_for: What has to be said by a human before it is looked at again.
    """

    stage: Stage
    because: str
    waits_for: str


class Option(Struct, frozen=True):
    """A candidate on its way through the loop; `dropped_at` says where it left.

    Attributes:
        stop: The control that stands in its way. It is checked and scored as if there were none, so that what
            would have been chosen waits, and nothing else is done in its stead.
        limits: Ledger key, limit and subject of every limit it draws on.
    """

    candidate: Candidate
    view: FactView
    action: Action | None = None
    want: Want | None = None
    verdict: Verdict = NO_VERDICT
    score: Score | None = None
    stop: Stop | None = None
    dropped_at: Stage = ""
    because: str = ""
    limits: tuple[tuple[str, int, str], ...] = ()

    @property
    def alive(self) -> bool:
        """Whether it may still be chosen."""
        return not self.dropped_at

    def bind(self, candidate: Candidate) -> FactView:
        """What names mean for a candidate: this option's own view where it is the same."""
        return self.view if candidate is self.candidate else self.view.bind(candidate=candidate)

    def rebound(self, candidate: Candidate) -> "Option":
        """The same option with another form of its candidate, and names that speak of it."""
        return replace(self, candidate=candidate, view=self.bind(candidate))

    def drop(self, stage: Stage, because: str) -> "Option":
        """The same option, dropped at `stage`."""
        return replace(self, dropped_at=stage, because=because)

    def considered(self) -> Considered:
        """As it stands in the decision."""
        return Considered(self.candidate, self.dropped_at, self.because, self.verdict, self.score)


class Choice(Struct, frozen=True):
    """The chosen option, all options as they ended, and what becomes of it.

    Attributes:
        until: When it is looked at again.
        waits_for: What a human has to say before it is, in place of `until`.
    """

    chosen: Option
    options: tuple[Option, ...]
    mode: Mode
    because: str
    until: Instant | None = None
    waits_for: str = ""
    draws: tuple[tuple[str, int], ...] = ()
    propensities: tuple[tuple[str, int], ...] = ()
