"""Decisions: the choice, all other candidates with the stage they dropped out at, and how to replay it."""

from typing import Any, Literal

from msgspec import field

from segue.core.records.record import Record
from segue.core.units import Instant

Stage = Literal[
    "",
    "history",
    "arm",
    "kill_switch",
    "breaker",
    "precondition",
    "policy",
    "repeat",
    "reservation",
    "draft",
    "score",
    "choice",
]
Mode = Literal["act", "approve", "draft", "shadow", "nothing", "allow", "hold", "deny"]
Question = Literal["next_action", "gate", "approval", "refused", "failed"]


class Candidate(Record, frozen=True):
    """An action bound to a person, play, arguments and time.

    `no_action`, `wait_until` and `ask` are candidates too. `arguments` come only from systems of record,
    offers, answers and templates; never from a message.
    """

    id: str
    action: str
    purpose: str
    at: Instant
    play: str = ""
    goal_id: str = ""
    profile_id: str = ""
    channel: str = ""
    connector: str = ""
    verb: str = ""
    sender: str = ""
    brand: str = ""
    offer: str = ""
    campaign: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)


class Match(Record, frozen=True):
    """One policy that spoke: what it wants, why, and which facts it did not know."""

    rule: str
    then: Literal["forbid", "escalate", "approve", "defer", "transform"]
    why: str
    unknown: tuple[str, ...] = ()
    until: Instant | None = None


class Verdict(Record, frozen=True):
    """What policy says of a candidate: every rule that matched, and the latest deferral."""

    matches: tuple[Match, ...] = ()
    defer_until: Instant | None = None
    hold_until: Instant | None = None

    @property
    def forbidden(self) -> bool:
        """Whether any rule forbids it."""
        return any(match.then == "forbid" for match in self.matches)

    @property
    def needs_approval(self) -> bool:
        """Whether any rule wants a human to approve it."""
        return any(match.then in {"approve", "escalate"} for match in self.matches)

    @property
    def rule(self) -> str:
        """Name of the first rule that forbids, else of the first that defers, or empty."""
        found = {m.then: m.rule for m in reversed(self.matches)}
        return found.get("forbid") or found.get("defer", "")


class Score(Record, frozen=True):
    """Expected business value less cost, risk and attention, itemised, in micro-units."""

    total: int
    items: tuple[tuple[str, int], ...] = ()
    assumed: tuple[str, ...] = ()


class Considered(Record, frozen=True):
    """A candidate and how far it came; `dropped_at` is empty for the chosen one."""

    candidate: Candidate
    dropped_at: Stage = ""
    because: str = ""
    verdict: Verdict = Verdict()
    score: Score | None = None


class FactUsed(Record, frozen=True):
    """A fact the step read: its name, value (None: unknown) and the signal it came from."""

    name: str
    value: Any
    origin: str = ""


class SharedRead(Record, frozen=True):
    """A read shared across lanes, with the log position it is true at."""

    name: str
    value: Any
    position: int = 0


class Decision(Record, frozen=True):
    """What was decided for one trigger signal, and everything that makes it replayable.

    Attributes:
        id: Hash of (trigger signal, index).
        at: *Now* of the step.
        lane: `account:ID` or `person:ID`.
        subject: `profile:ID` or `account:ID` it is about.
        question: `next_action`, a `gate` request of another tool, an `approval`, a `refused` effect, or one
            that `failed` or stays unknown.
        chosen: Id of the chosen candidate.
        mode: What becomes of the choice: `act` now, wait for `approve`, `draft` or `shadow`, `nothing`;
            for the gate `allow`, `hold`, `deny`.
        because: One sentence for a human.
        until: For `hold` and `wait_until`: when it is looked at again.
        reading: Whether a language model is asked what the message means, or why not; that one understood
            it; empty where none is switched on or needed.
    """

    id: str
    signal_id: str
    index: int
    at: Instant
    lane: str
    subject: str
    question: Question
    considered: tuple[Considered, ...]
    chosen: str
    mode: Mode
    because: str
    action: str
    play: str = ""
    goal_id: str = ""
    profile_id: str = ""
    account_id: str = ""
    person_id: str = ""
    arm: str = ""
    until: Instant | None = None
    facts: tuple[FactUsed, ...] = ()
    shared: tuple[SharedRead, ...] = ()
    propensities: tuple[tuple[str, int], ...] = ()
    draws: tuple[tuple[str, int], ...] = ()
    engine: str = ""
    reading: str = ""

    @property
    def choice(self) -> Considered:
        """The chosen candidate as it was considered."""
        return next(item for item in self.considered if item.candidate.id == self.chosen)
