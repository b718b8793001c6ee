"""The recording disk on plain tables: what a power loss takes, and what it must not."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import apsw
import pytest

from tests.crash.vfs import Mode, Op, Recording, recording, replay_until

ROWS = 12


@pytest.fixture
def disk() -> Iterator[Recording]:
    with recording("disk-under-test") as made:
        yield made


def opened(path: Path, synchronous: str, vfs: str | None = None) -> apsw.Connection:
    connection = apsw.Connection(str(path / "t.db"), vfs=vfs)
    connection.pragma("journal_mode", "WAL")
    connection.pragma("synchronous", synchronous)
    connection.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, word TEXT)")
    return connection


def insert(connection: apsw.Connection, number: int) -> None:
    connection.execute("INSERT INTO t VALUES (?, ?)", (number, str(number) * 3_000))


def insert_all(connection: apsw.Connection, numbers: Iterable[int]) -> None:
    for number in numbers:
        insert(connection, number)


def acknowledged(path: Path, disk: Recording, synchronous: str) -> list[int]:
    """Commit rows with a checkpoint half-way; gives the position at which each was acknowledged."""
    connection = opened(path, synchronous, disk.name)
    positions = []
    for number in range(ROWS):
        insert(connection, number)
        positions.append(disk.position)
        if number == ROWS // 2:
            connection.pragma("wal_checkpoint(RESTART)")
    connection.close()
    return positions


def survivors(directory: Path) -> list[int]:
    connection = apsw.Connection(str(directory / "t.db"))
    assert connection.pragma("integrity_check") == "ok"
    exists = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 't'").get
    found = [row[0] for row in connection.execute("SELECT n FROM t ORDER BY n")] if exists else []
    connection.close()
    return found


def lost_at(
    disk: Recording, positions: list[int], cut: int, mode: Mode, directory: Path, seed: int = 0
) -> list[int]:
    """Rows that had been acknowledged by the cut and are not there after it."""
    directory.mkdir()
    replay_until(disk.ops, cut, mode, directory, seed=seed)
    found = survivors(directory)
    return [number for number, position in enumerate(positions) if position <= cut and number not in found]


@pytest.mark.parametrize(("mode", "seeds"), [("dropped", 1), ("torn", 4), ("kept", 1)])
def test_a_full_sync_loses_nothing_at_any_cut(
    tmp_path: Path, disk: Recording, mode: Mode, seeds: int
) -> None:
    positions = acknowledged(tmp_path, disk, "FULL")

    lost = [
        lost_at(disk, positions, cut, mode, tmp_path / f"{cut}-{seed}", seed)
        for cut in disk.cuts()
        for seed in range(seeds)
    ]

    assert len(lost) > 2 * ROWS
    assert not any(lost)


@pytest.mark.parametrize("mode", ["dropped", "torn"])
def test_without_syncs_acknowledged_rows_are_lost(tmp_path: Path, disk: Recording, mode: Mode) -> None:
    connection = opened(tmp_path, "OFF", disk.name)
    positions = []
    for number in range(ROWS):
        insert(connection, number)
        positions.append(disk.position)
    end = disk.position
    connection.close()
    (tmp_path / "after").mkdir()
    replay_until(disk.ops, end, mode, tmp_path / "after")

    found = _rows_if_readable(tmp_path / "after")

    assert positions[-1] <= end
    assert found != list(range(ROWS))


def _rows_if_readable(directory: Path) -> list[int]:
    """Without syncs even the file itself may be gone or damaged."""
    try:
        return survivors(directory)
    except (apsw.NotADBError, apsw.CorruptError, AssertionError):
        return []


def test_keeping_everything_is_what_the_process_wrote(tmp_path: Path, disk: Recording) -> None:
    acknowledged(tmp_path, disk, "FULL")
    (tmp_path / "after").mkdir()

    replay_until(disk.ops, disk.position, "kept", tmp_path / "after")

    assert (tmp_path / "after" / "t.db").read_bytes() == (tmp_path / "t.db").read_bytes()


def test_a_file_that_was_there_before_is_safe(tmp_path: Path, disk: Recording) -> None:
    before = opened(tmp_path, "FULL")
    insert(before, 1)
    before.close()
    connection = opened(tmp_path, "OFF", disk.name)
    insert(connection, 2)
    end = disk.position
    connection.close()
    (tmp_path / "after").mkdir()

    replay_until(disk.ops, end, "dropped", tmp_path / "after")

    assert survivors(tmp_path / "after") == [1]


def test_a_torn_write_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    ops = [Op("open", "f"), Op("sync", "f"), Op("write", "f", 100, b"x" * 40_000)]
    contents = []
    for number, seed in enumerate((1, 1, 2)):
        directory = tmp_path / str(number)
        directory.mkdir()
        replay_until(ops, len(ops), "torn", directory, seed=seed)
        contents.append((directory / "f").read_bytes())

    assert contents[0] == contents[1] != contents[2]


def test_a_name_deleted_before_a_sync_is_gone_and_one_after_it_may_return(tmp_path: Path) -> None:
    made = [Op("open", "a"), Op("sync", "a"), Op("open", "b"), Op("sync", "b")]
    ops = [*made, Op("delete", "a"), Op("sync", "b"), Op("delete", "b")]

    replay_until(ops, len(ops), "dropped", tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["b"]


@pytest.mark.parametrize(
    ("error", "on"), [(apsw.FullError, "write"), (apsw.IOError, "write"), (apsw.IOError, "sync")]
)
@pytest.mark.parametrize("nth", [1, 2])
def test_after_a_failure_the_same_connection_goes_on(
    tmp_path: Path, disk: Recording, error: type[apsw.Error], on: str, nth: int
) -> None:
    connection = opened(tmp_path, "FULL", disk.name)
    connection.execute("PRAGMA journal_size_limit = 0")
    insert(connection, 1)
    disk.fail(error, "sync" if on == "sync" else "write", nth=nth)

    with pytest.raises(error):
        insert_all(connection, range(2, 5))
    disk.heal()
    insert(connection, 9)

    found = [row[0] for row in connection.execute("SELECT n FROM t")]
    assert {1, 9} <= set(found)
    assert connection.pragma("integrity_check") == "ok"
    connection.close()


def test_a_failure_may_pass_by_itself(tmp_path: Path, disk: Recording) -> None:
    connection = opened(tmp_path, "FULL", disk.name)
    disk.fail(apsw.FullError, times=1, ending="-wal")

    with pytest.raises(apsw.FullError):
        insert(connection, 1)
    insert(connection, 1)

    assert connection.execute("SELECT count(*) FROM t").get == 1
    connection.close()


def test_a_reader_beside_the_writer_shares_the_log(tmp_path: Path, disk: Recording) -> None:
    writer = opened(tmp_path, "FULL", disk.name)
    reader = apsw.Connection(str(tmp_path / "t.db"), vfs=disk.name, flags=apsw.SQLITE_OPEN_READONLY)

    insert(writer, 1)

    assert reader.execute("SELECT n FROM t").get == 1
    reader.close()
    writer.close()
