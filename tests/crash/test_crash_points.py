"""The process ends at each named point: nothing acknowledged is lost, nothing done twice, doubt is told."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from segue.connectors.sandbox import SandboxCompany
from segue.core.ids import uniform
from segue.core.units import PPM, to_datetime
from segue.runtime.clock import VirtualClock
from segue.runtime.hooks import CRASH_POINTS
from tests.crash.forks import CRASHED, Say, crash, forked
from tests.crash.house import START, House
from tests.crash.lives import Found, Told, live, look_back, open_attempts, reopened
from tests.crash.workload import a_day

SEEDS = range(20)


@pytest.fixture
def home(ram: Path) -> Callable[[], Path]:
    """Give a fresh directory each time."""

    def fresh() -> Path:
        path = ram / "home"
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        return path

    return fresh


@pytest.mark.parametrize("point", CRASH_POINTS)
def test_a_crash_loses_nothing_and_repeats_nothing(point: str, home: Callable[[], Path]) -> None:
    for seed in SEEDS:
        undisturbed, passed = _undisturbed(seed)
        nth = 1 + uniform(point, str(seed)) * passed[point] // PPM

        found = _after_a_crash(home(), seed, point, nth)

        where = f"{point} #{nth}, seed {seed}"
        assert found.wrong == [], where
        assert Counter(found.decisions) == Counter(undisturbed.decisions), where
        assert set(found.reminded) >= set(undisturbed.reminded), where
        assert found.shown or found.reminded == undisturbed.reminded, where
        assert sorted(found.done + _never_done(found)) == undisturbed.done, where
        assert found.shown == found.unsure, where


def _after_a_crash(directory: Path, seed: int, point: str, nth: int) -> Found:
    """Let one child live until it crashes, and another one live on from what it left."""
    crashed = forked(lambda say: _live_until(directory, seed, point, nth, say))
    told = Told(crashed.said("round")[-1], crashed.said("acknowledged")[-1])
    (at,) = crashed.said("crash")
    assert crashed.status == CRASHED
    recovered = forked(lambda say: _recover(directory, seed, told, at, say))
    return Found(**recovered.said("found")[0])


def _never_done(found: Found) -> list[str]:
    """List effects without a key that the crash cut off before the company heard of them."""
    return [key for key in found.unsure if key not in found.done]


@cache
def _undisturbed(seed: int) -> tuple[Found, Counter[str]]:
    """How the day goes when nothing ends it, and how often it passes each point.

    It runs in this very process, so that the children find everything imported and loaded.
    """
    found, passed = asyncio.run(_whole_day(seed))
    assert found.wrong == []
    assert set(passed) == set(CRASH_POINTS)
    return found, passed


async def _whole_day(seed: int) -> tuple[Found, Counter[str]]:
    clock, passed = VirtualClock(START), Counter[str]()
    company, told = SandboxCompany(None, clock), Told()
    house = House(None, company.connectors, clock, bold=True, hook=lambda point: passed.update([point]))
    await house.start()
    await live(house, a_day(seed), told, lambda _: None)
    found = look_back(house, company, told)
    house.close()
    company.close()
    return found, passed


def _live_until(directory: Path, seed: int, point: str, nth: int, say: Say) -> None:
    """Live the day until the point is passed for the nth time, and end there."""
    clock, left = VirtualClock(START), [nth]

    def hook(passed: str) -> None:
        left[0] -= passed == point
        if not left[0]:
            say("crash", clock.now())
            crash()

    def note(told: Told) -> None:
        say("round", told.round)
        say("acknowledged", told.acknowledged)

    async def day() -> None:
        company = SandboxCompany(directory / "company.db", clock)
        house = House(directory, company.connectors, clock, bold=True, hook=hook)
        await house.start()
        await live(house, a_day(seed), Told(), note)

    asyncio.run(day())


def _recover(directory: Path, seed: int, told: Told, at: Any, say: Say) -> None:
    """Open what the crash left, live on, and look back."""

    async def rest() -> None:
        house, company = reopened(directory, to_datetime(at))
        ambiguous = open_attempts(house)
        await house.start()
        await live(house, a_day(seed), told, lambda _: None)
        say("found", asdict(look_back(house, company, told, ambiguous)))

    asyncio.run(rest())
