"""The disk fills up or fails within a day: nothing is acknowledged then, and no restart is needed."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import apsw
import pytest

from segue.connectors.sandbox import SandboxCompany
from segue.core.errors import StorageError
from segue.core.records.signals import NewSignal
from segue.runtime.admission import Accepted
from segue.runtime.clock import VirtualClock
from tests.crash.house import IDS, START, House
from tests.crash.lives import Found, Told, live, look_back
from tests.crash.vfs import Action, Recording, recording
from tests.crash.workload import a_day

SEED = 5
PLACES = 25
"""So many places, spread over a day's writes or syncs, at which the disk begins to fail."""


class Stubborn(House):
    """A house whose client repeats what failed; the disk fails twice more before there is space again.

    Attributes:
        failures: How often the store said that it cannot write.
        half_done: Signals of failed submissions that are in the store nevertheless.
    """

    def __init__(self, disk: Recording, *args: Any, **more: Any) -> None:
        super().__init__(*args, vfs=disk.name, **more)
        self._disk = disk
        self.failures = 0
        self.half_done: list[str] = []

    async def submit(self, *signals: NewSignal) -> list[Accepted]:
        before = self._position()
        while True:
            try:
                return await super().submit(*signals)
            except StorageError:
                self._failed()
                if self._position() != before:
                    self.half_done += [IDS.signal_id(item.source, str(item.source_id)) for item in signals]

    async def settle(self, until: datetime) -> None:
        while True:
            try:
                return await super().settle(until)
            except StorageError:
                self._failed()

    def _failed(self) -> None:
        self.failures += 1
        if self.failures == 3:
            self._disk.heal()

    def _position(self) -> int:
        with self.store.read() as reader:
            return reader.position()


@pytest.fixture
def place(ram: Path) -> Iterator[Path]:
    path = ram / "full"
    path.mkdir()
    yield path
    shutil.rmtree(path)


@pytest.mark.parametrize(
    ("error", "on"), [(apsw.FullError, "write"), (apsw.IOError, "write"), (apsw.IOError, "sync")]
)
def test_a_failing_disk_acknowledges_nothing_and_the_day_goes_on(
    place: Path, error: type[apsw.Error], on: Action
) -> None:
    undisturbed, ways = _undisturbed(place)
    failures = 0
    for number in range(PLACES):
        nth = 1 + number * ways[on] // PLACES

        found, house = _with_a_failure(place, error, on, nth)

        assert found.wrong == [], (on, nth)
        assert house.half_done == [], (on, nth)
        assert Counter(found.decisions) == Counter(undisturbed.decisions), (on, nth)
        assert found.done == undisturbed.done, (on, nth)
        failures += house.failures > 0
    assert failures > PLACES * 0.8


def _with_a_failure(place: Path, error: type[apsw.Error], on: Action, nth: int) -> tuple[Found, Stubborn]:
    with recording() as disk:
        return asyncio.run(_day(place, disk, lambda: disk.fail(error, on, nth=nth)))


@cache
def _undisturbed(place: Path) -> tuple[Found, Counter[Action]]:
    """How the day goes on a good disk, and what it does to the disk once the house is open."""
    with recording() as disk:
        opened: list[int] = []
        found, _ = asyncio.run(_day(place, disk, lambda: opened.append(disk.position)))
        return found, Counter(op.action for op in disk.ops[opened[0] :])


async def _day(place: Path, disk: Recording, begin: Callable[[], object]) -> tuple[Found, Stubborn]:
    directory, clock, told = place / "home", VirtualClock(START), Told()
    directory.mkdir()
    company = SandboxCompany(None, clock)
    house = Stubborn(disk, directory, company.connectors, clock, bold=True)
    await house.start()
    begin()
    try:
        await live(house, a_day(SEED), told, lambda _: None)
        disk.heal()
        return look_back(house, company, told), house
    finally:
        house.close()
        company.close()
        shutil.rmtree(directory)
