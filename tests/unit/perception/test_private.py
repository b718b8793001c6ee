"""What is private is found however it is said, and what only sounds like it is not."""

import pytest

from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.encoder import shipped_languages
from segue.perception import RulePerceiver, without_private

PERCEIVER = RulePerceiver({}, languages=shipped_languages())


def topics(text: str) -> set[str]:
    body = {"text": text, "channel": "chat"}
    percept = PERCEIVER.perceive(
        Signal("s", "x", "1", Kind.MESSAGE_RECEIVED, (), Instant(0), Instant(0), body)
    )
    assert percept is not None
    return {one.kind.partition(".")[2] for one in percept.told if one.kind.startswith("sensitive.")}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("I am ill and will answer next week.", "health"),
        ("Sorry, I was in hospital.", "health"),
        ("I've been diagnosed with cancer, please bear with me.", "health"),
        ("My wife is pregnant, so I am off from May.", "health"),
        ("I'm on sick leave until Monday.", "health"),
        ("My daughter has diabetes and I had to leave.", "health"),
        ("Can we move it? My doctor's appointment is at ten.", "health"),
        ("My father passed away last week.", "family"),
        ("I'm going through a divorce at the moment.", "family"),
        ("There was a death in my family.", "family"),
        ("As a union member I cannot sign that.", "union"),
        ("Our union rep has to agree.", "union"),
        ("We are on strike this week.", "union"),
        ("I am a practising Muslim and it is Ramadan.", "religion"),
        ("I'm fasting during Ramadan, so afternoons are hard.", "religion"),
        ("My church needs the same tool.", "religion"),
    ],
)
def test_private_matters_are_found(text: str, topic: str) -> None:
    assert topics(text) == {topic}


@pytest.mark.parametrize(
    "text",
    [
        "I am sick of these updates.",
        "The system is unhealthy, the health check fails.",
        "What is the account's health score?",
        "Our health dashboard is empty.",
        "The union of both tables is wrong.",
        "Please do a left join, then a union.",
        "We sell to hospitals and churches.",
        "The European Union requires it.",
        "The mother board died.",
        "Our parent company decides.",
        "This feature is dying.",
        "The operation failed with an error.",
        "We lost faith in the roadmap.",
        "Is the treatment of weekends correct?",
    ],
)
def test_what_only_sounds_like_it_is_not(text: str) -> None:
    assert topics(text) == set()


def test_the_sentence_around_it_is_taken_out_and_the_rest_stays_to_the_code_point() -> None:
    text = "Hello Tom,\nmy wife is in hospital, so not this week. Call me on Friday!\n\nThanks"

    assert without_private(text) == "Hello Tom,\n[private] Call me on Friday!\n\nThanks"
    assert without_private("Nothing of the kind.  ") == "Nothing of the kind.  "
