"""Praise that means trouble, and praise that is meant."""

import pytest

from segue.core.records.percepts import Percept
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.perception import RulePerceiver
from segue.perception.irony import is_ironic
from segue.perception.tokens import tokenise

PERCEIVER = RulePerceiver.of({"praise": {"phrases": ["love it"]}, "outage": {"phrases": ["outage"]}})


def perceive(text: str) -> Percept:
    percept = PERCEIVER.perceive(
        Signal("s", "x", "1", Kind.MESSAGE_RECEIVED, (), Instant(0), Instant(0), {"text": text})
    )
    assert percept is not None
    return percept


@pytest.mark.parametrize(
    "text",
    [
        "Great, another outage. Love it.",
        "Wonderful, it crashed again.",
        "Fantastic! The export is broken again.",
        "Oh great, yet another error.",
        "Just what I needed, a broken export.",
        "Thanks for nothing.",
        "Congrats, you deleted my data once more",
        "Perfect timing, everything is down.",
        "Love it. Down again.",
        "Toll, schon wieder ein Ausfall",
    ],
)
def test_praise_of_trouble_is_not_meant(text: str) -> None:
    assert is_ironic(text, tokenise(text))


@pytest.mark.parametrize(
    "text",
    [
        "Great, the outage is over.",
        "Great, the bug is fixed!",
        "Love how you handled the outage, thanks again",
        "Your team was great during the outage, again.",
        "Great product but it crashed again",
        "Perfect, no errors any more, once again thanks",
        "Thanks for the quick fix of the bug again",
        "Thanks for letting us know of the outage again",
        "I love it. Another question: how do I export?",
        "Great, another demo please",
        "Thank you, the error page is nice",
        "Nice, the failed imports report works again",
        "The app crashed again",
        "Thanks, that solved it. One more error is left in the other report, and it is a small one I think.",
    ],
)
def test_praise_that_is_meant_stays(text: str) -> None:
    assert not is_ironic(text, tokenise(text))


def test_an_ironic_message_is_negative_and_praises_nothing() -> None:
    percept = perceive("Great, another outage. Love it.")

    assert (percept.mood, percept.sentiment < 0) == ("frustrated", True)
    assert [intent.label for intent in percept.intents] == ["outage"]
    assert perceive("Great work. Love it.").has("praise")
