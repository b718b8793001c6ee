"""Times as people say them, free of zone and date: `wd4T15:00` is Thursday at three, wherever one is.

| code | meaning |
|---|---|
| `d+2`, `h+1`, `i+30` | in two days, in an hour, in thirty minutes |
| `wd4`, `wd4+1` | the coming Thursday, the Thursday of next week |
| `w+1`, `m+1`, `q+1`, `y+1` | next week, month, quarter, year; with `+0` this one |
| `m+1-15`, `---15` | the 15th of next month; the next 15th |
| `ew+0`, `em+0`, `eq+0`, `ey+0` | the end of this week, month, quarter, year |
| `--03`, `--03-15`, `2027-03`, `2027-03-15` | March, the 15th of March; with a year where one was said |
| `T15:00` | a time of day, alone or behind a code of a day |
"""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from segue.core.units import HOUR, MINUTE, Instant, to_instant
from segue.core.zones import local_time, zone

_CODE: Final = re.compile(
    r"(?:(?P<ahead>[dhi])\+(?P<n>\d{1,4})|wd(?P<weekday>[1-7])(?:\+(?P<week>1))?"
    r"|(?:m\+(?P<months>\d)|--)-(?P<nth>0[1-9]|[12]\d|3[01])"
    r"|(?P<end>e?)(?P<period>[wmqy])\+(?P<k>\d)"
    r"|(?P<year>-|20\d\d)-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01]))?)?"
    r"(?:T(?P<hour>[01]\d|2[0-4]):(?P<minute>[0-5]\d))?"
)
_MONTHS: Final = {"m": 1, "q": 3, "y": 12}
_DAY_HOURS: Final = 24


class Span(NamedTuple):
    """From the first instant that a time may mean to the last."""

    start: Instant
    end: Instant


def is_code(code: str) -> bool:
    """Whether a text is a code of a time.

    >>> is_code("wd4T15:00"), is_code("--13"), is_code("")
    (True, False, False)
    """
    return bool(code) and _CODE.fullmatch(code) is not None


def span_of(code: str, said_at: Instant, zone_name: str) -> Span | None:
    """Find what a time means to somebody in a zone, who said it at an instant; None where it is no code.

    >>> from segue.core.units import to_datetime
    >>> said_at = to_instant(datetime.fromisoformat("2026-11-26T10:00:00+01:00"))
    >>> to_datetime(span_of("--03", said_at, "Europe/Berlin").start).isoformat()
    '2027-02-28T23:00:00+00:00'
    """
    found = _CODE.fullmatch(code)
    if not code or found is None:
        return None
    if found["ahead"] in {"h", "i"}:
        until = Instant(said_at + int(found["n"]) * (HOUR if found["ahead"] == "h" else MINUTE))
        return Span(until, until)
    said = local_time(said_at, zone_name)
    try:
        first, last = _days(found, said.date())
        if found["hour"] is None:
            return Span(_instant(first, 0, zone_name), _instant(last + timedelta(days=1), 0, zone_name))
        minutes = int(found["hour"]) * 60 + int(found["minute"])
        passed = said.hour * 60 + said.minute >= minutes
        if code.startswith("T") and passed:
            first += timedelta(days=1)
        at = _instant(first, minutes, zone_name)
    except OverflowError:  # a date beyond the calendar
        return None
    return Span(at, at)


def _days(found: re.Match[str], today: date) -> tuple[date, date]:
    if found["ahead"]:
        day = today + timedelta(days=int(found["n"]))
        return day, day
    if found["weekday"]:
        day = _weekday(int(found["weekday"]), today, next_week=found["week"] is not None)
        return day, day
    if found["nth"]:
        day = _nth(int(found["nth"]), found["months"], today)
        return day, day
    if found["period"]:
        first, last = _period(found["period"], int(found["k"]), today)
        return (last, last) if found["end"] else (first, last)
    if found["month"]:
        return _dated(found, today)
    return today, today


def _weekday(number: int, today: date, *, next_week: bool) -> date:
    """The coming one, never today; or the one of the next calendar week."""
    ahead = (number - today.isoweekday()) % 7 or 7
    if next_week:
        ahead = 7 - today.isoweekday() + number
    return today + timedelta(days=ahead)


def _nth(number: int, months: str | None, today: date) -> date:
    """A day of this month or of the next, today included; of a month counted from here where one was told."""
    ahead = int(months) if months is not None else 0
    while True:
        first, last = _period("m", ahead, today)
        day = min(first + timedelta(days=number - 1), last)
        if months is not None or day >= today:
            return day
        ahead += 1


def _period(unit: str, ahead: int, today: date) -> tuple[date, date]:
    if unit == "w":
        monday = today - timedelta(days=today.isoweekday() - 1) + timedelta(days=7 * ahead)
        return monday, monday + timedelta(days=6)
    size = _MONTHS[unit]
    month = today.year * 12 + today.month - 1
    first = month - month % size + size * ahead
    begin = date(first // 12, first % 12 + 1, 1)
    after = first + size
    return begin, date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _dated(found: re.Match[str], today: date) -> tuple[date, date]:
    """A month or a day of it; without a year the next one, the current month included."""
    month, day = int(found["month"]), int(found["day"] or 0)
    if found["year"] != "-":
        year = int(found["year"])
    else:
        passed = (month, day or 31) < (today.month, today.day)
        year = today.year + passed
    length = monthrange(year, month)[1]
    if day:
        exact = date(year, month, min(day, length))
        return exact, exact
    return date(year, month, 1), date(year, month, length)


def _instant(day: date, minutes: int, zone_name: str) -> Instant:
    """A wall clock as an instant; the earlier one where it occurs twice, in UTC where the zone is unknown."""
    if minutes >= _DAY_HOURS * 60:
        day, minutes = day + timedelta(days=1), minutes - _DAY_HOURS * 60
    there = zone(zone_name) or zone("UTC")
    return to_instant(datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=there))
