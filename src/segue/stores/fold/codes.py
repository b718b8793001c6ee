"""Fold of linking codes: which were offered to whom, who brought them back, and what was refused."""

from sqlalchemy import select, update
from sqlalchemy.dialects import sqlite

from segue.core.records.events import Stepped
from segue.core.records.identity import PROVEN
from segue.core.units import DAY
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import Statement, given, insert_new

_C = schema.link_codes.c
_A = schema.link_attempts.c
_OFFER = insert_new(schema.link_codes)
_USED = Statement(
    lambda: update(schema.link_codes).values(used_by=given("key")).where(_C.code == given("code"))
)
_REFUSED = Statement(lambda: _one_more())  # noqa: PLW0108
_PROFILE = Statement(
    lambda: select(schema.profiles.c.profile_id).where(schema.profiles.c.profile_id == given("profile"))
)


def _one_more() -> sqlite.Insert:
    statement = sqlite.insert(schema.link_attempts).values(
        {column.name: given(column.name) for column in schema.link_attempts.c}
    )
    return statement.on_conflict_do_update(
        index_elements=["key", "day"], set_={"refused": _A.refused + statement.excluded.refused}
    )


def offered(db: Db, event: Stepped) -> None:
    """Keep what was offered."""
    for code in event.codes:
        db.do(_OFFER, code.code, code.profile_id, code.channel, code.expires_at, "")


def brought_back(db: Db, event: Stepped, tie: Statement) -> None:
    """Keep what became of a code: evidence of its own kind, or one more refusal.

    Args:
        db: Written to.
        event: The step.
        tie: Keeps a tie.
    """
    links = event.links
    found = links.handshake
    if found is None:
        return
    if found.state != "joined":
        db.do(_REFUSED, found.key, event.now // DAY, 1)
        return
    db.do(_USED, found.key, found.code)
    at = next((at for key, _, at in links.evidence if key == found.key), event.now)
    namespace = next((name for key, name, _ in links.evidence if key == found.key), "")
    if db.row(_PROFILE, found.profile_id) is not None:  # else it was erased since
        db.do(tie, found.key, found.profile_id, namespace, 0, at, at, PROVEN)
