"""Both tiers together: rules stand, the encoder adds, other languages and automatic replies are left."""

from typing import Any

from segue.core.records.percepts import EMOTIONS, Percept
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.perception import RulePerceiver, TieredPerceiver
from segue.perception.clauses import clauses
from tests.unit.perception.fake_encoder import WordEncoder

INTENTS: dict[str, dict[str, Any]] = {
    "refund": {
        "phrases": ["money back"],
        "examples": ["refund my payment", "refund the fee", "please refund it"],
        "risk": "high",
    },
    "demo": {"phrases": [], "examples": ["show me a demo", "book a demo", "a product demo please"]},
    "login": {"phrases": [], "examples": ["reset my password", "password is wrong", "lost my password"]},
}


def read(text: str, encoder: WordEncoder | None = None) -> Percept:
    signal = Signal("m", "t", "1", Kind.MESSAGE_RECEIVED, (), Instant(0), Instant(0), {"text": text})
    percept = TieredPerceiver.of(INTENTS, encoder or WordEncoder()).perceive(signal)
    assert percept is not None
    return percept


def test_an_intent_is_found_by_its_examples_with_the_nearest_as_evidence() -> None:
    percept = read("Can you book a demo")

    assert [(i.label, i.nearest) for i in percept.intents] == [("demo", "book a demo")]
    assert percept.decision == "accept"


def test_each_clause_may_want_something_else() -> None:
    percept = read("Please book a demo. And reset my password!")

    assert {i.label for i in percept.intents} == {"demo", "login"}
    text = "Please book a demo. And reset my password!"
    assert {text[i.start : i.end] for i in percept.intents} == {"Please book a demo", "And reset my password"}


def test_what_a_rule_found_is_not_read_again() -> None:
    percept = read("I want my money back")

    assert [(i.label, i.nearest) for i in percept.intents] == [("refund", "money back")]


def test_a_risky_intent_found_by_examples_goes_to_a_human() -> None:
    percept = read("please refund my payment")

    assert percept.decision == "escalate"
    assert "refund" in percept.risk


def test_what_nobody_can_tell_is_asked_back() -> None:
    percept = read("giraffes eat leaves")

    assert (percept.decision, percept.intents) == ("ask", ())


def test_another_language_never_reaches_the_encoder() -> None:
    encoder = WordEncoder()

    percept = read("Ich hätte gern eine demo für das Produkt und bitte noch heute", encoder)

    assert (percept.language, percept.intents, percept.emotions) == ("de", (), ())
    assert encoder.read == []


def test_an_automatic_reply_stays_one() -> None:
    percept = read("I am out of the office. To book a demo write to my colleague.")

    assert [i.label for i in percept.intents] == ["out_of_office"]


def test_emotions_are_recorded_and_give_the_mood() -> None:
    percept = read("such curiosity here")

    assert len(percept.emotions) == len(EMOTIONS)
    assert (percept.mood, percept.mood_ppm) == ("curious", 900_000)


def test_a_mood_that_words_told_stands() -> None:
    percept = read("this is ridiculous, such curiosity")

    assert percept.mood == "angry"


def test_bad_emotions_make_the_sentiment_bad() -> None:
    assert read("such sadness here").sentiment < 0 < read("such joy here").sentiment


def test_the_model_changes_with_examples_and_encoder() -> None:
    other = WordEncoder()
    other.model = "other words"
    rules = RulePerceiver.of(INTENTS).model

    hashes = {
        TieredPerceiver.of(INTENTS, WordEncoder()).model,
        TieredPerceiver.of(INTENTS, other).model,
        TieredPerceiver.of({**INTENTS, "demo": INTENTS["login"]}, WordEncoder()).model,
        rules,
    }

    assert len(hashes) == 4


def test_a_paste_of_any_length_has_few_clauses() -> None:
    assert len(clauses("One more line.\n" * 5_000)) == 8
    assert clauses(" \n . ! ") == []
