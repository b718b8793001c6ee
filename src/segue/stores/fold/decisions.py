"""Fold of decisions: what lists and looks them up; the whole decision is read back from the log."""

from sqlalchemy import select

from segue.core.held import kept_back
from segue.core.records.decisions import Decision
from segue.core.records.events import Stepped
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import Statement, given, upsert

_D = schema.decisions.c
_S = schema.signals.c
_SET = upsert(schema.decisions)
_CAUSE = Statement(lambda: select(_S.cause).where(_S.id == given("id")))
_ROOT = Statement(
    lambda: select(_D.root_id).where(_D.signal_id == given("signal")).order_by(_D.seq.desc()).limit(1)
)


def decided(db: Db, seq: int, event: Stepped, decision: Decision) -> None:
    """Write the row of a decision."""
    chosen = next((item for item in decision.considered if item.candidate.id == decision.chosen), None)
    db.do(
        _SET,
        seq,
        decision.id,
        decision.signal_id,
        _root(db, decision),
        decision.person_id or event.person_id,
        decision.account_id or event.account_id,
        decision.profile_id or event.profile_id,
        event.profile_id,
        decision.at,
        decision.action,
        decision.play,
        decision.mode,
        decision.question,
        chosen.score.total if chosen and chosen.score else None,
        decision.because,
        chosen.candidate.offer if chosen else "",
        "\n".join(kept_back(decision)),
    )


def _root(db: Db, decision: Decision) -> str:
    """The gate request a decision answers: held requests are decided again when their timer fires."""
    if decision.question != "gate":
        return decision.signal_id
    cause = db.row(_CAUSE, decision.signal_id)
    if cause is None or not cause[0]:
        return decision.signal_id
    root = db.row(_ROOT, cause[0])
    return str(root[0]) if root else decision.signal_id
