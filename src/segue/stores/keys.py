"""The key store: one data key per profile, account and tenant, wrapped, in a file of its own."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from threading import RLock
from typing import TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from segue.core.errors import IntegrityError
from segue.core.ids import IdKey
from segue.stores import crypto
from segue.stores.db import Db

_K = TypeVar("_K")
_V = TypeVar("_V")

CACHED_KEYS = 20_000
_ID_KEY = "id key"
_LOG_BEGUN = "log begun"
_DDL = (
    (
        "CREATE TABLE IF NOT EXISTS keys (id INTEGER PRIMARY KEY AUTOINCREMENT, "
        "subject TEXT NOT NULL UNIQUE, wrapped BLOB NOT NULL)"
    ),
    "CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS tombstones (hash TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS expired (class TEXT PRIMARY KEY, before INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS holds (subject TEXT PRIMARY KEY, carried INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS erased (id INTEGER PRIMARY KEY, subject TEXT NOT NULL, at INTEGER NOT NULL)",
)
_NEXT = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'keys'), 0) + 1"


class Keys:
    """Data keys by subject; new ones live in memory until `flush`, which must come before their first use.

    Args:
        path: The key file; None keeps keys in memory only.
        master_key: 32 bytes that wrap every key.
        ids: The id key of a fresh file; None draws one. A file that has one keeps it.
    """

    def __init__(
        self,
        path: Path | None,
        master_key: bytes,
        *,
        ids: IdKey | None = None,
        vfs: str | None = None,
        read_only: bool = False,
    ) -> None:
        if len(master_key) != crypto.KEY_BYTES:
            raise IntegrityError(f"the master key has {len(master_key)} bytes, not {crypto.KEY_BYTES}")
        self._master = master_key
        self._lock = RLock()
        self._db = Db(path, vfs=vfs, read_only=read_only)
        if not read_only:
            for ddl in _DDL:
                self._db.run_text(ddl)
        self._next = int(self._db.run_text(_NEXT)[0][0])
        self._fresh: dict[str, tuple[int, bytes]] = {}
        self._by_subject: OrderedDict[str, tuple[int, AESGCM]] = OrderedDict()
        self._by_id: OrderedDict[int, AESGCM] = OrderedDict()
        self.ids = self._id_key(ids)

    def _id_key(self, ids: IdKey | None) -> IdKey:
        found = self._db.query("SELECT wrapped FROM secrets WHERE name = ?", (_ID_KEY,))
        if found is not None:
            kept = IdKey(crypto.unwrap(self._master, found[0]))
            if ids is not None and ids != kept:
                raise IntegrityError("this home was made with another id key")
            return kept
        made = ids or IdKey(crypto.new_key())
        self._db.begin()
        self._db.query("INSERT INTO secrets VALUES (?, ?)", (_ID_KEY, crypto.wrap(self._master, made.secret)))
        self._db.run_text("COMMIT")
        return made

    def for_subject(self, subject: str) -> tuple[int, AESGCM]:
        """Id and cipher of a subject's key; a new one is drawn where there is none."""
        with self._lock:
            found = self._by_subject.get(subject)
            if found is not None:
                self._by_subject.move_to_end(subject)
                return found
            fresh = self._fresh.get(subject)
            row = self._db.query("SELECT id, wrapped FROM keys WHERE subject = ?", (subject,))
            if fresh is not None:
                key_id, key = fresh
            elif row is not None:
                key_id, key = int(row[0]), crypto.unwrap(self._master, row[1])
            else:
                key_id, key = self._next, crypto.new_key()
                self._next += 1
                self._fresh[subject] = (key_id, key)
            made = (key_id, AESGCM(key))
            _keep(self._by_subject, subject, made)
            return made

    def by_id(self, key_id: int) -> AESGCM | None:
        """Cipher of a key, or None where it was erased."""
        with self._lock:
            found = self._by_id.get(key_id)
            if found is not None:
                self._by_id.move_to_end(key_id)
                return found
            row = self._db.query("SELECT wrapped FROM keys WHERE id = ?", (key_id,))
            if row is not None:
                cipher = AESGCM(crypto.unwrap(self._master, row[0]))
                _keep(self._by_id, key_id, cipher)
                return cipher
            return next((AESGCM(key) for fresh_id, key in self._fresh.values() if fresh_id == key_id), None)

    def flush(self) -> None:
        """Commit and fsync new keys.

        Raises:
            StorageError: Disk full or an I/O error; the new keys stay unused.
        """
        with self._lock:
            if not self._fresh:
                return
            rows = [
                (key_id, subject, crypto.wrap(self._master, key))
                for subject, (key_id, key) in self._fresh.items()
            ]
            self._write("INSERT INTO keys VALUES (?, ?, ?)", rows)
            self._fresh.clear()

    def forget_fresh(self) -> None:
        """Drop keys that no commit will use."""
        with self._lock:
            for subject in self._fresh:
                self._by_subject.pop(subject, None)
            self._fresh.clear()

    def erase(self, subjects: list[str], tombstones: list[tuple[str, int]], at: int) -> None:
        """Delete keys for good: what they sealed can never be read again.

        Which ones they were is kept, so that an older copy of this file can be made to forget them too.
        """
        with self._lock:
            self._write("INSERT OR REPLACE INTO tombstones VALUES (?, ?)", tombstones)
            self._write(
                "INSERT OR REPLACE INTO erased SELECT id, subject, ? FROM keys WHERE subject = ?",
                [(at, subject) for subject in subjects],
            )
            self._write("DELETE FROM keys WHERE subject = ?", [(subject,) for subject in subjects])
            self._write("DELETE FROM holds WHERE subject = ?", [(subject,) for subject in subjects])
            self._by_subject.clear()
            self._by_id.clear()
            self._db.run_text("VACUUM")
            self._db.run_text("PRAGMA wal_checkpoint(TRUNCATE)")

    def expire(self, before: Mapping[str, int]) -> None:
        """Remember up to when words of a class are gone, so that an older log put back loses them, too."""
        with self._lock:
            known = self.expiries()
            later = [(name, at) for name, at in before.items() if at > known.get(name, 0)]
            self._write("INSERT OR REPLACE INTO expired VALUES (?, ?)", later)

    def expiries(self) -> dict[str, int]:
        """Up to when words are gone, by class of data."""
        with self._lock:
            if not self.has("expired"):
                return {}
            return {str(name): int(at) for name, at in self._db.run_text("SELECT class, before FROM expired")}

    def hold(self, subjects: Collection[str]) -> None:
        """Remember whose data is held as words go; what was carried over stays so until it is named here."""
        with self._lock:
            before = self.holds()
            after = {name: True for name, carried in before.items() if carried} | dict.fromkeys(
                subjects, False
            )
            if after != before:
                self._keep_holds(after)

    def holds(self) -> dict[str, bool]:
        """Subjects whose data was held when words last went, and whether newer keys alone say so."""
        with self._lock:
            if not self.has("holds"):
                return {}
            rows = self._db.run_text("SELECT subject, carried FROM holds")
            return {str(name): bool(carried) for name, carried in rows}

    def tombstones(self) -> dict[str, int]:
        """Keyed hashes that must never be contacted, with the instant of the erasure."""
        with self._lock:
            return {str(row[0]): int(row[1]) for row in self._db.run_text("SELECT hash, at FROM tombstones")}

    def erasures(self) -> dict[tuple[int, str], int]:
        """Keys that were deleted: (id, subject) to the instant of the erasure."""
        with self._lock:
            if not self.has("erased"):
                return {}
            rows = self._db.run_text("SELECT id, subject, at FROM erased")
            return {(int(row[0]), str(row[1])): int(row[2]) for row in rows}

    def held(self) -> dict[int, str]:
        """Ids of the keys that are there, each with its subject."""
        with self._lock:
            return {int(row[0]): str(row[1]) for row in self._db.run_text("SELECT id, subject FROM keys")}

    def last_id(self) -> int:
        """The highest id a key ever had here."""
        with self._lock:
            return int(self._db.run_text(_NEXT)[0][0]) - 1

    def take_over(self, newer: "Keys") -> None:
        """Take over tombstones, erasures, expiry and holds of a newer copy; never give an id of its again.

        The keys themselves stay until `erase` is told.
        """
        with self._lock:
            known = self.tombstones()
            later = {key: at for key, at in newer.tombstones().items() if at > known.get(key, -1)}
            self._write("INSERT OR REPLACE INTO tombstones VALUES (?, ?)", list(later.items()))
            self._write(
                "INSERT OR REPLACE INTO erased VALUES (?, ?, ?)",
                [(key_id, subject, at) for (key_id, subject), at in newer.erasures().items()],
            )
            self.expire(newer.expiries())
            if newer.has("holds"):  # else it is of a version that kept none
                self._keep_holds(dict.fromkeys(newer.holds(), True))
            if newer.last_id() > self.last_id():
                self._write("DELETE FROM sqlite_sequence WHERE name = ?", [("keys",)])
                self._write("INSERT INTO sqlite_sequence VALUES (?, ?)", [("keys", newer.last_id())])
            self._next = max(self._next, newer.last_id() + 1)

    def log_begun(self) -> bool:
        """Whether there was a log once that these keys belong to."""
        return self._db.query("SELECT 1 FROM secrets WHERE name = ?", (_LOG_BEGUN,)) is not None

    def begin_log(self) -> None:
        """Remember that there is a log, so that its loss is noticed."""
        if not self.log_begun():
            self._write("INSERT INTO secrets VALUES (?, x'')", [(_LOG_BEGUN,)])

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def has(self, table: str) -> bool:
        """Whether a file of an older version, open to read only, has a table."""
        return self._db.query("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)) is not None

    def _keep_holds(self, holds: Mapping[str, bool]) -> None:
        gone = [(name,) for name in self.holds() if name not in holds]
        self._write("DELETE FROM holds WHERE subject = ?", gone)
        self._write(
            "INSERT OR REPLACE INTO holds VALUES (?, ?)", [(name, int(c)) for name, c in holds.items()]
        )

    def _write(self, sql: str, rows: Sequence[tuple[int | str | bytes, ...]]) -> None:
        self._db.begin()
        try:
            self._db.run_many(sql, rows)
            self._db.run_text("COMMIT")
        except BaseException:
            self._db.rollback()
            raise


def _keep(cache: OrderedDict[_K, _V], key: _K, value: _V) -> None:
    cache[key] = value
    if len(cache) > CACHED_KEYS:
        cache.popitem(last=False)
