"""The projection rows of one person, as a hash: equal in two homes that know the same of them."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Table, select

from segue.core.encoding import digest
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import ManyStatement

_OWNERS = ("profile_id", "subject")
_PLACES = frozenset({"pos", "seq", "first_seq", "joined_seq"})
"""Columns that tell where in its own log a home met something."""


def person_hash(db: Db, profile_ids: Collection[str]) -> str:
    """Hash over every row that belongs to one of the profiles, but for its place in the log."""
    return digest([[table, *rows] for table, rows in _rows(db, sorted(profile_ids))])


def _rows(db: Db, profile_ids: list[str]) -> Iterator[tuple[str, list[list[Any]]]]:
    for table in schema.PROJECTIONS.sorted_tables:
        owner = next((name for name in _OWNERS if name in table.columns), "")
        if owner:
            keys = [f"profile:{name}" if owner == "subject" else name for name in profile_ids]
            rows = db.many(_of(table, owner), keys)
            plain = [[item.decode() if isinstance(item, bytes) else item for item in row] for row in rows]
            yield str(table.name), sorted(plain, key=repr)


def _of(table: Table, owner: str) -> ManyStatement:
    columns = [column for column in table.columns if column.name not in _PLACES]
    return ManyStatement(lambda keys: select(*columns).where(table.columns[owner].in_(keys)))
