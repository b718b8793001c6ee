"""Damage done to a closed home is told in one line, and tables are made again from a log that is whole."""

from pathlib import Path

import apsw
import pytest

from segue.core.errors import IntegrityError
from segue.stores import SqliteStore, read_master_key
from tests.contract.store_builders import IDS, MASTER, a_signal


def opened(home: Path) -> SqliteStore:
    return SqliteStore.open(home, master_key=MASTER, ids=IDS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    store = opened(tmp_path)
    for number in range(5):
        with store.write() as unit:
            unit.accept(a_signal(str(number)))
    store.close()
    return tmp_path


def damaged(home: Path, sql: str) -> None:
    connection = apsw.Connection(str(home / "segue.db"))
    connection.execute(sql)
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE chain SET digest = randomblob(32) WHERE first_seq = (SELECT max(first_seq) FROM chain)",
        "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
        "DELETE FROM chain WHERE first_seq = (SELECT max(first_seq) FROM chain)",
        "UPDATE events SET at = at + 1 WHERE seq = (SELECT max(seq) FROM events)",
        "DELETE FROM meta WHERE name = 'log version'",
    ],
)
def test_a_torn_end_is_told_when_the_home_is_opened(home: Path, sql: str) -> None:
    damaged(home, sql)

    with pytest.raises(IntegrityError, match=r"hash chain breaks at its end|does not tell the version"):
        opened(home)


@pytest.mark.parametrize(
    "sql",
    ["UPDATE events SET at = at + 1 WHERE seq = 2", "DELETE FROM events WHERE seq = 2"],
)
def test_damage_in_the_middle_is_found_by_the_whole_check(home: Path, sql: str) -> None:
    damaged(home, sql)
    store = opened(home)

    with pytest.raises(IntegrityError, match="breaks at the link of events 2 to 2"):
        store.verify_chain()
    store.close()


def test_tables_that_are_gone_are_folded_again_from_the_log(home: Path) -> None:
    store = opened(home)
    before = store.projection_hash()
    store.close()
    damaged(home, "DROP TABLE signals")
    store = opened(home)
    without = store.projection_hash()

    store.rebuild()

    assert without != before
    assert store.projection_hash() == before
    store.close()


def test_a_lost_master_key_is_no_missing_home(home: Path) -> None:
    with pytest.raises(IntegrityError, match=r"the master key .* is gone; put it back"):
        read_master_key(home)
