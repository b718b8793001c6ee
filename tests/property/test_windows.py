"""Contact hours against the plainest reading of a wall clock, minute by minute, over clock changes."""

from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from segue.core.units import DAY, MINUTE, SECOND, Instant, to_datetime
from segue.policy.hours import opening, spans
from tests.build import instant

ZONES = (
    "America/New_York",
    "America/Havana",  # the clock changes at midnight
    "America/Santiago",
    "Africa/Casablanca",  # summer time pauses for Ramadan
    "Africa/Cairo",
    "Antarctica/Troll",  # two hours at once
    "Asia/Beirut",
    "Asia/Kathmandu",  # 05:45
    "Asia/Tokyo",
    "Australia/Lord_Howe",  # half an hour
    "Europe/Berlin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",  # 12:45
    "Pacific/Kiritimati",
)
AROUND = (
    instant("2026-02-14T00:00Z"),  # Casablanca
    instant("2026-03-08T00:00Z"),  # New York, Havana
    instant("2026-03-28T22:00Z"),  # Europe, Beirut
    instant("2026-04-04T12:00Z"),  # Chatham, Lord Howe, Santiago
    instant("2026-04-23T20:00Z"),  # Cairo
    instant("2026-09-05T22:00Z"),  # Santiago
    instant("2026-10-25T00:00Z"),  # Europe, Beirut
    instant("2026-11-01T00:00Z"),  # New York, Havana
    instant("2026-12-31T23:00Z"),
)
Week = tuple[tuple[int, int] | None, ...]

zone_sets = st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True)
minutes = st.integers(0, 1440)
open_close = st.tuples(minutes, minutes).map(lambda pair: (min(pair), max(pair)))
weeks = st.lists(st.one_of(st.none(), open_close), min_size=7, max_size=7).map(tuple)
starts = st.builds(
    lambda around, offset, seconds: Instant(around + offset * MINUTE + seconds * SECOND),
    st.sampled_from(AROUND),
    st.integers(-3_000, 3_000),
    st.integers(0, 59),
)


def is_open(at: int, zones: list[str], week: Week) -> bool:
    """Read the clock on every wall."""
    for name in zones:
        there = to_datetime(at).astimezone(ZoneInfo(name))
        hours = week[there.weekday()]
        if hours is None or not hours[0] <= there.hour * 60 + there.minute < hours[1]:
            return False
    return True


@settings(max_examples=150)
@given(zone_sets, weeks, starts)
def test_the_opening_is_open_and_nothing_before_it_is(zones: list[str], week: Week, at: Instant) -> None:
    found = opening(tuple(zones), lambda day: week[(day - 1) % 7], at)

    end = at + 3 * DAY if found is None else found
    closed = (at, *range((at // MINUTE + 1) * MINUTE, end, MINUTE))
    assert found is None or is_open(found, zones, week)
    assert found == at or not any(is_open(minute, zones, week) for minute in closed)


@settings(max_examples=300)
@given(st.sampled_from(ZONES), st.integers(0, 729), open_close)
def test_spans_hold_every_minute_of_their_day_and_no_other(
    zone: str, day: int, hours: tuple[int, int]
) -> None:
    ordinal = date(2026, 1, 1).toordinal() + day

    found = spans(zone, ordinal, *hours)

    for start, end in found:
        for at in (start, end - MINUTE):
            there = to_datetime(at).astimezone(ZoneInfo(zone))
            assert there.toordinal() == ordinal
            assert hours[0] <= there.hour * 60 + there.minute < hours[1]
    assert sum(end - start for start, end in found) == MINUTE * sum(
        1
        for minute in range(-900, 2_220)
        if to_datetime(_utc(ordinal, minute)).astimezone(ZoneInfo(zone)).toordinal() == ordinal
        and _within(_utc(ordinal, minute), zone, hours)
    )


def _utc(ordinal: int, minute: int) -> int:
    return (ordinal - date(1970, 1, 1).toordinal()) * DAY + minute * MINUTE


def _within(at: int, zone: str, hours: tuple[int, int]) -> bool:
    there = to_datetime(at).astimezone(ZoneInfo(zone))
    return hours[0] <= there.hour * 60 + there.minute < hours[1]
