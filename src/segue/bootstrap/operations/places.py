"""Places: which directories a backup may be written to, and what of a home belongs in it."""

import os
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from segue import stores
from segue.bootstrap.home import CHAT, EMAIL, SANDBOX, STORY
from segue.bootstrap.journal import LOG_FILE
from segue.core.errors import InputError, StorageError
from segue.stores.doors import DOORS_FILE
from segue.stores.lock import LOCK_FILE
from segue.stores.store import DATABASE, KEY_FILE

_SIDES = ("-wal", "-shm", "-journal")
SERVER_FILE = "server.json"
"""What the process that runs a home tells of itself."""

_OWN = (DATABASE, KEY_FILE, stores.MASTER_KEY_FILE, LOCK_FILE, SERVER_FILE)
AHEAD = (DOORS_FILE, EMAIL)
"""Files that say what the log knows already: in a backup they must not know more than it."""

CLEAR = (CHAT, SANDBOX, STORY)
"""Files with words, names and addresses in the clear."""

SAFETY = "before-upgrade"
"""Directory in a home that holds the copy an upgrade keeps."""


def check_apart(**places: Path) -> None:
    """Make sure that no place is, or lies in, another one.

    Raises:
        InputError: Two of them are one, or nested.
    """
    for (name, place), (other, around) in permutations(places.items(), 2):
        if place.resolve() == around.resolve():
            raise InputError(f"{_option(name)} and {_option(other)} are one place; give each its own")
        if place.resolve().is_relative_to(around.resolve()):
            raise InputError(f"{_option(name)} lies in {_option(other)}; give each its own place")


def fresh_directory(path: Path) -> None:
    """Make a directory for its owner only; an empty one will do.

    Raises:
        InputError: It holds something, or is no directory.
        StorageError: It cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = any(path.iterdir())
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"`{path}` is no directory") from error
    except OSError as error:
        raise StorageError(f"`{path}` cannot be made: {error.strerror}") from error
    if held:
        raise InputError(f"`{path}` is not empty; name a new directory for each backup, such as its date")


def settings_of(home: Path) -> Iterator[Path]:
    """Files of a home besides log, keys, master key, lock and journal: playbook, connectors, doors.

    A home inside this one is another tenant, with a backup of its own; a master key is none of them, wherever
    it lies.
    """
    for folder, names, files in os.walk(home):
        at_top = Path(folder) == home
        names[:] = sorted(name for name in names if not (at_top and name.startswith(SAFETY)))
        names[:] = [name for name in names if not _is_tenant(Path(folder) / name)]
        for name in sorted(files):
            path = Path(folder) / name
            own = name == stores.MASTER_KEY_FILE or (at_top and (name in _OWN or name.startswith(LOG_FILE)))
            if not own and not name.endswith(_SIDES) and path.is_file() and not path.is_symlink():
                yield path


def _is_tenant(folder: Path) -> bool:
    """Whether a folder holds a log or keys; a stray master key alone makes none of it."""
    return (folder / DATABASE).is_file() or (folder / KEY_FILE).is_file()


def _option(name: str) -> str:
    return f"`--{name.strip('_').replace('_', '-')}`"
