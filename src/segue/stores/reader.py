"""The reader: every read of the store port over one connection."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from segue.core.ports import LogRow, Pending, PersonView, Receipt, Restoration
from segue.core.recaller import Recall, Unread
from segue.core.records.context import Context, LedgerRow, Wants
from segue.core.records.decisions import Decision
from segue.core.records.effects import Approval, Timer
from segue.core.records.identity import Known, KnownAccount, Owner, Web
from segue.core.records.memory import Links, Outcome
from segue.core.records.percepts import Percept
from segue.core.records.signals import Signal
from segue.core.token_encoder import TokenEncoder
from segue.core.units import Instant
from segue.stores.context import ContextReads
from segue.stores.db import Db
from segue.stores.keys import Keys
from segue.stores.log import Log
from segue.stores.overview import OverviewReads
from segue.stores.person_rows import person_hash
from segue.stores.reads_inbox import InboxReads
from segue.stores.reads_ledger import LedgerReads
from segue.stores.reads_likely import LikelyReads
from segue.stores.reads_people import PeopleReads
from segue.stores.reads_touched import TouchedReads
from segue.stores.reads_web import WebReads
from segue.stores.recalling import Recalling
from segue.stores.vectors import VectorReads
from segue.stores.views import Views

if TYPE_CHECKING:
    from segue.core.ids import IdKey


class SqliteReader:
    """Reads of one tenant's store; implements `segue.core.ports.Reader`, which says what each one gives.

    Args:
        db: The connection.
        keys: Where data keys come from.
        recent: Signals accepted lately, by id.
    """

    def __init__(self, db: Db, keys: Keys, recent: dict[str, Signal]) -> None:
        self._db = db
        self._ids: IdKey = keys.ids
        self._ledger = LedgerReads(db)
        self._log = Log(db, keys, self.profile_of_effect)
        self._people = PeopleReads(db)
        self._webs = WebReads(db)
        self._touched = TouchedReads(db)
        self._likely = LikelyReads(db)
        self._inbox = InboxReads(db, self._log, keys.ids, recent)
        self._contexts = ContextReads(db, keys.ids, self._people, self._ledger)
        self._views = Views(db, self._log, keys.ids, self._inbox, self._ledger)
        self._vectors = VectorReads(db)
        self._recalling = Recalling(db, self._vectors)
        self._overview = OverviewReads(db, self._log, self._ledger)
        self._seen: int | None = None

    def profile_of_effect(self, effect_id: str) -> str:
        """The profile an effect is meant for, or empty."""
        row = self._ledger.effect(effect_id)
        return row.effect.profile_id if row else ""

    def position(self) -> int:
        """Sequence number of the newest event."""
        return self._log.position() if self._seen is None else self._seen

    def look(self) -> None:
        """Take the view that is read from here on, and keep its position: it does not move."""
        self._seen = self._log.position()

    def look_away(self) -> None:
        """Forget the position of a view that is over."""
        self._seen = None

    def newest_at(self) -> Instant:
        """Instant of the newest event, or 0: what "now" means to a page."""
        return Instant(max(self._log.newest_at(), 0))

    def pending(self, limit: int, *, history_share: int = 0) -> list[Pending]:
        """Signals not yet stepped, in the order they are to be taken up."""
        return self._inbox.pending(limit, history_share)

    def known(self, hashes: Sequence[str]) -> dict[str, Owner]:
        """Owners of identifier hashes."""
        return self._people.known(hashes)

    def seen(
        self, profile_id: str, hashes: Sequence[str]
    ) -> tuple[Known | None, dict[str, tuple[int, int, int]]]:
        """Where a profile belongs; when it first and last carried each identifier, and who vouches for it."""
        return self._people.seen(profile_id, hashes)

    def web(
        self, nodes: Sequence[str], *, claims: bool = False, code: tuple[str, str, int] | None = None
    ) -> Web:
        """All evidence that hangs together with identifier hashes and profiles."""
        return self._webs.web(nodes, claims=claims, code=code)

    @property
    def touched(self) -> TouchedReads:
        """What hangs on profiles, for whoever merges or splits people."""
        return self._touched

    @property
    def likely(self) -> LikelyReads:
        """What fuzzy matching compares; it reads all people, so no step asks it."""
        return self._likely

    def known_accounts(self, hashes: Sequence[str]) -> dict[str, KnownAccount]:
        """Accounts named by identifier hashes."""
        return self._people.known_accounts(hashes)

    def profile_person(self, profile_id: str) -> str | None:
        """The person a profile belongs to now."""
        return self._people.profile_person(profile_id)

    def account_of(self, person_id: str) -> str:
        """The account a person is a member of now, or empty."""
        return self._people.account_of(person_id)

    def percept(self, signal_id: str) -> Percept | None:
        """The recorded percept of a signal."""
        return self._inbox.percept(signal_id)

    def context(self, signal: Signal, links: Links, now: Instant, wants: Wants) -> Context:
        """Assemble the context of one step."""
        return self._contexts.context(signal, links, now, wants, self.position())

    def lane_now(self, lane: str) -> Instant:
        """The lane's last now, or 0."""
        return self._ledger.lane_now(lane)

    def due_timers(self, now: Instant, limit: int) -> list[Timer]:
        """Timers due, earliest first."""
        return self._ledger.due_timers(now, limit)

    def next_timer_at(self) -> Instant | None:
        """When the earliest timer is due."""
        return self._ledger.next_timer_at()

    def due_effects(self, now: Instant, limit: int, skip: Collection[str] = ()) -> list[LedgerRow]:
        """Effects to try or look up now; of connectors in `skip` only those past their deadline."""
        return self._ledger.due_effects(now, limit, skip)

    def next_effect_at(self, after: Instant | None = None) -> Instant | None:
        """When the earliest effect may be tried or looked up; of those that may later than `after`."""
        return self._ledger.next_effect_at(after)

    def effect(self, effect_id: str) -> LedgerRow | None:
        """One effect with its ledger."""
        return self._ledger.effect(effect_id)

    def effects(self, states: Sequence[str], limit: int) -> list[LedgerRow]:
        """Effects in one of these states, newest first; it reads the whole ledger, so no step asks it."""
        return self._ledger.in_states(states, limit)

    def effect_position(self, effect_id: str) -> int:
        """Log position at which an effect was committed, or 0."""
        return self._ledger.effect_position(effect_id)

    def restoration(self) -> Restoration | None:
        """The newest restore from a backup."""
        return self._ledger.restoration()

    def open_attempts(self) -> list[LedgerRow]:
        """Effects with an attempt that never ended."""
        return self._ledger.open_attempts()

    def approvals(self, *, status: str = "pending") -> list[Approval]:
        """Approvals by status, highest expected value first."""
        return self._ledger.approvals(status)

    def decisions(
        self, *, person_id: str = "", limit: int = 200, before: int | None = None
    ) -> list[tuple[int, Decision]]:
        """Decisions with their log position, newest first."""
        return self._views.decisions(person_id, limit, before)

    def decisions_after(self, after: int, limit: int) -> list[tuple[int, Decision]]:
        """Decisions behind a log position, oldest first."""
        return self._views.decisions_after(after, limit)

    def decision_ids(self, beginning: str, limit: int) -> list[str]:
        """Ids of decisions that begin so, in order."""
        return self._views.decision_ids(beginning, limit)

    def receipt(self, decision_id: str) -> Receipt | None:
        """Everything about one decision."""
        return self._views.receipt(decision_id)

    def gate_decision(self, source: str, source_id: str) -> Decision | None:
        """The latest decision on a gate request with this key."""
        return self._views.gate_decision(source, source_id)

    def signal(self, signal_id: str) -> Signal | None:
        """One signal."""
        return self._inbox.signal(signal_id)

    def find_person(self, identifier_hash: str) -> str | None:
        """The person an identifier belongs to now."""
        found = self._people.known((identifier_hash,)).get(identifier_hash)
        return found.person_id if found else None

    def person(self, person_id: str, *, as_of: Instant | None, known_at: Instant | None) -> PersonView | None:
        """A person at any (valid, recorded) pair of instants."""
        return self._views.person(person_id, as_of, known_at)

    def recall(
        self, person_id: str, query: str, limit: int = 10, encoder: TokenEncoder | None = None
    ) -> Recall:
        """Messages of one person that answer `query` best."""
        return self._recalling.recall(person_id, query, limit, encoder)

    def unread(self, model: str, after: int, limit: int) -> list[Unread]:
        """Messages behind a place that have no token vectors of this model."""
        return self._vectors.unread(model, after, limit)

    @property
    def vectors(self) -> VectorReads:
        """Token vectors that are kept."""
        return self._vectors

    def on_record(self, person_id: str) -> tuple[str, ...]:
        """Names and addresses of a person and of the members of their account."""
        return self._recalling.on_record(person_id)

    def recalled(self, signal_id: str) -> Recall:
        """What was recalled for a signal before its step, best first."""
        return self._views.recalled(signal_id)

    def person_hash(self, profile_ids: Collection[str]) -> str:
        """Hash over every projection row of one person, whatever their places in the log."""
        return person_hash(self._db, profile_ids)

    def dead_letters(self) -> list[tuple[str, Signal, str, str, Instant]]:
        """Dead letters not replayed: id, signal, code, error, when."""
        return self._inbox.dead_letters()

    def outcomes(self) -> list[Outcome]:
        """All outcomes and harms, oldest first."""
        return self._views.outcomes()

    def counts(self) -> dict[str, int]:
        """Row counts by table."""
        return self._views.counts()

    @property
    def overview(self) -> OverviewReads:
        """Reads across all lanes."""
        return self._overview

    def log(self, after: int = 0) -> Iterator[LogRow]:
        """The events in order, decrypted."""
        return self._log.walk(after)

    def verify_chain(self, newest: int | None = None) -> None:
        """Recompute the hash chain over the ciphertext, or its newest links alone.

        Raises:
            IntegrityError: Names the first broken link.
        """
        self._log.verify(newest)
