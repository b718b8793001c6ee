"""Money: minor units by currency, and one reporting currency to compare in."""

from fractions import Fraction

import pytest

from segue.core.errors import InputError
from segue.core.money import MICRO, Money, Rates

RATES = Rates("EUR", "2026-10-01", {"JPY": Fraction(6, 1000), "USD": Fraction(92, 100), "KWD": Fraction(3)})


@pytest.mark.parametrize(
    ("money", "micro"),
    [
        (Money(123, "EUR"), 123 * MICRO),
        (Money(1_000_000, "JPY"), 600_000 * MICRO),
        (Money(100, "USD"), 92 * MICRO),
        (Money(1_000, "KWD"), 300 * MICRO),
        (Money(-100, "USD"), -92 * MICRO),
    ],
)
def test_minor_units_of_any_currency_become_the_reporting_currency(money: Money, micro: int) -> None:
    assert RATES.to_micro(money) == micro


def test_yen_have_no_cents_so_more_digits_are_not_more_money() -> None:
    yen, euros = Money(2_000_000, "JPY"), Money(1_300_000, "EUR")

    assert RATES.to_micro(yen) == 1_200_000 * MICRO
    assert RATES.to_micro(yen) < RATES.to_micro(euros)


def test_a_currency_without_a_rate_is_an_error() -> None:
    with pytest.raises(InputError, match="no rate from `CHF` to `EUR`"):
        RATES.to_micro(Money(1, "CHF"))


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (Money(123456, "EUR"), "EUR 1,234.56"),
        (Money(9, "EUR"), "EUR 0.09"),
        (Money(9_000_000, "JPY"), "JPY 9,000,000"),
        (Money(-5, "EUR"), "EUR -0.05"),
    ],
)
def test_shown_for_people(money: Money, shown: str) -> None:
    assert str(money) == shown
