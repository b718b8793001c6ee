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
        ("I'm burnt out and need a pause.", "health"),
        ("I am recovering from burnout.", "health"),
        ("I burned out last year.", "health"),
        ("My due date is in May.", "health"),
        ("I'm six months pregnant, so the demo has to be soon.", "health"),
        ("I have had a panic attack and missed it.", "health"),
        ("She is back from sick leave on Monday.", "health"),
        ("I'm going on maternity leave in June.", "family"),
        ("I am on parental leave from May to August, Ann takes over.", "family"),
        ("My parental leave starts next week.", "family"),
        ("I'm in Elternzeit until March.", "family"),
        ("He is on compassionate leave.", "family"),
        ("Sorry for the silence, I lost my mother last week.", "family"),
        ("My mother passed last month.", "family"),
        ("We're expecting in May.", "family"),
        ("Our baby is due soon.", "family"),
        ("I'm at a funeral on Friday.", "family"),
        ("The works council has to agree first.", "union"),
        ("Our Betriebsrat wants to see the data sheet.", "union"),
        ("We're striking next week.", "union"),
        ("Our drivers are on strike.", "union"),
        ("I joined the union last month.", "union"),
        ("There is industrial action at our plant.", "union"),
        ("Our shop steward must sign.", "union"),
        ("Our union has asked for a copy.", "union"),
        ("The employee representatives will decide.", "union"),
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
        "Can we strike a deal?",
        "Please strike that item from the invoice.",
        "What is the strike rate of the campaign?",
        "We're expecting the delivery in May.",
        "We are expecting 20 new hires.",
        "The invoice is due in May.",
        "When is my due payment?",
        "Can I set up a parental leave policy in the planner?",
        "Does it support maternity leave types?",
        "The token has burned out of credits.",
        "My mother company passed the audit.",
        "Your sales representatives were great.",
        "We lost our data last week.",
        "We lost our best customer.",
        "The student union of both tables.",
        "I'm panicking about the deadline.",
        "My team will leave the tool.",
        "How do I leave a team?",
        "The city council uses your tool.",
        "A collective effort, thanks.",
        "Industrial customers need it.",
        "He passed the message on to my father.",
        "Walk me through the setup.",
        "A delivery note is missing.",
        "Birth dates are not imported.",
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
