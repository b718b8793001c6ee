"""Only the customer's own words are read, and scanners are told from people."""

from typing import Any

import pytest

from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.perception.reading import READ_AT_MOST, both_ends, human_ppm, own_words, text_of


def a_signal(kind: Kind, **body: Any) -> Signal:
    return Signal("s1", "mail", "1", kind, (), Instant(0), Instant(0), body)


@pytest.mark.parametrize(
    "rest",
    [
        "> cancel everything",
        "-- \nAnn\nCancel Ltd",
        "Sent from my iPhone",
        "On Mon, 3 Mar 2025, Segue <hi@segue.example> wrote:\n> cancel",
        "Am 3. März 2025 schrieb Segue:\nkündigen",
        "-----Original Message-----\nFrom: us\ncancel",
    ],
)
def test_quotes_and_signatures_are_no_own_words(rest: str) -> None:
    text = f"Yes please.\n{rest}"

    assert own_words(text).strip() == "Yes please."
    assert len(own_words(text)) == len(text)


def test_an_answer_below_a_marked_quote_is_read() -> None:
    assert own_words("On Monday Ann wrote:\n> when?\nTuesday").strip() == "Tuesday"


def test_a_chat_message_has_no_quotes() -> None:
    assert text_of(a_signal(Kind.MESSAGE_RECEIVED, channel="chat", text="> 5 users")) == "> 5 users"


def test_only_the_customers_turns_of_a_call_are_read() -> None:
    turns = [{"speaker": "rep:anna", "text": "Hi"}, {"speaker": "customer", "text": "Hello"}, "noise"]

    assert text_of(a_signal(Kind.CALL_TRANSCRIBED, turns=turns)) == "Hello"


def test_a_ticket_is_read_with_its_subject() -> None:
    assert text_of(a_signal(Kind.TICKET_OPENED, subject="Bill", text="Too high")) == "Bill\nToo high"


@pytest.mark.parametrize(
    "body",
    [{}, {"text": None}, {"text": {"a": 1}}, {"turns": "x"}, {"turns": [{"speaker": "customer", "text": 7}]}],
)
@pytest.mark.parametrize(
    "kind", [Kind.MESSAGE_RECEIVED, Kind.MEETING_NOTED, Kind.FORM_SUBMITTED, Kind.PAGE_VIEWED]
)
def test_a_body_without_words_gives_an_empty_text(kind: Kind, body: dict[str, Any]) -> None:
    assert text_of(a_signal(kind, **body)) == ""


def test_of_a_long_paste_the_beginning_and_the_end_are_read_at_their_places() -> None:
    text = f"Hello Ann. {'One more line of it. ' * 3_000}Bye, Bob."

    read = text_of(a_signal(Kind.MESSAGE_RECEIVED, text=text))

    assert len(read) == len(text)
    assert read.startswith("Hello Ann. One")
    assert read.endswith("it. Bye, Bob.")
    assert READ_AT_MOST - 500 < len(" ".join(read.split())) <= READ_AT_MOST


@pytest.mark.parametrize("unit", ["word ", "Do not stop. ", "x", "字", "line\n", "\n \n a"])
def test_no_sentence_or_word_is_cut_in_half(unit: str) -> None:
    text = unit * 20_000

    read = both_ends(text)

    assert set(read.split()) <= set(text.split()) or " " not in unit
    assert all(kept in {given, " ", "\n"} for kept, given in zip(read, text, strict=False))
    assert len(read) == len(text.rstrip())


def test_quoted_mail_is_no_end_of_a_long_mail() -> None:
    quoted = (
        "\nOn Mon, 3 Mar 2025, Segue <hi@segue.example> wrote:\n" + "Unsubscribe from all of it.\n" * 4_000
    )

    read = text_of(a_signal(Kind.MESSAGE_RECEIVED, channel="email", text="Yes please. " * 2_000 + quoted))

    assert "Unsubscribe" not in read
    assert "Yes please." in read[-20:]


@pytest.mark.parametrize(
    ("after_s", "expected"),
    [(0, 50_000), (2, 50_000), ("1.5", 50_000), (3, 900_000), ("NaN", 900_000), ({}, 900_000)],
)
def test_a_click_within_two_seconds_is_a_scanners(after_s: object, expected: int) -> None:
    assert human_ppm({"after_s": after_s}) == expected
