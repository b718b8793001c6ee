"""A linking code is read however people write it, and no text keeps one."""

import pytest

from segue.core.ids import IdKey
from segue.identity.codes import FIELD, STAND_IN, code_of, filled, hash_of, hidden, is_offered

IDS = IdKey(b"0123456789abcdef")
CODE = code_of(IDS, "effect")


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        CODE.lower(),
        f"Hello! My code is {CODE}.",
        CODE.replace("-", " "),
        f"{CODE}\nbest regards",
        CODE.replace("0", "O").replace("1", "l"),
    ],
)
def test_a_code_is_found_however_it_is_written(text: str) -> None:
    body = hidden(IDS, {"text": text, "channel": "whatsapp"})

    assert body[FIELD] == hash_of(IDS, CODE)
    assert STAND_IN in body["text"]
    assert CODE[5:].upper() not in body["text"].upper()


@pytest.mark.parametrize(
    "text", ["LINK", "the link-up was late", "order 12345-67890", "BLINK-12345-67890", ""]
)
def test_other_words_stay_as_they_are(text: str) -> None:
    assert hidden(IDS, {"text": text}) == {"text": text}


def test_every_code_of_a_message_is_hidden_and_the_first_of_its_text_counts() -> None:
    other = code_of(IDS, "another")

    body = hidden(IDS, {"subject": other, "text": f"{CODE} or {other}"})

    assert body == {"subject": STAND_IN, "text": f"{STAND_IN} or {STAND_IN}", FIELD: hash_of(IDS, CODE)}


def test_nobody_outside_says_the_hash_of_a_code() -> None:
    assert hidden(IDS, {"text": "hi", FIELD: hash_of(IDS, CODE)}) == {"text": "hi"}


def test_a_connector_gets_the_code_of_its_effect_alone() -> None:
    arguments = {"text": f"https://wa.me/49?text={STAND_IN} or {STAND_IN}", "to": "v1"}

    given = filled(IDS, "effect", arguments)

    assert is_offered(arguments)
    assert not is_offered(given)
    assert given == {"text": f"https://wa.me/49?text={CODE} or {CODE}", "to": "v1"}
    assert (
        code_of(IDS, "effect") != code_of(IDS, "another") != code_of(IdKey(b"another key of 16"), "another")
    )
