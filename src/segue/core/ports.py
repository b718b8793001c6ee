"""Ports: what the pure core and the runtime need of the outside, met by adapters in bootstrap."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from segue.core.recaller import NOTHING, Keeper, Recall, Recaller
from segue.core.records.context import Context, LedgerRow, Wants
from segue.core.records.decisions import Decision
from segue.core.records.effects import Approval, EffectClass, Timer
from segue.core.records.events import Event
from segue.core.records.identity import Known, KnownAccount, Owner, Web
from segue.core.records.meaning import Meaning
from segue.core.records.memory import Exposure, Fact, Goal, Links, Message, Outcome
from segue.core.records.overview import AccountView, Controls, DayCount, Letter, Listed, Named, OpenGoals, Way
from segue.core.records.percepts import Percept
from segue.core.records.signals import NewSignal, Signal
from segue.core.units import Instant


class Clock(Protocol):
    """The one place a runtime learns the time from."""

    def now(self) -> Instant:
        """Current instant."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of this clock's time."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """What a connector is asked to do: the stable key, verb and final arguments of one effect.

    Attributes:
        key: The effect id; the same on every retry.
        attempt: 1-based number of the try.
        deadline_s: How long the connector may take before the dispatcher counts the answer as lost.
    """

    key: str
    verb: str
    arguments: Mapping[str, Any]
    attempt: int
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What a connector answered: its own reference, and whether delivery is already certain."""

    reference: str
    delivered: bool = True
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a connector takes: calls per second, burst, and calls under way at once."""

    per_second: float = 50.0
    burst: int = 50
    concurrent: int = 8


@dataclass(frozen=True, slots=True)
class Outbound:
    """Where a connector sends data to.

    Attributes:
        connector: Name of the connector.
        host: Host, with a port where it is not the usual one.
        data: Classes of data that go there, for example `contact`, `message`, `ticket`.
    """

    connector: str
    host: str
    data: tuple[str, ...]


DEAD_ADDRESS = "no such address"
"""A `RefusedError` whose message begins so says that the address takes no messages at all, now or later."""


class Connector(Protocol):
    """One tool behind its verbs. Raises only the `ConnectorError` branch of the error tree."""

    name: str
    verbs: Mapping[str, EffectClass]
    limits: Limits

    async def perform(self, request: Request) -> Reply:
        """Do it.

        Raises:
            RefusedError: Never retry.
            RetryError: It certainly did not happen.
            AmbiguousError: It may have happened.
        """
        ...

    async def look_up(self, request: Request) -> Reply | None:
        """Find what an earlier attempt with this key (K, U) or natural key (N) left behind, or None.

        Raises:
            RefusedError: This verb cannot be looked up; a human has to tell.
            RetryError: Not now.
        """
        ...


class Taken(Protocol):
    """What became of one signal handed in; `segue.Accepted` is one."""

    @property
    def state(self) -> str:
        """`accepted`, `duplicate`, `conflict` or `refused`."""
        ...


Submit: TypeAlias = Callable[[Sequence[NewSignal]], Awaitable[Sequence[Taken]]]
"""Takes signals in; what it accepted is on disk when it returns. A `BusyError` says that nothing was."""


class Inlet(Protocol):
    """A place where things happen that nobody tells by themselves, such as a mailbox."""

    name: str

    async def run(self, submit: Submit) -> None:
        """Watch until cancelled, and submit each thing that happened.

        It forgets nothing before `submit` returned, and gives what it submits a stable `source_id`: what
        comes again after a crash is a duplicate.
        """
        ...


class Encoder(Protocol):
    """Turns one text into a vector; the same text always gives the same one."""

    @property
    def model(self) -> str:
        """Hash of the model."""
        ...

    def encode(self, text: str) -> Meaning:
        """Read one text."""
        ...


class Perceiver(Protocol):
    """Reads one message; runs before the step, its answer is a recorded input."""

    model: str

    def perceive(self, signal: Signal, known_names: Sequence[str] = ()) -> Percept | None:
        """What the signal's text means; None where it has no text."""
        ...


@dataclass(frozen=True, slots=True)
class Pending:
    """A signal that waits in the inbox."""

    seq: int
    signal: Signal


AcceptState = Literal["accepted", "duplicate", "conflict"]


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as of one pair of instants, for pages and `app.person`."""

    person_id: str
    profile_ids: tuple[str, ...]
    account_id: str
    facts: tuple[Fact, ...]
    messages: tuple[Message, ...]
    goals: tuple[Goal, ...]
    outcomes: tuple[Outcome, ...]
    exposures: tuple[Exposure, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """All of one decision: its signal, percept, what was recalled, ledger rows, approval and outcomes."""

    decision: Decision
    signal: Signal
    percept: Percept | None
    ledger: tuple[LedgerRow, ...]
    approvals: tuple[Approval, ...]
    outcomes: tuple[Outcome, ...]
    recalled: Recall = NOTHING


@dataclass(frozen=True, slots=True)
class LogRow:
    """One event of the log at its position; None where its key was erased."""

    seq: int
    event: Event | None


@dataclass(frozen=True, slots=True)
class Restoration:
    """The newest restore from a backup: when it was, and its position in the log."""

    at: Instant
    seq: int


class Reader(Recaller, Protocol):
    """Reads of one tenant's store. A unit of work is a reader too and sees its own writes."""

    def position(self) -> int:
        """Sequence number of the newest event."""
        ...

    def pending(self, limit: int, *, history_share: int = 0) -> list[Pending]:
        """Signals not yet stepped, in the order they are to be taken up.

        Derived signals come first (same lane), then live ones in order of receipt, then at most
        `history_share` of the rest; an older history signal of a live signal's lane is taken up before it.
        """
        ...

    def known(self, hashes: Sequence[str]) -> dict[str, Owner]:
        """Owners of identifier hashes."""

    def seen(
        self, profile_id: str, hashes: Sequence[str]
    ) -> tuple[Known | None, dict[str, tuple[int, int, int]]]:
        """Where a profile belongs; when it first and last carried each identifier, and who vouches for it.

        None and nothing where it never carried one of them.
        """
        ...

    def web(
        self, nodes: Sequence[str], *, claims: bool = False, code: tuple[str, str, int] | None = None
    ) -> Web:
        """All evidence that hangs together with identifier hashes and profiles, across persons.

        With `claims` a claim will be added; `code`: hash of a linking code, who brings it back, and when.
        """
        ...

    def known_accounts(self, hashes: Sequence[str]) -> dict[str, KnownAccount]:
        """Accounts named by identifier hashes."""

    def profile_person(self, profile_id: str) -> str | None:
        """The person a profile belongs to now, or None when the profile is unknown."""

    def account_of(self, person_id: str) -> str:
        """The account a person is a member of now, or empty."""

    def percept(self, signal_id: str) -> Percept | None:
        """The recorded percept of a signal, if there is one."""
        ...

    def context(self, signal: Signal, links: Links, now: Instant, wants: Wants) -> Context:
        """Assemble the context of one step, with `links` taken as already applied."""
        ...

    def lane_now(self, lane: str) -> Instant:
        """The lane's last now, or 0."""
        ...

    def due_timers(self, now: Instant, limit: int) -> list[Timer]:
        """Timers due at or before `now`, earliest first."""
        ...

    def next_timer_at(self) -> Instant | None:
        """When the earliest timer is due."""
        ...

    def due_effects(self, now: Instant, limit: int, skip: Collection[str] = ()) -> list[LedgerRow]:
        """Effects to try or look up now: pending, with `not_before` and retry time past, oldest first.

        `skip` names connectors that take no call now. What waits for them is not read, however much it is,
        but for pending effects whose deadline has passed: those fail without a call.
        """
        ...

    def next_effect_at(self, after: Instant | None = None) -> Instant | None:
        """When the earliest effect may be tried or looked up; of those that may later than `after`."""
        ...

    def effect(self, effect_id: str) -> LedgerRow | None:
        """One effect with its ledger."""
        ...

    def effect_position(self, effect_id: str) -> int:
        """Log position at which an effect was committed, or 0."""
        ...

    def restoration(self) -> Restoration | None:
        """The newest restore from a backup, if there was one."""
        ...

    def open_attempts(self) -> list[LedgerRow]:
        """Effects with an attempt that never ended: ambiguous after a crash."""
        ...

    def approvals(self, *, status: str = "pending") -> list[Approval]:
        """Approvals by status, highest expected value first."""
        ...

    def decisions(
        self, *, person_id: str = "", limit: int = 200, before: int | None = None
    ) -> list[tuple[int, Decision]]:
        """Decisions with their log position, newest first."""
        ...

    def decision_ids(self, beginning: str, limit: int) -> list[str]:
        """Ids of decisions that begin so, in order."""
        ...

    def receipt(self, decision_id: str) -> Receipt | None:
        """Everything about one decision."""
        ...

    def gate_decision(self, source: str, source_id: str) -> Decision | None:
        """The latest decision on a gate request with this key."""
        ...

    def signal(self, signal_id: str) -> Signal | None:
        """One signal."""
        ...

    def find_person(self, identifier_hash: str) -> str | None:
        """The person an identifier belongs to now."""
        ...

    def person(self, person_id: str, *, as_of: Instant | None, known_at: Instant | None) -> PersonView | None:
        """A person at any (valid, recorded) pair of instants; None means now."""
        ...

    def dead_letters(self) -> list[tuple[str, Signal, str, str, Instant]]:
        """(id, signal, code, error, at) of dead letters not replayed."""
        ...

    def outcomes(self) -> list[Outcome]:
        """All outcomes and harms, oldest first."""
        ...

    def counts(self) -> dict[str, int]:
        """Row counts by table, for reports."""
        ...

    @property
    def overview(self) -> "Overview":
        """Reads across all lanes."""
        ...

    def log(self, after: int = 0) -> Iterator[LogRow]:
        """The events in order, decrypted; batches are read lazily."""
        ...


class Overview(Protocol):
    """Reads across all lanes, for operators' pages; each is bounded, and none reads the whole log."""

    def day_counts(self, after: int = 0) -> list[DayCount]:
        """Decisions behind a log position, counted by day and by what they came to."""
        ...

    def decisions(
        self, filters: Mapping[str, str], *, limit: int, before: int | None = None
    ) -> list[tuple[int, Decision]]:
        """Decisions with their log position, newest first.

        Args:
            filters: Wanted values by name: `play`, `mode`, `question`, `account`, or `held` for the name of
                what kept something back.
            limit: At most so many.
            before: Log position to read on from; None is the newest.
        """
        ...

    def controls(self, now: Instant) -> Controls:
        """What is stopped or paused."""
        ...

    def people(self, person_ids: Collection[str]) -> dict[str, Named]:
        """Persons by name, with the facts of all their profiles."""
        ...

    def accounts(self, account_ids: Collection[str]) -> dict[str, Named]:
        """Accounts by name, with their facts."""
        ...

    def members(self, account_id: str, limit: int) -> list[Named]:
        """The persons of an account, first known first."""
        ...

    def account(self, account_id: str) -> AccountView | None:
        """An account as it is now; None where nothing is known of it."""
        ...

    def approval(self, approval_id: str) -> Approval | None:
        """One approval, whatever became of it."""
        ...

    def approvals(self, status: str, *, limit: int, after: tuple[int, str] | None = None) -> list[Approval]:
        """Approvals by status, the most valuable first; `after` is value and id of the last one read."""
        ...

    def approvals_worth(self) -> tuple[int, int]:
        """How many approvals wait, and their value together in micro-units."""
        ...

    def open_goals(self) -> list[OpenGoals]:
        """Open goals by play."""
        ...

    def plays_of_goals(self, goal_ids: Collection[str]) -> dict[str, str]:
        """The play of each goal, by goal id."""
        ...

    def outcomes_since(self, at: Instant, limit: int) -> list[Outcome]:
        """Outcomes and harms later than that, newest first."""
        ...

    def ways(self, now: Instant) -> list[Way]:
        """What waits on the way to each connector."""
        ...

    def unknown_effects(self, limit: int) -> list[LedgerRow]:
        """Effects of which only a human can tell whether they happened, newest first."""
        ...

    def effects(self, state: Listed, *, limit: int, before: str = "") -> list[LedgerRow]:
        """Effects in a state, newest first; `before` is the id of the last one read."""
        ...

    def letters(self, *, limit: int, before: int | None = None) -> list[Letter]:
        """Dead letters not put back, newest first."""
        ...

    def letters_count(self) -> int:
        """How many there are."""
        ...


class Unit(Reader, Protocol):
    """One write transaction: append events, fold them at once, read one's own writes."""

    def accept(self, signal: Signal) -> AcceptState:
        """Append `Received` unless its key is known; same key with another body is a `conflict`."""
        ...

    def record(self, event: Event) -> int:
        """Append an event and fold it into the projections; returns its sequence number.

        Raises:
            ConflictError: A reservation would exceed its limit.
        """
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo what was recorded inside when an exception leaves the block."""
        ...


class Store(Keeper, Protocol):
    """One tenant's store: a log that is the truth, and projections folded from it."""

    def write(self) -> AbstractContextManager[Unit]:
        """One transaction: durable (fsync) when the block ends, new keys first; undone by an exception.

        Raises:
            StorageError: Disk full or an I/O error; nothing was written.
        """
        ...

    def read(self) -> AbstractContextManager[Reader]:
        """A consistent read-only view."""
        ...

    def rebuild(self) -> None:
        """Drop the projections and fold the log again."""
        ...

    def projection_hash(self) -> str:
        """Hash over every projection row in primary key order."""
        ...

    def close(self) -> None:
        """Close files; the last commit stays."""
        ...
