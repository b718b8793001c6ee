"""The connector's own memory: where it is in the mailbox, which threads it knows, what it counted.

It holds no text, no name and no address. Ids of mails are kept as keyed hashes; a thread that somebody else
began is named by the id of its first mail, as in the log.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import apsw

from segue.core.ids import IdKey
from segue.core.units import DAY, Instant

_TABLES = """
CREATE TABLE IF NOT EXISTS places(
    folder TEXT PRIMARY KEY, validity INTEGER NOT NULL, uid INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS threads(
    mail TEXT PRIMARY KEY, thread TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS threads_at ON threads(at);
CREATE TABLE IF NOT EXISTS sent(
    key TEXT PRIMARY KEY, reference TEXT NOT NULL, thread TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sent_thread ON sent(thread, at);
CREATE TABLE IF NOT EXISTS counts(
    name TEXT NOT NULL, day INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(name, day)) WITHOUT ROWID;
"""
KEPT_FOR = 400 * DAY
"""How long a mail's thread is remembered by this file; later its references alone tell."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a folder was read: UIDVALIDITY, the last UID, and when."""

    validity: int
    uid: int
    at: Instant


class Book:
    """Keeps places, threads and counts; called from one thread at a time.

    Args:
        path: The SQLite file; None keeps it in memory.
        ids: The tenant's id key.
    """

    def __init__(self, path: Path | None, ids: IdKey) -> None:
        self._ids = ids
        self._db = apsw.Connection(":memory:" if path is None else str(path))
        self._db.set_busy_timeout(5_000)
        if path is not None:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(_TABLES)

    def place(self, folder: str) -> Place | None:
        """How far a folder was read; None where it never was."""
        row = self._db.execute("SELECT validity, uid, at FROM places WHERE folder = ?", (folder,)).fetchone()
        return Place(row[0], row[1], Instant(row[2])) if row else None

    def keep_place(self, folder: str, place: Place) -> None:
        """Keep how far a folder was read; durable when it returns."""
        self._db.execute(
            "INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", (folder, place.validity, place.uid, place.at)
        )

    def keep_thread(self, message_id: str, thread: str, at: Instant) -> None:
        """Remember in which thread a mail stands; the first word counts."""
        if message_id:
            self._db.execute(
                "INSERT OR IGNORE INTO threads VALUES (?, ?, ?)", (self._mark(message_id), thread, at)
            )

    def thread(self, *message_ids: str) -> str:
        """The thread of the newest of these mails that is known, or empty."""
        for message_id in reversed(message_ids):
            found = self._db.execute(
                "SELECT thread FROM threads WHERE mail = ?", (self._mark(message_id),)
            ).fetchone()
            if found:
                return str(found[0])
        return ""

    def keep_sent(self, key: str, reference: str, thread: str, at: Instant) -> None:
        """Remember that a mail certainly left."""
        self._db.execute("INSERT OR IGNORE INTO sent VALUES (?, ?, ?, ?)", (key, reference, thread, at))

    def sent(self, key: str) -> str:
        """Reference of the mail that an effect certainly sent, or empty."""
        found = self._db.execute("SELECT reference FROM sent WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else ""

    def sent_since(self, thread: str, at: Instant) -> int:
        """How many mails left in a thread from a moment on."""
        found = self._db.execute(
            "SELECT count(*) FROM sent WHERE thread = ? AND at >= ?", (thread, at)
        ).fetchone()
        return int(found[0]) if found else 0

    def count(self, name: str, at: Instant) -> None:
        """Count something that is not kept."""
        self._db.execute(
            "INSERT INTO counts VALUES (?, ?, 1) ON CONFLICT(name, day) DO UPDATE SET n = n + 1",
            (name, at // DAY),
        )

    def counts(self) -> dict[str, int]:
        """What was counted, in all."""
        return {
            str(name): int(n) for name, n in self._db.execute("SELECT name, sum(n) FROM counts GROUP BY name")
        }

    def forget(self, now: Instant) -> None:
        """Forget threads and sent mails that are long over."""
        for table in ("threads", "sent"):
            self._db.execute(f"DELETE FROM {table} WHERE at < ?", (now - KEPT_FOR,))  # noqa: S608 - no input

    def forget_person(self, effects: Collection[str], threads: Collection[str]) -> None:
        """Forget the mails of somebody who is erased: by the effects that sent them, and by their threads."""
        with self._db:
            for effect in effects:
                self._db.execute("DELETE FROM sent WHERE key = ?", (effect,))
            for thread in (*threads, *effects):
                self._db.execute("DELETE FROM sent WHERE thread = ?", (thread,))
                self._db.execute("DELETE FROM threads WHERE thread = ?", (thread,))

    def go_back(self, at: Instant) -> None:
        """Have every folder gone through again from a moment on: what is known of later mails was lost."""
        self._db.execute("UPDATE places SET validity = 0, at = min(at, ?)", (at,))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _mark(self, message_id: str) -> str:
        return self._ids.mark("mail.thread", message_id)
