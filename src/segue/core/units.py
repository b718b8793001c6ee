"""Units of recorded numbers: every one is an integer, and its name says of what."""

from datetime import UTC, datetime, timedelta
from typing import NewType

Instant = NewType("Instant", int)
"""Microseconds since 1970-01-01T00:00:00Z; public interfaces show aware datetimes instead (ADR 2)."""

PPM = 1_000_000
"""One, in parts per million: probabilities are recorded as integers from 0 to PPM."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_instant(moment: datetime) -> Instant:
    """Convert an aware datetime to an instant.

    Raises:
        ValueError: `moment` has no time zone.

    >>> to_instant(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    if moment.tzinfo is None:
        msg = f"time `{moment.isoformat()}` has no zone"
        raise ValueError(msg)
    return Instant((moment - _EPOCH) // _MICROSECOND)


def to_datetime(instant: int) -> datetime:
    """Convert an instant to an aware UTC datetime.

    >>> to_datetime(1_000_000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    return _EPOCH + timedelta(microseconds=instant)


def to_ppm(p: float) -> int:
    """Convert a probability in [0, 1] to parts per million, rounded half to even.

    Raises:
        ValueError: `p` is outside [0, 1].

    >>> to_ppm(0.25)
    250000
    """
    if not 0.0 <= p <= 1.0:
        msg = f"probability `{p}` is outside 0 to 1"
        raise ValueError(msg)
    return round(p * PPM)
