"""Fold of partings: who was one person with whom until then, so that no cap counts less for either."""

from sqlalchemy import select, update

from segue.core.records.events import Stepped
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import ManyStatement, Statement, given, upsert

_P = schema.profiles.c
_O = schema.partings.c
_PERSONS = ManyStatement(
    lambda names: select(_P.profile_id, _P.person_id).where(_P.profile_id.in_(names)).order_by(_P.profile_id)
)
_MEMBERS = Statement(
    lambda: select(_P.profile_id).where(_P.person_id == given("person")).order_by(_P.profile_id)
)
_EARLIER = Statement(
    lambda: select(_O.other, _O.until).where(_O.profile_id == given("profile")).order_by(_O.other)
)
_PART = upsert(schema.partings)
_PARTED = Statement(lambda: update(schema.profiles).values(parted=1).where(_P.profile_id == given("profile")))


def keep_partings(db: Db, event: Stepped) -> None:
    """Note of all that were one person and are not from now on; told before anybody moves."""
    if not event.links.moved:
        return
    placed = dict(event.links.moved)
    persons = sorted({row[1] for row in db.many(_PERSONS, sorted(placed))})
    for person_id in persons:
        names = [row[0] for row in db.rows(_MEMBERS, person_id)]
        earlier = {name: db.rows(_EARLIER, name) for name in names}
        for name in names:
            parted = [other for other in names if placed.get(other, person_id) != placed.get(name, person_id)]
            for other in parted:
                for before, until in earlier[other]:
                    if before != name:
                        db.do(_PART, name, before, until)
            for other in parted:
                db.do(_PART, name, other, event.now)
            if parted:
                db.do(_PARTED, name)
