"""Copying under load: consistent copies of the log and of other SQLite files, beside their writer."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import apsw

from segue.core.errors import IntegrityError, MissingError, StorageError
from segue.stores import schema

Progress = Callable[[str, int, int], None]
"""Told what is copied, how much of it is done, and how much there is."""

_BATCH = 5_000
_PAGES = 1_000
_MAGIC = b"SQLite format 3\x00"
_BY_EVENT = ("events", "event_parts")


def no_progress(what: str, done: int, total: int) -> None:
    """Tell nobody."""
    del what, done, total


@dataclass(frozen=True, slots=True)
class LogEnd:
    """Where a copied log ends: schema version, last position, and the digest of the last link."""

    version: int
    position: int
    chain: str


def is_database(path: Path) -> bool:
    """Whether a file is an SQLite database."""
    with path.open("rb") as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


def copy_log(source: Path, target: Path, progress: Progress = no_progress) -> LogEnd:
    """Copy the encrypted log alone, as of one instant; projections hold words in the clear and are left out.

    The writer is not held up: it is one long read of a WAL database.

    Args:
        source: The database of a home.
        target: Must not exist.
        progress: Told the events copied so far.

    Raises:
        MissingError: There is no log.
        StorageError: The copy cannot be written, or the log not read.
        IntegrityError: The log is damaged.
    """
    if not source.exists():
        raise MissingError(f"there is no log `{source}`")
    try:
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        made = apsw.Connection(str(target), flags=flags)
        try:
            made.set_busy_timeout(5_000)
            # Nobody reads it before it is whole and synced, so it needs no journal of its own.
            made.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            made.execute("ATTACH ? AS home", (f"{source.resolve().as_uri()}?mode=ro",))
            made.execute("BEGIN")
            _copy_tables(made, progress)
            end = _end_of(made)
            made.execute("COMMIT")
        finally:
            made.close()
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise IntegrityError(f"the database `{source.name}` is damaged: {error}") from error
    except apsw.Error as error:
        raise StorageError(f"the log `{source}` cannot be copied to `{target}`: {error}") from error
    _keep_private(target)
    return end


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite file as of one instant, beside its writer.

    Raises:
        StorageError: The copy cannot be written, or the file not read.
    """
    try:
        read = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READONLY)
        made = apsw.Connection(str(target))
        try:
            read.set_busy_timeout(5_000)
            # The open read keeps the instant: without it a busy writer makes the copy begin again and again.
            read.execute("BEGIN; SELECT count(*) FROM sqlite_master").fetchall()
            with made.backup("main", read, "main") as copying:
                while not copying.done:
                    copying.step(_PAGES)
            made.execute("PRAGMA journal_mode = DELETE").fetchall()
        finally:
            made.close()
            read.close()
    except apsw.Error as error:
        raise StorageError(f"`{source}` cannot be copied to `{target}`: {error}") from error
    _keep_private(target)


def scrub_file(path: Path) -> None:
    """Leave nothing of deleted rows in an SQLite file and beside it.

    Raises:
        StorageError: It cannot be written.
    """
    try:
        made = apsw.Connection(str(path))
        try:
            made.set_busy_timeout(5_000)
            made.execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            made.close()
    except apsw.Error as error:
        raise StorageError(f"`{path}` cannot be rewritten: {error}") from error


def is_whole(path: Path) -> str:
    """What is wrong with an SQLite file, or empty; reads it all, beside its writer."""
    try:
        read = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            read.set_busy_timeout(5_000)
            (said,) = read.execute("PRAGMA quick_check(1)").fetchall()[0]
        finally:
            read.close()
    except apsw.Error as error:
        return str(error)
    return "" if said == "ok" else str(said)


def copy_file(source: Path, target: Path) -> None:
    """Copy any other file, for its owner only."""
    with source.open("rb") as read, target.open("xb") as made:
        os.fchmod(made.fileno(), 0o600)
        while piece := read.read(1 << 20):
            made.write(piece)
        made.flush()
        os.fsync(made.fileno())


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal, as `sha256sum` prints it."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _copy_tables(made: apsw.Connection, progress: Progress) -> None:
    total = _number(made, "SELECT coalesce(max(seq), 0) FROM home.events")
    for name in sorted(schema.LOG.tables):
        for (ddl,) in made.execute("SELECT sql FROM home.sqlite_master WHERE name = ?", (name,)).fetchall():
            made.execute(str(ddl))
    for first in range(0, total, _BATCH):
        for name in _BY_EVENT:
            made.execute(
                f"INSERT INTO main.{name} SELECT * FROM home.{name} WHERE seq > ? AND seq <= ?",  # noqa: S608
                (first, first + _BATCH),
            )
        progress("events", min(first + _BATCH, total), total)
    made.execute("INSERT INTO main.chain SELECT * FROM home.chain")
    made.execute("INSERT INTO main.meta SELECT * FROM home.meta WHERE name = 'log version'")


def _end_of(made: apsw.Connection) -> LogEnd:
    links = made.execute(
        "SELECT lower(hex(digest)) FROM main.chain ORDER BY first_seq DESC LIMIT 1"
    ).fetchall()
    return LogEnd(
        _number(made, "SELECT CAST(value AS INTEGER) FROM main.meta WHERE name = 'log version'"),
        _number(made, "SELECT coalesce(max(seq), 0) FROM main.events"),
        str(links[0][0]) if links else "",
    )


def _number(made: apsw.Connection, sql: str) -> int:
    (found,) = made.execute(sql).fetchall()[0]
    return int(str(found))


def _keep_private(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fchmod(stream.fileno(), 0o600)
        os.fsync(stream.fileno())
