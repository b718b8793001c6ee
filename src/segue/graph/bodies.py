"""Reading a signal's body: what is missing or of the wrong shape is told by its field."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from segue.core.errors import InputError, SignalError
from segue.core.expr import Type
from segue.core.money import MICRO, Money, Rates
from segue.core.records.playbook import FactSource
from segue.core.records.signals import CHANNELS, Signal
from segue.core.units import PPM, Instant, to_instant
from segue.core.zones import zone

_MOST = 10**12
"""Largest count or amount taken in: sums and scores of such stay within 64 bits."""


class Body:
    """The body of one signal, read field by field.

    Every method raises `SignalError` naming kind and field where the value is missing or of another type.
    """

    __slots__ = ("_fields", "_kind")

    def __init__(self, signal: Signal) -> None:
        self._fields: Mapping[str, Any] = signal.body
        self._kind = signal.kind.value

    def error(self, field: str, problem: str) -> SignalError:
        """Make the error about a field."""
        return SignalError(f"signal `{self._kind}`: field `{field}` {problem}")

    def required(self, field: str) -> object:
        """Whatever stands in a field that must be there."""
        value = self._fields.get(field)
        if value is None:
            raise self.error(field, "is missing")
        return value

    def text(self, field: str) -> str:
        """A text that must be there and not be empty."""
        value = self.required(field)
        if not isinstance(value, str) or not value:
            raise self.error(field, f"must be text, not `{_shown(value)}`")
        return value

    def optional(self, field: str, default: str = "") -> str:
        """A text that may be left out."""
        value = self._fields.get(field)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.error(field, f"must be text, not `{_shown(value)}`")
        return value or default

    def choice(self, field: str, among: tuple[str, ...], default: str = "") -> str:
        """One of a few words; must be there unless there is a default."""
        value = self.optional(field, default) or self.text(field)
        if value not in among:
            raise self.error(field, f"is `{_shown(value)}`, must be one of `{'`, `'.join(among)}`")
        return value

    def channel(self, *more: str) -> str:
        """The channel, one of those messages come in or go out by, or one of `more`."""
        value, known = self.text("channel"), (*CHANNELS, *more)
        if value not in known:
            near = get_close_matches(_shown(value), known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(known)}"
            raise self.error("channel", f"`{_shown(value)}` is unknown; {hint}")
        return value

    def integer(self, field: str) -> int:
        """An integer that must be there."""
        value = self.required(field)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(field, f"must be an integer, not `{_shown(value)}`")
        if abs(value) > _MOST:
            raise self.error(field, f"must be within {_MOST:,} of zero, not `{_shown(value)}`")
        return value

    def boolean(self, field: str) -> bool:
        """True or false, must be there."""
        value = self.required(field)
        if not isinstance(value, bool):
            raise self.error(field, f"must be true or false, not `{_shown(value)}`")
        return value

    def has(self, field: str) -> bool:
        """Whether a field is given."""
        return self._fields.get(field) is not None

    def instant(self, field: str) -> Instant:
        """An ISO 8601 time with offset that must be there."""
        return self._instant(self.required(field), field, bare_date=False)

    def moment(self, field: str, value: object) -> Instant:
        """A value that must be an ISO 8601 time with offset."""
        return self._instant(value, field, bare_date=False)

    def day(self, field: str) -> int:
        """A date `YYYY-MM-DD` that must be there, as a proleptic ordinal."""
        value = self.text(field)
        try:
            return date.fromisoformat(value).toordinal()
        except ValueError as error:
            raise self.error(field, f"must be a date like `2026-03-01`, not `{_shown(value)}`") from error

    def records(self, field: str) -> list[Mapping[str, Any]]:
        """A list of objects that must be there."""
        value = self.required(field)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(field, f"must be a list of objects, not `{_shown(value)}`")
        return value

    def mapping(self, field: str) -> Mapping[str, Any]:
        """An object that must be there."""
        value = self.required(field)
        if not isinstance(value, dict):
            raise self.error(field, f"must be an object, not `{_shown(value)}`")
        return value

    def money(self, field: str, value: object, rates: Rates) -> int:
        """An amount with a currency that the playbook has a rate for, in micro-units."""
        if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
            raise self.error(
                field, f'must be like `{{"amount": 500, "currency": "EUR"}}`, not `{_shown(value)}`'
            )
        if not Type.INT.accepts(value["amount"]) or not isinstance(value["currency"], str):
            raise self.error(field, f"must hold integer minor units and a currency, not `{_shown(value)}`")
        try:
            micro = rates.to_micro(Money(value["amount"], value["currency"]))
        except InputError as error:
            raise self.error(field, f"cannot be compared: {error}") from error
        if abs(micro) > _MOST * MICRO:
            raise self.error(field, f"is worth more than {_MOST:,} minor units of {rates.reporting}")
        return micro

    def fact(self, field: str, value: object, source: FactSource, rates: Rates) -> object:
        """The value of a declared fact as it is stored; None ends the fact."""
        if value is None:
            return None
        wanted = type_of(source)
        if wanted is Type.MONEY:
            self.money(field, value, rates)
            return value
        if wanted is Type.INSTANT:
            return self._instant(value, field, bare_date=True)
        if wanted is Type.PPM and isinstance(value, str):
            return self._ppm(value, field)
        if not wanted.accepts(value):
            raise self.error(field, f"must be {source.type}, not `{_shown(value)}`")
        if source.predicate == "time_zone" and zone(str(value)) is None:
            raise self.error(field, f"is no time zone: `{_shown(value)}`")
        return value

    def _instant(self, value: object, field: str, *, bare_date: bool) -> Instant:
        try:
            moment = datetime.fromisoformat(value if isinstance(value, str) else "")
        except ValueError as error:
            raise self.error(field, f"must be an ISO 8601 time, not `{_shown(value)}`") from error
        if moment.tzinfo is None and bare_date and moment == datetime.combine(moment, datetime.min.time()):
            moment = moment.replace(tzinfo=UTC)
        if moment.tzinfo is None:
            raise self.error(field, f"has no zone: `{_shown(value)}`")
        return to_instant(moment)

    def _ppm(self, value: str, field: str) -> int:
        try:
            return round(Decimal(value) * PPM)
        except (InvalidOperation, ValueError, OverflowError) as error:
            raise self.error(field, f"must be a decimal, not `{_shown(value)}`") from error


def type_of(source: FactSource) -> Type:
    """The expression type of a declared fact.

    >>> type_of(FactSource("person.tags", "stored", "tags", "list"))
    <Type.TEXT_LIST: 'list[text]'>
    """
    return Type.TEXT_LIST if source.type == "list" else Type(source.type)


def _shown(value: object) -> str:
    return str(value)[:60]
