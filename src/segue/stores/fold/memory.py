"""Fold of memory: messages with their index, counts, goals, outcomes, exposures, arms."""

from sqlalchemy import select, text, update

from segue.core.encoding import encode
from segue.core.records.events import Stepped
from segue.core.records.memory import Arm, Message
from segue.core.units import Instant
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.codec import ARM
from segue.stores.statements import RowsText, Statement, delete_by, given, upsert

_M = schema.messages.c
_T = schema.threads.c
_FIND_MESSAGE = Statement(
    lambda: select(_M.pos, _M.text, _M.subject, _M.profile_id).where(_M.id == given("id"))
)
_SET_MESSAGE = upsert(schema.messages)
_INDEX = Statement(
    lambda: text("INSERT INTO search (rowid, text, subject, profile_id) VALUES (?1, ?2, ?3, ?4)")
)
_UNINDEX = Statement(
    lambda: text(
        "INSERT INTO search (search, rowid, text, subject, profile_id) VALUES ('delete', ?1, ?2, ?3, ?4)"
    )
)
_FORGET_VECTORS = delete_by(schema.token_vectors, schema.token_vectors.c.pos)
_SET_GOAL = upsert(schema.goals)
_SET_OUTCOME = upsert(schema.outcomes)
_SET_EXPOSURE = upsert(schema.exposures)
_SET_ARM = upsert(schema.arms)
_FIND_ARM = Statement(lambda: select(schema.arms.c.record).where(schema.arms.c.unit == given("unit")))
_FIND_THREAD = Statement(lambda: select(_T.first_at, _T.last_at).where(_T.id == given("id")))
_SET_THREAD = upsert(schema.threads)
_GROW_THREAD = Statement(
    lambda: (
        update(schema.threads)
        .values(first_at=given("first"), last_at=given("last"), length=_T.length + 1)
        .where(_T.id == given("id"))
    )
)

_PLACES = 4096


_ADD = RowsText(
    "(?, ?, ?, ?)",
    head="INSERT INTO counts (subject, name, day, n) VALUES ",
    between=", ",
    tail=" ON CONFLICT (subject, name, day) DO UPDATE SET n = counts.n + excluded.n",
)


def remembered(db: Db, seq: int, event: Stepped) -> None:
    """Write what a step adds to memory."""
    for index, message in enumerate(event.messages):
        _message(db, seq * _PLACES + index, message, event.now)
    for first in range(0, len(event.counts), _ADD.MOST):
        some = event.counts[first : first + _ADD.MOST]
        db.of_rows(_ADD, [(count.subject, count.name, count.day, count.add) for count in some])
    for goal in event.goals:
        closed_at = schema.FOREVER if goal.status == "open" else (goal.closed_at or event.now)
        db.do(_SET_GOAL, goal.id, goal.subject, closed_at, encode(goal))
    for outcome in event.outcomes:
        db.do(
            _SET_OUTCOME,
            outcome.id,
            outcome.subject,
            outcome.goal_id,
            outcome.decision_id,
            outcome.at,
            encode(outcome),
        )
    for exposure in event.exposures:
        db.do(_SET_EXPOSURE, exposure.id, exposure.profile_id, exposure.at, encode(exposure))
    for arm in event.arms:
        _arm(db, arm)


def _message(db: Db, pos: int, message: Message, now: Instant) -> None:
    row = db.row(_FIND_MESSAGE, message.id)
    if row is not None:
        pos = row[0]
        db.do(_UNINDEX, *row)
        if row[1:3] != (message.text, message.subject):
            db.do(_FORGET_VECTORS, pos)  # those of the words that stood there
    db.do(
        _SET_MESSAGE,
        pos,
        message.id,
        message.thread,
        message.profile_id,
        message.channel,
        message.direction,
        message.by,
        message.text,
        message.at,
        message.signal_id,
        message.brand,
        message.subject,
        message.reference,
        now,
    )
    db.do(_INDEX, pos, message.text, message.subject, message.profile_id)
    if row is None:
        _thread(db, message)


def _thread(db: Db, message: Message) -> None:
    row = db.row(_FIND_THREAD, message.thread)
    if row is None:
        db.do(_SET_THREAD, message.thread, message.profile_id, message.channel, message.at, message.at, 1)
    else:
        db.do(_GROW_THREAD, min(row[0], message.at), max(row[1], message.at), message.thread)


def _arm(db: Db, arm: Arm) -> None:
    row = db.row(_FIND_ARM, arm.unit)
    if row is not None and ARM.decode(row[0]).at <= arm.at:
        return  # the earliest assignment wins
    db.do(_SET_ARM, arm.unit, encode(arm))
