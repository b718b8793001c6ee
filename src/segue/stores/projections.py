"""Projections as a whole: made, dropped and folded again, hashed, scrubbed."""

from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from segue.core.errors import BusyError, IntegrityError, StorageError
from segue.core.ids import IdKey
from segue.core.records.events import Erased, Expired
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold import Folding, fold
from segue.stores.keys import Keys
from segue.stores.log import Log
from segue.stores.vectors import prune
from segue.stores.version import LOG_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from segue.stores.migrations import Step

_LOG_VERSION = "log version"
_SCHEMA_HASH = "projection schema"
_ERASING, _EXPIRING = "erasing", "expiring"


def prepare(db: Db, keys: Keys, *, migrate: bool = False) -> None:
    """Bring a file to this version: make or migrate the log, and rebuild projections of another schema.

    Raises:
        BusyError: The log is of an older version, and `migrate` was not given.
        IntegrityError: The log is of a newer version.
    """
    tables = {str(row[0]) for row in db.run_text("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "meta" not in tables:
        db.begin()
        for ddl in (*schema.create(schema.LOG), *schema.kept_ddl(), *schema.projection_ddl()):
            db.run_text(ddl)
        _set(db, _LOG_VERSION, str(LOG_VERSION))
        _set(db, _SCHEMA_HASH, schema.projection_schema_hash())
        db.run_text("COMMIT")
        return
    _check_version(db, migrate=migrate)
    bring_up(db, keys)


def bring_up(db: Db, keys: Keys) -> None:
    """Rebuild projections that another version made, and finish an erasure that a crash cut off."""
    mark, log = _get(db, _SCHEMA_HASH), Log(db, keys, lambda _effect_id: "")
    log.verify_end()
    if mark == _ERASING:
        newest = log.read(log.position())
        if isinstance(newest, Erased):
            finish_erasing(db, log, keys, newest)
    elif mark == _EXPIRING:
        finish_expiring(db, log, keys)
    elif mark != schema.projection_schema_hash():
        rebuild(db, log, keys.ids)


def are_current(db: Db) -> bool:
    """Whether the projections of a file are those of this version."""
    return _get(db, _SCHEMA_HASH) == schema.projection_schema_hash()


def log_version(db: Db) -> int:
    """Version of a log's schema.

    Raises:
        IntegrityError: The file does not tell.
    """
    version = _get(db, _LOG_VERSION)
    if not version.isdigit():
        raise IntegrityError("the database `segue.db` is damaged: it does not tell the version of its log")
    return int(version)


def migrate_log(db: Db, steps: "Sequence[Step]") -> None:
    """Lead a log to the newest version, in one transaction."""
    from segue.stores.migrations import upgrade_sql  # noqa: PLC0415 - Alembic loads only when it has work

    db.begin()
    try:
        for sql in upgrade_sql(log_version(db), steps):
            db.run_text(sql)
        _set(db, _LOG_VERSION, str(len(steps)))
        db.run_text("COMMIT")
    except BaseException:
        db.rollback()
        raise


def _check_version(db: Db, *, migrate: bool) -> None:
    version = log_version(db)
    if version > LOG_VERSION:
        raise IntegrityError(newer_version(version))
    if version < LOG_VERSION:
        if not migrate:
            raise BusyError(
                f"this home was written by an older version of segue (log version {version}); "
                "bring it up to date with `segue upgrade`"
            )
        from segue.stores.migrations import STEPS  # noqa: PLC0415 - Alembic loads only when it has work

        migrate_log(db, STEPS)


def newer_version(version: int) -> str:
    """What is said of a home that this code cannot read."""
    return (
        f"this home was written by a newer version of segue (log version {version}, here {LOG_VERSION}); "
        "install that version, or roll the home back with it"
    )


def begin_erasing(db: Db) -> None:
    """Mark, in the commit of an `Erased` event, that the files still hold what it names."""
    _set(db, _SCHEMA_HASH, _ERASING)


def finish_erasing(db: Db, log: Log, keys: Keys, event: Erased) -> None:
    """Delete keys, rebuild and scrub; begun again at the next opening if it does not come to its end.

    Raises:
        StorageError: A reader in another process keeps old pages in use.
    """
    subjects = [f"profile:{profile_id}" for profile_id in event.profile_ids]
    keys.erase(subjects, [(key, event.at) for key in event.suppressed], event.at)
    rebuild(db, log, keys.ids, mark=_ERASING)
    scrub(db)
    _set(db, _SCHEMA_HASH, schema.projection_schema_hash())


def begin_expiring(db: Db) -> None:
    """Mark, in the commit of an `Expired` event, that projections and files still hold the words."""
    _set(db, _SCHEMA_HASH, _EXPIRING)


def finish_expiring(db: Db, log: Log, keys: Keys) -> None:
    """Rebuild and scrub; begun again at the next opening if it does not come to its end.

    Raises:
        StorageError: A reader in another process keeps old pages in use.
    """
    newest = next((row.event for row in log.newest() if isinstance(row.event, Expired)), None)
    if newest is not None:
        keys.expire(newest.before)
    rebuild(db, log, keys.ids, mark=_EXPIRING)
    scrub(db)
    _set(db, _SCHEMA_HASH, schema.projection_schema_hash())


def rebuild(db: Db, log: Log, ids: IdKey, *, mark: str = "") -> None:
    """Drop every projection and fold the log again, in one transaction."""
    db.begin()
    try:
        stored = db.run_text(
            "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') "
            "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'"
        )
        keep = {*schema.LOG.tables, *schema.KEPT.tables}
        for kind, name in stored:
            if name not in keep:
                db.run_text(f"DROP {kind} {name}")
        there = {str(name) for _, name in stored}
        missing = () if there >= set(schema.KEPT.tables) else schema.kept_ddl()
        for ddl in (*missing, *schema.projection_ddl()):
            db.run_text(ddl)
        folding = Folding(db, ids)
        for row in log.walk():
            if row.event is not None:
                fold(folding, row.seq, row.event)
        prune(db)
        _set(db, _SCHEMA_HASH, mark or schema.projection_schema_hash())
        db.run_text("COMMIT")
    except BaseException:
        db.rollback()
        raise


def projection_hash(db: Db) -> str:
    """Hash over every projection row in primary key order; the word index follows from the messages.

    A table that is missing counts as one without rows.
    """
    there = {str(row[0]) for row in db.run_text("SELECT name FROM sqlite_master WHERE type = 'table'")}
    whole = blake2b(digest_size=32)
    for table in sorted(schema.PROJECTIONS.tables.values(), key=lambda table: table.name):
        if table.name not in there:
            continue
        whole.update(table.name.encode())
        order = ", ".join(column.name for column in table.primary_key)
        for row in db.walk_text(f"SELECT * FROM {table.name} ORDER BY {order}"):  # noqa: S608 - own names
            whole.update(msgspec.json.encode(row))
    return whole.hexdigest()


def scrub(db: Db) -> None:
    """Leave nothing of dropped rows in the files: pages are rewritten and the WAL is cut to nothing."""
    db.run_text("INSERT INTO search (search) VALUES ('optimize')")
    db.run_text("VACUUM")
    ((busy, *_),) = db.run_text("PRAGMA wal_checkpoint(TRUNCATE)") or ((0,),)
    if busy:
        raise StorageError("a reader keeps old pages in use; end it and open the home again")


def _get(db: Db, name: str) -> str:
    rows = db.run_text(f"SELECT value FROM meta WHERE name = '{name}'")  # noqa: S608 - own names
    return str(rows[0][0]) if rows else ""


def _set(db: Db, name: str, value: str) -> None:
    db.run_text(f"INSERT OR REPLACE INTO meta (name, value) VALUES ('{name}', '{value}')")  # noqa: S608 - own values
