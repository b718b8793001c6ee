"""Restore: both halves of a backup become a home; what may have gone out since is asked about first."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from segue import stores
from segue.bootstrap.home import Home, pin_zones
from segue.bootstrap.operations.backup import SETTINGS
from segue.bootstrap.operations.beginning import begin_anew
from segue.bootstrap.operations.erasing import forget, traces_of
from segue.bootstrap.operations.places import check_apart
from segue.core.errors import InputError, IntegrityError, MissingError, StorageError
from segue.core.ports import Clock
from segue.core.units import Instant, to_instant
from segue.identity import normalise_all
from segue.playbook import load
from segue.runtime.restoring import mark_restored
from segue.runtime.retaining import held_by
from segue.runtime.tenant import newest_stamp
from segue.stores import SqliteStore
from segue.stores.checking import check_log
from segue.stores.copying import copy_file, sync_directory
from segue.stores.keys import Keys
from segue.stores.manifest import Manifest, read_manifest
from segue.stores.store import DATABASE, KEY_FILE


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was restored.

    Attributes:
        doubted: Effects that may have gone out since the backup; they are looked up before anything is sent.
        forgotten: Profiles whose keys were in the backup although they were erased; they are erased again.
        held: Ids of people whom newer keys hold and the settings of the backup do not; they stay held.
    """

    backup: str
    position: int
    made_at: str
    doubted: int
    forgotten: int
    held: tuple[str, ...] = ()


def restore(
    source: Path,
    keys_from: Path,
    home: Path,
    *,
    master_key: Path,
    clock: Clock,
    tombstones: Path | None = None,
) -> RestoreReport:
    """Make a home out of both halves of one backup; it appears whole or not at all.

    Args:
        source: The half with the log.
        keys_from: The half with the keys. That of a later backup will do: it knows who was erased since.
        home: New or empty directory.
        master_key: File with the master key, kept apart from both halves.
        clock: When it is restored.
        tombstones: A newer half with keys, or the lost home itself if its key file is left: whoever was
            erased by then stays erased, and whose data was held stays held.

    Raises:
        MissingError: A half is missing, or did not come to its end.
        InputError: The halves are of different homes, or the directory is not empty.
        IntegrityError: A file is damaged, or the master key is another one.
        PlaybookErrors: The playbook in the backup does not load with this version.
        StorageError: The home cannot be written.
    """
    check_apart(**{"from": source, "keys_from": keys_from, "home": home})
    logged, keyed = read_manifest(source, "log"), read_manifest(keys_from, "keys")
    _check_order(logged, keyed)
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise InputError(f"`{home}` is there already; restore to a new directory")
    secret = stores.read_key_file(master_key)
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent))
        try:
            _copy(source, keys_from, made, secret)
            report = _bring_up_to_date(made, secret, (logged, keyed), tombstones, clock)
            sync_directory(made)
            made.rename(home)
            sync_directory(home.parent)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except OSError as error:
        raise StorageError(f"`{home}` cannot be written: {error}") from error
    return report


def _check_order(logged: Manifest, keyed: Manifest) -> None:
    """Keys of the same backup or a later one: those hold every key of the log, and all erasures since."""
    if keyed.position < logged.position:
        raise InputError(
            f"the keys were backed up at position {keyed.position}, before the log at {logged.position}; "
            "take the keys of the same backup or of a later one"
        )
    if keyed.position == logged.position and keyed.chain != logged.chain:
        raise InputError("log and keys are of different homes: their chains differ")


def _copy(source: Path, keys_from: Path, made: Path, secret: bytes) -> None:
    copy_file(source / DATABASE, made / DATABASE)
    copy_file(keys_from / KEY_FILE, made / KEY_FILE)
    settings = keys_from / SETTINGS
    for path in sorted(settings.rglob("*")):
        target = made / path.relative_to(settings)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True, mode=0o700)
        elif path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            copy_file(path, target)
    stores.write_master_key(made, secret)
    check_log(made / DATABASE, made / KEY_FILE, secret)


def _bring_up_to_date(
    made: Path, secret: bytes, halves: tuple[Manifest, Manifest], tombstones: Path | None, clock: Clock
) -> RestoreReport:
    pin_zones()
    logged, keyed = halves
    load(Home(made).playbook)
    if tombstones is not None:
        _take_over(made, secret, tombstones)
    store = SqliteStore.open(made, master_key=secret, migrate=True)
    try:
        with store.read() as reader:
            if reader.position() != logged.position:
                raise IntegrityError(
                    f"the log ends at {reader.position()}, but its manifest says {logged.position}"
                )
        at = Instant(max(clock.now(), newest_stamp(store)))
        gone = store.erased_elsewhere()
        if gone:
            forget(Home(made), traces_of(store, gone.profile_ids), clock, store.ids)
            store.erase(gone.profile_ids, at, gone.suppressed)
        if cuts := {name: Instant(before) for name, before in store.expiries().items()}:
            store.expire(at, cuts, _held(store, made))
        held = _carried(store)
        with store.write() as unit:
            doubted = mark_restored(unit, at, logged.backup)
        lost_since = None if keyed.position == logged.position else _made_at(logged)
        begin_anew(Home(made), store.ids, at, lost_since)
    finally:
        store.close()
    return RestoreReport(logged.backup, logged.position, logged.made_at, doubted, len(gone.profile_ids), held)


def _held(store: SqliteStore, made: Path) -> tuple[str, ...]:
    """Subjects of everybody whose data the settings of the backup hold."""
    settings = load(Home(made).playbook).settings
    names = normalise_all(settings.retention_hold, settings.default_country or None)
    with store.read() as reader:
        return held_by(reader, store.ids, names)


def _carried(store: SqliteStore) -> tuple[str, ...]:
    """People whom only the newer keys hold."""
    profiles = [subject.removeprefix("profile:") for subject in store.carried_holds()]
    with store.read() as reader:
        return tuple(sorted({who for name in profiles if (who := reader.profile_person(name))}))


def _made_at(half: Manifest) -> Instant:
    return to_instant(datetime.fromisoformat(half.made_at))


def _take_over(made: Path, secret: bytes, tombstones: Path) -> None:
    """Tombstones and erasures that are newer than the backup."""
    if not (tombstones / KEY_FILE).is_file():
        raise MissingError(f"there is no `{KEY_FILE}` in `{tombstones}` to take tombstones from")
    newer = Keys(tombstones / KEY_FILE, secret, read_only=True)
    try:
        keys = Keys(made / KEY_FILE, secret, ids=newer.ids)
        try:
            keys.take_over(newer)
        finally:
            keys.close()
    finally:
        newer.close()
