"""The power fails before and after each sync, un-synced writes are lost or torn: the same counts hold."""

import asyncio
import shutil
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import apsw
import pytest

from segue.connectors.sandbox import SandboxCompany
from segue.core.errors import SegueError
from segue.core.units import Instant, to_datetime
from segue.runtime.clock import VirtualClock
from tests.crash.house import START, House
from tests.crash.lives import Found, Told, live, look_back, open_attempts, reopened
from tests.crash.vfs import Mode, Recording, recording, replay_until
from tests.crash.workload import a_day

SEED = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """How things stood at a position of the recording."""

    position: int
    at: Instant
    round: int
    acknowledged: tuple[str, ...]
    done: int


@dataclass(slots=True)
class Life:
    """A recorded life: what the disk was told, what the outside heard, and how it ended undisturbed."""

    directory: Path
    disk: Recording
    marks: list[Mark] = field(default_factory=list)
    found: Found | None = None

    def mark_at(self, cut: int) -> Mark:
        """Give how things stood at a cut."""
        return self.marks[bisect_right(self.marks, cut, key=lambda mark: mark.position) - 1]


@pytest.fixture
def place(ram: Path) -> Iterator[Path]:
    path = ram / "power"
    path.mkdir()
    yield path
    shutil.rmtree(path)


@pytest.mark.parametrize(("mode", "seed"), [("dropped", 0), ("torn", 1)])
def test_power_loss_at_any_sync_loses_nothing_and_repeats_nothing(place: Path, mode: Mode, seed: int) -> None:
    with recording() as disk:
        life = asyncio.run(_recorded(place, disk, "FULL"))
        cuts = disk.cuts()

        wrong = {cut: problems for cut in cuts if (problems := _after_power_loss(life, cut, mode, seed))}

    assert len(cuts) > 100
    assert any(op.action == "write" and op.file == "segue.db" for op in disk.ops), "no checkpoint was cut"
    assert wrong == {}


def test_without_syncs_the_same_check_fails(place: Path) -> None:
    with recording() as disk:
        life = asyncio.run(_recorded(place, disk, "OFF"))

        wrong = [_after_power_loss(life, cut, "dropped", 0) for cut in disk.cuts()]

    assert any("is lost" in problem for problems in wrong for problem in problems)


async def _recorded(place: Path, disk: Recording, synchronous: str) -> Life:
    clock, told = VirtualClock(START), Told()
    directory = place / "home"
    directory.mkdir()
    company = SandboxCompany(place / "company.db", clock)
    life = Life(place, disk)

    def mark() -> None:
        heard = told.round, tuple(told.acknowledged)
        life.marks.append(Mark(disk.position, clock.now(), *heard, len(company.done())))

    mark()
    house = House(
        directory,
        company.connectors,
        clock,
        bold=True,
        vfs=disk.name,
        synchronous=synchronous,
        hook=lambda _: mark(),
    )
    house.store._writer.run_text("PRAGMA wal_autocheckpoint = 100")  # type: ignore[union-attr] # noqa: SLF001 - so that cuts fall into checkpoints too
    await house.start()
    await live(house, a_day(SEED), told, lambda _: mark())
    mark()
    life.found = look_back(house, company, told)
    house.close()
    company.close()
    return life


def _after_power_loss(life: Life, cut: int, mode: Mode, seed: int) -> list[str]:
    """Build what the power loss leaves, live on from there, and say what is wrong."""
    left = life.directory / "left"
    left.mkdir()
    try:
        replay_until(life.disk.ops, cut, mode, left, seed=seed)
        mark = life.mark_at(cut)
        _company_until(life.directory / "company.db", left / "company.db", mark.done)
        return asyncio.run(_lived_on(life, left, mark))
    except (SegueError, apsw.Error) as error:
        return [f"{type(error).__name__}: {error}"]
    finally:
        shutil.rmtree(left)


async def _lived_on(life: Life, left: Path, mark: Mark) -> list[str]:
    told = Told(mark.round, list(mark.acknowledged))
    house, company = reopened(left, to_datetime(mark.at))
    try:
        ambiguous = open_attempts(house)
        await house.start()
        await live(house, a_day(SEED), told, lambda _: None)
        found, undisturbed = look_back(house, company, told, ambiguous), life.found
    finally:
        house.close()
        company.close()
    assert undisturbed is not None
    same = Counter(found.decisions) == Counter(undisturbed.decisions)
    return found.wrong + ([] if same else ["other decisions fell"])


def _company_until(whole: Path, path: Path, done: int) -> None:
    """Copy the company's memory as it was when it had done so many things; it had no power loss."""
    shutil.copy(whole, path)
    memory = apsw.Connection(str(path))
    memory.execute("DELETE FROM done WHERE n > ?", (done,))
    memory.close()
