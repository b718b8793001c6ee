"""The company's own memory: what it was asked and what it did, in its own SQLite file."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from segue.core.encoding import encode
from segue.core.units import Instant

_TABLES = """
CREATE TABLE IF NOT EXISTS arrivals(
    n INTEGER PRIMARY KEY, at INTEGER, connector TEXT, verb TEXT, key TEXT, attempt INTEGER, outcome TEXT,
    arguments TEXT);
CREATE TABLE IF NOT EXISTS done(
    n INTEGER PRIMARY KEY, at INTEGER, connector TEXT, verb TEXT, key TEXT, natural_key TEXT, arguments TEXT,
    reference TEXT, repeats INTEGER, cancelled INTEGER);
CREATE INDEX IF NOT EXISTS done_key ON done(connector, key);
CREATE INDEX IF NOT EXISTS done_natural ON done(connector, natural_key);
CREATE INDEX IF NOT EXISTS done_at ON done(connector, verb, at);
"""


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """A request as it arrived, repeats included.

    Attributes:
        outcome: What was answered: `done` or the code of an error; empty while nothing was, and for ever
            where the caller did not wait for the answer.
    """

    at: Instant
    connector: str
    verb: str
    key: str
    attempt: int
    outcome: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """Something that really happened: a mail in a mailbox, a ticket, an event.

    Attributes:
        key: The key it was asked with.
        repeats: How often the same key asked again and was given the first answer.
        cancelled: True for a calendar event that was cancelled.
    """

    number: int
    at: Instant
    connector: str
    verb: str
    key: str
    arguments: Mapping[str, Any]
    reference: str
    repeats: int = 0
    cancelled: bool = False


class Book:
    """Keeps requests and what was done.

    Args:
        path: The SQLite file; None keeps it in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._db = apsw.Connection(":memory:" if path is None else str(path))
        self._db.set_busy_timeout(5_000)
        if path is not None:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(_TABLES)

    @property
    def connection(self) -> apsw.Connection:
        """The file, for what else the company keeps in it."""
        return self._db

    def saw(self, seen: RequestSeen) -> int:
        """Keep a request as it arrives; returns its number."""
        self._db.execute(
            "INSERT INTO arrivals(at, connector, verb, key, attempt, outcome, arguments)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                seen.at,
                seen.connector,
                seen.verb,
                seen.key,
                seen.attempt,
                seen.outcome,
                encode(dict(seen.arguments)).decode(),
            ),
        )
        return self._db.last_insert_rowid()

    def answered(self, number: int, outcome: str) -> None:
        """Keep what a request was answered."""
        self._db.execute("UPDATE arrivals SET outcome = ? WHERE n = ?", (outcome, number))

    def do(
        self, at: Instant, connector: str, verb: str, key: str, natural: str, arguments: Mapping[str, Any]
    ) -> Done:
        """Do something new and keep it."""
        text = encode(dict(arguments)).decode()
        with self._db:
            self._db.execute(
                "INSERT INTO done"
                " (at, connector, verb, key, natural_key, arguments, reference, repeats, cancelled)"
                " VALUES (?, ?, ?, ?, ?, ?, '', 0, 0)",
                (at, connector, verb, key, natural, text),
            )
            number = self._db.last_insert_rowid()
            reference = f"{connector}-{number}"
            self._db.execute("UPDATE done SET reference = ? WHERE n = ?", (reference, number))
        return Done(number, at, connector, verb, key, dict(arguments), reference)

    def repeat(self, done: Done) -> None:
        """Count that the same request came again."""
        self._db.execute("UPDATE done SET repeats = repeats + 1 WHERE n = ?", (done.number,))

    def change(self, done: Done, arguments: Mapping[str, Any], *, cancelled: bool = False) -> None:
        """Change what was done: a moved or cancelled event, an updated record."""
        self._db.execute(
            "UPDATE done SET arguments = ?, cancelled = ? WHERE n = ?",
            (encode(dict(arguments)).decode(), int(cancelled), done.number),
        )

    def by_key(self, connector: str, key: str) -> Done | None:
        """What an idempotency key did."""
        return self._one("connector = ? AND key = ?", (connector, key))

    def by_natural(self, connector: str, natural: str) -> Done | None:
        """What stands under a natural key."""
        return self._one("connector = ? AND natural_key = ?", (connector, natural))

    def since(self, connector: str, verb: str, at: Instant) -> list[Done]:
        """What a verb did from a moment on, oldest first."""
        return self._many("connector = ? AND verb = ? AND at >= ?", (connector, verb, at))

    def all(self, *connectors: str) -> list[Done]:
        """What was done, oldest first; by these connectors, or by all."""
        marks = ", ".join("?" for _ in connectors)
        return self._many(f"connector IN ({marks})" if connectors else "1", connectors)

    def requests(self) -> list[RequestSeen]:
        """Every request, oldest first."""
        rows = self._db.execute(
            "SELECT at, connector, verb, key, attempt, outcome, arguments FROM arrivals ORDER BY n"
        )
        return [
            RequestSeen(at, connector, verb, key, attempt, outcome, json.loads(arguments))
            for at, connector, verb, key, attempt, outcome, arguments in rows
        ]

    def forget_person(self, keys: Collection[str], words: Collection[str]) -> None:
        """Forget what was asked and done by these keys, and all that names somebody by one of these words."""
        with self._db:
            for table in ("arrivals", "done"):
                for key in keys:
                    self._db.execute(f"DELETE FROM {table} WHERE key = ?", (key,))  # noqa: S608 - own names
                for word in words:
                    self._db.execute(f"DELETE FROM {table} WHERE instr(arguments, ?)", (word,))  # noqa: S608 - same

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _one(self, where: str, values: tuple[str, ...]) -> Done | None:
        return next(iter(self._many(where, values)), None)

    def _many(self, where: str, values: tuple[str | int, ...]) -> list[Done]:
        columns = "n, at, connector, verb, key, arguments, reference, repeats, cancelled"
        rows = self._db.execute(f"SELECT {columns} FROM done WHERE {where} ORDER BY n", values)  # noqa: S608 - no input
        return [
            Done(number, at, connector, verb, key, json.loads(arguments), reference, repeats, bool(cancelled))
            for number, at, connector, verb, key, arguments, reference, repeats, cancelled in rows
        ]
