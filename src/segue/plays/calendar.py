"""Days on which nobody works and a drop means nothing: public holidays and the days around Christmas."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final

import holidays

from segue.core.facts import Root, believed
from segue.core.records.context import Context
from segue.core.records.playbook import Playbook

_FROM: Final = (12, 21)
_TO: Final = (1, 6)
_ROOTS: tuple[Root, ...] = ("account", "person")


def quiet_days(context: Context, playbook: Playbook) -> Callable[[int], bool]:
    """Make the test for quiet days (proleptic ordinals) where the account, else the person, is."""
    countries = (believed(context, root, "country") for root in _ROOTS)
    regions = (believed(context, root, "region") for root in _ROOTS)
    country = next((str(fact.value) for fact in countries if fact), playbook.settings.default_country)
    region = next((str(fact.value) for fact in regions if fact), "")
    return lambda day: is_quiet(day, country, region)


@lru_cache(maxsize=65_536)
def is_quiet(day: int, country: str, region: str = "") -> bool:
    """Whether a day is a public holiday of the place, or lies between 21 December and 6 January.

    >>> from datetime import date
    >>> is_quiet(date(2026, 12, 28).toordinal(), "DE"), is_quiet(date(2026, 7, 14).toordinal(), "FR")
    (True, True)
    """
    there = date.fromordinal(day)
    if (there.month, there.day) >= _FROM or (there.month, there.day) <= _TO:
        return True
    return day in _holidays(country, region, there.year)


@lru_cache(maxsize=4_096)
def _holidays(country: str, region: str, year: int) -> frozenset[int]:
    for subdivision in (region, None) if region else (None,):
        try:
            found = holidays.country_holidays(country, subdiv=subdivision, years=year, expand=False)
        except NotImplementedError:
            continue
        return frozenset(day.toordinal() for day in found)
    return frozenset()
