"""The exclusive lock of a home: one writing process per tenant; readers do not take it."""

import fcntl
import os
from pathlib import Path

from segue.core.errors import LockedError


class HomeLock:
    """Holds `lock` in a home directory until closed; the system lets go of it when the process ends.

    Raises:
        LockedError: Another process, or another store of this one, holds it.
    """

    def __init__(self, directory: Path) -> None:
        path = directory / "lock"
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
