"""Fold of what a step leaves open: timers, reservations with their totals, approvals."""

import re

from sqlalchemy import select

from segue.core.encoding import encode
from segue.core.records.context import TENANT
from segue.core.records.effects import Reservation
from segue.core.records.events import Stepped
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import Statement, delete_by, given, upsert

_R = schema.reservations.c
_SET_TIMER = upsert(schema.timers)
_DROP_TIMER = delete_by(schema.timers, schema.timers.c.id)
_SET_RESERVATION = upsert(schema.reservations)
_FIND_RESERVATION = Statement(lambda: select(_R.key, _R.amount, _R.taken).where(_R.id == given("id")))
_LAST_OF_KEY = Statement(
    lambda: (
        select(_R.decision_id)
        .where(_R.key == given("key"), _R.taken == 1)
        .order_by(_R.at.desc(), _R.id.desc())
        .limit(1)
    )
)
_FIND_TOTAL = Statement(lambda: select(schema.totals.c.amount).where(schema.totals.c.key == given("key")))
_SET_TOTAL = upsert(schema.totals)
_DROP_TOTAL = delete_by(schema.totals, schema.totals.c.key)
_SET_APPROVAL = upsert(schema.approvals)

# A key that ends in a day or a week is of no interest soon after it; months, years and `ever` last longer.
_DAY = re.compile(r"(?:\d{4}-\d\d-\d\d|\d{6})$")
_WEEK = re.compile(r"\d{4}-W\d\d$")


def left_open(db: Db, event: Stepped) -> None:
    """Write timers, reservations and approvals of a step; each replaces the one with its id."""
    for timer_id in event.timers_cancelled:
        db.do(_DROP_TIMER, timer_id)
    for timer in event.timers:
        db.do(_SET_TIMER, timer.id, timer.due_at, timer.subject, encode(timer))
    for reservation in event.reservations:
        _reserve(db, reservation)
    for approval in event.approvals:
        db.do(
            _SET_APPROVAL,
            approval.id,
            approval.subject,
            approval.decision_id,
            approval.status,
            approval.value_micro,
            encode(approval),
        )


def excess(db: Db, reservations: tuple[Reservation, ...]) -> Reservation | None:
    """The first reservation that would take more than its key's limit leaves, or None.

    What the step gives back makes room for what it takes. What a reservation holds already is not counted
    against it again, so a touch above the limit by another tool never keeps a held one from being used.
    """
    added: dict[str, int] = {}
    for row in reservations:
        if row.state == "released":
            added[row.key] = added.get(row.key, 0) - _held(db, row.id, row.key)
    for row in reservations:
        if row.state == "released":
            continue
        more = row.amount - _held(db, row.id, row.key)
        added[row.key] = added.get(row.key, 0) + more
        if row.limit >= 0 and more > 0 and _total(db, row.key) + added[row.key] > row.limit:
            return row
    return None


def _held(db: Db, reservation_id: str, key: str) -> int:
    row = db.row(_FIND_RESERVATION, reservation_id)
    return int(row[1]) if row and row[2] and row[0] == key else 0


def _total(db: Db, key: str) -> int:
    row = db.row(_FIND_TOTAL, key)
    return int(row[0]) if row else 0


def _reserve(db: Db, new: Reservation) -> None:
    old = db.row(_FIND_RESERVATION, new.id)
    taken = new.state != "released"
    lasting = _lasts(new.key) == schema.LASTING
    db.do(
        _SET_RESERVATION,
        new.id,
        new.key,
        new.subject,
        new.decision_id,
        new.amount,
        taken,
        lasting,
        new.at,
        encode(new),
    )
    if old is not None and old[2]:
        _add(db, old[0], -old[1], new)
    if taken:
        _add(db, new.key, new.amount, new)


def _add(db: Db, key: str, amount: int, new: Reservation) -> None:
    total = _total(db, key) + amount
    last = db.row(_LAST_OF_KEY, key)
    if last is None:
        db.do(_DROP_TOTAL, key)
        return
    db.do(_SET_TOTAL, key, total, last[0], new.at, new.subject == TENANT, _lasts(key))


def _lasts(key: str) -> int:
    if _DAY.search(key):
        return schema.DAILY
    return schema.WEEKLY if _WEEK.search(key) else schema.LASTING
