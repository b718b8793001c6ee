"""Reads for fuzzy matching: what is believed of every person now, and who was said to be two."""

import msgspec
from sqlalchemy import select

from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import Statement, given

_F = schema.facts.c
_P = schema.profiles.c
_W = schema.identity_words.c
_SUBJECT = "profile:"
_FACTS = Statement(
    lambda: (
        select(_F.subject, _F.predicate, _F.value)
        .where(
            _F.subject >= _SUBJECT,
            _F.subject < "profile;",
            _F.valid_to == schema.FOREVER,
            _F.predicate.in_(("name", "email", "phone", "country", "company", "role")),
        )
        .order_by(_F.subject, _F.predicate, _F.trust, _F.valid_from)
    )
)
_PEOPLE = Statement(
    lambda: select(_P.profile_id, _P.person_id, _P.account_id).order_by(_P.first_seq, _P.profile_id)
)
_OWNER = Statement(
    lambda: select(schema.identifiers.c.profile_id).where(schema.identifiers.c.hash == given("hash"))
)
_WORDS = Statement(lambda: select(_W.one, _W.other, _W.kind).order_by(_W.seq))


class LikelyReads:
    """Reads of all people over one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def records(self) -> dict[str, dict[str, str]]:
        """Name, e-mail, phone and the like of every person, and the account; verified facts win."""
        found: dict[str, dict[str, str]] = {}
        person_of: dict[str, str] = {}
        for profile_id, person_id, account_id in self._db.rows(_PEOPLE):
            person_of[profile_id] = person_id
            record = found.setdefault(person_id, {})
            if account_id:
                record["account"] = account_id
        for subject, predicate, value in self._db.rows(_FACTS):
            person = person_of.get(subject.removeprefix(_SUBJECT))
            told = msgspec.json.decode(value)
            if person is not None and isinstance(told, str) and told:
                found[person][predicate] = told
        return found

    def apart(self) -> set[frozenset[str]]:
        """Pairs of persons that a human said are two."""
        people = {profile_id: person_id for profile_id, person_id, _ in self._db.rows(_PEOPLE)}
        newest = {frozenset(row[:2]): row[2] for row in self._db.rows(_WORDS)}
        pairs = set()
        for nodes, kind in newest.items():
            if kind == "apart":
                pairs.add(frozenset(self._person(node, people) for node in nodes))
        return pairs

    def _person(self, node: str, people: dict[str, str]) -> str:
        if node in people:
            return people[node]
        row = self._db.row(_OWNER, node)
        return people.get(row[0], "") if row else ""
