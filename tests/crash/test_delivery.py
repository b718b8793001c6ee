"""Signals come often, late and in any order: the same ones change nothing, another order no fact."""

import asyncio
from collections.abc import Sequence
from random import Random

import pytest

from segue.connectors.sandbox import SandboxCompany
from segue.core.encoding import encode
from segue.core.records.signals import NewSignal
from segue.runtime.clock import VirtualClock
from tests.crash.house import START, House, later, told
from tests.crash.valid_time import valid_time_hash
from tests.crash.workload import ANN, BOB, CHO, Round, a_day

DAY = 24 * 60
MOST = 50
"""A vendor was seen to deliver one event 46 times over 29 hours."""


@pytest.mark.parametrize("seed", range(4))
def test_fifty_deliveries_and_one_a_month_late_change_nothing(seed: int) -> None:
    once = asyncio.run(_delivered(a_day(seed), repeated=None))
    often = asyncio.run(_delivered(a_day(seed), repeated=Random(seed)))  # noqa: S311 - seeded counts

    assert once == often


async def _delivered(rounds: Sequence[Round], repeated: Random | None) -> tuple[list[bytes], str]:
    """Live through the rounds and forty days; gives the log and the projections."""
    clock = VirtualClock(START)
    company = SandboxCompany(None, clock)
    house = House(None, company.connectors, clock, bold=True)
    await house.start()
    for number, item in enumerate(rounds):
        await house.settle(item.at)
        await house.submit(*item.signals)
        await _again(house, item.signals, repeated)
        await house.settle(item.at)
        await _again(house, rounds[number // 2].signals, repeated)
    await house.settle(later(30 * DAY))
    for item in rounds:
        await _again(house, item.signals, repeated)
    await house.settle(later(40 * DAY))
    log = [encode(event) for _, event in house.events()]
    hashed = house.store.projection_hash()
    house.close()
    company.close()
    return log, hashed


async def _again(house: House, signals: Sequence[NewSignal], repeated: Random | None) -> None:
    if repeated is None:
        return
    for _ in range(repeated.randint(1, MOST)):
        receipts = await house.submit(*signals)
        assert {receipt.state for receipt in receipts} == {"duplicate"}


@pytest.mark.parametrize("seed", range(12))
def test_any_order_within_a_batch_gives_the_same_valid_time(seed: int) -> None:
    signals = _everything(seed)
    shuffled = list(signals)
    Random(seed).shuffle(shuffled)  # noqa: S311 - a seeded order

    assert asyncio.run(_received(signals)) == asyncio.run(_received(shuffled))


def _everything(seed: int) -> list[NewSignal]:
    """A day's signals, and some that meet in one person, one ticket and one fact."""
    more = [
        told("t1", "ticket.opened", ANN, {"ticket": "t1", "topic": "billing"}, later(5)),
        told("t1.solved", "ticket.solved", ANN, {"ticket": "t1", "topic": "billing"}, later(50)),
        told("m1", "meeting.booked", BOB, {"meeting": "m1", "starts_at": "2026-10-08T09:00:00Z"}, later(6)),
        told("m2", "meeting.moved", BOB, {"meeting": "m1", "starts_at": "2026-10-09T09:00:00Z"}, later(7)),
        told("m3", "meeting.cancelled", BOB, {"meeting": "m1"}, later(8)),
        told("c1", "page.viewed", "cookie:one", {"path": "/docs"}, later(9)),
        told("c2", "page.viewed", "cookie:one email:cho@birch.test", {"path": "/docs"}, later(10)),
        told("f1", "profile.updated", CHO, {"facts": {"title": "Buyer"}}, later(11)),
        told("f2", "profile.updated", CHO, {"facts": {"title": "Head of Buying"}}, later(12)),
        told("f3", "consent.changed", CHO, {"channel": "sms", "state": "withdrawn"}, later(13)),
        told("f4", "consent.changed", CHO, {"channel": "sms", "state": "granted"}, later(14)),
    ]
    return [signal for item in a_day(seed) for signal in item.signals] + more


async def _received(signals: Sequence[NewSignal]) -> str:
    """Hand in one batch a day after it all happened; gives the valid-time projection."""
    clock = VirtualClock(later(DAY))
    company = SandboxCompany(None, clock)
    house = House(None, company.connectors, clock, bold=True)
    await house.start()
    receipts = await house.submit(*signals)
    await house.settle(later(2 * DAY))
    with house.store.read() as reader:
        assert reader.dead_letters() == []
    assert {receipt.state for receipt in receipts} == {"accepted"}
    found = valid_time_hash(house.store)
    house.close()
    company.close()
    return found
