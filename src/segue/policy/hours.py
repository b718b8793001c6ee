"""Open hours as instants: exact over clock changes, where a wall-clock time may occur twice or not at all.

Whatever is computed here depends on zones, hours and time alone, so it is kept.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from segue.core.units import DAY, HOUR, MINUTE, SECOND, Instant
from segue.core.zones import local_day, local_time

Span: TypeAlias = tuple[int, int]
"""From an instant up to, not including, another."""

DailyHours: TypeAlias = Callable[[int], tuple[int, int] | None]
"""Open and close on a day (a proleptic ordinal), in minutes after local midnight; None is closed all day.

Equal hours are equal values, so that what was found for them is found again.
"""

DAYS_AHEAD = 14
"""How far an opening is looked for."""

_EPOCH_DAY = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=8_192)
def opening(zones: tuple[str, ...], hours: DailyHours, at: Instant) -> Instant | None:
    """Find the earliest instant from `at` on at which it is open in every zone, at most 14 days ahead."""
    limit = at + DAYS_AHEAD * DAY
    while at <= limit:
        latest = int(at)
        for zone in zones:
            found = _opening_in(zone, hours, at)
            if found is None:
                return None
            latest = max(latest, found)
        if latest == at:
            return at
        at = Instant(latest)
    return None


def _opening_in(zone: str, hours: DailyHours, at: Instant) -> int | None:
    today = local_day(at, zone)
    for day in range(today, today + DAYS_AHEAD + 2):
        open_close = hours(day)
        if open_close is None:
            continue
        for start, end in spans(zone, day, *open_close):
            if end > at:
                return max(start, at)
    return None


@lru_cache(maxsize=65_536)
def spans(zone: str, day: int, opens: int, closes: int) -> tuple[Span, ...]:
    """List when a zone's wall clock shows a time from `opens` up to `closes` (minutes) on a day.

    One span as a rule; two where the clock is set back in between, shorter or none where it is set forward.

    >>> [
    ...     (end - start) // MINUTE
    ...     for start, end in spans("America/New_York", date(2026, 11, 1).toordinal(), 90, 105)
    ... ]
    [15, 15]
    """
    midnight = (day - _EPOCH_DAY) * DAY
    first, last = midnight - 15 * HOUR, midnight + DAY + 13 * HOUR
    before, after = _offset(zone, first), _offset(zone, last)
    change = last if before == after else _change(zone, first, last)
    found = (
        (midnight + opens * MINUTE - before, min(midnight + closes * MINUTE - before, change)),
        (max(midnight + opens * MINUTE - after, change), midnight + closes * MINUTE - after),
    )
    return tuple((start, end) for start, end in found if start < end)


def _offset(zone: str, at: int) -> int:
    """Local less UTC time, in microseconds."""
    offset = local_time(at, zone).utcoffset()
    return 0 if offset is None else (offset.days * 86_400 + offset.seconds) * SECOND


def _change(zone: str, first: int, last: int) -> int:
    """The second at which the offset changes, by bisection."""
    before = _offset(zone, first)
    low, high = first // SECOND, last // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle * SECOND) == before else (low, middle)
    return high * SECOND
