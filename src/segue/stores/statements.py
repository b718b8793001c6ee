"""Statements: SQLAlchemy Core, compiled once to SQL text that runs on the raw cursor."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BindParameter, ColumnElement, Executable, Table, TextClause, bindparam, select
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement


_GIVEN = object()
_ITEM = "item"


def given(name: str) -> BindParameter[Any]:
    """A value passed at run time; values are passed in the order in which they stand in the text."""
    return bindparam(name, _GIVEN)


def _literal(value: object) -> str:
    if isinstance(value, int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"


def compile_sql(statement: Executable, place: Callable[[str], str] | None = None) -> str:
    """Compile to SQLite text: `given` values become `?`, constants are written out.

    Args:
        statement: What to compile.
        place: Tells what stands in the place of a value of this name; values become `?` without it.
    """
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
        is_given = values[name] is _GIVEN
        filled += [(place(name) if place else "?") if is_given else _literal(values[name]), piece]
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
    """A statement over a list of values; compiled once per list length, rounded up to a power of two."""

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


class EachStatement:
    """A statement for each of a list of values, rows in the order of the list; compiled once per length.

    `IN` of a list makes SQLite fill a table in memory, which costs more than all the look-ups of a step
    (ADR 19); this is one look-up per value, and sorts nothing beyond what each statement sorts itself.

    Args:
        build: Makes the statement for the one value it is given.
    """

    MOST = 8
    """Values at once: a longer text would not be kept prepared."""

    def __init__(self, build: Callable[[BindParameter[Any]], Executable]) -> None:
        self._build = build
        self._compiled: dict[int, str] = {}

    def sql(self, length: int) -> str:
        """The SQL text for so many values, which are numbered before all others."""
        found = self._compiled.get(length)
        if found is None:
            found = self._compiled[length] = self._compile(length)
        return found

    def _compile(self, length: int) -> str:
        statement = self._build(given(_ITEM))
        others: dict[str, int] = {}

        def one(number: int) -> str:
            def place(name: str) -> str:
                return f"?{number if name == _ITEM else others.setdefault(name, length + 1 + len(others))}"

            return compile_sql(statement, place)

        parts = [one(number) for number in range(1, length + 1)]
        if length == 1:
            return parts[0]
        return " UNION ALL ".join(f"SELECT * FROM ({part})" for part in parts)  # noqa: S608 - own text


class EachText(EachStatement):
    """The same of a text, for statements that a compiler would write too long to be kept prepared.

    Args:
        text: With `{item}` where the one value stands, and names in braces for others.
        others: Those names, in the order in which their values are passed.
    """

    def __init__(self, text: str, *others: str) -> None:
        super().__init__(select)
        self._text, self._others = text, others

    def _compile(self, length: int) -> str:
        places = {name: f"?{length + number}" for number, name in enumerate(self._others, start=1)}
        return " UNION ALL ".join(
            self._text.format(item=f"?{number}", **places) for number in range(1, length + 1)
        )


class RowsText:
    """A text for each of a list of rows of values, each in the order of its `?`; compiled once per length.

    Args:
        text: With `{number}` where the number of the row may stand.
        head: What comes before them.
        between: What comes between two of them.
        tail: What comes after them.
    """

    MOST = 16
    """Rows at once."""

    def __init__(self, text: str, *, head: str = "", between: str = " UNION ALL ", tail: str = "") -> None:
        self._text, self._head, self._between, self._tail = text, head, between, tail
        self._compiled: dict[int, str] = {}

    def sql(self, length: int) -> str:
        """The SQL text for so many rows of values."""
        found = self._compiled.get(length)
        if found is None:
            texts = self._between.join(self._text.format(number=number) for number in range(length))
            found = self._compiled[length] = f"{self._head}{texts}{self._tail}"
        return found


def padded(values: Sequence[Any]) -> tuple[Any, ...]:
    """Repeat the last value until the length is a power of two; `IN` ignores repetition.

    >>> padded(("a", "b", "c"))
    ('a', 'b', 'c', 'c')
    """
    length = 1 << (len(values) - 1).bit_length()
    return (*values, *(values[-1],) * (length - len(values)))


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
