"""When the disk is full or fails: nothing is acknowledged, nothing is half done, and no restart is needed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from segue.core.errors import StorageError
from segue.stores import SqliteStore, SqliteUnit
from tests.contract.store_builders import IDS, MASTER, a_message, a_signal, a_step


class FailingDisk(apsw.VFS):
    """A file system whose writes or syncs fail while told to, for files whose name ends as told."""

    def __init__(self) -> None:
        self.error: type[apsw.Error] | None = None
        self.on = "write"
        self.ending = ""
        super().__init__("failing-disk", "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 - SQLite's name
        return FailingFile(self, name, flags)

    def check(self, name: str, action: str) -> None:
        if self.error is not None and self.on == action and self.ending in name:
            raise self.error("told to fail")


class FailingFile(apsw.VFSFile):
    """A file on the failing disk."""

    def __init__(self, disk: FailingDisk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        self._name = name.filename() if isinstance(name, apsw.URIFilename) else (name or "")
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.check(self._name, "write")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.check(self._name, "sync")
        super().xSync(flags)


@pytest.fixture
def disk() -> Iterator[FailingDisk]:
    made = FailingDisk()
    yield made
    made.unregister()


@pytest.mark.parametrize("ending", ["segue.db", "keys.db"])
@pytest.mark.parametrize(
    ("error", "on"), [(apsw.FullError, "write"), (apsw.IOError, "write"), (apsw.IOError, "sync")]
)
def test_a_failing_disk_acknowledges_nothing_and_recovers_without_restart(
    tmp_path: Path, disk: FailingDisk, error: type[apsw.Error], on: str, ending: str
) -> None:
    store = SqliteStore.open(tmp_path, master_key=MASTER, ids=IDS, vfs="failing-disk")
    with store.write() as unit:
        unit.accept(a_signal("1"))
    disk.error, disk.on, disk.ending = error, on, ending
    with pytest.raises(StorageError), store.write() as unit:
        unit.accept(a_signal("2", identifiers=("email:new@x.io",)))
    disk.error = None

    with store.read() as reader:
        waiting = [item.signal.source_id for item in reader.pending(9)]
    with store.write() as unit:
        again = unit.accept(a_signal("2", identifiers=("email:new@x.io",)))

    assert (waiting, again) == (["1"], "accepted")
    store.verify_chain()
    store.close()


def test_an_error_that_the_caller_swallows_still_undoes_the_transaction(
    tmp_path: Path, disk: FailingDisk
) -> None:
    store = SqliteStore.open(tmp_path, master_key=MASTER, ids=IDS, vfs="failing-disk")

    with pytest.raises(StorageError), store.write() as unit:
        swallow_a_full_disk(unit, disk)

    with store.read() as reader:
        assert reader.position() == 0
    store.verify_chain()
    store.close()


def swallow_a_full_disk(unit: SqliteUnit, disk: FailingDisk) -> None:
    unit.accept(a_signal("1"))
    unit._db.run_text("PRAGMA cache_size = 1")  # noqa: SLF001 - so that pages reach the disk before the commit
    disk.error = apsw.FullError
    words = tuple(a_message(a_signal("1"), f"{number} word " * 500, number) for number in range(50))
    with pytest.raises(StorageError):
        unit.record(a_step(a_signal("1"), messages=words))
    disk.error = None
    unit.accept(a_signal("2"))
