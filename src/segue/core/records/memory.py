"""Memory: facts, messages, goals, outcomes and who is who; what a step may add to what is known."""

from typing import Any, Literal

from segue.core.records.record import Record
from segue.core.units import Instant

Trust = Literal["claimed", "verified"]
ArmName = Literal["holdout", "usual", "agent"]


class Fact(Record, frozen=True):
    """One bitemporal statement about a subject; single-valued per (subject, predicate, qualifier, trust).

    Attributes:
        subject: `profile:ID`, `account:ID`, `goal:ID` or `tenant`.
        predicate: Name below the subject, for example `arr`, `consent.email`, `ticket`.
        qualifier: Ticket id, brand or meeting id where a predicate has many values; else empty.
        value: Integer, text, boolean, list of text, or `{"amount": int, "currency": str}`; None ends it.
        valid_from: When it became true.
        valid_to: When it stops being true, if known.
        trust: `verified` comes from a system of record, `claimed` from words.
        signal_id: Where it came from; equal `valid_from` is decided by the higher signal id.
        words: The source words, if any.
    """

    subject: str
    predicate: str
    value: Any
    valid_from: Instant
    trust: Trust
    signal_id: str
    qualifier: str = ""
    valid_to: Instant | None = None
    words: str = ""


class Message(Record, frozen=True):
    """One utterance in a thread, by whoever said it.

    Attributes:
        id: Derived from its signal and position.
        thread: Thread id: derived from channel and the source's own thread key.
        direction: `in` from the customer, `out` to them.
        by: `customer`, `automatic` (a machine in their name), `segue`, `rep:NAME` or `tool:NAME`.
    """

    id: str
    thread: str
    profile_id: str
    channel: str
    direction: Literal["in", "out"]
    by: str
    text: str
    at: Instant
    signal_id: str
    brand: str = ""
    subject: str = ""
    reference: str = ""


class Recollection(Record, frozen=True):
    """A message that was recalled for a signal before its step; `score` is in millionths."""

    message_id: str
    score: int


class Count(Record, frozen=True):
    """An additive counter: `add` is added to (`subject`, `name`, `day`).

    `day` is a proleptic ordinal (date.toordinal()) for daily counters, or an hour number since the epoch
    for names that start with `hour:`.
    """

    subject: str
    name: str
    day: int
    add: int


class Goal(Record, frozen=True):
    """A business outcome wanted for a person or an account; the row is replaced whole by id.

    Attributes:
        id: Hash of play, subject and the signal that opened it.
        subject: `profile:ID` or `account:ID`.
        state: The progress state of the play that holds now.
        status: `open`, `won`, `lost` (the audience left or the deadline passed).
        value_micro: What it is worth, in micro-units of the reporting currency.
    """

    id: str
    play: str
    subject: str
    opened_at: Instant
    state: str
    status: Literal["open", "won", "lost"]
    value_micro: int
    signal_id: str
    deadline_at: Instant | None = None
    closed_at: Instant | None = None
    contact: str = ""


class Outcome(Record, frozen=True):
    """A business result or a harm, counted once per id."""

    id: str
    name: str
    subject: str
    at: Instant
    signal_id: str
    value_micro: int = 0
    harm: bool = False
    goal_id: str = ""
    decision_id: str = ""
    profile_id: str = ""
    account_id: str = ""


class Exposure(Record, frozen=True):
    """A touch of a person by anyone, logged in every arm."""

    id: str
    profile_id: str
    at: Instant
    channel: str
    purpose: str
    by: str
    signal_id: str
    account_id: str = ""
    brand: str = ""
    campaign: str = ""
    effect_id: str = ""
    arm: str = ""


class Arm(Record, frozen=True):
    """The arm a unit (account, else person) was assigned to, once; the earliest assignment wins."""

    unit: str
    name: ArmName
    at: Instant
    draw_ppm: int


class Handshake(Record, frozen=True):
    """What became of a linking code that a message brought.

    Attributes:
        code: Its hash.
        state: `joined`, or why not: see `segue.identity.handshake`.
        profile_id: Whom it was offered to, where it was.
        key: Hash of the identifier the message came from.
    """

    code: str
    state: str
    profile_id: str = ""
    key: str = ""


class IssuedCode(Record, frozen=True):
    """A linking code that was offered to somebody; only its hash is known.

    Attributes:
        channel: The channel it may come back on.
    """

    code: str
    profile_id: str
    channel: str
    expires_at: Instant


class Links(Record, frozen=True):
    """Who a signal was about: what identity decided from identifiers alone.

    Attributes:
        profile_id: The signal's own profile, or empty.
        is_new: True when the profile is first seen.
        person_id: The person after this signal: id of the earliest profile of the cluster.
        identifiers: (hash, namespace) of identifiers first seen, now owned by `profile_id`.
        merged: Person ids that became part of `person_id`.
        account_id: The account spoken of, or empty.
        account_identifiers: (hash, namespace) of account identifiers first seen.
        joined: True when the profile becomes a member of the account from this signal on.
        anchor: Hash of the identifier that the profile is a source's view of, when evidence is added.
        evidence: (hash, namespace, when) of identifiers that came with the profile and are news of it.
        moved: (profile, person) of profiles that belong elsewhere from now on; applied after `merged`.
        owners: (hash, profile or empty) of identifiers that another profile owns from now on, or none.
        shared: Hashes of identifiers found to link too many people: they link nobody any more.
        refused: (hash, why) of the signal's identifiers that do not lead to this person.
        words: What a human said of identifiers or profiles: (one, other, `same` or `apart`).
        claimed: True where nobody vouches for the evidence, or for the membership.
        levels: (profile, level) of profiles of whom it is now more or less certain who they are.
        handshake: What became of the linking code that the signal brought.
    """

    profile_id: str = ""
    is_new: bool = False
    person_id: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    merged: tuple[str, ...] = ()
    account_id: str = ""
    account_identifiers: tuple[tuple[str, str], ...] = ()
    joined: bool = False
    anchor: str = ""
    evidence: tuple[tuple[str, str, Instant], ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    owners: tuple[tuple[str, str], ...] = ()
    shared: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str, str], ...] = ()
    claimed: bool = False
    levels: tuple[tuple[str, int], ...] = ()
    handshake: Handshake | None = None
