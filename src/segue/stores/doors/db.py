"""The file of the doors: one small SQLite database beside the log, each of its rooms with an own table.

It holds no customer data and decides nothing: keys, users, sessions and answers already given. Losing it
locks people out, and loses nothing that was acknowledged.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from segue.stores.db import Db

DOORS_FILE = "doors.db"

_TABLES = MetaData()


def table(name: str, *columns: Column[object]) -> Table:
    """Declare a table of the doors; it is made when the file is opened next."""
    return Table(name, _TABLES, *columns)


class DoorsDb:
    """The database of the doors; its rooms share one connection and may be used from any thread.

    Args:
        path: The file; None keeps everything in memory.

    Raises:
        StorageError: It cannot be opened or written.
        IntegrityError: It is damaged.
    """

    def __init__(self, path: Path | None) -> None:
        self._db = Db(path)
        self._one_at_a_time = threading.RLock()
        with self.transaction() as db:
            for sql in _schema():
                db.run_text(sql)

    @contextmanager
    def transaction(self) -> Iterator[Db]:
        """One transaction: durable when the block ends, undone by an exception."""
        with self._one_at_a_time:
            self._db.begin()
            try:
                yield self._db
                self._db.run_text("COMMIT")
            except BaseException:
                self._db.rollback()
                raise

    def close(self) -> None:
        """Close the file."""
        with self._one_at_a_time:
            self._db.close()


def _schema() -> Iterator[str]:
    """Tables are only ever added; a column that changes its meaning gets a new name."""
    dialect = sqlite.dialect()
    for made in _TABLES.sorted_tables:
        yield str(CreateTable(made, if_not_exists=True).compile(dialect=dialect))
        for index in made.indexes:
            yield str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect))
