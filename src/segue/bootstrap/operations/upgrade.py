"""Upgrade: the log's schema is led to this version; a copy of the log before stays, and can be put back."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from segue.bootstrap.engine import installed_version
from segue.bootstrap.home import Home
from segue.bootstrap.operations.places import SAFETY
from segue.core.errors import ConflictError, IntegrityError, MissingError, StorageError
from segue.core.ids import derive
from segue.core.ports import Clock
from segue.core.units import to_datetime
from segue.stores import HomeLock
from segue.stores.checking import check_log
from segue.stores.copying import copy_file, copy_log, sync_directory
from segue.stores.db import Db
from segue.stores.keys import Keys
from segue.stores.manifest import Manifest, parts_of, read_manifest, write_manifest
from segue.stores.migrations import STEPS, Step
from segue.stores.projections import are_current, bring_up, log_version, migrate_log, newer_version
from segue.stores.store import DATABASE, KEY_FILE

UPGRADE_POINTS = (
    "before_copy",
    "after_copy",
    "after_migration",
    "after_rebuild",
    "before_swap",
    "after_swap",
)
"""Where a crash test may end the process: the first four in an upgrade, the last two in a rollback."""

_SIDES = ("-wal", "-shm")
_HARMLESS = "engine_started"
_LAST_LINK = "SELECT coalesce((SELECT lower(hex(digest)) FROM chain WHERE last_seq = ?), '')"
_SINCE = "SELECT count(*) FROM events WHERE seq > ? AND type <> ?"


@dataclass(frozen=True, slots=True)
class UpgradeReport:
    """What was done.

    Attributes:
        said: The same in a sentence.
        copy: Where the copy of the log before is, if there is one.
    """

    was: int
    version: int
    said: str
    copy: str = ""


def no_hook(point: str) -> None:
    """Let every point pass."""
    del point


def upgrade(
    home: Path, clock: Clock, *, steps: Sequence[Step] = STEPS, hook: Callable[[str], None] = no_hook
) -> UpgradeReport:
    """Bring a home to this version: old or new at every moment, and new when it returns.

    Args:
        home: Nothing may run it.
        clock: Dates the copy.
        steps: Migrations; those of this version unless a test says otherwise.
        hook: Called at `UPGRADE_POINTS`.

    Raises:
        MissingError: This is no home, or it never ran.
        LockedError: A process runs it.
        IntegrityError: It is of a newer version, or damaged.
        StorageError: There is no room for the copy.
    """
    with _opened(home) as (db, keys):
        was = log_version(db)
        if was > len(steps):
            raise IntegrityError(newer_version(was))
        if was == len(steps) and are_current(db):
            return UpgradeReport(was, was, f"nothing to do: the log is of version {was}")
        copy = home / SAFETY
        if was < len(steps):
            hook("before_copy")
            _keep_copy(home, copy, clock)
            hook("after_copy")
            migrate_log(db, steps)
            hook("after_migration")
        bring_up(db, keys)
        hook("after_rebuild")
    check_log(home / DATABASE, home / KEY_FILE, Home(home).master_key())
    if was == len(steps):
        return UpgradeReport(was, was, "the tables were made anew from the log, which stays as it is")
    said = f"the log went from version {was} to {len(steps)}; a copy of it before is in {copy}"
    return UpgradeReport(was, len(steps), said, str(copy))


def roll_back(home: Path, *, hook: Callable[[str], None] = no_hook) -> UpgradeReport:
    """Put back the log as it was before the last upgrade; keys stay, so who was erased since stays erased.

    Raises:
        MissingError: No copy of a log before an upgrade is there.
        LockedError: A process runs the home.
        ConflictError: The log has grown since: going back would lose what was acknowledged.
        IntegrityError: The copy is damaged, or of another log.
    """
    copy = home / SAFETY
    with _opened(home) as (db, _):
        if not copy.is_dir():
            raise MissingError(f"there is nothing to roll back to: `{copy}` is not there")
        manifest = read_manifest(copy, "log")
        was = log_version(db)
        if db.query(_LAST_LINK, (manifest.position,)) != (manifest.chain,):
            raise IntegrityError(f"`{copy}` is a copy of another log")
        (since,) = db.query(_SINCE, (manifest.position, _HARMLESS)) or (0,)
        if since:
            raise ConflictError(
                f"{since} events came after the upgrade and would be lost; if you must, back up the keys and "
                f"use `segue restore --from {copy} --keys-from KEYS --home NEW`, which asks before it sends"
            )
        fresh = home / f"{DATABASE}.back"
        fresh.unlink(missing_ok=True)
        copy_file(copy / DATABASE, fresh)
        db.run_text("PRAGMA wal_checkpoint(TRUNCATE)")
    with _locked(home):
        # The checkpoint left nothing in them, and the log that comes back must not meet another one's.
        for side in _SIDES:
            (home / f"{DATABASE}{side}").unlink(missing_ok=True)
        hook("before_swap")
        fresh.rename(home / DATABASE)
        sync_directory(home)
        hook("after_swap")
    said = f"the log is of version {manifest.log_version} again, as it was on {manifest.made_at}"
    return UpgradeReport(was, manifest.log_version, said, str(copy))


def _keep_copy(home: Path, copy: Path, clock: Clock) -> None:
    """Copy the encrypted log: an erasure makes it unreadable together with the log itself."""
    fresh = home / f"{SAFETY}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(mode=0o700)
        end = copy_log(home / DATABASE, fresh / DATABASE)
        made_at = to_datetime(clock.now()).isoformat()
        manifest = Manifest(
            kind="log",
            backup=derive("upgrade", str(end.position), end.chain, made_at),
            made_at=made_at,
            segue=installed_version(),
            log_version=end.version,
            position=end.position,
            chain=end.chain,
            files=parts_of(fresh),
        )
        write_manifest(fresh, manifest)
        shutil.rmtree(copy, ignore_errors=True)
        fresh.rename(copy)
        sync_directory(home)
    except OSError as error:
        raise StorageError(f"the copy before the upgrade cannot be written: {error}") from error


@contextmanager
def _opened(home: Path) -> Iterator[tuple[Db, Keys]]:
    master_key = Home(home).master_key()
    if not (home / DATABASE).is_file():
        raise MissingError(f"there is no log in `{home}` yet; it is made when Segue first runs")
    with _locked(home):
        keys = Keys(home / KEY_FILE, master_key)
        try:
            db = Db(home / DATABASE)
            try:
                yield db, keys
            finally:
                db.close()
        finally:
            keys.close()


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    lock = HomeLock(home)
    try:
        yield
    finally:
        lock.close()
