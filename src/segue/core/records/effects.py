"""Effects: committed requests to the outside, their ledger, and what else a step leaves open."""

from typing import Any, Literal

from msgspec import field

from segue.core.records.decisions import Verdict
from segue.core.records.record import Record
from segue.core.units import Instant

EffectClass = Literal["K", "N", "U"]
"""K takes an idempotency key, N has a natural key (look up before create), U has neither."""

EffectState = Literal["pending", "sent", "delivered", "failed", "unknown", "cancelled"]
TERMINAL: frozenset[str] = frozenset({"delivered", "failed", "cancelled"})
NEVER_STOPPED: frozenset[str] = frozenset({"mandatory", "internal"})
"""Purposes that the kill switch lets pass: what must go out, and what reaches no customer."""
LEGAL_MOVES: dict[str, frozenset[str]] = {
    "pending": frozenset({"sent", "delivered", "failed", "unknown", "cancelled"}),
    "sent": frozenset({"delivered", "failed"}),
    "unknown": frozenset({"sent", "delivered", "failed", "pending"}),
    "delivered": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}
"""Which ledger state may follow which; `unknown -> pending` only after a look-up found nothing."""


class Effect(Record, frozen=True):
    """A request to a connector, committed with its decision and executed later.

    Attributes:
        id: The stable key: base32hex of (trigger signal, index); the same key goes out on every retry.
        connector: Which connector performs it.
        verb: What the connector is asked to do.
        arguments: The final arguments; nothing in them was chosen by a customer's words.
        not_before: Earliest dispatch.
        deadline_at: After it the effect fails instead of being tried again.
        reservations: Ids of reservations that become used when it is sent and free when it is not.
        tried: Connectors that failed before it was their turn.
    """

    id: str
    decision_id: str
    signal_id: str
    index: int
    connector: str
    verb: str
    effect_class: EffectClass
    arguments: dict[str, Any]
    not_before: Instant
    deadline_at: Instant
    subject: str
    action: str
    purpose: str
    profile_id: str = ""
    account_id: str = ""
    play: str = ""
    goal_id: str = ""
    channel: str = ""
    brand: str = ""
    sender: str = ""
    offer: str = ""
    candidate_id: str = ""
    reservations: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()


class EffectChange(Record, frozen=True):
    """A ledger move decided by a step: a pending effect cancelled, an unknown one reconciled."""

    effect_id: str
    state: EffectState
    because: str


class Timer(Record, frozen=True):
    """A durable wake-up; setting a timer with the same id replaces it.

    Attributes:
        kind: `look_again` (rescore a goal), `hold` (rescore a gate request), `absence`, `date`, `expire`,
            `remind`, `release` (go on releasing what was parked), `silence` (has a colleague
            answered), `promise` (one is due, or will be soon).
        subject: Whose lane it wakes: `profile:ID` or `account:ID`.
    """

    id: str
    kind: str
    subject: str
    due_at: Instant
    signal_id: str
    body: dict[str, Any] = field(default_factory=dict)


class Reservation(Record, frozen=True):
    """An amount set aside under a key on the one ledger; the row is replaced whole by id.

    Attributes:
        key: What is limited, for example `cap:marketing-daily:person:ID:739600`.
        amount: How much of it.
        limit: The commit fails with a conflict when held and used amounts of `key` would exceed it;
            -1 records a touch that already happened, above any limit.
        state: `held` until sent, then `used`; `released` frees it.
        subject: Whose it is, so that a context finds it.
    """

    id: str
    key: str
    amount: int
    limit: int
    state: Literal["held", "used", "released"]
    subject: str
    decision_id: str
    at: Instant


class Approval(Record, frozen=True):
    """A draft that waits for a human; the row is replaced whole by id.

    Attributes:
        effects: What will be committed when it is given (after policy is checked again).
        value_micro: Score of the candidate, so that the list is ranked by expected value.
        status: `pending`, `given`, `rejected`, `expired`.
    """

    id: str
    decision_id: str
    subject: str
    asked_at: Instant
    expires_at: Instant
    effects: tuple[Effect, ...]
    value_micro: int
    because: str
    status: Literal["pending", "given", "rejected", "expired"] = "pending"
    by: str = ""
    play: str = ""
    action: str = ""


class Attempt(Record, frozen=True):
    """One try of an effect: a row of the ledger.

    Attributes:
        number: 1-based.
        started_at: The clock port's instant at the dispatch check: an input of replay.
        verdict: What policy said on the final arguments with fresh facts.
        state: Ledger state after this attempt; empty while it runs.
        retry_at: When it is tried again, if it is.
    """

    effect_id: str
    number: int
    started_at: Instant
    verdict: Verdict = Verdict()
    ended_at: Instant | None = None
    state: EffectState | Literal["", "retry"] = ""
    reference: str = ""
    detail: str = ""
    retry_at: Instant | None = None
    reply: dict[str, Any] = field(default_factory=dict)
