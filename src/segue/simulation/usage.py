"""How much each account uses the product on each day: weekdays, Christmas at one, an outage, a real drop."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from segue.core.ids import uniform
from segue.core.records.signals import NewSignal
from segue.simulation.cast import Account
from segue.simulation.happening import Submit

_WEEK_PERCENT = (100, 106, 104, 102, 92, 22, 18)
_PER_USER = 24
_CLOSED = {"isar": (date(2026, 12, 21), date(2027, 1, 6))}
"""Isar closes between the years while all others work on, so that only the calendar explains its dip."""
_CLOSED_PERCENT = 10
_OUTAGE = (date(2026, 12, 2), date(2026, 12, 3))
_OUTAGE_PERCENT = 3
_DROP = {"nordwind": (date(2026, 11, 9), date(2026, 11, 24))}
"""Nordwind's desk gives up after an update, until its training."""
_DROP_PERCENT = 15
_NOISE_PERCENT = 10


def count(account: Account, day: date) -> int:
    """Uses of the product by an account on a day."""
    percent = _WEEK_PERCENT[day.weekday()]
    percent = percent * (100 - _NOISE_PERCENT + _noise(account.key, day)) // 100
    for spell, share in (
        (_OUTAGE, _OUTAGE_PERCENT),
        (_CLOSED.get(account.key), _CLOSED_PERCENT),
        (_DROP.get(account.key), _DROP_PERCENT),
    ):
        if spell is not None and spell[0] <= day <= spell[1]:
            percent = percent * share // 100
    return account.users * _PER_USER * percent // 100


def _noise(key: str, day: date) -> int:
    return uniform(key, day.isoformat(), "usage") * (2 * _NOISE_PERCENT + 1) // 1_000_000


def recorded(account: Account, day: date, *, history: bool = False) -> NewSignal:
    """The product's own report of a day, sent when the day is over."""
    return NewSignal(
        source="product",
        source_id=f"usage:{account.key}:{day}",
        kind="usage.recorded",
        identifiers=(account.identifier,),
        occurred_at=datetime(day.year, day.month, day.day, 22, 30, tzinfo=UTC),
        body={"count": count(account, day), "day": day.isoformat()},
        history=history,
    )


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def reports(accounts: Iterable[Account], first: date, last: date) -> list[Submit]:
    """The daily reports of accounts, one happening per evening."""
    told = tuple(accounts)
    return [
        Submit(
            datetime(day.year, day.month, day.day, 22, 30, tzinfo=UTC),
            tuple(recorded(account, day) for account in told),
        )
        for day in days(first, last)
    ]
