"""Shapes: what the API answers with; the OpenAPI document is made of these."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

_Money = Annotated[str, Meta(description="Decimal text with the reporting currency, such as `EUR 12.35`.")]


class Shape(msgspec.Struct, frozen=True):
    """Base of everything that is answered."""


class Receipt(Shape, frozen=True):
    """What became of one signal, as it is on disk now.

    `accepted` is new, `duplicate` changed nothing, `conflict` came with another body before (the first
    stands, this one is a dead letter), `refused` cannot be taken as it is.
    """

    id: str
    state: Literal["accepted", "duplicate", "conflict", "refused"]
    code: str = ""
    error: str = ""


class Receipts(Shape, frozen=True):
    """One receipt per signal, in the order in which they came."""

    receipts: list[Receipt]


class Signal(Shape, frozen=True):
    """A signal as it was received."""

    id: str
    source: str
    source_id: str
    kind: str
    identifiers: list[str]
    occurred_at: datetime
    received_at: datetime
    body: dict[str, Any]
    history: bool


class Fact(Shape, frozen=True):
    """One statement, with the time it holds for; `qualifier` tells many values of a predicate apart."""

    subject: str
    predicate: str
    qualifier: str
    value: Any
    valid_from: datetime
    valid_to: datetime | None
    trust: Literal["claimed", "verified"]
    signal_id: str
    words: str


class Goal(Shape, frozen=True):
    """A business outcome wanted for a person or an account."""

    id: str
    play: str
    subject: str
    state: str
    status: Literal["open", "won", "lost"]
    value: _Money
    opened_at: datetime
    deadline_at: datetime | None
    closed_at: datetime | None


class Outcome(Shape, frozen=True):
    """A business result, or a harm."""

    id: str
    name: str
    subject: str
    at: datetime
    value: _Money
    harm: bool
    goal_id: str
    decision_id: str
    profile_id: str
    account_id: str
    signal_id: str


class Promise(Shape, frozen=True):
    """Something promised: by whom, by when, and how it stands.

    Attributes:
        who: `customer` or `company`.
        what: A deed (`call`, `reply`, `send`, `pay`, `decide`, `sign`, `meet`, `do`), or to wait:
            `ask_again`, `away`, `quiet`.
        state: `overdue` is open, and its time has passed.
        by: Who made it, or told of it.
        since_at: Since when its state holds; `ended_by` is the signal that ended it.
    """

    id: str
    who: Literal["customer", "company"]
    what: str
    state: Literal["open", "overdue", "kept", "broken", "withdrawn"]
    due_at: datetime | None
    said_at: datetime
    by: str
    words: str
    since_at: datetime
    ended_by: str
    handed_back: bool
    signal_id: str
    person_id: str


class Promises(Shape, frozen=True):
    """What was promised by and to a person, newest first."""

    items: list[Promise]


class Holder(Shape, frozen=True):
    """A colleague who holds a conversation: who claimed it, or whose message holds it `until` it fades."""

    by: str
    role: str
    claimed: bool
    since_at: datetime
    until: datetime | None


class Conversation(Shape, frozen=True):
    """Who holds the conversation with a person: `owner` is the first of `holders`, or `segue`."""

    person_id: str
    owner: str
    holders: list[Holder]
    held_by: str
    held_until: datetime | None


class Person(Shape, frozen=True):
    """What is known of a person at a pair of instants."""

    person_id: str
    profile_ids: list[str]
    account_id: str
    facts: list[Fact]
    goals: list[Goal]
    outcomes: list[Outcome]


class Moment(Shape, frozen=True):
    """One entry of a timeline.

    Attributes:
        kind: `message`, `touch` (by any tool, without its words), `decision` or `outcome`.
        by: Who spoke, touched or decided.
        text: The words of a message, the reason of a decision, the name of an outcome.
    """

    at: datetime
    kind: Literal["message", "touch", "decision", "outcome"]
    id: str
    direction: str
    channel: str
    by: str
    text: str


class Score(Shape, frozen=True):
    """Expected business value less cost, risk and attention."""

    total: _Money
    items: dict[str, _Money]
    assumed: list[str]


class Match(Shape, frozen=True):
    """A policy that spoke."""

    rule: str
    then: str
    why: str
    unknown: list[str]
    until: datetime | None


class Verdict(Shape, frozen=True):
    """What policy says."""

    matches: list[Match]
    defer_until: datetime | None
    hold_until: datetime | None


class Candidate(Shape, frozen=True):
    """A thing Segue may do."""

    id: str
    action: str
    purpose: str
    play: str
    channel: str
    connector: str
    verb: str
    offer: str
    arguments: dict[str, Any]


class Considered(Shape, frozen=True):
    """A candidate and how far it came; `dropped_at` is empty for the chosen one."""

    candidate: Candidate
    dropped_at: str
    because: str
    verdict: Verdict
    score: Score | None


class FactUsed(Shape, frozen=True):
    """A fact the decision read; null is unknown."""

    name: str
    value: Any
    origin: str


class DecisionLine(Shape, frozen=True):
    """A decision in one line."""

    id: str
    at: datetime
    question: str
    mode: str
    action: str
    because: str
    play: str
    arm: str
    lane: str
    person_id: str
    account_id: str
    signal_id: str
    until: datetime | None


class Decision(DecisionLine, frozen=True):
    """A decision with everything that was considered."""

    considered: list[Considered]
    chosen: str
    facts: list[FactUsed]
    propensities: dict[str, float]
    draws: dict[str, float]
    engine: str


class Attempt(Shape, frozen=True):
    """One try of an effect."""

    number: int
    state: str
    started_at: datetime
    ended_at: datetime | None
    retry_at: datetime | None
    verdict: Verdict
    reference: str
    detail: str


class Effect(Shape, frozen=True):
    """A request to a tool, its state on the ledger, and every attempt at it."""

    id: str
    state: Literal["pending", "sent", "delivered", "failed", "unknown", "cancelled"]
    decision_id: str
    action: str
    play: str
    purpose: str
    connector: str
    verb: str
    effect_class: Literal["K", "N", "U"]
    channel: str
    subject: str
    arguments: dict[str, Any]
    not_before: datetime
    deadline_at: datetime
    attempts: list[Attempt]


class PlannedEffect(Shape, frozen=True):
    """What will be asked of a tool once a human approves."""

    id: str
    connector: str
    verb: str
    channel: str
    arguments: dict[str, Any]
    not_before: datetime


class Approval(Shape, frozen=True):
    """A draft that waits, or waited, for a human."""

    id: str
    decision_id: str
    subject: str
    status: Literal["pending", "given", "rejected", "expired"]
    play: str
    action: str
    because: str
    value: _Money
    by: str
    asked_at: datetime
    expires_at: datetime
    effects: list[PlannedEffect]


class Recollected(Shape, frozen=True):
    """An earlier message that was recalled before the decision, best first.

    Attributes:
        text: Its words; sentences that tell something private are left out.
        score: How well it answers; scores of one receipt compare with each other only.
    """

    message_id: str
    signal_id: str
    channel: str
    by: str
    at: datetime
    text: str
    score: float


class DecisionReceipt(Shape, frozen=True):
    """Everything there is to tell of one decision.

    Attributes:
        percept: What its message was read to mean.
        recalled: What was said before that answers it; fewer where some of it was erased since.
        recalled_by: Hash of the model whose token vectors were compared; empty where words alone decided.
    """

    decision: Decision
    signal: Signal
    percept: dict[str, Any] | None
    recalled: list[Recollected]
    recalled_by: str
    effects: list[Effect]
    approvals: list[Approval]
    outcomes: list[Outcome]


class DeadLetter(Shape, frozen=True):
    """A signal that could not be stepped, or a second body under a known key."""

    id: str
    code: str
    error: str
    at: datetime
    signal: Signal


class GateAnswer(Shape, frozen=True):
    """`allow`, `hold` until about `until`, or `deny`; and why.

    Attributes:
        rule: The policy that spoke, if one did.
        decision_id: Its receipt; empty when no decision fell.
    """

    answer: Literal["allow", "hold", "deny"]
    because: str
    rule: str
    decision_id: str
    until: datetime | None


class Done(Shape, frozen=True):
    """It is done, and on disk."""

    done: Literal[True] = True


class Decisions(Shape, frozen=True):
    """A page of decisions, newest first."""

    items: list[DecisionLine]
    next_cursor: str | None


class Timeline(Shape, frozen=True):
    """A page of a timeline, newest first."""

    items: list[Moment]
    next_cursor: str | None


class Effects(Shape, frozen=True):
    """A page of effects, the one that may go first first."""

    items: list[Effect]
    next_cursor: str | None


class Outcomes(Shape, frozen=True):
    """A page of outcomes and harms, newest first."""

    items: list[Outcome]
    next_cursor: str | None


class Approvals(Shape, frozen=True):
    """A page of approvals, the most valuable first."""

    items: list[Approval]
    next_cursor: str | None


class DeadLetters(Shape, frozen=True):
    """A page of dead letters, newest first."""

    items: list[DeadLetter]
    next_cursor: str | None


class MovedProfile(Shape, frozen=True):
    """One source's view of one identifier, which goes to a person with all its signals."""

    profile_id: str
    namespace: str
    moves: bool
    while_merged: int


class TouchedMessage(Shape, frozen=True):
    """A message that goes with its profile."""

    id: str
    profile_id: str
    channel: str
    direction: str
    by: str
    at: datetime


class TouchedDecision(Shape, frozen=True):
    """A decision about a profile, or on a signal of one."""

    id: str
    profile_id: str
    trigger_profile_id: str
    play: str
    action: str
    mode: str
    at: datetime


class IdentitySide(Shape, frozen=True):
    """One person as it is then."""

    person_id: str
    was: list[str]
    identifiers: list[tuple[str, str]]
    profiles: list[MovedProfile]
    messages: list[TouchedMessage]
    decisions: list[TouchedDecision]


class IdentityPlan(Shape, frozen=True):
    """What a human's word on who is who changes.

    Attributes:
        between: Ids of decisions about one side that a signal of another led to.
        nobodys: Identifiers that none of these people owns then: namespace, and name or hash.
    """

    kind: Literal["identity.merge", "identity.split"]
    changes: bool
    sides: list[IdentitySide]
    merged_at: datetime | None
    between: list[str]
    nobodys: list[tuple[str, str]]
