"""The store of one tenant: opens its files, and hands out write transactions and consistent views."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from segue.core.errors import BusyError, IntegrityError, MissingError
from segue.core.ids import IdKey
from segue.core.ports import Reader, Store, Unit
from segue.core.records.events import Erased, Expired
from segue.core.units import Instant
from segue.privacy.expiring import Cuts
from segue.stores import expiring, projections, vectors
from segue.stores.db import Db
from segue.stores.erasures import Erasures
from segue.stores.expiring import Expiry
from segue.stores.keys import Keys
from segue.stores.lock import HomeLock
from segue.stores.log import Log
from segue.stores.reader import SqliteReader
from segue.stores.unit import SqliteUnit

if TYPE_CHECKING:
    from segue.core.records.signals import Signal

DATABASE, KEY_FILE = "segue.db", "keys.db"

Hook = Callable[[str], None]


def _holds(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _check_keys(directory: Path) -> None:
    """Never draw new keys beside a log that old ones sealed."""
    if _holds(directory / DATABASE) and not _holds(directory / KEY_FILE):
        raise IntegrityError(
            f"the key file `{KEY_FILE}` in `{directory}` is gone or empty; the log cannot be read without it"
        )


def _check_log(directory: Path, keys: Keys) -> None:
    """Never begin a new log where there was one."""
    if keys.log_begun() and not _holds(directory / DATABASE):
        raise IntegrityError(
            f"the log `{DATABASE}` in `{directory}` is gone or empty, but its keys are there; put it back"
        )


def _no_hook(point: str) -> None:
    del point


class SqliteStore:
    """A log that is the truth and projections folded from it; implements `segue.core.ports.Store`.

    Made by `open` or `open_read_only`.
    """

    def __init__(
        self,
        directory: Path | None,
        keys: Keys,
        db: Db | None,
        lock: HomeLock | None,
        vfs: str | None,
        hook: Hook,
    ) -> None:
        self._directory, self._keys, self._writer, self._lock = directory, keys, db, lock
        self._vfs, self._hook = vfs, hook
        self._mutex = threading.RLock()
        self._recent: dict[str, Signal] = {}
        self._unit = SqliteUnit(db, keys, self._recent) if db else None
        self._local = threading.local()
        self._readers: list[Db] = []

    @classmethod
    def open(
        cls,
        directory: Path | None,
        *,
        master_key: bytes,
        ids: IdKey | None = None,
        vfs: str | None = None,
        synchronous: str = "FULL",
        hook: Hook = _no_hook,
        migrate: bool = False,
    ) -> "SqliteStore":
        """Open a home for writing and take its lock; files that are missing are made.

        Args:
            directory: An existing directory; None keeps everything in memory.
            master_key: 32 bytes that wrap the data keys.
            ids: Id key of a fresh home; drawn if not given. Must be equal to that of an existing one.
            vfs: Name of the SQLite VFS every connection uses, database and key file.
            synchronous: SQLite's setting for the database; only tests weaken it.
            hook: Called with `before_keys_commit`, `after_keys_commit`, `before_commit`, `after_commit`.
            migrate: Whether a log of an older version is brought to this one; `segue upgrade` keeps a copy
                first.

        Raises:
            LockedError: Another process writes here.
            BusyError: The log is of an older version, and `migrate` was not given.
            IntegrityError: Wrong master key or id key, or damaged files.
            StorageError: The disk is full or failed.
        """
        lock = HomeLock(directory) if directory else None
        try:
            if directory:
                _check_keys(directory)
            keys = Keys(directory / KEY_FILE if directory else None, master_key, ids=ids, vfs=vfs)
            if directory:
                _check_log(directory, keys)
            db = Db(directory / DATABASE if directory else None, vfs=vfs, synchronous=synchronous)
            projections.prepare(db, keys, migrate=migrate)
            keys.begin_log()
        except BaseException:
            if lock:
                lock.close()
            raise
        return cls(directory, keys, db, lock, vfs, hook)

    @classmethod
    def open_read_only(cls, directory: Path, *, master_key: bytes, vfs: str | None = None) -> "SqliteStore":
        """Open a home beside its writer, for reading only.

        Raises:
            MissingError: There is no store in `directory`.
            BusyError: Its tables have to be rebuilt by a writer first.
            IntegrityError: Wrong master key, or a file is damaged, emptied or gone.
        """
        _check_keys(directory)
        if not (directory / KEY_FILE).exists():
            raise MissingError(f"there is no store in `{directory}`")
        keys = Keys(directory / KEY_FILE, master_key, vfs=vfs, read_only=True)
        if not _holds(directory / DATABASE):
            try:
                _check_log(directory, keys)
            finally:
                keys.close()
            raise MissingError(f"there is no store in `{directory}` yet; it is made when Segue first runs")
        db = Db(directory / DATABASE, vfs=vfs, read_only=True)
        current = projections.are_current(db)
        db.close()
        if not current:
            keys.close()
            raise BusyError(f"the tables in `{directory}` are of another version; open it for writing once")
        return cls(directory, keys, None, None, vfs, _no_hook)

    @property
    def ids(self) -> IdKey:
        """The tenant's id key."""
        return self._keys.ids

    @contextmanager
    def write(self) -> Iterator[SqliteUnit]:
        """One transaction: durable when the block ends, new keys first; undone by an exception.

        Raises:
            StorageError: Disk full or an I/O error; nothing was written.
        """
        with self._mutex:
            db, unit = self._writable()
            db.begin()
            try:
                unit.start()
                yield unit
                self._commit(db, unit)
            except BaseException:
                self._recent.clear()
                self._keys.forget_fresh()
                db.rollback()
                raise
            finally:
                unit.stop()
            self._hook("after_commit")

    def _commit(self, db: Db, unit: SqliteUnit) -> None:
        unit.finish()
        # INVARIANT: a key is durable before the first event that it seals.
        self._hook("before_keys_commit")
        self._keys.flush()
        self._hook("after_keys_commit")
        self._hook("before_commit")
        db.run_text("COMMIT")

    @contextmanager
    def read(self) -> Iterator[SqliteReader]:
        """A consistent read-only view; in memory it waits for the writer."""
        if self._directory is None:
            with self._mutex:
                yield self._writable()[1]
            return
        reader, db = self._reader(self._directory)
        if db.connection.in_transaction:
            yield reader
            return
        db.begin("DEFERRED")
        try:
            reader.look()
            yield reader
        finally:
            reader.look_away()
            db.rollback()

    def _reader(self, directory: Path) -> tuple[SqliteReader, Db]:
        found: tuple[SqliteReader, Db] | None = getattr(self._local, "reader", None)
        if found is None:
            db = Db(directory / DATABASE, vfs=self._vfs, read_only=True)
            found = SqliteReader(db, self._keys, self._recent), db
            self._local.reader = found
            with self._mutex:
                self._readers.append(db)
        return found

    def rebuild(self) -> None:
        """Drop the projections and fold the log again, in one transaction."""
        with self._mutex:
            db, unit = self._writable()
            self._recent.clear()
            projections.rebuild(db, Log(db, self._keys, unit.profile_of_effect), self._keys.ids)

    def projection_hash(self) -> str:
        """Hash over every projection row in primary key order."""
        if self._writer is not None:
            with self._mutex:
                return projections.projection_hash(self._writer)
        assert self._directory is not None  # noqa: S101 - only a home is opened read-only
        with self.read():
            return projections.projection_hash(self._reader(self._directory)[1])

    def verify_chain(self, newest: int | None = None) -> None:
        """Recompute the hash chain over the ciphertext, or its newest links alone.

        Raises:
            IntegrityError: Names the first broken link.
        """
        with self.read() as reader:
            reader.verify_chain(newest)

    def erase(self, profile_ids: tuple[str, ...], at: Instant, suppressed: tuple[str, ...] = ()) -> None:
        """Forget people: delete their keys, rebuild every projection, and leave no word in the files.

        Args:
            profile_ids: All profiles of the person.
            at: When.
            suppressed: Keyed hashes that outlive the data, so that nobody is contacted again.
        """
        with self._mutex:
            db, unit = self._writable()
            event = Erased(at, profile_ids, suppressed)
            with self.write():
                unit.record(event)
                projections.begin_erasing(db)
            self._recent.clear()
            log = Log(db, self._keys, unit.profile_of_effect)
            projections.finish_erasing(db, log, self._keys, event)

    def expire(self, at: Instant, cuts: Cuts, held: Collection[str] = (), *, dry_run: bool = False) -> Expiry:
        """Take words that were kept for long enough out of the log, the projections and the files.

        Args:
            at: When.
            cuts: What was recorded before which instant goes, by class of data.
            held: Subjects (`profile:ID`) whose events stay as they are, beside those that were carried over.
            dry_run: Only count.
        """
        if not dry_run:
            self._keys.hold(held)
        held = {*held, *self.carried_holds()}
        if dry_run:
            with self.read():
                return expiring.expire(self._looked_at(), self._keys, cuts, held, write=False)
        with self._mutex:
            db, unit = self._writable()
            log = Log(db, self._keys, unit.profile_of_effect)
            with self.write():
                before = log.newest_digest()
                found = expiring.expire(db, self._keys, cuts, held, write=True)
                if not found.changed:
                    return found
                unit.record(Expired(at, dict(cuts), found.changed, found.first, before))
                projections.begin_expiring(db)
            self._recent.clear()
            projections.finish_expiring(db, log, self._keys)
            return found

    def _looked_at(self) -> Db:
        """The connection that reads, or the writer's own in memory."""
        return self._writable()[0] if self._directory is None else self._reader(self._directory)[1]

    def expiries(self) -> dict[str, int]:
        """Up to when words are gone, by class of data, as the key file knows."""
        return self._keys.expiries()

    def carried_holds(self) -> tuple[str, ...]:
        """Subjects that newer keys hold and no settings here name yet, after an older log was put back."""
        return tuple(sorted(name for name, carried in self._keys.holds().items() if carried))

    def keep_vectors(self, model: str, rows: Sequence[tuple[int, bytes]]) -> None:
        """Keep packed token vectors of messages by place; those of another model go.

        Raises:
            StorageError: Nothing was kept.
        """
        with self._mutex:
            vectors.keep(self._writable()[0], model, rows)

    def erased_elsewhere(self) -> Erasures:
        """Erasures that the key file knows and the log does not, after an older log was put back."""
        with self._mutex:
            db, unit = self._writable()
            return Erasures.of(db, Log(db, self._keys, unit.profile_of_effect), self._keys)

    def was_erased(self, profile_id: str) -> bool:
        """Whether the person of a profile was erased; whoever came back since is there again."""
        return any(subject == f"profile:{profile_id}" for _, subject in self._keys.erasures())

    def tombstones(self) -> dict[str, int]:
        """Keyed hashes that must never be contacted, with the instant of the erasure."""
        return self._keys.tombstones()

    def close(self) -> None:
        """Close files and let go of the lock; the last commit stays."""
        with self._mutex:
            for db in self._readers:
                db.close()
            self._readers.clear()
            self._local = threading.local()
            if self._writer is not None:
                self._writer.close()
            self._keys.close()
            if self._lock is not None:
                self._lock.close()

    def _writable(self) -> tuple[Db, SqliteUnit]:
        if self._writer is None or self._unit is None:
            raise MissingError("this store is open for reading only")
        return self._writer, self._unit


def _conforms(store: SqliteStore, unit: SqliteUnit, reader: SqliteReader) -> tuple[Store, Unit, Reader]:
    """Have the type checker compare the store with its ports."""
    return store, unit, reader
