"""What people paste and how they write does not break what is understood, nor put words in their mouths."""

from typing import Any

import pytest

from segue.core.records.percepts import Percept
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.perception import IntentRules, RulePerceiver
from segue.perception.reading import READ_AT_MOST

PERCEIVER = RulePerceiver({"cancel": IntentRules("cancel", ("cancel", "want to cancel"))})


def perceive(text: str, kind: Kind = Kind.MESSAGE_RECEIVED, **body: Any) -> Percept | None:
    told = {"channel": "email", "text": text, **body}
    return PERCEIVER.perceive(Signal("s", "x", "1", kind, (), Instant(0), Instant(0), told))


@pytest.mark.parametrize(
    "others",
    [
        "---------- Forwarded message ----------\nFrom: Bob\nI want to cancel",
        "Begin forwarded message:\n\nFrom: Bob\nI want to cancel",
        "This e-mail is confidential and intended for the addressee. If you want to cancel, delete it.",
        "Diese E-Mail ist vertraulich. If you want to cancel, delete it.",
        "Kind regards\nAnn\nCancel Ltd",
        "From: Segue\nSent: Monday\nTo: Ann\nSubject: plan\n\nDo you want to cancel?",
    ],
)
def test_what_others_wrote_below_is_not_the_customers_wish(others: str) -> None:
    percept = perceive(f"See below.\n\n{others}")

    assert percept is not None
    assert not percept.has("cancel")


def test_of_a_pasted_chat_only_the_customers_side_counts() -> None:
    percept = perceive("Agent: You want to cancel?\nCustomer: No, I like it.\nAgent: We cancel nothing.")

    assert percept is not None
    assert not percept.has("cancel")


@pytest.mark.parametrize("kind", [Kind.CALL_TRANSCRIBED, Kind.MEETING_NOTED])
def test_of_a_transcript_only_the_customers_words_are_perceived(kind: Kind) -> None:
    text = "[00:01] Rep: You want to cancel?\n[00:05] Ann Lee: Never call me before 10 please."

    percept = perceive(text, kind, customer="Ann Lee")

    assert percept is not None
    assert not percept.intents
    assert [(wish.kind, wish.value) for wish in percept.preferences] == [("not_before", 600)]


def test_a_note_without_speakers_is_nobodys_wish() -> None:
    assert perceive("They want to cancel and never be called before 10.", Kind.MEETING_NOTED) is None


@pytest.mark.parametrize(
    "text",
    [
        "I WANT TO CANCEL!!!",
        "i want to cancel 😡😡😡",
        "want to cancel pls",
        "Bonjour! I want to cancel, ok?",
    ],
)
def test_shouting_emoji_and_mixed_languages_are_understood(text: str) -> None:
    percept = perceive(text)

    assert percept is not None
    assert percept.has("cancel")


@pytest.mark.parametrize(
    "filler",
    [
        "word ",
        "> quoted\n",
        "Ann: ",
        "not before ",
        "10:00 ",
        "a@b.c ",
        "1 ",
        "\n",
        "don't call me ",
        "😡",
        "((",
        "I'll ",
    ],
)
def test_a_paste_of_fifty_kilobytes_is_read_from_its_beginning(filler: str) -> None:
    paste = "I want to cancel.\n\n" + filler * (50_000 // len(filler))

    percept = perceive(paste)

    assert percept is not None
    assert percept.has("cancel")
    ends = [wish.end for wish in percept.preferences] + [one.end for one in percept.entities]
    assert max(ends, default=0) <= READ_AT_MOST
