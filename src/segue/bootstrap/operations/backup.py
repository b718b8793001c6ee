"""Backup beside the running writer: the encrypted log to one place, what opens it to a second one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from segue.bootstrap.engine import installed_version
from segue.bootstrap.home import Home
from segue.bootstrap.operations.places import AHEAD, CLEAR, check_apart, fresh_directory, settings_of
from segue.core.errors import StorageError
from segue.core.ids import derive
from segue.core.ports import Clock
from segue.core.units import to_datetime
from segue.stores.checking import check_log
from segue.stores.copying import (
    LogEnd,
    Progress,
    copy_database,
    copy_file,
    copy_log,
    is_database,
    no_progress,
)
from segue.stores.manifest import Manifest, parts_of, write_manifest
from segue.stores.store import DATABASE, KEY_FILE

SETTINGS = "home"
"""Folder beside the wrapped keys that holds playbook, connector files and the doors' memory."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was backed up.

    Attributes:
        backup: Its id, the same in both places.
        position: Last position in the log; all that was acknowledged before it is in the backup.
        in_the_clear: Files beside the keys whose words, names and addresses can be read as they are.
        same_disk: Whether both places are on one file system, which loses them together.
    """

    backup: str
    position: int
    made_at: str
    log_bytes: int
    keys_bytes: int
    settings: int
    in_the_clear: tuple[str, ...]
    same_disk: bool


def backup(
    home: Path, to: Path, keys_to: Path, clock: Clock, progress: Progress = no_progress
) -> BackupReport:
    """Back a home up, whether it runs or not; whoever writes to it does not wait.

    The master key is in neither place: whoever holds both still cannot read a word of log, keys and tables.
    The chat's lines and what the sandbox company was told lie beside the keys in the clear, as in the home.

    Args:
        home: The home.
        to: New or empty directory for the encrypted log.
        keys_to: New or empty directory for wrapped keys, tombstones and settings.
        clock: Names the backup.
        progress: Told how far it is.

    Raises:
        MissingError: This is no home, or it never ran.
        InputError: The places are one, nested, or not empty.
        StorageError: A place cannot be written to, or the home not read.
        IntegrityError: The log is damaged; nothing that calls itself a backup was left.
    """
    master_key = Home(home).master_key()
    check_apart(to=to, keys_to=keys_to, home=home)
    fresh_directory(to)
    fresh_directory(keys_to)
    try:
        return _backup(home, to, keys_to, clock, progress, master_key)
    except OSError as error:
        raise StorageError(f"the backup cannot be written: {error}") from error


def _backup(
    home: Path, to: Path, keys_to: Path, clock: Clock, progress: Progress, master_key: bytes
) -> BackupReport:
    # INVARIANT: what is ahead of the log there must not be ahead of it here. How far a mailbox was read, and
    # consent that waits to be accepted, are copied before the log; what is told twice then is a duplicate.
    files = list(settings_of(home))
    early = [path for path in files if path.parent == home and path.name in AHEAD]
    _copy_settings(home, keys_to / SETTINGS, early, progress)
    # INVARIANT: the log before the keys. A key is durable before the event that it seals, so keys that are
    # copied later hold every key of it; copied before, they would lack those of whoever came in between.
    end = copy_log(home / DATABASE, to / DATABASE, progress)
    progress("keys", 0, 1)
    copy_database(home / KEY_FILE, keys_to / KEY_FILE)
    progress("keys", 1, 1)
    late = [path for path in files if path not in early]
    _copy_settings(home, keys_to / SETTINGS, late, progress)
    progress("chain", 0, 1)
    check_log(to / DATABASE, keys_to / KEY_FILE, master_key)
    progress("chain", 1, 1)
    made_at = to_datetime(clock.now()).isoformat()
    manifest = _manifest(end, made_at)
    halves = [
        (place, Manifest(**manifest, kind=kind, files=parts_of(place)))  # type: ignore[arg-type]
        for place, kind in ((keys_to, "keys"), (to, "log"))
    ]
    for place, half in halves:
        write_manifest(place, half)
    keys_bytes, log_bytes = (sum(part.bytes for part in half.files) for _, half in halves)
    return BackupReport(
        backup=str(manifest["backup"]),
        position=end.position,
        made_at=made_at,
        log_bytes=log_bytes,
        keys_bytes=keys_bytes,
        settings=len(files),
        in_the_clear=tuple(path.name for path in files if path.parent == home and path.name in CLEAR),
        same_disk=to.stat().st_dev == keys_to.stat().st_dev,
    )


def _copy_settings(home: Path, place: Path, files: Sequence[Path], progress: Progress) -> None:
    for number, path in enumerate(files, start=1):
        target = place / path.relative_to(home)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (copy_database if is_database(path) else copy_file)(path, target)
        progress("settings", number, len(files))


def _manifest(end: LogEnd, made_at: str) -> dict[str, str | int]:
    return {
        "backup": derive("backup", str(end.position), end.chain, made_at),
        "made_at": made_at,
        "segue": installed_version(),
        "log_version": end.version,
        "position": end.position,
        "chain": end.chain,
    }
