"""Reads of what is open: effects with their attempts, timers, approvals, lanes."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import func, literal_column, select

from segue.core.ports import Restoration
from segue.core.records.context import LedgerRow
from segue.core.records.effects import Approval, Attempt, Timer
from segue.core.units import Instant
from segue.stores import schema
from segue.stores.db import Db, Row
from segue.stores.fold.codec import APPROVAL, ATTEMPT, EFFECT, TIMER
from segue.stores.fold.effects import PLACES
from segue.stores.statements import EachStatement, ManyStatement, Statement, given

_E = schema.effects.c
_A = schema.attempts.c
_T = schema.timers.c
_G = schema.approvals.c
_L = schema.lanes.c
_ATTEMPTS = EachStatement(
    lambda effect: select(_A.effect_id, _A.record).where(_A.effect_id == effect).order_by(_A.number)
)
_ONE = Statement(lambda: select(_E.id, _E.state, _E.record).where(_E.id == given("id")))
_IN_STATES = ManyStatement(
    lambda states: (
        select(_E.id, _E.state, _E.record)
        .where(_E.state.in_(states))
        .order_by(_E.pos.desc())
        .limit(given("limit"))
    )
)
_DUE = Statement(
    lambda: (
        select(_E.id, _E.state, _E.record)
        .where(_E.due_at.is_not(None), _E.due_at <= given("now"))
        .order_by(_E.due_at, _E.pos)
        .limit(given("limit"))
    )
)
_DUE_OF = Statement(
    lambda: (
        select(_E.id, _E.state, _E.record, _E.due_at, _E.pos)
        .where(_E.connector == given("connector"), _E.due_at.is_not(None), _E.due_at <= given("now"))
        .order_by(_E.due_at, _E.pos)
        .limit(given("limit"))
    )
)
_OVERDUE_OF = Statement(
    lambda: (
        select(_E.id, _E.state, _E.record, _E.due_at, _E.pos)
        .where(
            _E.connector == given("connector"),
            _E.due_at.is_not(None),
            _E.state == literal_column("'pending'"),
        )
        .where(_E.deadline_at < given("now"))
        .order_by(_E.deadline_at, _E.pos)
        .limit(given("limit"))
    )
)
_NEXT_CONNECTOR = Statement(
    lambda: select(func.min(_E.connector)).where(_E.due_at.is_not(None), _E.connector > given("connector"))
)
_NEXT_EFFECT = Statement(
    lambda: select(func.min(_E.due_at)).where(_E.due_at.is_not(None), _E.due_at > given("after"))
)
_IN_FLIGHT = Statement(lambda: select(_E.id, _E.state, _E.record).where(_E.in_flight == 1).order_by(_E.pos))
_POSITION = Statement(lambda: select(_E.pos).where(_E.id == given("id")))
_RESTORED = Statement(lambda: select(schema.restored.c.at, schema.restored.c.seq))
_OF_DECISION = Statement(
    lambda: select(_E.id, _E.state, _E.record).where(_E.decision_id == given("decision")).order_by(_E.pos)
)
_DUE_TIMERS = Statement(
    lambda: (
        select(_T.record).where(_T.due_at <= given("now")).order_by(_T.due_at, _T.id).limit(given("limit"))
    )
)
_NEXT_TIMER = Statement(lambda: select(func.min(_T.due_at)))
_APPROVALS = Statement(
    lambda: select(_G.record).where(_G.status == given("status")).order_by(_G.value_micro.desc(), _G.id)
)
_APPROVALS_OF = Statement(
    lambda: select(_G.record).where(_G.decision_id == given("decision")).order_by(_G.id)
)
_LANE = Statement(lambda: select(_L.last_now).where(_L.lane == given("lane")))


class LedgerReads:
    """Reads of what is open over one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def with_attempts(self, rows: Sequence[Row]) -> list[LedgerRow]:
        """Ledger rows of (id, state, record) rows."""
        attempts: dict[str, list[Attempt]] = {name: [] for name, _, _ in rows}
        for name, record in self._db.each(_ATTEMPTS, list(attempts)):
            attempts[name].append(ATTEMPT.decode(record))
        return [
            LedgerRow(EFFECT.decode(record), state, tuple(attempts[name])) for name, state, record in rows
        ]

    def effect(self, effect_id: str) -> LedgerRow | None:
        """One effect."""
        return next(iter(self.with_attempts(self._db.rows(_ONE, effect_id))), None)

    def in_states(self, states: Sequence[str], limit: int) -> list[LedgerRow]:
        """Effects in one of these states, newest first; reads the whole ledger."""
        return self.with_attempts(self._db.many(_IN_STATES, list(states), limit))

    def due_effects(self, now: Instant, limit: int, skip: Collection[str] = ()) -> list[LedgerRow]:
        """Effects to try or look up now; of connectors in `skip` only those past their deadline."""
        if not skip:
            return self.with_attempts(self._db.rows(_DUE, now, limit))
        found: list[Row] = []
        for connector in self._waited_for():
            statement = _OVERDUE_OF if connector in skip else _DUE_OF
            found += self._db.rows(statement, connector, now, limit)
        found.sort(key=lambda row: row[3:])
        return self.with_attempts([row[:3] for row in found[:limit]])

    def next_effect_at(self, after: Instant | None = None) -> Instant | None:
        """When the earliest effect is due; of those due later than `after`."""
        return _instant(self._db.row(_NEXT_EFFECT, -1 if after is None else after))

    def effect_position(self, effect_id: str) -> int:
        """Log position of the step that committed an effect, or 0."""
        row = self._db.row(_POSITION, effect_id)
        return int(row[0]) // PLACES if row else 0

    def restoration(self) -> Restoration | None:
        """The newest restore from a backup."""
        row = self._db.row(_RESTORED)
        return Restoration(Instant(row[0]), int(row[1])) if row else None

    def _waited_for(self) -> Iterator[str]:
        """Connectors that effects wait for, found in one step of the index each."""
        connector = ""
        while (row := self._db.row(_NEXT_CONNECTOR, connector)) is not None and row[0] is not None:
            connector = row[0]
            yield connector

    def open_attempts(self) -> list[LedgerRow]:
        """Effects under way."""
        return self.with_attempts(self._db.rows(_IN_FLIGHT))

    def of_decision(self, decision_id: str) -> list[LedgerRow]:
        """Effects a decision committed."""
        return self.with_attempts(self._db.rows(_OF_DECISION, decision_id))

    def due_timers(self, now: Instant, limit: int) -> list[Timer]:
        """Timers due."""
        return [TIMER.decode(row[0]) for row in self._db.rows(_DUE_TIMERS, now, limit)]

    def next_timer_at(self) -> Instant | None:
        """When the earliest timer is due."""
        return _instant(self._db.row(_NEXT_TIMER))

    def approvals(self, status: str) -> list[Approval]:
        """Approvals by status."""
        return [APPROVAL.decode(row[0]) for row in self._db.rows(_APPROVALS, status)]

    def approvals_of(self, decision_id: str) -> list[Approval]:
        """Approvals a decision asked for."""
        return [APPROVAL.decode(row[0]) for row in self._db.rows(_APPROVALS_OF, decision_id)]

    def lane_now(self, lane: str) -> Instant:
        """The lane's last now."""
        row = self._db.row(_LANE, lane)
        return Instant(row[0] if row else 0)


def _instant(row: Row | None) -> Instant | None:
    return None if row is None or row[0] is None else Instant(row[0])
