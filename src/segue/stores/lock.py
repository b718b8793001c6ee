"""The exclusive lock of a home: one writing process per tenant; readers do not take it."""

import fcntl
import os
from pathlib import Path

from segue.core.errors import LockedError

LOCK_FILE = "lock"


def holder_of(directory: Path) -> int | None:
    """The process that runs a home, or None; a number left by a process that ended does not count."""
    try:
        file = os.open(directory / LOCK_FILE, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.read(file, 32).decode(errors="replace").strip()
        return int(text) if text.isdecimal() else 0
    finally:
        os.close(file)
    return None


class HomeLock:
    """Holds `lock` in a home directory until closed; the system lets go of it when the process ends.

    Raises:
        LockedError: Another process, or another store of this one, holds it.
    """

    def __init__(self, directory: Path) -> None:
        path = directory / LOCK_FILE
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._file, 32).decode(errors="replace").strip()
            os.close(self._file)
            by = f" by process {holder}" if holder else ""
            raise LockedError(f"home `{directory}` is in use{by}; stop it, or use its server") from error
        os.truncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def close(self) -> None:
        """Let go."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
