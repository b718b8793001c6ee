"""Values of facts as authors write them, in tests and as defaults: `EUR 5000`, `3d`, `2026-12-01`."""

from datetime import UTC, datetime

from segue.core.errors import InputError
from segue.core.expr import Type, Value
from segue.core.money import Money, Rates
from segue.core.units import to_instant
from segue.playbook.scalars import duration_s, money, share_ppm


def to_value(type_: Type, written: object, rates: Rates) -> Value:
    """Convert what an author wrote to a value of a fact's type.

    Raises:
        ValueError: It does not fit; the message may hold a hint after `; `.

    >>> to_value(Type.MONEY, "EUR 5", Rates("EUR", "2026-10-01", {}))
    500000000
    """
    match type_:
        case Type.MONEY:
            return _micro(money(written), rates)
        case Type.PPM:
            return share_ppm(written)
        case Type.DURATION:
            return duration_s(written)
        case Type.INSTANT:
            return _instant(written)
        case Type.TEXT_LIST:
            written = tuple(written) if isinstance(written, list) else written
    if not type_.accepts(written) or not isinstance(written, bool | int | str | tuple):
        raise ValueError(f"`{written}` is no {type_}")
    return written


def _micro(amount: Money, rates: Rates) -> int:
    try:
        return rates.to_micro(amount)
    except InputError as error:
        raise ValueError(str(error)) from error


def _instant(written: object) -> int:
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        raise ValueError(
            f"`{written}` is no time; write `2026-12-01` or `2026-12-01T09:00:00+01:00`"
        ) from None
    return to_instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
