"""Amounts of money in a text: `EUR 1,200`, `1.200,50 €`, `$5k`, `50 euros`."""

import re
from collections.abc import Iterator
from decimal import Decimal

from segue.core.records.percepts import Entity

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN", "us$": "USD"}
_WORDS = {
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "dólares": "USD", "bucks": "USD",
    "pound": "GBP", "pounds": "GBP", "quid": "GBP", "yen": "JPY", "franken": "CHF", "francs": "CHF",
    "złotych": "PLN", "kronor": "SEK", "reais": "BRL", "rupees": "INR",
}  # fmt: skip
_CODES = "aud brl cad chf cny czk dkk eur gbp huf inr jpy mxn nok nzd pln sek sgd usd zar"
_NAMED = _SIGNS | _WORDS | {code: code.upper() for code in _CODES.split()}
_CURRENCY = "|".join(re.escape(name) for name in sorted(_NAMED, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[ .,'\u00a0\u202f]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?:(?P<before>{_CURRENCY})[ \u00a0\u202f]?(?P<n>{_NUMBER})(?P<size>[km](?!\w))?"
    rf"|(?P<m>{_NUMBER})[ \u00a0\u202f]?(?P<large>[km](?!\w))?[ \u00a0\u202f]?(?P<after>{_CURRENCY}))(?!\w)",
    re.IGNORECASE,
)
_SIZES = {"": 1, "k": 1_000, "m": 1_000_000}
_CENTS = re.compile(r"[.,](\d{1,2})$")
_DIGITS = frozenset("0123456789")


def amounts(text: str) -> Iterator[Entity]:
    """Every amount that names its currency, as `EUR 1200.5`.

    >>> [one.value for one in amounts("We paid 1.200,50 € and $5k")]
    ['EUR 1200.5', 'USD 5000']
    """
    if _DIGITS.isdisjoint(text) or not _names_currency(text.lower()):
        return
    for found in _AMOUNT.finditer(text):
        currency = _NAMED[(found["before"] or found["after"]).lower()]
        size = _SIZES[(found["size"] or found["large"] or "").lower()]
        value = _decimal(found["n"] or found["m"]) * size
        yield Entity("amount", f"{currency} {value.normalize():f}", found.start(), found.end())


def _names_currency(text: str) -> bool:
    """Whether a currency may be named at all; told much sooner than by the pattern."""
    return any(name in text for name in _NAMED)


def _decimal(number: str) -> Decimal:
    """A number in either notation: one or two digits behind the last mark are cents."""
    cents = _CENTS.search(number)
    whole = "".join(char for char in (number[: cents.start()] if cents else number) if char in _DIGITS)
    return Decimal(f"{whole}.{cents[1]}" if cents else whole)
