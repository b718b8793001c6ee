"""Statements: SQLAlchemy Core, compiled once to SQL text that runs on the raw cursor."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BindParameter, ColumnElement, Executable, Table, TextClause, bindparam
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement


_GIVEN = object()
_EXACT = 8


def given(name: str) -> BindParameter[Any]:
    """A value passed at run time; values are passed in the order in which they stand in the text."""
    return bindparam(name, _GIVEN)


def _literal(value: object) -> str:
    if isinstance(value, int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"


def compile_sql(statement: Executable) -> str:
    """Compile to SQLite text: `given` values become `?`, constants are written out."""
    if isinstance(statement, TextClause):
        return statement.text
    compiled: Any = cast("ClauseElement", statement).compile(
        dialect=sqlite.dialect(paramstyle="qmark"), compile_kwargs={"render_postcompile": True}
    )
    values = compiled.params
    pieces = str(compiled).split("?")
    names: Sequence[str] = compiled.positiontup or ()
    filled = [pieces[0]]
    for name, piece in zip(names, pieces[1:], strict=True):
        filled += ["?" if values[name] is _GIVEN else _literal(values[name]), piece]
    return "".join(filled)


class Statement:
    """One statement; compiled when first used.

    Args:
        build: Makes the Core statement; nothing is built at import.
    """

    def __init__(self, build: Callable[[], Executable]) -> None:
        self._build = build

    @cached_property
    def sql(self) -> str:
        """The SQL text."""
        return compile_sql(self._build())


class ManyStatement:
    """A statement over a list of values; compiled once per length that `padded` gives a list."""

    def __init__(self, build: Callable[[Sequence[BindParameter[Any]]], Executable]) -> None:
        self._build = build
        self._compiled: dict[int, str] = {}

    def sql(self, length: int) -> str:
        """The SQL text for `length` values."""
        text = self._compiled.get(length)
        if text is None:
            text = compile_sql(self._build([given(f"item_{i}") for i in range(length)]))
            self._compiled[length] = text
        return text


def padded(values: Sequence[str]) -> tuple[str, ...]:
    """Repeat the last value until there is a statement of that length; `IN` ignores repetition.

    Up to eight, as in nearly every read of a step, each length has its own; beyond, powers of two do.

    >>> padded(("a", "b", "c"))
    ('a', 'b', 'c')
    >>> len(padded("abcdefghi"))
    16
    """
    count = len(values)
    if count <= _EXACT:
        return tuple(values)
    return (*values, *(values[-1],) * ((1 << (count - 1).bit_length()) - count))


def insert(table: Table) -> Statement:
    """Insert one row, values in the order of the table's columns."""
    return Statement(lambda: sqlite.insert(table).values(_given_columns(table)))


def insert_new(table: Table) -> Statement:
    """Insert one row unless its primary key is there."""
    return Statement(lambda: sqlite.insert(table).values(_given_columns(table)).on_conflict_do_nothing())


def upsert(table: Table) -> Statement:
    """Insert one row or replace the one with its primary key."""

    def build() -> Executable:
        statement = sqlite.insert(table).values(_given_columns(table))
        keys = [column.name for column in table.primary_key]
        rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
        return statement.on_conflict_do_update(index_elements=keys, set_=rest)

    return Statement(build)


def delete_by(table: Table, *columns: ColumnElement[Any]) -> Statement:
    """Delete the rows in which each of `columns` equals the value passed."""

    def build() -> Executable:
        statement = table.delete()
        for column in columns:
            statement = statement.where(column == given(f"by_{column.key}"))
        return statement

    return Statement(build)


def _given_columns(table: Table) -> dict[str, BindParameter[Any]]:
    return {column.name: given(column.name) for column in table.c}
