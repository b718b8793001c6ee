"""Fold of the inbox: which signals wait, which are done, which are dead letters."""

from hashlib import blake2b

from sqlalchemy import select, update
from sqlalchemy.dialects import sqlite

from segue.core.encoding import encode
from segue.core.ids import IdKey
from segue.core.records.events import DeadLettered, DeadLetterReplayed, Perceived, Received, Stepped
from segue.core.records.signals import Signal
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.codec import TIMER
from segue.stores.statements import Statement, delete_by, given, insert_new, upsert

PENDING, DONE, DEAD = 0, 1, 2
DERIVED, LIVE, HISTORY = 0, 1, 2
PLACES = 4096
"""Positions per event: a signal's place in the inbox is its event's times this, plus 1 + index if derived."""

CONFLICT = "conflict"
"""Code of the dead letter of a second body under a known key; the first stands."""

_S = schema.signals.c
_INSERT = insert_new(schema.signals)
_FIND = Statement(lambda: select(_S.pos, _S.band, _S.state).where(_S.id == given("id")))
_STATE = Statement(lambda: update(schema.signals).values(state=given("state")).where(_S.pos == given("pos")))
_INSERT_KEY = insert_new(schema.history_keys)
_DROP_KEYS = delete_by(schema.history_keys, schema.history_keys.c.pos)
_TIMER = Statement(lambda: select(schema.timers.c.record).where(schema.timers.c.id == given("id")))
_DROP_TIMER = delete_by(schema.timers, schema.timers.c.id)
_L = schema.lanes.c
_SET_LANE = Statement(lambda: _later())  # noqa: PLW0108
_SET_PERCEPT = upsert(schema.percepts)
_D = schema.dead_letters.c
_INSERT_DEAD = insert_new(schema.dead_letters)
_FIND_DEAD = Statement(lambda: select(_D.signal_id, _D.code).where(_D.id == given("id")))
_CLOSE_DEAD = Statement(lambda: update(schema.dead_letters).values(open=0).where(_D.id == given("id")))

TIMER_SOURCE = "segue.timer"


def _later() -> sqlite.Insert:
    """A lane's now, which never goes back."""
    statement = sqlite.insert(schema.lanes).values(lane=given("lane"), last_now=given("now"))
    now = statement.excluded.last_now
    return statement.on_conflict_do_update(
        index_elements=["lane"], set_={"last_now": now}, where=_L.last_now < now
    )


def said(signal: Signal) -> bytes:
    """Digest of what the source said.

    Times are left out because the inbox may correct them, and so is whether it came as history: what happened
    is the same. Identifiers are a set. Of a signal whose words expired the digest is what is left of them.
    """
    if signal.expired:
        return bytes.fromhex(signal.expired)
    told = (signal.source, signal.source_id, signal.kind, sorted(signal.identifiers), signal.body)
    return blake2b(encode(told), digest_size=16).digest()


def identifier_keys(signal: Signal, ids: IdKey) -> list[str]:
    """Hashes of all identifiers of a signal: signals that share one belong to one lane."""
    return [ids.identifier_hash(item) for item in signal.identifiers]


def received(db: Db, ids: IdKey, seq: int, event: Received) -> None:
    """A signal waits."""
    signal = event.signal
    cause = signal.trigger or None
    if signal.source == TIMER_SOURCE:
        timer_id = str(signal.body.get("timer", ""))
        row = db.row(_TIMER, timer_id)
        if row is not None:
            cause = cause or TIMER.decode(row[0]).signal_id
            db.do(_DROP_TIMER, timer_id)
    band = HISTORY if signal.history else LIVE
    db.do(_INSERT, seq * PLACES, signal.id, PENDING, band, said(signal), cause)
    if band == HISTORY:
        for key in identifier_keys(signal, ids):
            db.do(_INSERT_KEY, key, seq * PLACES)


def stepped(db: Db, seq: int, event: Stepped) -> None:
    """A signal is done; what was derived from it waits, ahead of all others."""
    settle(db, event.signal_id, DONE)
    for index, signal in enumerate(event.derived):
        cause = signal.trigger or event.signal_id
        db.do(_INSERT, seq * PLACES + 1 + index, signal.id, PENDING, DERIVED, said(signal), cause)
    if event.lane:
        db.do(_SET_LANE, event.lane, event.now)


def settle(db: Db, signal_id: str, state: int) -> None:
    """Move a signal to another state."""
    for pos, band, _ in db.rows(_FIND, signal_id):
        db.do(_STATE, state, pos)
        if band == HISTORY and state == DONE:
            db.do(_DROP_KEYS, pos)


def state_of(db: Db, signal_id: str) -> int | None:
    """State of a signal, or None when it is unknown."""
    row = db.row(_FIND, signal_id)
    return int(row[2]) if row else None


def perceived(db: Db, seq: int, event: Perceived) -> None:
    """Remember where a signal's percept stands in the log."""
    db.do(_SET_PERCEPT, event.signal_id, seq)


def dead_lettered(db: Db, seq: int, event: DeadLettered) -> None:
    """A signal could not be stepped, or its key is taken by another body."""
    if event.code != CONFLICT:
        settle(db, event.signal.id, DEAD)
    db.do(_INSERT_DEAD, event.id, seq, event.signal.id, event.code, event.error, event.at, 1)


def replayed(db: Db, event: DeadLetterReplayed) -> None:
    """A dead letter waits in the inbox again; of a conflict the first body stands."""
    row = db.row(_FIND_DEAD, event.id)
    if row is None:
        return
    db.do(_CLOSE_DEAD, event.id)
    if row[1] != CONFLICT:
        settle(db, row[0], PENDING)
