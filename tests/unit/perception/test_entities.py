"""What a message names: amounts, numbers, addresses, and what the playbook lists, each where it stands."""

import pytest

from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.perception import RulePerceiver

PERCEIVER = RulePerceiver({}, named={"competitor": ["Acme CRM", "Zenith"], "product": ["Insights+"]})


def named(text: str) -> list[tuple[str, str, str]]:
    body = {"text": text, "channel": "email"}
    percept = PERCEIVER.perceive(
        Signal("s", "x", "1", Kind.MESSAGE_RECEIVED, (), Instant(0), Instant(0), body)
    )
    assert percept is not None
    return [(one.kind, one.value, text[one.start : one.end]) for one in percept.entities]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("We paid €1,200", "EUR 1200"),
        ("We paid 1.200,50 € already", "EUR 1200.5"),
        ("around $5k a year", "USD 5000"),
        ("USD 2 500.75 is wrong", "USD 2500.75"),
        ("it costs 50 euros", "EUR 50"),
        ("das sind 99 CHF", "CHF 99"),
        ("a budget of £1.5m", "GBP 1500000"),
        ("199,99 zł", "PLN 199.99"),
    ],
)
def test_an_amount_is_read_in_either_notation(text: str, value: str) -> None:
    assert [one for _, one, _ in named(text)] == [value]


@pytest.mark.parametrize(
    "text", ["we have 1,200 users", "version 5.2", "euro trip", "call 5 people", "5 euroform"]
)
def test_a_number_without_a_currency_is_no_amount(text: str) -> None:
    assert named(text) == []


def test_numbers_and_addresses_stand_with_their_offsets() -> None:
    found = named("Mail Ann@X.io or ring +49 171 1234567")

    assert found == [("email", "ann@x.io", "Ann@X.io"), ("phone", "+491711234567", "+49 171 1234567")]


def test_what_the_playbook_lists_is_found_in_any_case() -> None:
    found = named("acme crm has insights, zeniths not")

    assert found == [("competitor", "Acme CRM", "acme crm"), ("product", "Insights+", "insights")]


def test_known_names_are_personal_data_and_their_hash_stands_in_the_percept() -> None:
    signal = Signal(
        "s",
        "x",
        "1",
        Kind.MESSAGE_RECEIVED,
        (),
        Instant(0),
        Instant(0),
        {"text": "it is ANN-LEE", "channel": ""},
    )

    known, unknown = PERCEIVER.perceive(signal, ["Ann Lee"]), PERCEIVER.perceive(signal)

    assert known is not None
    assert unknown is not None
    assert [(span.kind, span.start, span.end) for span in known.pii] == [("name", 6, 13)]
    assert known.names
    assert not unknown.names
    assert not unknown.pii
