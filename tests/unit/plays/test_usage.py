"""Use against one's own baseline: a real drop is found, holidays and outages are not."""

from datetime import date, timedelta

import pytest

from segue.plays.calendar import is_quiet
from segue.plays.usage import Days, Drop, find_drop

SETTINGS = {
    "window_days": 7,
    "baseline_days": 28,
    "min_days": 21,
    "drop_ppm": 400_000,
    "outage_ppm": 500_000,
    "at_least": 20,
    "again_days": 14,
}


def use(start: date, end: date, per_day: int, weekend: int = 0) -> dict[int, int]:
    """Daily use from `start` up to `end`, both included."""
    days = range(start.toordinal(), end.toordinal() + 1)
    return {day: weekend if date.fromordinal(day).weekday() >= 5 else per_day for day in days}


def drop_on(today: date, own: Days, everyone: Days | None = None, **settings: int) -> Drop | None:
    tenant = everyone if everyone is not None else {day: 10 * count for day, count in own.items()}
    return find_drop(own, tenant, today.toordinal(), lambda day: is_quiet(day, "DE"), SETTINGS | settings)


def test_a_real_drop_is_found() -> None:
    before = use(date(2026, 9, 1), date(2026, 10, 18), 100, 10)
    own = before | use(date(2026, 10, 19), date(2026, 10, 25), 30, 3)
    everyone = use(date(2026, 9, 1), date(2026, 10, 25), 5_000, 500)

    found = drop_on(date(2026, 10, 26), own, everyone)

    assert found is not None
    assert (found.observed, found.expected, found.days) == (156, 520, 7)
    assert found.numbers["drop_ppm"] == 700_000


def test_steady_use_is_no_drop() -> None:
    own = use(date(2026, 9, 1), date(2026, 10, 25), 100, 10)

    assert drop_on(date(2026, 10, 26), own) is None


def test_weekends_are_compared_with_weekends() -> None:
    own = use(date(2026, 9, 1), date(2026, 10, 25), 100, 0)

    for ahead in range(7):
        assert drop_on(date(2026, 10, 19) + timedelta(days=ahead), own) is None


def test_a_fall_just_within_the_threshold_is_no_drop() -> None:
    before = use(date(2026, 9, 1), date(2026, 10, 18), 100, 100)
    own = before | use(date(2026, 10, 19), date(2026, 10, 25), 60, 60)

    assert drop_on(date(2026, 10, 26), own) is None


@pytest.mark.parametrize("day", [date(2026, 12, 24) + timedelta(days=n) for n in range(32)])
def test_a_christmas_dip_is_no_drop(day: date) -> None:
    own = use(date(2026, 10, 1), date(2027, 2, 1), 100, 10)
    own |= use(date(2026, 12, 22), date(2027, 1, 3), 15, 1)

    assert drop_on(day, own, use(date(2026, 10, 1), date(2027, 2, 1), 5_000, 500)) is None


@pytest.mark.parametrize("ahead", range(20))
def test_a_tracking_outage_is_no_drop(ahead: int) -> None:
    own = use(date(2026, 9, 1), date(2026, 11, 20), 100, 100)
    everyone = use(date(2026, 9, 1), date(2026, 11, 20), 5_000, 5_000)
    for lost in range(5):
        outage = date(2026, 10, 20).toordinal() + lost
        own[outage], everyone[outage] = 2, 90

    assert drop_on(date(2026, 10, 21) + timedelta(days=ahead), own, everyone) is None


def test_a_drop_around_an_outage_is_still_found() -> None:
    own = use(date(2026, 9, 1), date(2026, 10, 18), 100, 100)
    own |= use(date(2026, 10, 19), date(2026, 10, 25), 20, 20)
    everyone = use(date(2026, 9, 1), date(2026, 10, 25), 5_000, 5_000)
    outage = date(2026, 10, 20).toordinal()
    own[outage], everyone[outage] = 0, 50

    found = drop_on(date(2026, 10, 26), own, everyone)

    assert found is not None
    assert (found.days, found.observed, found.expected) == (6, 120, 600)


def test_without_enough_history_nothing_is_found() -> None:
    own = use(date(2026, 10, 1), date(2026, 10, 18), 100, 100)
    own |= use(date(2026, 10, 19), date(2026, 10, 25), 5, 5)
    everyone = use(date(2026, 8, 1), date(2026, 10, 25), 5_000, 5_000)

    assert drop_on(date(2026, 10, 26), own, everyone) is None
    assert drop_on(date(2026, 10, 26), own, everyone, min_days=14) is not None


def test_the_only_account_of_a_tenant_can_drop_too() -> None:
    own = use(date(2026, 9, 1), date(2026, 10, 18), 100, 100)
    own |= use(date(2026, 10, 19), date(2026, 10, 25), 5, 5)

    assert drop_on(date(2026, 10, 26), own, own) is not None


def test_use_too_small_to_judge_is_no_drop() -> None:
    own = use(date(2026, 9, 1), date(2026, 10, 18), 2, 2)
    own |= use(date(2026, 10, 19), date(2026, 10, 25), 0, 0)

    assert drop_on(date(2026, 10, 26), own) is None


def test_no_history_at_all_is_no_drop() -> None:
    assert drop_on(date(2026, 10, 26), {}) is None
