"""A limiter lets a burst through, then as much as comes in the long run, for each key apart."""

import pytest

from segue.core.units import SECOND, Instant, to_datetime
from segue.portal import limiting
from segue.portal.limiting import Limiter
from segue.runtime.clock import VirtualClock
from tests.build import NOW


def a_limiter(burst: int = 3, per_minute: int = 60) -> tuple[Limiter, VirtualClock]:
    clock = VirtualClock(to_datetime(NOW))
    return Limiter(clock, burst=burst, per_minute=per_minute), clock


def test_a_burst_passes_and_then_one_has_to_wait() -> None:
    limiter, clock = a_limiter()

    waits = [limiter.wait_s("ann") for _ in range(4)]
    clock.move(Instant(clock.now() + SECOND))

    assert waits == [0, 0, 0, 1]
    assert limiter.wait_s("ann") == 0


def test_what_was_taken_for_nothing_is_given_back_and_never_more() -> None:
    limiter, _ = a_limiter(burst=1)
    limiter.give_back("ann")

    waits = [limiter.wait_s("ann"), limiter.wait_s("ann")]
    limiter.give_back("ann")
    limiter.give_back("ann")

    assert waits == [0, 1]
    assert [limiter.wait_s("ann"), limiter.wait_s("ann")] == [0, 1]


def test_nobody_waits_for_another() -> None:
    limiter, _ = a_limiter(burst=1)

    limiter.wait_s("ann")

    assert limiter.wait_s("ann") > 0
    assert limiter.wait_s("bob") == 0


def test_no_more_buckets_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "MOST_BUCKETS", 2)
    limiter, _ = a_limiter(burst=1)

    for name in ("ann", "bob", "cho"):
        limiter.wait_s(name)

    assert limiter.wait_s("cho") > 0
    assert limiter.wait_s("ann") == 0
