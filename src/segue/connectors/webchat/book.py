"""The chat's own memory: visitors and the lines they see, in its own SQLite file.

It is what a chat server would keep. The truth about a conversation is Segue's log; this file only shows it to
the visitor again, and is swept after a while.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import apsw

from segue.core.errors import ConflictError, StorageError
from segue.core.units import DAY, Instant

KEPT = 90 * DAY
"""How long a conversation without a word can be taken up again."""

By = Literal["visitor", "segue", "notice"]

_TABLES = """
CREATE TABLE IF NOT EXISTS visitors(
    n INTEGER PRIMARY KEY AUTOINCREMENT, visitor TEXT UNIQUE, brand TEXT NOT NULL, language TEXT NOT NULL,
    vouched TEXT NOT NULL, claims TEXT NOT NULL, seen_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS visitors_vouched ON visitors(vouched, brand);
CREATE INDEX IF NOT EXISTS visitors_seen ON visitors(seen_at);
CREATE TABLE IF NOT EXISTS lines(
    visitor TEXT NOT NULL, n INTEGER NOT NULL, key TEXT NOT NULL, by TEXT NOT NULL, text TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (visitor, n)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS lines_key ON lines(visitor, by, key);
CREATE INDEX IF NOT EXISTS lines_sent ON lines(key) WHERE by = 'segue';
"""
_LINE = "SELECT visitor, n, key, by, text, at FROM lines WHERE "
_VISITOR = "SELECT visitor, brand, language, vouched, claims FROM visitors WHERE "


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who chats.

    Attributes:
        id: Unguessable; what the identifier `chat:ID` names.
        vouched: Key of whom a site vouched for, or empty: nobody knows who it is.
        claims: Who they say they are, without anybody vouching for it.
    """

    id: str
    brand: str
    language: str
    vouched: str = ""
    claims: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation.

    Attributes:
        n: Its place in the conversation, from 1 without gaps.
        key: The visitor's own id of it, the key of the effect, or the name of the notice.
    """

    visitor: str
    n: int
    key: str
    by: By
    text: str
    at: Instant


class ChatBook:
    """Keeps visitors and lines; may be used from any thread.

    Args:
        path: The SQLite file; None keeps it in memory.

    Raises:
        StorageError: The file cannot be opened.
    """

    def __init__(self, path: Path | None) -> None:
        self._one_at_a_time = threading.RLock()
        try:
            self._db = apsw.Connection(":memory:" if path is None else str(path))
            self._db.set_busy_timeout(5_000)
            self._db.execute("PRAGMA secure_delete = ON")
            if path is not None:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute(_TABLES)
        except apsw.Error as error:
            raise StorageError(f"the chat's file cannot be used: {error}") from error

    def welcome(self, new: Visitor, at: Instant, named: Callable[[int], str]) -> Visitor:
        """Keep somebody new.

        Args:
            new: Who it is; the id is not looked at.
            at: When they came.
            named: From the number of the visitor to an id that nobody can guess.
        """
        with self._writing():
            self._db.execute(
                "INSERT INTO visitors(brand, language, vouched, claims, seen_at) VALUES (?, ?, ?, ?, ?)",
                (new.brand, new.language, new.vouched, new.claims, at),
            )
            number = self._db.last_insert_rowid()
            visitor = named(number)
            self._db.execute("UPDATE visitors SET visitor = ? WHERE n = ?", (visitor, number))
        return replace(new, id=visitor)

    def visitor(self, visitor: str) -> Visitor | None:
        """Somebody known, by id."""
        return self._one_visitor("visitor = ?", visitor)

    def vouched_for(self, vouched: str, brand: str) -> Visitor | None:
        """The newest visitor whom a site vouched for under this key."""
        return self._one_visitor("vouched = ? AND brand = ? ORDER BY n DESC LIMIT 1", vouched, brand)

    def vouch(self, visitor: str, vouched: str) -> None:
        """Bind a visitor nobody knew to whom a site vouches for; the first stands."""
        with self._writing():
            self._db.execute(
                "UPDATE visitors SET vouched = ? WHERE visitor = ? AND vouched = ''", (vouched, visitor)
            )

    def add(self, visitor: str, key: str, by: By, text: str, at: Instant) -> Line:
        """Add a line at the end, once per key; the first text of a key stands.

        Raises:
            ConflictError: The key was used with another text.
            StorageError: It could not be written.
        """
        with self._writing():
            known = self._one_line("visitor = ? AND by = ? AND key = ?", visitor, by, key)
            if known is None:
                last = self._db.execute(
                    "SELECT coalesce(max(n), 0) FROM lines WHERE visitor = ?", (visitor,)
                ).get
                known = Line(visitor, last + 1, key, by, text, at)
                self._db.execute(
                    "INSERT INTO lines(visitor, n, key, by, text, at) VALUES (?, ?, ?, ?, ?, ?)",
                    (visitor, known.n, key, by, text, at),
                )
                self._db.execute("UPDATE visitors SET seen_at = ? WHERE visitor = ?", (at, visitor))
        if known.text != text:
            raise ConflictError(f"`{key[:60]}` was said with other words before; the first stand")
        return known

    def sent(self, key: str) -> Line | None:
        """The line an effect left behind."""
        return self._one_line("key = ? AND by = 'segue'", key)

    def after(self, visitor: str, n: int, limit: int = 200) -> list[Line]:
        """Lines behind the `n`-th, oldest first."""
        with self._one_at_a_time:
            rows = self._db.execute(
                f"{_LINE}visitor = ? AND n > ? ORDER BY n LIMIT ?",
                (visitor, n, limit),
            ).fetchall()
        return [_line(row) for row in rows]

    def forget(self, visitor: str) -> None:
        """Forget somebody and every line."""
        with self._writing():
            self._db.execute("DELETE FROM lines WHERE visitor = ?", (visitor,))
            self._db.execute("DELETE FROM visitors WHERE visitor = ?", (visitor,))

    def number_from(self, first: int) -> None:
        """Number new visitors from here on, so that nobody gets the id of somebody this file never knew."""
        with self._writing():
            self._db.execute(
                "INSERT INTO visitors(n, brand, language, vouched, claims, seen_at) "
                "VALUES (?, '', '', '', '', 0)",
                (first,),
            )
            self._db.execute("DELETE FROM visitors WHERE n = ?", (first,))

    def sweep(self, now: Instant) -> int:
        """Forget whoever has been silent for too long; returns how many."""
        with self._one_at_a_time:
            gone = self._db.execute(
                "SELECT visitor FROM visitors WHERE seen_at < ?", (now - KEPT,)
            ).fetchall()
        for (visitor,) in gone:
            self.forget(str(visitor))
        return len(gone)

    def close(self) -> None:
        """Close the file."""
        with self._one_at_a_time:
            self._db.close()

    def _one_line(self, condition: str, *values: str) -> Line | None:
        with self._one_at_a_time:
            row = self._db.execute(_LINE + condition, values).fetchone()
        return _line(row) if row else None

    def _one_visitor(self, condition: str, *values: str) -> Visitor | None:
        with self._one_at_a_time:
            row = self._db.execute(_VISITOR + condition, values).fetchone()
        return Visitor(*(str(value) for value in row)) if row else None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: durable when the block ends."""
        with self._one_at_a_time:
            try:
                with self._db:
                    yield
            except apsw.Error as error:
                raise StorageError(f"the chat's file cannot be written: {error}") from error


def _line(row: tuple[Any, ...]) -> Line:
    return Line(*row)
