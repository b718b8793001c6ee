"""Reads of who is who: owners of identifiers, persons of profiles, accounts of persons."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select

from segue.core.records.identity import Known, KnownAccount, Owner
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import EachStatement, Statement, given

_I = schema.identifiers.c
_P = schema.profiles.c
_E = schema.evidence.c


_KNOWN = EachStatement(
    lambda key: (
        select(_I.hash, _P.profile_id, _P.person_id)
        .join(schema.profiles, _P.profile_id == _I.profile_id)
        .where(_I.hash == key)
    )
)
_SEEN = EachStatement(
    lambda key: select(_E.hash, _E.first_at, _E.last_at, _E.trust).where(
        _E.hash == key, _E.profile_id == given("profile")
    )
)


def _place() -> Select[Any]:
    """A profile, and the account that its person joined last; what somebody vouches for goes first.

    Beside `max` SQLite gives the columns of the row that has it, without sorting the others.
    """
    own = schema.profiles.alias("own")
    member = and_(own.c.person_id == _P.person_id, own.c.account_id != "")
    return (
        select(_P.person_id, _P.first_seq, own.c.account_id, func.max(own.c.joined_seq))
        .select_from(schema.profiles)
        .outerjoin(own, member)
        .where(_P.profile_id == given("profile"))
    )


_PLACE = Statement(_place)
_ACCOUNTS = EachStatement(
    lambda key: select(_I.hash, _I.account_id).where(_I.hash == key, _I.account_id != "")
)
_PERSON = Statement(lambda: select(_P.person_id).where(_P.profile_id == given("profile")))
_ACCOUNT_OF = Statement(
    lambda: select(_P.joined_seq, _P.profile_id, _P.account_id).where(
        _P.person_id == given("person"), _P.account_id != ""
    )
)


class PeopleReads:
    """Reads of who is who over one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def known(self, hashes: Sequence[str]) -> dict[str, Owner]:
        """Owners of identifier hashes."""
        return {key: Owner(*found) for key, *found in self._db.each(_KNOWN, hashes)}

    def seen(
        self, profile_id: str, hashes: Sequence[str]
    ) -> tuple[Known | None, dict[str, tuple[int, int, int]]]:
        """Where a profile belongs; when it first and last carried each identifier, and who vouches for it."""
        ties = {row[0]: row[1:] for row in self._db.each(_SEEN, hashes, profile_id)}
        row = self._db.row(_PLACE, profile_id) if ties else None
        if row is None or row[0] is None:
            return None, {}
        person_id, first_seq, account_id, joined_seq = row
        known = Known(profile_id, person_id, first_seq, account_id or "", is_claimed=(joined_seq or 0) < 0)
        return known, ties

    def known_accounts(self, hashes: Sequence[str]) -> dict[str, KnownAccount]:
        """Accounts named by identifier hashes."""
        return {row[0]: KnownAccount(row[1]) for row in self._db.each(_ACCOUNTS, hashes)}

    def profile_person(self, profile_id: str) -> str | None:
        """The person of a profile."""
        row = self._db.row(_PERSON, profile_id)
        return str(row[0]) if row else None

    def account_of(self, person_id: str) -> str:
        """The account a person joined last, or empty."""
        rows = self._db.rows(_ACCOUNT_OF, person_id)
        return str(min(rows, key=lambda row: (-row[0], row[1]))[2]) if rows else ""

    def account_named(self, key: str) -> str | None:
        """The account that one identifier hash names."""
        found = self.known_accounts((key,)).get(key)
        return found.account_id if found else None
