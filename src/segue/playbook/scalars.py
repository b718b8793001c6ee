"""How people write durations, shares, money, hours and zones; each becomes an integer or a plain record."""

import re
import zoneinfo
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Final

from babel.numbers import list_currencies
from phonenumbers import SUPPORTED_REGIONS
from pydantic import PlainValidator

from segue.core.money import Money, exponent
from segue.core.units import PPM
from segue.playbook.problems import nearest

_UNITS_S: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_MAX_DIGITS: Final = 15
_DAY_MINUTES: Final = 1_440
_COMMON: Final = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "INR", "JPY", "KRW", "MXN",
    "NOK", "NZD", "PLN", "SEK", "SGD", "USD", "ZAR",
)  # fmt: skip
"""Suggested for a mistyped currency; any ISO code is taken."""


def duration_s(text: object) -> int:
    """Read a duration with its unit, in seconds.

    >>> duration_s("3d"), duration_s("12h"), duration_s("90m")
    (259200, 43200, 5400)
    """
    found = re.fullmatch(r"([0-9]{1,6})\s?([dhms])", text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"`{text}` is no duration; write it with its unit, such as `3d`, `12h` or `30m`")
    return int(found[1]) * _UNITS_S[found[2]]


def share_ppm(text: object) -> int:
    """Read a share between 0% and 100%, in parts per million.

    >>> share_ppm("35%"), share_ppm("0.4%"), share_ppm("0.2")
    (350000, 4000, 200000)
    """
    raw = str(text).strip() if isinstance(text, str | int) and not isinstance(text, bool) else ""
    number = _decimal(raw.removesuffix("%"))
    if number is None:
        raise ValueError(f"`{text}` is no share; write it in percent, such as `35%`")
    ppm = number * (PPM // 100 if raw.endswith("%") else PPM)
    if not 0 <= ppm <= PPM:
        raise ValueError(f"`{text}` is not between 0% and 100%; write it in percent, such as `35%`")
    return round(ppm)


def money(value: object) -> Money:
    """Read an amount in major units with its currency; a mapping holds minor units.

    >>> money("EUR 5000"), money({"amount": 800, "currency": "JPY"})
    (Money(amount=500000, currency='EUR'), Money(amount=800, currency='JPY'))
    """
    if isinstance(value, dict) and set(value) == {"amount", "currency"} and type(value["amount"]) is int:
        return Money(value["amount"], currency(value["currency"]))
    found = (
        re.fullmatch(r"([A-Za-z]{3})\s+(-?[0-9][0-9_,]*(?:\.[0-9]+)?)", value)
        if isinstance(value, str)
        else None
    )
    number = _decimal(re.sub("[_,]", "", found[2])) if found else None
    if found is None or number is None:
        raise ValueError(f"`{value}` is no amount of money; write currency and amount, such as `EUR 5000`")
    code = currency(found[1])
    minor = number * 10 ** exponent(code)
    if minor != int(minor):
        raise ValueError(f"`{value}` has more decimal places than {code} has")
    return Money(int(minor), code)


def currency(text: object) -> str:
    """Check an ISO 4217 code in capitals.

    >>> currency("EUR")
    'EUR'
    """
    if not isinstance(text, str) or text not in _currencies():
        hint = nearest(str(text).upper(), _COMMON) or "write its ISO code, such as `EUR`"
        raise ValueError(f"unknown currency `{text}`; {hint}")
    return text


def zone(text: object) -> str:
    """Check an IANA time zone.

    >>> zone("Europe/Paris")
    'Europe/Paris'
    """
    if not isinstance(text, str) or text not in _zones():
        hint = nearest(str(text), _zones()) or "write a name such as `Europe/Paris`"
        raise ValueError(f"unknown time zone `{text}`; {hint}")
    return text


def country(text: object) -> str:
    """Check an ISO 3166-1 alpha-2 code in capitals.

    >>> country("DE")
    'DE'
    """
    if not isinstance(text, str) or text not in SUPPORTED_REGIONS:
        hint = "write its ISO code in capitals, such as `DE`"
        raise ValueError(f"unknown country `{text}`; {nearest(str(text).upper(), SUPPORTED_REGIONS) or hint}")
    return text


def rate(text: object) -> Fraction:
    """Read an exchange rate, exactly.

    >>> rate("0.92")
    Fraction(23, 25)
    """
    number = _decimal(str(text)) if isinstance(text, str | int) and not isinstance(text, bool) else None
    if number is None or number <= 0:
        raise ValueError(f"`{text}` is no exchange rate; write a positive number, such as `0.92`")
    return Fraction(number)


def hours(text: object) -> tuple[int, int] | None:
    """Read contact hours of one day, in minutes after local midnight; None is closed all day.

    >>> hours("08:00-21:00"), hours("closed")
    ((480, 1260), None)
    """
    if text == "closed":
        return None
    form = r"([01][0-9]|2[0-4]):([0-5][0-9])\s*-\s*([01][0-9]|2[0-4]):([0-5][0-9])"
    found = re.fullmatch(form, text) if isinstance(text, str) else None
    opens, closes = (
        (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (0, 0)
    )
    if not opens < closes <= _DAY_MINUTES:
        raise ValueError(f"`{text}` are no hours; write `08:00-21:00` or `closed`")
    return opens, closes


def expression(value: object) -> str:
    """Take an expression as text; `true`, `false` and numbers may stand without quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError("expected an expression, such as `account.health < 60`")
    return value


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() <= _MAX_DIGITS else None


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _reader(read: Callable[[object], Any]) -> PlainValidator:
    return PlainValidator(read)


DurationS = Annotated[int, _reader(duration_s)]
SharePpm = Annotated[int, _reader(share_ppm)]
Amount = Annotated[Money, _reader(money)]
Currency = Annotated[str, _reader(currency)]
Zone = Annotated[str, _reader(zone)]
Country = Annotated[str, _reader(country)]
Rate = Annotated[Fraction, _reader(rate)]
Hours = Annotated[tuple[int, int] | None, _reader(hours)]
Expression = Annotated[str, _reader(expression)]
