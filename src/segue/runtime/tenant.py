"""What every part of the runtime shares: one tenant's store, time, id key, mind and journal."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segue.core.ids import IdKey
from segue.core.ports import Clock, Perceiver, Store
from segue.core.records.context import Context, LedgerRow, Wants
from segue.core.records.decisions import Verdict
from segue.core.records.events import Imported, Received, Restored, Stepped
from segue.core.records.identity import Known, KnownAccount, Web
from segue.core.records.memory import Links, Trust
from segue.core.records.percepts import Percept
from segue.core.records.signals import Signal
from segue.core.token_encoder import TokenEncoder
from segue.core.units import Instant
from segue.runtime.hooks import Hook, no_hook

Note = Callable[[str, Mapping[str, Any]], None]
"""Writes one line of the journal: what happened, and its fields."""

_RECENT = 1_000


def no_note(event: str, fields: Mapping[str, Any]) -> None:
    """Keep no journal."""
    del event, fields


@dataclass(frozen=True, slots=True)
class Mind:
    """The pure functions a step is made of; bootstrap binds them to the playbook in force.

    Attributes:
        normalise: Spells identifiers one way, drops what stands for nobody; raises `SignalError`.
        link: Whom a signal with identifiers is about: (signal, where its profile belongs or all evidence).
        is_news: Whether it needs all evidence: (ties by hash, hashes, when, trust).
        subject_links: Whom a signal is about that names its subject: (subject, person, account).
        wants: What its context must hold besides the lane's own rows.
        step: The planner.
        recheck: The third check of policy, on an effect's final arguments.
        perceiver: Reads a message; runs before the step.
        judge: What a human's word on who is who changes: (signal, all evidence).
        reread: Joins what a language model read in a message to its percept; None where it read nothing.
        tokens: Reads each token of a message for recall; None where words alone decide.
        kept_s: How long classes of data are kept, in seconds.
        hold: Identifiers of people whose data is held, however old it is.
    """

    normalise: Callable[[Iterable[str]], tuple[str, ...]]
    link: Callable[[Signal, Known | Web, Mapping[str, KnownAccount], IdKey], Links]
    is_news: Callable[[Mapping[str, tuple[int, int, int]], Sequence[str], int, Trust], bool]
    subject_links: Callable[[str, str, str], Links]
    wants: Callable[[Signal, Links], Wants]
    step: Callable[[Context, Signal, Percept | None], Stepped]
    recheck: Callable[[LedgerRow, Context, Instant], Verdict]
    perceiver: Perceiver
    judge: Callable[[Signal, Web], Links]
    reread: Callable[[Signal, Percept, object], Percept | None] = lambda _signal, _percept, _told: None
    tokens: TokenEncoder | None = None
    kept_s: Mapping[str, int] = field(default_factory=dict)
    hold: tuple[str, ...] = ()


class TenantTime:
    """The tenant's time: the clock port, made strictly monotonic across restarts and clock steps.

    Args:
        clock: The clock port.
        last: The newest instant the log knows.
    """

    def __init__(self, clock: Clock, last: Instant) -> None:
        self._clock = clock
        self._last = last

    def now(self) -> Instant:
        """Current instant, never before the newest stamp."""
        return max(self._clock.now(), self._last)

    def next(self) -> Instant:
        """The instant the next signal would be received at: later than all before."""
        return max(self._clock.now(), Instant(self._last + 1))

    def use(self, at: Instant) -> None:
        """Count `at` as taken; a duplicate takes none, so it leaves no trace in later instants either."""
        self._last = max(self._last, at)


def newest_stamp(store: Store) -> Instant:
    """The latest `received_at` or restore in the log, or 0: where the tenant's time goes on."""
    with store.read() as reader:
        end = reader.position()
        after = end
        while after > 0:
            after, before = max(0, after - _RECENT), after
            newest = 0
            for row in reader.log(after):
                if row.seq > before:
                    break
                if isinstance(row.event, Received):
                    newest = max(newest, row.event.signal.received_at)
                elif isinstance(row.event, Restored | Imported):
                    newest = max(newest, row.event.at)
            if newest:
                return Instant(newest)
    return Instant(0)


@dataclass(slots=True)
class Tenant:
    """One company: one store, one time, one id key, and the mind that decides for it.

    Attributes:
        mind: Replaced whole when the playbook is reloaded.
        hook: Called at every named crash point.
        note: Journal of decisions and attempts.
    """

    store: Store
    ids: IdKey
    clock: Clock
    mind: Mind
    time: TenantTime
    hook: Hook = field(default=no_hook)
    note: Note = field(default=no_note)

    @classmethod
    def of(
        cls, store: Store, ids: IdKey, *, clock: Clock, mind: Mind, hook: Hook = no_hook, note: Note = no_note
    ) -> "Tenant":
        """Put a tenant together; its time goes on from the log."""
        return cls(store, ids, clock, mind, TenantTime(clock, newest_stamp(store)), hook, note)
