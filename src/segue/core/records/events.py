"""Events: everything the log holds; projections are a fold over them and nothing else."""

from typing import Any

from msgspec import field

from segue.core.records.decisions import Decision
from segue.core.records.effects import Approval, Attempt, Effect, EffectChange, Reservation, Timer
from segue.core.records.memory import (
    Arm,
    Count,
    Exposure,
    Fact,
    Goal,
    IssuedCode,
    Links,
    Message,
    Outcome,
    Recollection,
)
from segue.core.records.percepts import Percept
from segue.core.records.record import Record
from segue.core.records.signals import Signal
from segue.core.units import Instant

EVENTS_VERSION = 4
"""What events are written as: 2 knows `restored`, 3 `imported`, 4 `expired`. Older versions are read."""


class Received(Record, frozen=True, tag="received"):
    """A signal was accepted: durable before it is acknowledged."""

    signal: Signal


class Perceived(Record, frozen=True, tag="perceived"):
    """Recorded inputs of a step: what its message means, with the model's hash inside, and what was recalled.

    Attributes:
        recalled: Earlier messages of the person that answer this one best; none in logs of older versions.
        recalled_by: Hash of the model whose token vectors were compared; empty where words alone decided.
    """

    signal_id: str
    subject: str
    percept: Percept
    recalled: tuple[Recollection, ...] = ()
    recalled_by: str = ""


class Stepped(Record, frozen=True, tag="stepped"):
    """Everything one step decided, committed at once.

    Rows with an id (goals, timers, reservations, approvals, arms, outcomes, exposures, messages) are upserts;
    facts revise by closing and inserting; counts add; derived signals are taken up next in the same lane.
    """

    signal_id: str
    now: Instant
    lane: str
    subject: str
    links: Links = Links()
    person_id: str = ""
    account_id: str = ""
    profile_id: str = ""
    facts: tuple[Fact, ...] = ()
    messages: tuple[Message, ...] = ()
    counts: tuple[Count, ...] = ()
    goals: tuple[Goal, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    arms: tuple[Arm, ...] = ()
    decision: Decision | None = None
    effects: tuple[Effect, ...] = ()
    effect_changes: tuple[EffectChange, ...] = ()
    timers: tuple[Timer, ...] = ()
    timers_cancelled: tuple[str, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    approvals: tuple[Approval, ...] = ()
    derived: tuple[Signal, ...] = ()
    codes: tuple[IssuedCode, ...] = ()


class Attempted(Record, frozen=True, tag="attempted"):
    """An attempt began or ended; the row is replaced by (effect, number)."""

    attempt: Attempt
    subject: str


class DeadLettered(Record, frozen=True, tag="dead_lettered"):
    """A signal that could not be stepped, or a second body under a known key; nothing is lost."""

    id: str
    signal: Signal
    at: Instant
    code: str
    error: str


class DeadLetterReplayed(Record, frozen=True, tag="dead_letter_replayed"):
    """A dead letter was put back into the inbox."""

    id: str
    at: Instant


class EngineStarted(Record, frozen=True, tag="engine_started"):
    """From here on steps ran under this engine: code, lock file, playbook, zone and holiday data, models."""

    at: Instant
    engine: str
    parts: dict[str, Any] = field(default_factory=dict)


class Erased(Record, frozen=True, tag="erased"):
    """A person's keys were deleted; suppression tombstones outlive the data as keyed hashes."""

    at: Instant
    profile_ids: tuple[str, ...]
    suppressed: tuple[str, ...] = ()


class Restored(Record, frozen=True, tag="restored"):
    """The log goes on from a backup: what came after the backup happened outside, but is not known here.

    Attributes:
        at: When; what could have been sent before it is looked up before it is sent.
        backup: Id of the backup.
    """

    at: Instant
    backup: str


class Imported(Record, frozen=True, tag="imported"):
    """A person came from another home, with the events it had of them; they were decided there.

    Attributes:
        at: When.
        subject: The first of their profiles.
        events: How many events that follow are theirs; 0 behind the last of them.
    """

    at: Instant
    subject: str
    events: int = 0


class Expired(Record, frozen=True, tag="expired"):
    """Words were kept for long enough and taken out of the log; the chain was made anew from there on.

    Attributes:
        at: When.
        before: What was recorded before which instant went, by class of data.
        events: How many events changed; the first of them stands at `first`.
        chain: Digest of the chain's newest link before it was made anew, in hexadecimal.
    """

    at: Instant
    before: dict[str, Instant]
    events: int
    first: int
    chain: str


Event = (
    Received
    | Perceived
    | Stepped
    | Attempted
    | DeadLettered
    | DeadLetterReplayed
    | EngineStarted
    | Erased
    | Restored
    | Imported
    | Expired
)
