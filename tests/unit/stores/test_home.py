"""A home holds its keys for its owner only, and the log's schema has one way to be made."""

import stat
from pathlib import Path

import apsw
import pytest

from segue.core.errors import InputError, LockedError, MissingError
from segue.stores import HomeLock, SqliteStore, create_home, read_master_key, schema
from segue.stores.migrations import STEPS, upgrade_sql
from segue.stores.version import LOG_VERSION
from tests.contract.store_builders import IDS


def test_a_home_keeps_its_master_key_for_its_owner_only(tmp_path: Path) -> None:
    create_home(tmp_path / "home", ids=IDS)

    store = SqliteStore.open(tmp_path / "home", master_key=read_master_key(tmp_path / "home"))

    assert store.ids == IDS
    assert stat.S_IMODE((tmp_path / "home" / "master.key").stat().st_mode) == 0o600
    store.close()


def test_a_home_is_made_once(tmp_path: Path) -> None:
    create_home(tmp_path)

    with pytest.raises(InputError, match="is a home already"):
        create_home(tmp_path)


def test_a_missing_home_and_a_bad_key_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="make one with `segue init`"):
        read_master_key(tmp_path)
    (tmp_path / "master.key").write_text("xyz")
    with pytest.raises(InputError, match="hexadecimal"):
        read_master_key(tmp_path)
    with pytest.raises(MissingError, match="there is no store"):
        SqliteStore.open_read_only(tmp_path, master_key=bytes(32))


def test_a_lock_let_go_can_be_taken_again(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path)
    with pytest.raises(LockedError, match="in use by process"):
        HomeLock(tmp_path)

    lock.close()

    HomeLock(tmp_path).close()


def test_migrating_from_nothing_gives_the_schema_of_a_fresh_log() -> None:
    fresh, migrated = apsw.Connection(":memory:"), apsw.Connection(":memory:")

    for sql in schema.create(schema.LOG):
        fresh.execute(sql)
    for sql in upgrade_sql(0):
        migrated.execute(sql)

    assert len(STEPS) == LOG_VERSION
    assert shape(migrated) == shape(fresh)


def shape(database: apsw.Connection) -> list[tuple[object, ...]]:
    tables = database.execute(
        "SELECT name, wr FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [
        (name, without_rowid, *database.execute("SELECT * FROM pragma_table_info(?)", (name,)).fetchall())
        for name, without_rowid in tables.fetchall()
    ]
