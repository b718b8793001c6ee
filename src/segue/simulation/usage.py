"""How much each account uses the product on each day: weekdays, Christmas, one outage, one real drop."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from segue.core.ids import uniform
from segue.core.records.signals import NewSignal
from segue.simulation.cast import Account
from segue.simulation.happening import Submit

_WEEK_PERCENT = (100, 106, 104, 102, 92, 22, 18)
_PER_USER = 24
_CHRISTMAS = (date(2026, 12, 23), date(2027, 1, 3))
_CHRISTMAS_PERCENT = 25
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
    drop = _DROP.get(account.key)
    for (first, last), share in (
        (_CHRISTMAS, _CHRISTMAS_PERCENT),
        (_OUTAGE, _OUTAGE_PERCENT),
        *([(drop, _DROP_PERCENT)] if drop else []),
    ):
        if first <= day <= last:
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
