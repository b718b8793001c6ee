"""A home directory: one tenant's database, keys, lock and master key."""

import os
from pathlib import Path

from segue.core.errors import InputError, IntegrityError, MissingError
from segue.core.ids import IdKey
from segue.stores import crypto
from segue.stores.keys import Keys
from segue.stores.store import DATABASE, KEY_FILE

MASTER_KEY_FILE = "master.key"


def is_home(directory: Path) -> bool:
    """Whether a directory is a home, also one whose master key or data keys are gone."""
    return any((directory / name).is_file() for name in (MASTER_KEY_FILE, KEY_FILE, DATABASE))


def create_home(directory: Path, *, ids: IdKey | None = None, master_key: bytes | None = None) -> None:
    """Make a home: its directory, master key file (readable by its owner only) and id key.

    Args:
        directory: Made if missing.
        ids: The id key; drawn if not given. Demo and tests give one.
        master_key: 32 bytes; drawn if not given.

    Raises:
        InputError: There is a home already, or none can be made there.
    """
    path = directory / MASTER_KEY_FILE
    secret = master_key or crypto.new_key()
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_master_key(directory, secret)
    except FileExistsError as error:
        is_home = path.exists()
        raise InputError(f"`{directory}` is {'a home already' if is_home else 'no directory'}") from error
    except OSError as error:
        raise InputError(f"no home can be made in `{directory}`: {error.strerror}") from error
    Keys(directory / KEY_FILE, secret, ids=ids).close()
    folder = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_master_key(directory: Path, secret: bytes) -> None:
    """Write the master key file, readable by its owner only.

    Raises:
        FileExistsError: There is one.
        OSError: It cannot be written.
    """
    file = os.open(directory / MASTER_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "w") as stream:
        stream.write(secret.hex() + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def read_master_key(directory: Path) -> bytes:
    """The master key of a home.

    Raises:
        MissingError: There is no home in `directory`.
        IntegrityError: There is one, but its master key is gone.
        InputError: The file cannot be read, or does not hold 64 hexadecimal digits.
    """
    try:
        return read_key_file(directory / MASTER_KEY_FILE)
    except MissingError as error:
        if is_home(directory):
            raise IntegrityError(
                f"the master key `{MASTER_KEY_FILE}` of `{directory}` is gone; put it back, "
                "nothing can be read without it"
            ) from error
        raise MissingError(f"there is no home in `{directory}`; make one with `segue init`") from error


def read_key_file(path: Path) -> bytes:
    """A master key from a file of its own.

    Raises:
        MissingError: There is no such file.
        InputError: The file cannot be read, or does not hold 64 hexadecimal digits.
    """
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingError(f"there is no master key `{path}`") from error
    except OSError as error:
        raise InputError(f"the master key `{path}` cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"`{path}` does not hold hexadecimal digits") from error
    if len(key) != crypto.KEY_BYTES:
        raise InputError(f"`{path}` holds {len(key)} bytes, not {crypto.KEY_BYTES}")
    return key
