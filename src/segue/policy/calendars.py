"""Public holidays and the zones of a country or a phone number, from packaged data only."""

from functools import lru_cache

import holidays
import phonenumbers
from babel.core import get_global
from phonenumbers import timezone

from segue.core.zones import zone

_CROWN_DEPENDENCIES = {"GG": "GB", "IM": "GB", "JE": "GB"}
"""They share the United Kingdom's mobile numbers, so that a number does not tell them apart."""


@lru_cache(maxsize=4_096)
def public_holidays(country: str, region: str, year: int) -> frozenset[int]:
    """List the public holidays of a place in a year, as proleptic ordinals; none where it is unknown.

    The first call for a country loads its calendar, about 0.1 s: bootstrap does that beforehand.

    Args:
        country: ISO 3166-1 alpha-2.
        region: ISO 3166-2 subdivision without the country; empty or unknown: the whole country's.
        year: From 1 to 9999.

    >>> from datetime import date
    >>> corpus_christi = date(2026, 6, 4).toordinal()
    >>> corpus_christi in public_holidays("DE", "BY", 2026), corpus_christi in public_holidays("DE", "", 2026)
    (True, False)
    """
    for subdivision in (region, None) if region else (None,):
        try:
            found = holidays.country_holidays(country, subdiv=subdivision, years=year, expand=False)
        except NotImplementedError:
            continue
        return frozenset(day.toordinal() for day in found)
    return frozenset()


@lru_cache(maxsize=512)
def zones_of_country(country: str) -> tuple[str, ...]:
    """List the zones of a country (ISO 3166-1 alpha-2), by name; none where it is unknown.

    >>> zones_of_country("JP"), len(zones_of_country("US")) > 20
    (('Asia/Tokyo',), True)
    """
    found = get_global("territory_zones").get(country, ())
    return tuple(sorted(name for name in found if zone(name) is not None))


@lru_cache(maxsize=16_384)
def zones_of_phone(number: str, country: str) -> tuple[str, tuple[str, ...]]:
    """Tell the country of a phone number and every zone it may ring in; empty where it is no number.

    Args:
        number: As it was stored.
        country: Where a number without its country code is taken to be.

    >>> zones_of_phone("+12125551234", "DE")
    ('US', ('America/New_York',))
    >>> zones_of_phone("ask reception", "DE")
    ('', ())
    """
    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException:
        return "", ()
    region = phonenumbers.region_code_for_number(parsed) or ""
    names = timezone.time_zones_for_number(parsed)
    found = tuple(sorted(name for name in names if name != timezone.UNKNOWN_TIMEZONE and zone(name)))
    return _CROWN_DEPENDENCIES.get(region, region), found
