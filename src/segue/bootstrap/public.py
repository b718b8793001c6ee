"""The public form of records: floats for probabilities, money as text, times in ISO 8601."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from segue.core.money import MICRO, exponent
from segue.core.records.decisions import Score
from segue.core.units import PPM, to_datetime

_TIMES = frozenset(
    {"at", "now", "until", "valid_from", "valid_to", "not_before", "defer_until", "hold_until"}
)
_FOREIGN = frozenset({"body", "arguments", "value", "reply", "detail"})


def public(record: object, reporting: str) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Convert a record to what `--json`, pages and the API show.

    Fields that end in `_at` (and `at`, `now`, `until`, ...) become ISO 8601 in UTC, `_ppm` becomes a
    probability without the suffix, `_micro` and scores become money in the reporting currency as text.

    Args:
        record: A record, or a collection of them.
        reporting: ISO code of the reporting currency.

    >>> from segue.core.records.percepts import Percept
    >>> told = public(Percept("model", mood="angry", mood_ppm=550_000), "EUR")
    >>> told["mood"], told["mood_p"]
    ('angry', 0.55)
    """
    if isinstance(record, Score):
        return _score(record, reporting)
    if isinstance(record, msgspec.Struct):
        return _fields({name: getattr(record, name) for name in record.__struct_fields__}, reporting)
    if is_dataclass(record) and not isinstance(record, type):
        return _fields({field.name: getattr(record, field.name) for field in fields(record)}, reporting)
    if isinstance(record, Mapping):
        return {str(key): public(value, reporting) for key, value in record.items()}
    if isinstance(record, list | tuple | set | frozenset):
        return [public(item, reporting) for item in record]
    if isinstance(record, datetime):
        return record.isoformat()
    return record


def money(micro: int, reporting: str) -> str:
    """Micro-units as decimal text with the currency.

    >>> money(1_234_560_000, "EUR")
    'EUR 12.35'
    """
    places = exponent(reporting)
    amount = Decimal(micro) / MICRO / 10**places
    return f"{reporting} {amount:,.{places}f}"


def _fields(values: Mapping[str, Any], reporting: str) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in values.items():
        if name in _FOREIGN:
            shown[name] = value
        elif isinstance(value, int) and not isinstance(value, bool) and _is_time(name):
            shown[name] = to_datetime(value).isoformat() if value < PPM**3 else None
        elif isinstance(value, int) and name.endswith("_ppm"):
            bare = name.removesuffix("_ppm")
            shown[f"{bare}_p" if bare in values else bare] = value / PPM
        elif isinstance(value, int) and name.endswith("_micro"):
            shown[name.removesuffix("_micro")] = money(value, reporting)
        elif name in {"propensities", "draws"}:
            shown[name] = {key: ppm / PPM for key, ppm in value}
        elif name == "sentiment":
            shown[name] = value / PPM
        else:
            shown[name] = public(value, reporting)
    return shown


def _is_time(name: str) -> bool:
    return name in _TIMES or name.endswith("_at")


def _score(score: Score, reporting: str) -> dict[str, Any]:
    return {
        "total": money(score.total, reporting),
        "items": {name: money(amount, reporting) for name, amount in score.items},
        "assumed": list(score.assumed),
    }
