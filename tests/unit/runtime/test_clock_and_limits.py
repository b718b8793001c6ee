"""Virtual time, backoff, rate limits and the breaker."""

import asyncio

from segue.core.ports import Limits
from segue.core.units import MINUTE, SECOND, Instant
from segue.runtime.backoff import LONGEST, retry_at, wait_for
from segue.runtime.clock import SystemClock, VirtualClock
from segue.runtime.limits import OPENS_AFTER, Breaker, Line, TokenBucket
from tests.unit.runtime.fakes import START, after

ZERO = Instant(0)


async def test_sleepers_wake_in_the_order_they_are_due() -> None:
    clock = VirtualClock(START)
    order: list[int] = []

    async def sleeper(seconds: int) -> None:
        await clock.sleep(seconds)
        order.append(seconds)

    tasks = [asyncio.create_task(sleeper(n)) for n in (3, 1, 2)]
    await asyncio.sleep(0)
    asleep = [clock.is_asleep(task) for task in tasks]
    clock.move(after(10))
    await asyncio.gather(*tasks)

    assert asleep == [True] * 3
    assert order == [1, 2, 3]
    assert clock.next_wake_at() is None


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = VirtualClock(START)
    task = asyncio.create_task(clock.sleep(5))
    await asyncio.sleep(0)

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert clock.next_wake_at() is None


def test_a_virtual_clock_never_goes_back() -> None:
    clock = VirtualClock(START)

    clock.move(after(10))
    clock.move(after(5))

    assert clock.now() == after(10)
    assert clock.at.isoformat() == "2026-11-02T09:00:10+00:00"


async def test_the_system_clock_moves_by_itself() -> None:
    clock = SystemClock()
    before = clock.now()

    await clock.sleep(0.002)

    assert clock.now() > before


def test_waits_grow_to_a_bound_and_are_the_same_each_time() -> None:
    waits = [wait_for(attempt, "effect") for attempt in range(1, 30)]

    assert waits == [wait_for(attempt, "effect") for attempt in range(1, 30)]
    assert waits[0] <= SECOND
    assert all(LONGEST // 2 <= wait <= LONGEST for wait in waits[10:])
    assert wait_for(3, "a") != wait_for(3, "b")


def test_the_other_sides_wish_overrules_the_backoff() -> None:
    assert retry_at("effect", 9, ZERO, 2.5) == 2_500_000


def test_a_bucket_lets_a_burst_through_and_then_the_rate() -> None:
    bucket = TokenBucket(per_second=10.0, burst=3)

    starts = []
    for _ in range(5):
        at = bucket.ready_at(ZERO)
        bucket.take(at)
        starts.append(at)

    assert starts == [0, 0, 0, 100_000, 200_000]


def test_an_idle_bucket_gathers_no_more_than_a_burst() -> None:
    bucket = TokenBucket(per_second=1.0, burst=2)
    now = Instant(60 * SECOND)
    bucket.take(now)
    bucket.take(now)

    assert bucket.ready_at(now) == now + SECOND


def test_a_breaker_opens_after_five_failures_in_a_row_and_waits_longer_each_time() -> None:
    breaker = Breaker("mail")
    for _ in range(4):
        breaker.record(ok=False, now=ZERO)
    breaker.record(ok=True, now=ZERO)
    for _ in range(5):
        breaker.record(ok=False, now=ZERO)

    first = breaker.ready_at(ZERO)
    breaker.record(ok=False, now=ZERO)
    second = breaker.ready_at(ZERO)
    breaker.record(ok=True, now=ZERO)

    assert ZERO < first < second < 5 * MINUTE
    assert breaker.ready_at(ZERO) == ZERO


def test_an_open_line_lets_one_probe_through() -> None:
    line = Line("mail", Limits(concurrent=8))
    for _ in range(5):
        line.start(ZERO)
        line.end(ok=False, now=ZERO)
    closed = line.is_full

    line.start(line.ready_at(ZERO))

    assert not closed
    assert line.is_full


def test_a_line_tells_how_it_is() -> None:
    line = Line("mail", Limits())
    before = line.state(ZERO)
    for _ in range(OPENS_AFTER):
        line.start(ZERO)
        line.end(ok=False, now=ZERO)
    line.start(ZERO)
    broken = line.state(ZERO)

    assert (before.is_open, before.probe_at, before.running) == (False, None, 0)
    assert (broken.is_open, broken.running) == (True, 1)
    assert broken.probe_at is not None
    assert broken.probe_at > ZERO
