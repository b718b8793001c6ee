"""`segue.Perceiver` with the encoder that ships: examples in, percepts with floats out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import segue
from segue.bootstrap.home import bundled
from segue.bootstrap.perceiving import Message, fitted, signal_of, warm_up
from segue.bootstrap.trying import try_intents
from segue.core.errors import InputError, MissingError
from segue.core.records.meaning import Meaning
from segue.encoder import shipped
from segue.perception import TieredPerceiver
from segue.playbook import load

EXAMPLES = {
    "refund": ["I want my money back", "Please refund the payment", "Can I get a refund?", "Return my money"],
    "demo": [
        "Can we see a demo?",
        "Show us the product",
        "Book me a demonstration",
        "I'd like a product tour",
    ],
    "login": ["I can't log in", "I forgot my password", "My account is locked", "The reset link is broken"],
}


@pytest.fixture(scope="module")
def perceiver() -> segue.Perceiver:
    return segue.Perceiver.from_examples(EXAMPLES, known_names=["Dana Roe"])


def test_another_wording_is_understood(perceiver: segue.Perceiver) -> None:
    percept = perceiver.perceive(["could you reimburse what we paid"])[0]

    assert [intent.label for intent in percept.intents] == ["refund"]
    assert percept.intents[0].nearest in EXAMPLES["refund"]
    assert percept.intents[0].p > 0.5
    assert percept.decision == "accept"


def test_two_wishes_of_one_message_are_both_found(perceiver: segue.Perceiver) -> None:
    percept = perceiver.perceive(["I forgot my password. And could we see a demo next week?"])[0]

    assert {intent.label for intent in percept.intents} == {"login", "demo"}


def test_what_is_none_of_the_intents_is_asked_back(perceiver: segue.Perceiver) -> None:
    percepts = perceiver.perceive(["the giraffe ate the leaves", "what is the tallest mountain on earth"])

    assert [(percept.decision, percept.intents) for percept in percepts] == [("ask", ()), ("ask", ())]


def test_feelings_are_floats(perceiver: segue.Perceiver) -> None:
    percept = perceiver.perceive(["This is a wonderful surprise, we are so happy!"])[0]

    assert percept.sentiment > 0.3
    assert percept.emotions["joy"] > percept.emotions["anger"]
    assert percept.mood == "excited"


def test_only_the_customers_words_are_read(perceiver: segue.Perceiver) -> None:
    at = datetime(2026, 10, 5, 9, tzinfo=UTC)
    messages = [
        segue.Message("I want my money back", speaker="agent", occurred_at=at),
        segue.Message("I want my money back", channel="chat", occurred_at=at),
    ]

    theirs, ours = perceiver.perceive(messages)

    assert (theirs.decision, theirs.intents) == ("none", ())
    assert [intent.label for intent in ours.intents] == ["refund"]


def test_known_names_are_personal_data(perceiver: segue.Perceiver) -> None:
    percept = perceiver.perceive(["Dana Roe can't log in"])[0]

    assert [(span.start, span.end, span.kind) for span in percept.pii] == [(0, 8, "name")]


def test_known_vectors_make_the_same_perceiver(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.npz"
    first = segue.Perceiver.from_examples(EXAMPLES, cache=cache)

    again = segue.Perceiver.from_examples(EXAMPLES, cache=cache)

    assert cache.is_file()
    assert first.model == again.model
    assert first.perceive(["refund please"]) == again.perceive(["refund please"])


def test_leaving_out_examples_names_the_pairs_that_are_confused() -> None:
    alike = {
        "north": {"examples": ["send it to the north depot", "the north depot please", "to the north depot"]},
        "south": {"examples": ["send it to the south depot", "the south depot please", "to the south depot"]},
        "lunch": {"examples": ["what is for lunch", "is there soup today", "book lunch for two"]},
    }

    trial = try_intents(alike)

    assert (trial.intents, trial.examples) == (3, 9)
    assert trial.accuracy < 1.0
    assert {pair.intent for pair in trial.confused} & {"north", "south"}
    assert all(pair.examples for pair in trial.confused)


def test_a_playbook_without_examples_is_told() -> None:
    with pytest.raises(InputError, match="fewer than two intents have examples"):
        try_intents({"refund": {"phrases": ["refund"]}})


def test_the_default_playbook_teaches_at_least_thirty_intents() -> None:
    taught = {name: entry["examples"] for name, entry in load(bundled("saas")).intents.items()}

    assert sum(len(set(texts)) >= 5 for texts in taught.values()) >= 30


def test_a_bundled_playbook_that_is_not_there_is_told() -> None:
    with pytest.raises(MissingError, match="no playbook `sas`; there are saas"):
        bundled("sas")


class Counting:
    """The encoder that ships, with a count of the texts it read."""

    model = shipped().model

    def __init__(self) -> None:
        self.read = 0

    def encode(self, text: str) -> Meaning:
        self.read += 1
        return shipped().encode(text)


def test_after_warming_up_the_first_message_has_its_own_words_read_alone() -> None:
    encoder = Counting()
    intents = {label: {"phrases": (), "examples": texts} for label, texts in EXAMPLES.items()}
    perceiver = TieredPerceiver.of(intents, encoder, fitted)

    warm_up(perceiver)
    warmed, encoder.read = encoder.read, 0
    percept = perceiver.perceive(signal_of(Message("could you reimburse what we paid")))

    assert warmed > sum(len(texts) for texts in EXAMPLES.values())
    assert encoder.read == 1
    assert percept is not None
    assert [intent.label for intent in percept.intents] == ["refund"]
