"""Fold of the effect ledger: commits, attempts and legal moves between states."""

from sqlalchemy import select, update

from segue.core.encoding import encode
from segue.core.errors import IntegrityError
from segue.core.records.effects import LEGAL_MOVES, Attempt
from segue.core.records.events import Stepped
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import Statement, given, insert_new, upsert

_E = schema.effects.c
_INSERT = insert_new(schema.effects)
_FIND = Statement(lambda: select(_E.state, _E.in_flight, _E.cancel).where(_E.id == given("id")))
_MOVE = Statement(
    lambda: (
        update(schema.effects)
        .values(
            state=given("state"), due_at=given("due_at"), in_flight=given("in_flight"), cancel=given("cancel")
        )
        .where(_E.id == given("id"))
    )
)
_SET_ATTEMPT = upsert(schema.attempts)
PLACES = 4096
"""Positions per event: an effect's place is its event's times this, plus its index."""


def committed(db: Db, seq: int, event: Stepped) -> None:
    """Write new effects, and moves a step decided."""
    for index, effect in enumerate(event.effects):
        db.do(
            _INSERT,
            effect.id,
            seq * PLACES + index,
            effect.profile_id,
            effect.account_id,
            effect.decision_id,
            effect.connector,
            "pending",
            effect.deadline_at,
            effect.not_before,
            0,
            0,
            encode(effect),
        )
    for change in event.effect_changes:
        row = db.row(_FIND, change.effect_id)
        if row is None or row[0] == change.state:
            continue
        state, in_flight, _cancel = row
        _check(change.effect_id, state, change.state)
        if change.state == "cancelled" and in_flight:
            # What is being sent cannot be called back: the attempt's end tells what became of it.
            db.do(_MOVE, state, None, 1, 1, change.effect_id)
        else:
            due_at = event.now if change.state == "pending" else None
            db.do(_MOVE, change.state, due_at, 0, 0, change.effect_id)


def attempted(db: Db, attempt: Attempt) -> None:
    """Write an attempt that began or ended, and what it makes of its effect."""
    row = db.row(_FIND, attempt.effect_id)
    if row is None:
        return
    state, _in_flight, cancel = row
    db.do(_SET_ATTEMPT, attempt.effect_id, attempt.number, encode(attempt))
    if not attempt.state:
        if state not in {"pending", "unknown"}:
            raise IntegrityError(f"effect `{attempt.effect_id}` is {state} and cannot be attempted")
        db.do(_MOVE, state, None, 1, cancel, attempt.effect_id)
        return
    after = state if attempt.state == "retry" else attempt.state
    if after != state or state in {"delivered", "failed", "cancelled"}:
        _check(attempt.effect_id, state, after)
    if cancel and after == "pending":
        after = "cancelled"
    due_at = attempt.retry_at if after in {"pending", "unknown"} else None
    if after == "pending" and due_at is None:
        due_at = attempt.ended_at or attempt.started_at
    keep = cancel if after == "unknown" else 0
    db.do(_MOVE, after, due_at, 0, keep, attempt.effect_id)


def known(db: Db, effect_id: str) -> bool:
    """Whether the ledger holds an effect."""
    return db.row(_FIND, effect_id) is not None


def _check(effect_id: str, state: str, after: str) -> None:
    if after not in LEGAL_MOVES[state]:
        raise IntegrityError(f"effect `{effect_id}` cannot go from {state} to {after}")
