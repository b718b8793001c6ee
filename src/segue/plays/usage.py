"""Use against one's own baseline: by weekday, without quiet days, and without days that tracking failed.

The expectation for a day is the mean of the same weekday over the baseline. A day on which all others of
the tenant fell below a share of their own weekday median is an outage of tracking: it counts nowhere.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median_low
from typing import Final

from segue.core.units import PPM

_MILLI: Final = 1_000
Days = Mapping[int, int]
"""Proleptic ordinal day to count; a day that is missing counts nothing."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A window's use fell below its expectation.

    Attributes:
        observed: Sum over the window's days that count.
        expected: What the baseline made expect for the same days, rounded down.
        days: How many days of the window count.
    """

    observed: int
    expected: int
    days: int

    @property
    def numbers(self) -> dict[str, int]:
        """What was seen, with the drop in millionths, for the body of a signal."""
        drop_ppm = PPM - self.observed * PPM // self.expected if self.expected else 0
        return {
            "observed": self.observed,
            "expected": self.expected,
            "drop_ppm": drop_ppm,
            "days": self.days,
        }


def days_back(settings: Mapping[str, int]) -> int:
    """How many days before the current one are looked at: the baseline may reach past its quiet days."""
    return settings["window_days"] + 2 * settings["baseline_days"]


def find_drop(
    own: Days, everyone: Days, today: int, is_quiet: Callable[[int], bool], settings: Mapping[str, int]
) -> Drop | None:
    """Compare the last complete days before `today` with the baseline before them.

    Args:
        own: Use of the account or person.
        everyone: Use of the whole tenant.
        today: Ordinal of the day that is not complete yet.
        is_quiet: Whether a day is left out as a holiday.
        settings: `window_days`, `baseline_days`, `min_days`, `drop_ppm`, `outage_ppm`, `at_least`.

    Returns:
        The drop, or None where there is none, too little history, or too few days that count.
    """
    start = today - settings["window_days"]
    reach = range(start - 1, start - 2 * settings["baseline_days"] - 1, -1)
    if _is_steady(own, range(start, today), reach, settings["drop_ppm"]):
        return None
    others = {day: count - own.get(day, 0) for day, count in everyone.items()}
    usual = _medians(others, (day for day in reach if not is_quiet(day)))

    def counts(day: int) -> bool:
        return (
            not is_quiet(day) and others.get(day, 0) * PPM >= usual.get(day % 7, 0) * settings["outage_ppm"]
        )

    first = min((day for day, count in own.items() if count), default=today)
    baseline = [day for day in reach if day >= first and counts(day)][: settings["baseline_days"]]
    if len(baseline) < settings["min_days"]:
        return None
    means = _means(own, baseline)
    window = [day for day in range(start, today) if day % 7 in means and counts(day)]
    if 2 * len(window) <= settings["window_days"]:
        return None
    observed = sum(own.get(day, 0) for day in window)
    expected_milli = sum(means[day % 7] for day in window)
    if expected_milli < settings["at_least"] * _MILLI:
        return None
    if observed * _MILLI * PPM >= expected_milli * (PPM - settings["drop_ppm"]):
        return None
    return Drop(observed, expected_milli // _MILLI, len(window))


def _is_steady(own: Days, window: Iterable[int], reach: Iterable[int], drop_ppm: int) -> bool:
    """Whether no day is far below the highest of its weekday: then no choice of days can show a drop."""
    highest = [0] * 7
    for day in reach:
        highest[day % 7] = max(highest[day % 7], own.get(day, 0))
    return all(own.get(day, 0) * PPM >= highest[day % 7] * (PPM - drop_ppm) for day in window)


def _medians(counts: Days, days: Iterable[int]) -> dict[int, int]:
    """Median count of each weekday, over the days since counting began."""
    first = min(counts, default=0)
    by_weekday: dict[int, list[int]] = {}
    for day in days:
        if day >= first:
            by_weekday.setdefault(day % 7, []).append(counts.get(day, 0))
    return {weekday: median_low(found) for weekday, found in by_weekday.items()}


def _means(counts: Days, days: Iterable[int]) -> dict[int, int]:
    """Mean count of each weekday, in thousandths, rounded down."""
    by_weekday: dict[int, list[int]] = {}
    for day in days:
        by_weekday.setdefault(day % 7, []).append(counts.get(day, 0))
    return {weekday: sum(found) * _MILLI // len(found) for weekday, found in by_weekday.items()}
