"""When something happened, by a clock that may be wrong: the sender tells what its clock said on sending."""

from datetime import UTC, datetime, timedelta

from segue.core.errors import SignalError
from segue.runtime.admission import shown

_NO_SKEW = timedelta(0)
_MOST_SKEW = timedelta(days=366)
"""A clock that is further off tells nothing, and is believed as it is."""


def moment(field: str, value: object) -> datetime | None:
    """Read an ISO 8601 time; without an offset it is UTC.

    Raises:
        SignalError: It is there and is no time.

    >>> moment("timestamp", "2026-03-01T10:00:00.000Z").isoformat()
    '2026-03-01T10:00:00+00:00'
    """
    if value is None or value == "":
        return None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is not None:
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SignalError(f"{field}: `{shown(value)}` is no ISO 8601 time") from error
    raise SignalError(f"{field}: `{shown(value)}` is no ISO 8601 time")


def happened(said: datetime | None, sent: datetime | None, received: datetime) -> datetime:
    """When it happened by our clock: as long before it was received as, by the sender's, before it was sent.

    Args:
        said: When it happened by the sender's clock; None is at the moment of sending.
        sent: What the sender's clock said on sending; None: the sender's clock is believed.
        received: What our clock says now.

    >>> at = datetime(2026, 3, 1, 10, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> happened(at + hour - timedelta(minutes=5), at + hour, at).isoformat()
    '2026-03-01T09:55:00+00:00'
    """
    if said is None:
        return received
    skew = received - sent if sent is not None else _NO_SKEW
    return said + skew if abs(skew) <= _MOST_SKEW else said
