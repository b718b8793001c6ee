"""A value as people write it: instants in UTC, money with its currency."""

from segue.core.money import Money
from segue.core.predicates import is_instant
from segue.core.units import Instant, to_datetime


def written(name: str, value: object) -> str:
    """The value of a fact on a terminal.

    Args:
        name: Of the fact, such as `renews_at`.
        value: Any JSON.

    >>> written("meeting", 1_793_782_800_000_000), written("seats", 12)
    ('2026-11-04 09:00 UTC', '12')
    >>> written("budget", {"amount": 4_000_000, "currency": "EUR"})
    'EUR 40,000.00'
    """
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return str(Money(value["amount"], value["currency"]))
    if isinstance(value, int) and not isinstance(value, bool) and is_instant(name):
        try:
            return f"{to_datetime(Instant(value)):%Y-%m-%d %H:%M} UTC"
        except OverflowError:
            return "for ever"
    return str(value)
