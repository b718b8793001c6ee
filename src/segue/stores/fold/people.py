"""Fold of who is who: profiles, the persons they form, identifiers, accounts and membership."""

from sqlalchemy import select, update

from segue.core.records.events import Erased, Stepped
from segue.core.records.identity import CLAIMED_JOIN, KNOWN, UNKNOWN
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.evidence import keep_evidence, own_what_is_left
from segue.stores.fold.parting import keep_partings
from segue.stores.statements import Statement, given, insert_new, upsert

_P = schema.profiles.c
_M = schema.memberships.c
_NEW_PROFILE = insert_new(schema.profiles)
_CLUSTER = upsert(schema.clusters)
_PROFILES_OF = Statement(
    lambda: select(_P.profile_id).where(_P.person_id == given("person")).order_by(_P.profile_id)
)
_PROFILE = Statement(lambda: select(_P.person_id, _P.account_id).where(_P.profile_id == given("profile")))
_MOVE = Statement(
    lambda: update(schema.profiles).values(person_id=given("person")).where(_P.profile_id == given("profile"))
)
_JOIN = Statement(
    lambda: (
        update(schema.profiles)
        .values(account_id=given("account"), joined_seq=given("seq"))
        .where(_P.profile_id == given("profile"))
    )
)
_LEVEL = Statement(
    lambda: update(schema.profiles).values(level=given("level")).where(_P.profile_id == given("profile"))
)
_IDENTIFIER = insert_new(schema.identifiers)
_LEAVE = Statement(
    lambda: (
        update(schema.memberships)
        .values(left_at=given("now"))
        .where(_M.profile_id == given("profile"), _M.left_at == schema.FOREVER)
    )
)
_MEMBER = upsert(schema.memberships)
_SUPPRESS = insert_new(schema.suppressions)
_NAMES = schema.profiles.alias("names")
_NAMELESS = Statement(
    lambda: (
        select(_P.profile_id, _P.person_id)
        .where(~select(_NAMES.c.profile_id).where(_NAMES.c.profile_id == _P.person_id).exists())
        .order_by(_P.first_seq, _P.profile_id)
    )
)


def linked(db: Db, seq: int, event: Stepped) -> None:
    """Apply what identity decided. Facts never move: a merge moves the mapping of profiles only."""
    links = event.links
    keep_partings(db, event)
    if links.profile_id:
        row = db.row(_PROFILE, links.profile_id)
        if row is None:
            person_id = links.person_id or links.profile_id
            # A log that tells no evidence is one of before there were levels: nothing was kept from anybody.
            level = dict(links.levels).get(links.profile_id, UNKNOWN) if links.evidence else KNOWN
            db.do(_NEW_PROFILE, links.profile_id, person_id, seq, "", 0, level, 0)
            db.do(_CLUSTER, links.profile_id, seq, person_id, event.now)
        elif links.person_id and row[0] != links.person_id:
            _move(db, seq, event, links.profile_id)
    for person_id in links.merged:
        for (profile_id,) in db.rows(_PROFILES_OF, person_id):
            _move(db, seq, event, profile_id)
    _moved(db, seq, event)
    for key, namespace in links.identifiers:
        db.do(_IDENTIFIER, key, namespace, links.profile_id, "", 0)
    for key, namespace in links.account_identifiers:
        db.do(_IDENTIFIER, key, namespace, "", links.account_id, 0)
    keep_evidence(db, seq, event)
    if links.joined and links.profile_id and links.account_id:
        _join(db, seq, event)


def _moved(db: Db, seq: int, event: Stepped) -> None:
    for profile_id, person_id in event.links.moved:
        if db.row(_PROFILE, profile_id) is None:
            continue  # erased since: what a human said of others must not bring it back
        db.do(_MOVE, person_id, profile_id)
        db.do(_CLUSTER, profile_id, seq, person_id, event.now)
    own = event.links.profile_id if event.links.is_new else ""  # written with its level already
    for profile_id, level in event.links.levels:
        if profile_id != own:
            db.do(_LEVEL, level, profile_id)


def _move(db: Db, seq: int, event: Stepped, profile_id: str) -> None:
    db.do(_MOVE, event.links.person_id, profile_id)
    db.do(_CLUSTER, profile_id, seq, event.links.person_id, event.now)


def _join(db: Db, seq: int, event: Stepped) -> None:
    profile_id, account_id = event.links.profile_id, event.links.account_id
    # Also where this profile was a member before: the person has been elsewhere since, and comes back.
    db.do(_LEAVE, event.now, profile_id)
    db.do(_MEMBER, profile_id, event.now, account_id, schema.FOREVER)
    db.do(_JOIN, account_id, seq + CLAIMED_JOIN if event.links.claimed else seq, profile_id)


def erased(db: Db, seq: int, event: Erased) -> None:
    """Keep what must never be contacted again; nobody stays named after the erased.

    What remains of a person is named after its earliest profile, as always.
    """
    for key in event.suppressed:
        db.do(_SUPPRESS, key, event.at)
    own_what_is_left(db)
    names: dict[str, str] = {}
    for profile_id, person_id in db.rows(_NAMELESS):
        name = names.setdefault(person_id, profile_id)
        db.do(_MOVE, name, profile_id)
        db.do(_CLUSTER, profile_id, seq, name, event.at)
