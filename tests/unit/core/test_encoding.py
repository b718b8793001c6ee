"""Canonical encoding: equal records, equal bytes; foreign payloads made recordable or refused."""

from decimal import Decimal

import msgspec
import pytest

from segue.core.encoding import canonical_value, digest, encode, nfc
from segue.core.errors import InputError
from segue.core.records.events import Event, Received
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant


def test_key_order_does_not_change_the_bytes() -> None:
    assert encode({"b": 1, "a": 2}) == encode({"a": 2, "b": 1})


def test_a_record_survives_the_round_trip() -> None:
    signal = Signal("i", "web", "1", Kind.PAGE_VIEWED, ("cookie:x",), Instant(5), Instant(6), {"path": "/é"})

    decoded = msgspec.json.decode(encode(Received(signal)), type=Event)

    assert decoded == Received(signal)


def test_defaults_cost_no_bytes() -> None:
    signal = Signal("i", "web", "1", Kind.PAGE_VIEWED, (), Instant(5), Instant(6))

    assert b"history" not in encode(signal)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(0.1, "0.1"), (1e300, "1e+300"), (Decimal("1.50"), "1.50"), (7, 7), (2**70, str(2**70)), (True, True)],
)
def test_a_number_that_is_no_integer_is_kept_as_its_text(given: object, kept: object) -> None:
    assert canonical_value(given) == kept


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), object(), "\ud800", {"\ud800": 1}])
def test_what_json_does_not_have_is_refused(bad: object) -> None:
    with pytest.raises(InputError):
        canonical_value(bad)


def test_depth_is_bounded() -> None:
    deep: object = 1
    for _ in range(40):
        deep = [deep]

    with pytest.raises(InputError, match="nested deeper than 32 levels"):
        canonical_value(deep)


def test_keys_are_normalised_and_text_is_not() -> None:
    decomposed = "e\u0301"

    assert canonical_value({decomposed: decomposed}) == {"\u00e9": decomposed}
    assert nfc(decomposed) == "\u00e9"


def test_digest_tells_records_apart() -> None:
    assert digest({"a": 1}) != digest({"a": 2})
    assert digest({"a": 1}) == digest({"a": 1})
