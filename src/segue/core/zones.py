"""Time zones by name, and the calendar day somewhere: zone data is pinned in bootstrap, so this is pure."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from segue.core.units import DAY, to_datetime

_EPOCH_DAY = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=1_024)
def zone(name: str) -> ZoneInfo | None:
    """Find a zone by its IANA name, or None where there is no such zone.

    >>> zone("Europe/Paris").key, zone("Europe/Pariss"), zone("../etc")
    ('Europe/Paris', None, None)
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # `America` is a folder, `../x` no key
        return None


def local_time(instant: int, name: str) -> datetime:
    """Tell the wall clock at an instant; in UTC where the zone is unknown.

    >>> local_time(1_793_511_000_000_000, "America/New_York").isoformat()
    '2026-11-01T01:30:00-04:00'
    """
    moment = to_datetime(instant)
    there = zone(name)
    return moment if there is None else moment.astimezone(there)


@lru_cache(maxsize=1_024)
def local_day(instant: int, name: str) -> int:
    """Tell the calendar day at an instant as a proleptic ordinal, the unit of daily counters.

    >>> from datetime import date
    >>> date.fromordinal(local_day(1_793_511_000_000_000, "Asia/Tokyo")).isoformat()
    '2026-11-01'
    """
    return _EPOCH_DAY + instant // DAY if name == "UTC" else local_time(instant, name).toordinal()
