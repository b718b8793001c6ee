"""Fold of a restore: timers that came due meanwhile are spread, so that they are rescored and no burst."""

from sqlalchemy import select, update

from segue.core.ids import uniform
from segue.core.records.events import Restored
from segue.core.units import MINUTE, PPM
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import Statement, given, upsert

SPREAD = 15 * MINUTE
"""Over so long after a restore the timers are spread that came due before it."""

_T = schema.timers.c
_SET = upsert(schema.restored)
_OVERDUE = Statement(lambda: select(_T.id).where(_T.due_at <= given("at")).order_by(_T.id))
_MOVE = Statement(
    lambda: update(schema.timers).values(due_at=given("due_at")).where(_T.id == given("timer_id"))
)


def restored(db: Db, seq: int, event: Restored) -> None:
    """Remember where the log goes on; a timer's record keeps the instant it was set for."""
    db.do(_SET, 1, event.at, seq)
    for (timer_id,) in db.rows(_OVERDUE, event.at):
        later = SPREAD * uniform("restored", event.backup, timer_id) // PPM
        db.do(_MOVE, event.at + later, timer_id)
