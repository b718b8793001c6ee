"""What waits to be accepted, and in which order."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from segue.core.errors import BusyError
from segue.core.records.context import Context
from segue.core.records.signals import Signal
from segue.runtime.admission import Draft
from segue.runtime.waiting import HISTORY_HOLDS, HISTORY_LEAST, HISTORY_MOST, HOLDS, MOST, TURN, Part, Waiting
from tests.unit.runtime.fakes import a_mind
from tests.unit.runtime.test_live import a_draft, live


def told(*names: str, who: str = "user:u1", history: bool = False) -> list[Draft]:
    return [a_draft(name, who=who, history=history) for name in names]


def past(first: int, many: int) -> list[Draft]:
    """History of as many people."""
    return [a_draft(f"h{n}", who=f"user:p{n}", history=True) for n in range(first, first + many)]


def names(parts: list[Part]) -> list[str]:
    return [draft.source_id for part in parts for draft in part.drafts]


def all_of(waiting: Waiting) -> list[str]:
    found: list[str] = []
    while parts := waiting.take():
        found += names(parts)
    return found


async def test_live_signals_go_before_a_backlog_and_each_kind_keeps_its_order() -> None:
    waiting = Waiting()
    for first in (0, 100):
        waiting.add(past(first, 100))
    waiting.add(told("a", "b"))
    waiting.add(told("c"))

    order = all_of(waiting)

    assert order[:3] == ["a", "b", "c"]
    assert order[3:] == [f"h{n}" for n in range(200)]


async def test_history_of_the_same_person_goes_first_with_all_that_was_before_it() -> None:
    waiting = Waiting()
    waiting.add(past(0, 2))
    waiting.add(told("own past", history=True))
    waiting.add(past(2, 2))
    waiting.add(told("live"))
    waiting.add(told("of another", who="user:u2"))

    assert all_of(waiting) == ["h0", "h1", "own past", "live", "of another", "h2", "h3"]


async def test_what_is_handed_in_together_stays_in_its_order() -> None:
    waiting = Waiting()
    waiting.add([*told("past", history=True), *told("live"), *told("more past", history=True)])

    assert all_of(waiting) == ["past", "live", "more past"]


async def test_history_goes_on_while_live_signals_never_end_and_fills_a_turn_when_there_are_none() -> None:
    waiting = Waiting()
    waiting.add(past(0, 2 * MOST))
    waiting.add(told(*(f"live {n}" for n in range(MOST + 1))))

    first, second, third = (names(waiting.take()) for _ in range(3))

    assert [name[0] for name in first] == ["l"] * MOST + ["h"] * HISTORY_MOST
    assert [name[0] for name in second] == ["l"] + ["h"] * HISTORY_MOST
    assert [name[0] for name in third] == ["h"] * MOST


async def test_long_turns_take_less_history_and_short_ones_more_again() -> None:
    waiting = Waiting()
    waiting.add(past(0, 4 * MOST))
    sizes = []

    for turn_took in (TURN + 1, TURN + 1, TURN + 1, TURN + 1, TURN, TURN // 2 - 1, TURN // 2 - 1):
        waiting.took(turn_took)
        sizes.append(len(names(waiting.take())))

    assert sizes == [128, 64, HISTORY_LEAST, HISTORY_LEAST, HISTORY_LEAST, 64, 128]


async def test_live_signals_are_taken_however_long_turns_are() -> None:
    waiting = Waiting()
    waiting.took(100 * TURN)
    waiting.took(100 * TURN)
    waiting.add(told(*(f"live {n}" for n in range(MOST))))

    assert len(names(waiting.take())) == MOST


async def test_a_backlog_leaves_room_for_live_signals_and_room_comes_back() -> None:
    waiting, many = Waiting(), past(0, 5_000)
    for _ in range(HISTORY_HOLDS // 5_000):
        waiting.add(many)

    with pytest.raises(BusyError, match="history"):
        waiting.add(past(0, 1))
    waiting.add(told("live"))
    with pytest.raises(BusyError):
        waiting.add([*told("x")] * (HOLDS - HISTORY_HOLDS))
    waiting.take()
    waiting.add(past(0, HISTORY_MOST))


async def test_clearing_gives_everybody_who_waits() -> None:
    waiting = Waiting()
    handed_in = [*waiting.add(past(0, HISTORY_LEAST + 1)), *waiting.add(told("live"))]

    left = waiting.clear()

    assert set(map(id, left)) == set(map(id, handed_in))
    assert len(left) == 3
    assert waiting.take() == []


async def test_a_fresh_signal_is_stepped_while_a_backlog_waits_to_be_accepted() -> None:
    order: list[str] = []

    def decide(_: Context, signal: Signal) -> Mapping[str, Any]:
        order.append(signal.source_id)
        return {}

    async with live(a_mind(decide)) as (driver, _):
        backlog = [asyncio.create_task(driver.submit(past(n * 500, 500))) for n in range(10)]
        await asyncio.sleep(0)
        (receipt,) = await driver.submit(told("fresh"))
        waits = sum(not task.done() for task in backlog)
        await asyncio.gather(*backlog)
        await driver.settle()

    assert receipt.state == "accepted"
    assert waits >= 8
    assert order.index("fresh") <= 2 * MOST
    assert len(order) == 5_001
