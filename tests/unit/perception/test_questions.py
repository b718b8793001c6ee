"""The questions of a message are told apart, and each finds its approved answer or none."""

import pytest

from segue.core.records.percepts import Percept
from segue.perception import IntentRules, RulePerceiver
from segue.perception.questions import FITS_PPM, Snippet, by_words
from tests.build import a_signal

ANSWERS = (
    Snippet("pricing", frozenset({"pricing_question"}), ("what does the pro plan cost",)),
    Snippet("invoices", frozenset({"invoice_question"}), ("where can I download an invoice",)),
)
PERCEIVER = RulePerceiver({"pricing_question": IntentRules("pricing_question", ("how much is",))}, ANSWERS)


def perceive(text: str) -> Percept:
    percept = PERCEIVER.perceive(a_signal("message.received", {"channel": "sms", "text": text}))
    assert percept is not None
    return percept


def parts(text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.answer) for one in perceive(text).questions]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What does the pro plan cost?", [("What does the pro plan cost", "pricing")]),
        (
            "Hi! Where can I download invoices, and can it print labels?",
            [("Where can I download invoices", "invoices"), ("can it print labels", "")],
        ),
        (
            "How much is it? Do you ship to Peru?",
            [("How much is it", "pricing"), ("Do you ship to Peru", "")],
        ),
        ("I'd like to know where to download the invoice.", None),
        (
            "Please don't call before 10, and what does the pro plan cost?",
            [("what does the pro plan cost", "pricing")],
        ),
        ("The pro plan, what does it cost?", [("The pro plan, what does it cost", "pricing")]),
        (
            "So how much is it and do you ship to Peru?",
            [("So how much is it", "pricing"), ("do you ship to Peru", "")],
        ),
        ("Thanks for the call, how much is it?", [("how much is it", "pricing")]),
        ("Could you call me tomorrow?", []),
        ("Thanks, that works.", []),
    ],
)
def test_each_question_finds_its_answer_or_none(text: str, found: list[tuple[str, str]] | None) -> None:
    expected = [(text[:-1], "invoices")] if found is None else found

    assert parts(text) == expected


def test_a_question_far_from_every_answer_is_refused_with_its_score() -> None:
    (asked,) = perceive("Can we download the app on a tablet?").questions

    assert (asked.answer, 0 < asked.score_ppm < FITS_PPM) == ("", True)


def test_without_answers_nothing_fits() -> None:
    assert by_words(())("what does it cost") == ("", 0)


def test_a_paste_full_of_questions_is_bounded() -> None:
    assert len(perceive("Why is it slow? " * 2_000).questions) == 10
