"""A file that is appended to, put aside when it is large, and opened anew when it was moved away."""

import os
from contextlib import suppress
from pathlib import Path
from threading import Lock


class RotatingFile:
    """Takes whole lines, from any thread.

    The standard library's rotating handler wants log records; this takes text and watches the name as well,
    so that `logrotate` and a rotation of its own both work.

    Args:
        path: Appended to, readable by its owner only.
        max_bytes: From this size on it is renamed to `NAME.1`; 0: never.
        keep: How many renamed files stay.
    """

    def __init__(self, path: Path, max_bytes: int, keep: int) -> None:
        self._path, self._max_bytes, self._keep = path, max_bytes, keep
        self._lock = Lock()
        self._file = self._open()

    def write(self, text: str) -> None:
        """Append; a line is never torn over two files."""
        with self._lock:
            if not self._is_there():
                self._reopen()
            elif self._max_bytes and os.fstat(self._file).st_size >= self._max_bytes:
                self._put_aside()
                self._reopen()
            left = text.encode()
            while left:
                left = left[os.write(self._file, left) :]

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def _is_there(self) -> bool:
        with suppress(FileNotFoundError):
            return os.path.samestat(self._path.stat(), os.fstat(self._file))
        return False

    def _put_aside(self) -> None:
        for number in range(self._keep, 1, -1):
            with suppress(FileNotFoundError):
                self._aside(number - 1).rename(self._aside(number))
        if self._keep:
            self._path.rename(self._aside(1))
        else:
            self._path.unlink()

    def _aside(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _reopen(self) -> None:
        os.close(self._file)
        self._file = self._open()

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
