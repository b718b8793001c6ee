"""Fold of the evidence for who is who: which profiles carried which identifiers, and what humans said."""

from sqlalchemy import func, select, update
from sqlalchemy.dialects import sqlite

from segue.core.records.events import Stepped
from segue.core.records.identity import CLAIMED, TOLD
from segue.core.records.memory import Links
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.codes import brought_back
from segue.stores.statements import Statement, given, insert_new, upsert

_E = schema.evidence.c
_I = schema.identifiers.c
_TIE = Statement(lambda: _seen_again())  # noqa: PLW0108
_OWNER = Statement(
    lambda: update(schema.identifiers).values(profile_id=given("owner")).where(_I.hash == given("hash"))
)
_SHARED = Statement(lambda: update(schema.identifiers).values(shared=1).where(_I.hash == given("hash")))
_IDENTIFIER = insert_new(schema.identifiers)
_UNOWNED = Statement(
    lambda: (
        select(_E.hash, _E.namespace, _E.profile_id)
        .join(schema.profiles, schema.profiles.c.profile_id == _E.profile_id)
        .where(~select(_I.hash).where(_I.hash == _E.hash).exists())
        .order_by(schema.profiles.c.first_seq, _E.profile_id)
    )
)
_WORD = upsert(schema.identity_words)


def _seen_again() -> sqlite.Insert:
    """A tie, from when it was first seen to when it was last seen, whatever the order it is told in."""
    statement = sqlite.insert(schema.evidence).values(
        {column.name: given(column.name) for column in schema.evidence.c}
    )
    told = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["hash", "profile_id"],
        set_={
            "anchor": func.max(_E.anchor, told.anchor),
            "first_at": func.min(_E.first_at, told.first_at),
            "last_at": func.max(_E.last_at, told.last_at),
            "trust": func.min(_E.trust, told.trust),
        },
    )


def keep_evidence(db: Db, seq: int, event: Stepped) -> None:
    """Keep ties, refused ones too, owners, what is shared, and words."""
    links = event.links
    trust = CLAIMED if links.claimed else TOLD
    for key, namespace, at in links.evidence:
        db.do(_TIE, key, links.profile_id, namespace, int(key == links.anchor), at, at, trust)
    if links.profile_id and not links.evidence:
        _found(db, seq, event)
    brought_back(db, event, _TIE)
    for key, owner in links.owners:
        db.do(_OWNER, owner, key)
    for key in links.shared:
        db.do(_SHARED, key)
    for one, other, kind in links.words:
        db.do(_WORD, one, other, seq, kind, event.now)


def own_what_is_left(db: Db) -> None:
    """What an erased person brought first is the earliest one's of those who carried it too."""
    for key, namespace, profile_id in db.rows(_UNOWNED):
        db.do(_IDENTIFIER, key, namespace, profile_id, "", 0)


def _found(db: Db, seq: int, event: Stepped) -> None:
    """What a log says that was written before evidence was: who was joined, and who brought an identifier."""
    links = event.links
    for key, namespace in links.identifiers:
        db.do(_TIE, key, links.profile_id, namespace, 0, event.now, event.now, TOLD)
    for person_id in _joined(links):
        one, other = sorted((links.profile_id, person_id))
        db.do(_WORD, one, other, seq, "found", event.now)


def _joined(links: Links) -> list[str]:
    if not links.is_new and not links.merged:
        return []
    return [name for name in (links.person_id, *links.merged) if name and name != links.profile_id]
