"""An upgrade leaves the old or the new log at every point it may end at, and can be taken back."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest
from alembic.operations import Operations
from sqlalchemy import Column, Integer

import segue
from segue.bootstrap import read_home, rebuild
from segue.bootstrap.operations.doctor import examine
from segue.bootstrap.operations.upgrade import UPGRADE_POINTS, roll_back, upgrade
from segue.core.errors import BusyError, ConflictError, IntegrityError, LockedError, MissingError
from segue.stores import HomeLock, SqliteStore, read_master_key
from segue.stores.migrations import STEPS
from tests.crash.forks import CRASHED, Say, crash, forked

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
CLOCK = segue.VirtualClock(START)


def _adds_a_column(op: Operations) -> None:
    op.add_column("chain", Column("note", Integer))


NEXT = (*STEPS, _adds_a_column)
"""The migrations of a version to come."""

OLD, NEW = (1, 3), (2, 4)
"""Version, and columns of the table that the migration changes."""


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        facts = {"facts": {"name": "Ann Lee"}}
        await app.submit([segue.Signal("crm", "1", "profile.updated", ["email:ann@x.io"], START, facts)])
        await app.settle()
    return path


def version_of(home: Path) -> tuple[int, int]:
    """The version a log says it has, and how many columns its table `chain` has."""
    raw = apsw.Connection(str(home / "segue.db"))
    try:
        ((said,),) = raw.execute("SELECT value FROM meta WHERE name = 'log version'").fetchall()
        ((columns,),) = raw.execute("SELECT count(*) FROM pragma_table_info('chain')").fetchall()
        return int(str(said)), int(str(columns))
    finally:
        raw.close()


def stopping_at(point: str) -> Callable[[str], None]:
    def hook(passed: str) -> None:
        if passed == point:
            crash()

    return hook


@pytest.mark.parametrize("point", UPGRADE_POINTS[:4])
async def test_a_crash_leaves_the_old_or_the_new_log_and_another_try_ends_it(home: Path, point: str) -> None:
    def work(say: Say) -> None:
        upgrade(home, CLOCK, steps=NEXT, hook=stopping_at(point))

    assert forked(work).status == CRASHED

    assert version_of(home) in {OLD, NEW}
    assert upgrade(home, CLOCK, steps=NEXT).version == 2
    assert version_of(home) == NEW
    assert roll_back(home).version == 1
    assert rebuild(home).equal
    with read_home(home) as readings:
        assert readings.person("email:ann@x.io").facts


@pytest.mark.parametrize("point", UPGRADE_POINTS[4:])
async def test_a_crash_in_a_rollback_leaves_the_old_or_the_new_log(home: Path, point: str) -> None:
    upgrade(home, CLOCK, steps=NEXT)

    def work(say: Say) -> None:
        roll_back(home, hook=stopping_at(point))

    assert forked(work).status == CRASHED
    assert version_of(home) == (NEW if point == "before_swap" else OLD)
    roll_back(home)
    async with segue.open(home, clock=segue.VirtualClock(START)) as app:
        assert app.person("email:ann@x.io").facts


async def test_a_home_of_a_newer_version_is_refused_and_left_as_it_is(home: Path) -> None:
    upgrade(home, CLOCK, steps=NEXT)

    with pytest.raises(IntegrityError, match="newer version of segue"):
        upgrade(home, CLOCK)
    with pytest.raises(IntegrityError, match="newer version of segue"):
        SqliteStore.open(home, master_key=read_master_key(home))
    assert any(item.check == "version" and item.state == "fail" for item in examine(home, CLOCK))
    assert version_of(home) == NEW


async def test_a_home_of_an_older_version_says_what_to_do(home: Path) -> None:
    raw = apsw.Connection(str(home / "segue.db"))
    raw.execute("UPDATE meta SET value = '0' WHERE name = 'log version'")
    raw.close()

    with pytest.raises(BusyError, match="segue upgrade"):
        SqliteStore.open(home, master_key=read_master_key(home))


async def test_a_running_home_is_not_upgraded(home: Path) -> None:
    lock = HomeLock(home)

    with pytest.raises(LockedError):
        upgrade(home, CLOCK, steps=NEXT)
    with pytest.raises(LockedError):
        roll_back(home)
    lock.close()


async def test_nothing_to_do_and_nothing_to_roll_back_are_said(home: Path) -> None:
    assert "nothing to do" in upgrade(home, CLOCK).said
    with pytest.raises(MissingError, match="nothing to roll back to"):
        roll_back(home)


async def test_a_rollback_never_loses_what_was_acknowledged_since(home: Path) -> None:
    upgrade(home, CLOCK, steps=NEXT)
    raw = apsw.Connection(str(home / "segue.db"))
    raw.execute("UPDATE meta SET value = '1' WHERE name = 'log version'")
    raw.close()
    async with segue.open(home, clock=segue.VirtualClock(START)) as app:
        await app.submit([segue.Signal("web", "2", "page.viewed", ["email:ann@x.io"], START, {"path": "/"})])

    with pytest.raises(ConflictError, match="came after the upgrade"):
        roll_back(home)
