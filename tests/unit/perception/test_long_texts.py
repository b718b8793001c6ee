"""Of a text of any length its end is heard as well as its beginning, and what was not read is told."""

import time

import pytest

from segue.core.records.percepts import Percept
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.perception import IntentRules, RulePerceiver

RULES = RulePerceiver({"demo": IntentRules("demo", ("see a demo",))})
LINE = "We looked at the report of the third quarter, and the export of its rows took until noon. "


def read(text: str, kind: Kind = Kind.MESSAGE_RECEIVED, channel: str = "email", **body: object) -> Percept:
    told = {"channel": channel, "text": text, **body}
    percept = RULES.perceive(Signal("s", "x", "1", kind, (), Instant(0), Instant(0), told))
    assert percept is not None
    return percept


def test_an_opt_out_at_the_end_of_a_long_text_holds() -> None:
    text = LINE * 290 + "Please stop emailing me."

    percept = read(text)

    assert [wish.kind for wish in percept.preferences] == ["stop"]
    assert text[percept.preferences[0].start :].startswith("stop emailing")
    assert percept.decision == "ask"


def test_a_threat_at_the_end_of_a_long_text_is_a_risk() -> None:
    percept = read(LINE * 290 + "You will hear from my lawyer.")

    assert percept.risk == ("legal_threat",)
    assert percept.decision == "escalate"


@pytest.mark.parametrize("before", [10, 300, 580])
def test_personal_data_is_found_anywhere_in_a_long_text(before: int) -> None:
    text = LINE * before + "My card is 4111 1111 1111 1111. " + LINE * (590 - before)

    assert [text[one.start : one.end] for one in read(text).pii] == ["4111 1111 1111 1111"]


def test_of_very_much_personal_data_the_last_is_found() -> None:
    text = "ann@x.io " * 400 + "4111 1111 1111 1111"

    assert read(text).pii[-1].kind == "card"


def test_a_long_message_is_no_understood_one_and_tells_how_much_was_left_out() -> None:
    percept = read("Could we see a demo? " + LINE * 600)

    assert percept.has("demo")
    assert percept.decision == "ask"
    assert 30_000 < percept.left_out < len(LINE * 600)


def test_a_message_that_is_read_whole_leaves_nothing_out() -> None:
    percept = read("Could we see a demo? " + LINE * 200)

    assert (percept.decision, percept.left_out) == ("accept", 0)


def test_a_long_call_is_believed_and_tells_how_much_was_left_out() -> None:
    turns = [
        {"speaker": "customer", "text": "Could we see a demo?"},
        {"speaker": "customer", "text": LINE * 600},
    ]

    percept = read("", Kind.CALL_TRANSCRIBED, turns=turns)

    assert percept.decision == "accept"
    assert percept.left_out > 30_000


def test_quotes_are_no_reason_to_ask_back() -> None:
    percept = read("Could we see a demo?\n" + f"> {LINE}\n" * 600)

    assert (percept.decision, percept.left_out) == ("accept", 0)


@pytest.mark.parametrize("middle", [" ", "\n", "a", "7 ", ".", "\n>", "To: "])
def test_any_length_is_read_in_time(middle: str) -> None:
    began = time.process_time()

    percept = read("Hello. " + (middle * 50_000)[:50_000] + " Please stop emailing me.", channel="chat")

    assert time.process_time() - began < 1
    assert [wish.kind for wish in percept.preferences] == ["stop"]
