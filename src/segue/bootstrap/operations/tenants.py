"""Tenants: homes below one directory, made by name, and deleted keys first."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from segue.bootstrap.home import Home, create_home
from segue.core.errors import InputError, MissingError, SegueError, StorageError
from segue.stores import MASTER_KEY_FILE, HomeLock, holder_of, is_home, read_master_key
from segue.stores.copying import sync_directory
from segue.stores.store import KEY_FILE

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_KEYS = (KEY_FILE, f"{KEY_FILE}-wal", f"{KEY_FILE}-shm", MASTER_KEY_FILE)
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class TenantInfo:
    """A tenant.

    Attributes:
        run_by: The process that runs it, if one does.
        problem: What keeps it from being run, such as a master key that is gone, or empty.
    """

    name: str
    home: str
    run_by: int | None
    problem: str = ""


def create_tenant(tenants: Path, name: str, *, library: str | Path = "saas") -> Home:
    """Make a tenant.

    Args:
        tenants: Directory whose children are homes; made if missing.
        name: 1 to 40 small letters, digits and inner hyphens: it stands in addresses and keys.
        library: Bundled playbook, or a directory to copy.

    Raises:
        InputError: The name will not do, or is taken.
        MissingError: There is no such library.
    """
    _check_name(name)
    if os.path.lexists(tenants / name):
        raise InputError(f"there is a tenant `{name}` already")
    return create_home(tenants / name, library=library, tenant=name)


def list_tenants(tenants: Path) -> list[TenantInfo]:
    """The tenants, by name.

    Raises:
        MissingError: There is no such directory.
    """
    if not tenants.is_dir():
        raise MissingError(f"there is no directory `{tenants}`; `segue tenant create NAME` makes it")
    return [
        TenantInfo(path.name, str(path), holder_of(path), _problem(path))
        for path in sorted(tenants.iterdir())
        if is_home(path)
    ]


def delete_tenant(tenants: Path, name: str, *, yes: str) -> None:
    """Delete a tenant: keys first, so that no copy of its log can be read again, then all its files.

    Begun again, it finishes what a crash cut off.

    Raises:
        InputError: `yes` is not the name.
        MissingError: There is no such tenant.
        LockedError: A process runs it.
        StorageError: Something cannot be removed.
    """
    _check_name(name)
    home = tenants / name
    if home.is_symlink() or not is_home(home):
        raise MissingError(f"there is no tenant `{name}` in `{tenants}`")
    if yes != name:
        raise InputError(f"there is no way back; say `--yes {name}` to delete `{name}` with all its people")
    lock = HomeLock(home)
    try:
        for file in _KEYS:
            _shred(home / file)
        sync_directory(home)
        shutil.rmtree(home)
        sync_directory(tenants)
    except OSError as error:
        raise StorageError(f"`{home}` cannot be removed: {error}") from error
    finally:
        lock.close()


def _problem(home: Path) -> str:
    try:
        _check_name(home.name)
        read_master_key(home)
    except SegueError as error:
        return str(error)
    return ""


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(
            f"`{name[:60]}` will not do as a name; use up to 40 small letters, digits, hyphens: `acme-eu`"
        )


def _shred(path: Path) -> None:
    """Overwrite and remove; a disk may keep old blocks, so the master key goes too: each is nothing alone."""
    if not path.is_file():
        return
    with path.open("r+b", buffering=0) as stream:
        left = path.stat().st_size
        while left > 0:
            left -= stream.write(bytes(min(left, _BLOCK)))
        os.fsync(stream.fileno())
    path.unlink()
