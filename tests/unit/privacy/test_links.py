"""Signed links: what was sealed can be read, by nobody else made, and by nobody changed."""

import json
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.core.ids import IdKey
from segue.privacy.links import Subscription, hide_links, seal, sign, unseal, verify

IDS = IdKey(b"0123456789abcdef")
LINK = Subscription("0" * 26, "acme", "commercial", "email")


def test_what_was_signed_is_read_back() -> None:
    assert verify(IDS, sign(IDS, LINK)) == LINK


def test_capitals_and_space_around_change_nothing() -> None:
    assert verify(IDS, f"  {sign(IDS, LINK).upper()}\n") == LINK


def test_another_tenants_token_is_none() -> None:
    assert verify(IdKey(b"another key of 16"), sign(IDS, LINK)) is None


def test_every_changed_character_is_noticed() -> None:
    token = sign(IDS, LINK)

    for place, char in enumerate(token):
        changed = token[:place] + ("1" if char != "1" else "2") + token[place + 1 :]
        assert verify(IDS, changed) is None


def test_a_token_of_one_kind_is_no_token_of_another() -> None:
    assert unseal(IDS, "chat", sign(IDS, LINK)) is None


def test_a_token_with_other_fields_is_no_subscription() -> None:
    assert verify(IDS, seal(IDS, "subscription", "only one")) is None


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_fields_survive(fields: list[str]) -> None:
    assert unseal(IDS, "kind", seal(IDS, "kind", *fields)) == tuple(fields)


@given(st.text(max_size=200))
def test_any_text_as_a_token_is_none(text: str) -> None:
    assert verify(IDS, text) is None


@pytest.mark.parametrize("token", ["", "a" * 5_000, "0" * 16, "ß" * 90])
def test_what_is_too_short_or_too_long_is_none(token: str) -> None:
    assert verify(IDS, token) is None


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "https://acme.test/u/{}",
        "unsubscribe {}.",
        "=3D{}",
        "04d6{}",
        "{}{}",
        "0401234567890{}",
        "a\n{}\u2028b",
    ],
)
@pytest.mark.parametrize("written", [str.lower, str.upper, str.title])
def test_no_token_is_left_wherever_it_stands_and_however_it_is_written(
    around: str, written: Callable[[str], str]
) -> None:
    token = written(sign(IDS, LINK))
    text = around.format(token, token)

    for hidden in (hide_links(text), hide_links(json.dumps(text))):
        assert token[-16:] not in hidden
        assert "[link]" in hidden


@given(st.text(max_size=200))
def test_what_holds_no_token_stays_as_it_is(text: str) -> None:
    assert hide_links(text) == text


def test_ids_and_hashes_are_no_tokens() -> None:
    ids = [IDS.mark("signal", str(number)) for number in range(300)]
    ids += [sha256(str(number).encode()).hexdigest() for number in range(300)]

    assert hide_links(" ".join(ids)) == " ".join(ids)
