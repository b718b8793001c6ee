"""A disk that records what SQLite does to it, can be told to fail, and can be played back up to a power loss.

The model of a power loss: what was written to a file since that file's last sync may be there or not, sector
by sector. Names of files made or deleted since any last sync may be there or not, as on a journalling file
system. Shared memory passes through to the system's disk: it does not outlive a power loss.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Literal

import apsw

SECTOR = 4_096

Action = Literal["found", "open", "write", "truncate", "sync", "delete"]
Mode = Literal["kept", "dropped", "torn"]
"""What becomes of un-synced writes: all kept (as when only the process ends), all lost, or each as drawn."""


@dataclass(frozen=True, slots=True)
class Op:
    """One thing done to one file.

    Attributes:
        file: Its name without the directory.
        offset: Where `data` was written, or the length it was cut to.
        data: What was written; of `found`, what the file held before.
    """

    action: Action
    file: str
    offset: int = 0
    data: bytes = b""


@dataclass(slots=True)
class _Failing:
    """From the `nth` matching operation on, so many fail; None: until healed."""

    error: type[apsw.Error]
    on: Action
    nth: int
    times: int | None
    ending: str

    def hits(self, action: Action, file: str) -> bool:
        if action != self.on or not file.endswith(self.ending) or self.times == 0:
            return False
        self.nth -= 1
        if self.nth > 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Recording(apsw.VFS):
    """A VFS over the system's own; registered under `name` while it lives.

    Attributes:
        ops: Everything done so far. Its length is the position to note when something is acknowledged.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.ops: list[Op] = []
        self._known: set[str] = set()
        self._failing: _Failing | None = None
        super().__init__(name, "")

    @property
    def position(self) -> int:
        """How many operations there were."""
        return len(self.ops)

    def cuts(self) -> list[int]:
        """List where the power may fail: just before and just after each sync, and at the end."""
        syncs = [place for place, op in enumerate(self.ops) if op.action == "sync"]
        return sorted({*syncs, *(place + 1 for place in syncs), self.position})

    def fail(
        self,
        error: type[apsw.Error],
        on: Action = "write",
        *,
        nth: int = 1,
        times: int | None = None,
        ending: str = "",
    ) -> None:
        """Fail from the `nth` such operation on.

        Args:
            error: `apsw.FullError` or `apsw.IOError`.
            on: Which operation.
            nth: 1 is the next one.
            times: How many fail; None: until healed.
            ending: Only for files whose name ends so.
        """
        self._failing = _Failing(error, on, nth, times, ending)

    def heal(self) -> None:
        """Work again."""
        self._failing = None

    def note(self, action: Action, file: str, offset: int = 0, data: bytes = b"") -> None:
        """Record an operation, or fail it."""
        if self._failing is not None and self._failing.hits(action, file):
            raise self._failing.error("told to fail")
        self.ops.append(Op(action, file, offset, data))

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 - SQLite's name
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None:  # a temporary file of SQLite's own
            return super().xOpen(name, flags)
        file = Path(path)
        if file.name not in self._known:
            self._known.add(file.name)
            if file.exists():
                self.ops.append(Op("found", file.name, 0, file.read_bytes()))
        opened = RecordedFile(self, file.name, name, flags)
        self.ops.append(Op("open", file.name))
        return opened

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802, FBT001 - SQLite's signature
        self.note("delete", Path(filename).name)
        super().xDelete(filename, syncdir)


class RecordedFile(apsw.VFSFile):
    """A file on the recording disk. Syncs are noted and not carried out: the tests' own machine stays up."""

    def __init__(self, disk: Recording, file: str, name: Any, flags: list[int]) -> None:
        self._disk, self._file = disk, file
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.note("write", self._file, offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.note("truncate", self._file, newsize)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.note("sync", self._file)


@contextmanager
def recording(name: str = "recording-disk") -> Iterator[Recording]:
    """Register a recording disk for a block; close every connection before it ends."""
    disk = Recording(name)
    try:
        yield disk
    finally:
        disk.unregister()


@dataclass(slots=True)
class _File:
    """A file as it is on the platter, and what was done to it since its last sync."""

    safe: bytearray = field(default_factory=bytearray)
    loose: list[Op] = field(default_factory=list)

    def sync(self) -> None:
        for op in self.loose:
            _apply(self.safe, op)
        self.loose.clear()


def replay_until(ops: Sequence[Op], cut: int, mode: Mode, directory: Path, *, seed: int = 0) -> None:
    """Build a directory as the power loss after `ops[:cut]` leaves it.

    Args:
        ops: Of a recording that began with its directory.
        cut: How many of them came before the power loss.
        mode: See `Mode`.
        directory: Empty, existing.
        seed: With `cut`, what `torn` is drawn from.
    """
    names, safe_names = _played(ops[:cut])
    drawn = Random(f"{seed}:{cut}")  # noqa: S311 - a seeded fault, not a secret
    for name in sorted(names.keys() | safe_names.keys()):
        new = mode == "kept" or (mode == "torn" and drawn.random() < 0.5)
        file = (names if new else safe_names).get(name)
        if file is not None:
            (directory / name).write_bytes(_surviving(file, mode, drawn))


def _played(ops: Sequence[Op]) -> tuple[dict[str, _File], dict[str, _File]]:
    """The directory as the process saw it, and as it is on the platter."""
    names: dict[str, _File] = {}
    safe_names: dict[str, _File] = {}
    for op in ops:
        match op.action:
            case "found":
                names[op.file] = safe_names[op.file] = _File(bytearray(op.data))
            case "open":
                names.setdefault(op.file, _File())
            case "delete":
                names.pop(op.file, None)
            case "sync":
                names[op.file].sync()
                safe_names = dict(names)
            case _:
                names[op.file].loose.append(op)
    return names, safe_names


def _surviving(file: _File, mode: Mode, drawn: Random) -> bytes:
    content = bytearray(file.safe)
    for op in file.loose if mode != "dropped" else ():
        for piece in _torn(op, drawn) if mode == "torn" else (op,):
            _apply(content, piece)
    return bytes(content)


def _torn(op: Op, drawn: Random) -> Iterator[Op]:
    """What reaches the platter of one operation: each sector whole, half or not at all."""
    if op.action == "truncate":
        yield from (op,) if drawn.random() < 0.5 else ()
        return
    start, end = op.offset, op.offset + len(op.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        length = drawn.choice((stop - start, (stop - start) // 2, 0))
        if length:
            yield Op("write", op.file, start, op.data[start - op.offset : start - op.offset + length])
        start = stop


def _apply(content: bytearray, op: Op) -> None:
    if op.action == "truncate":
        del content[op.offset :]
    elif len(content) < op.offset:
        content.extend(bytes(op.offset - len(content)))
    if op.action == "write":
        content[op.offset : op.offset + len(op.data)] = op.data
