"""Money: integer minor units with an ISO 4217 currency; compared in micro-units of one currency."""

from dataclasses import dataclass
from fractions import Fraction

import msgspec

from segue.core.errors import InputError

MICRO = 1_000_000
"""Micro-units in one minor unit of the reporting currency."""

_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"), 0),
    **dict.fromkeys(("VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def exponent(currency: str) -> int:
    """Decimal places of a currency's minor unit: 0 for JPY, 2 for EUR, 3 for KWD (ISO 4217).

    >>> exponent("JPY"), exponent("EUR")
    (0, 2)
    """
    return _EXPONENTS.get(currency, 2)


class Money(msgspec.Struct, frozen=True, order=False):
    """An amount of money.

    Attributes:
        amount: Integer minor units: cents for EUR, yen for JPY.
        currency: ISO 4217 code in capitals.
    """

    amount: int
    currency: str

    def __str__(self) -> str:
        places = exponent(self.currency)
        sign, digits = ("-" if self.amount < 0 else ""), str(abs(self.amount)).rjust(places + 1, "0")
        whole, part = (digits[:-places], "." + digits[-places:]) if places else (digits, "")
        return f"{self.currency} {sign}{int(whole):,}{part}"


@dataclass(frozen=True, slots=True)
class Rates:
    """Dated rates into the tenant's reporting currency, held by the playbook.

    Attributes:
        reporting: ISO 4217 code every score is compared in.
        as_of: Date of the rates, for the receipt.
        per_unit: Value of one *major* unit of a currency in major units of `reporting`.
    """

    reporting: str
    as_of: str
    per_unit: dict[str, Fraction]

    def to_micro(self, money: Money) -> int:
        """Convert to micro-units (millionths of a minor unit of the reporting currency), half to even.

        Raises:
            InputError: The playbook has no rate for the currency.

        >>> rates = Rates("EUR", "2026-10-01", {"JPY": Fraction(6, 1000)})
        >>> rates.to_micro(Money(1_000, "JPY")) == 600 * MICRO
        True
        """
        if money.currency == self.reporting:
            return money.amount * MICRO
        rate = self.per_unit.get(money.currency)
        if rate is None:
            msg = f"no rate from `{money.currency}` to `{self.reporting}`"
            raise InputError(msg)
        scale = Fraction(10 ** exponent(self.reporting), 10 ** exponent(money.currency))
        return round(money.amount * rate * scale * MICRO)
