"""A connection: opens SQLite the one way Segue wants it, and speaks the error tree."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw

from segue.core.errors import IntegrityError, StorageError
from segue.stores.statements import EachStatement, ManyStatement, RowsText, Statement, padded

Row = tuple[Any, ...]
Execute = Callable[[str, Sequence[Any]], apsw.Cursor]

_STORAGE = (
    apsw.FullError,
    apsw.IOError,
    apsw.BusyError,
    apsw.CantOpenError,
    apsw.ReadOnlyError,
    apsw.NoMemError,
)
_DAMAGED = (apsw.CorruptError, apsw.NotADBError)


_STATEMENTS = 512
"""The most that apsw keeps prepared; what was not among the last so many uses is prepared anew."""


# A reader's view is short, and its small cache is mostly cold: pages are read where the system keeps them.
# Measured with 40,000 people: against 64 MiB and checkpoints at 1,000 pages a third less time in the kernel.
_WRITER_CACHE_KIB = 256 * 1024
_READER_CACHE_KIB = 16 * 1024
_READER_MAPS_BYTES = 256 * 1024 * 1024
_CHECKPOINT_PAGES = 8_000


class Db:
    """One SQLite connection.

    After a storage error nothing more runs until `begin`: SQLite may have rolled back on its own, and what
    follows must not be committed piece by piece.
    """

    def __init__(
        self, path: Path | None, *, vfs: str | None = None, synchronous: str = "FULL", read_only: bool = False
    ) -> None:
        flags = (
            apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        )
        self._name = path.name if path else "memory"
        try:
            self.connection = apsw.Connection(
                str(path) if path else ":memory:", flags=flags, vfs=vfs, statementcachesize=_STATEMENTS
            )
            self.connection.set_busy_timeout(5_000)
            # Plans by the text alone: else what may use a partial index is compiled anew at each binding.
            self.connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
            # One cursor for all: results are read to their end at once, none is open while another runs.
            self._cursor = self.connection.cursor()
            self._execute: Execute = self._cursor.execute
            if not read_only:
                self.run_text("PRAGMA journal_mode = WAL" if path else "PRAGMA journal_mode = MEMORY")
                self.run_text(f"PRAGMA synchronous = {synchronous}")
                self.run_text("PRAGMA secure_delete = ON")
                self.run_text(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
            else:
                self.run_text(f"PRAGMA mmap_size = {_READER_MAPS_BYTES}")
            self.run_text("PRAGMA temp_store = MEMORY")
            self.run_text(f"PRAGMA cache_size = -{_READER_CACHE_KIB if read_only else _WRITER_CACHE_KIB}")
        except (*_STORAGE, *_DAMAGED) as error:
            raise _translated(error, self._name) from error

    def rows(self, statement: Statement, *values: Any) -> list[Row]:  # noqa: ANN401 - column values
        """All rows."""
        try:
            return self._execute(statement.sql, values).fetchall()
        except apsw.Error as error:
            raise self._failed(error) from error

    def row(self, statement: Statement, *values: Any) -> Row | None:  # noqa: ANN401 - column values
        """The first row, or None."""
        try:
            return _first(self._execute(statement.sql, values).fetchall())
        except apsw.Error as error:
            raise self._failed(error) from error

    def do(self, statement: Statement, *values: Any) -> None:  # noqa: ANN401 - column values
        """Run a statement that returns nothing."""
        try:
            self._execute(statement.sql, values)
        except apsw.Error as error:
            raise self._failed(error) from error

    def each(self, statement: EachStatement, items: Sequence[str], *values: Any) -> list[Row]:  # noqa: ANN401
        """All rows of a statement for each of `items`, in their order; none for no items."""
        count = len(items)
        if not count:
            return []
        if count > statement.MOST:
            parts = (items[first : first + statement.MOST] for first in range(0, count, statement.MOST))
            return [row for part in parts for row in self.each(statement, part, *values)]
        try:
            return self._execute(statement.sql(count), (*items, *values)).fetchall()
        except apsw.Error as error:
            raise self._failed(error) from error

    def of_rows(self, statement: RowsText, values: Sequence[Sequence[Any]]) -> list[Row]:
        """All rows of a text for each of at most `MOST` rows of values; none for none."""
        if not values:
            return []
        try:
            return self._execute(
                statement.sql(len(values)), [item for row in values for item in row]
            ).fetchall()
        except apsw.Error as error:
            raise self._failed(error) from error

    def many(self, statement: ManyStatement, items: Sequence[Any], *values: Any) -> list[Row]:  # noqa: ANN401
        """All rows of a statement over `items`, which come first; none for no items."""
        if not items:
            return []
        listed = padded(items)
        try:
            return self._execute(statement.sql(len(listed)), (*listed, *values)).fetchall()
        except apsw.Error as error:
            raise self._failed(error) from error

    def query(self, sql: str, values: Sequence[Any]) -> Row | None:
        """The first row of SQL text with values, or None."""
        try:
            return _first(self._execute(sql, values).fetchall())
        except apsw.Error as error:
            raise self._failed(error) from error

    def run_text(self, sql: str) -> list[Row]:
        """Run SQL text that is not worth compiling: transactions, pragmas, DDL."""
        try:
            return self._execute(sql, ()).fetchall()
        except apsw.Error as error:
            raise self._failed(error) from error

    def walk_text(self, sql: str) -> Iterator[Row]:
        """Rows of SQL text, one at a time."""
        try:
            yield from self.connection.execute(sql)
        except apsw.Error as error:
            raise self._failed(error) from error

    def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run SQL text once per row of values."""
        try:
            self.connection.executemany(sql, rows)
        except apsw.Error as error:
            raise self._failed(error) from error

    def begin(self, kind: str = "IMMEDIATE") -> None:
        """Begin a transaction; also ends the refusal that follows a storage error."""
        self._execute = self._cursor.execute
        if self.connection.in_transaction:
            self.run_text("ROLLBACK")
        self.run_text(f"BEGIN {kind}")

    def rollback(self) -> None:
        """Undo the open transaction, if SQLite has not done so itself."""
        self._execute = self._cursor.execute
        if self.connection.in_transaction:
            self.run_text("ROLLBACK")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _failed(self, error: apsw.Error) -> Exception:
        if isinstance(error, _STORAGE):
            self._execute = _refuse
        return _translated(error, self._name)


def _first(rows: list[Row]) -> Row | None:
    return rows[0] if rows else None


def _refuse(sql: str, values: Sequence[Any]) -> apsw.Cursor:
    del sql, values
    raise apsw.IOError("the transaction was given up after a storage error")


def _translated(error: apsw.Error, name: str) -> Exception:
    if isinstance(error, _STORAGE):
        return StorageError(f"the store cannot write or read `{name}`: {error}")
    if isinstance(error, _DAMAGED):
        return IntegrityError(f"the database `{name}` is damaged: {error}")
    return error
