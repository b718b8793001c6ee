"""Intents from examples: found, doubted, several at once, and always the same."""

import numpy as np
import pytest

from segue.core.errors import InputError
from segue.perception import IntentModel
from segue.perception.calibration import sharpness_of
from segue.perception.kernel import RIDGE, fit
from tests.unit.perception.fake_encoder import WordEncoder

EXAMPLES = {
    "refund": ["refund my money", "money back please", "refund the payment", "my money back"],
    "demo": ["show me a demo", "book a demo", "a demo of the product", "demo for my team"],
    "login": ["cannot log in", "password does not work", "log in fails", "reset my password"],
}


def test_the_intent_whose_examples_are_nearest_is_found() -> None:
    model = IntentModel(EXAMPLES, WordEncoder())

    best = model.read("please refund my money")[0]

    assert (best.label, best.nearest) == ("refund", "refund my money")
    assert model.accepted([best]) == [best]


def test_what_is_like_no_example_is_not_accepted() -> None:
    model = IntentModel(EXAMPLES, WordEncoder())

    guesses = model.read("giraffes eat leaves all day")

    assert model.accepted(guesses) == []


def test_probabilities_of_one_text_add_up() -> None:
    model = IntentModel(EXAMPLES, WordEncoder())

    assert sum(guess.p for guess in model.read("book a demo")) == pytest.approx(1.0)


def test_a_text_under_several_labels_makes_them_independent() -> None:
    both = {
        "cancel": ["cancel it", "cancel the booking", "cancel my room", "cancel now"],
        "booking": ["cancel the booking", "change the booking", "my booking", "a booking please"],
        "room": ["cancel my room", "a room with a view", "my room", "change my room"],
    }
    model = IntentModel(both, WordEncoder())

    found = {guess.label for guess in model.read("cancel the booking")}

    assert model.several
    assert found == {"cancel", "booking"}


def test_the_same_examples_make_the_same_model() -> None:
    one, other = IntentModel(EXAMPLES, WordEncoder()), IntentModel(EXAMPLES, WordEncoder())
    less = IntentModel({**EXAMPLES, "demo": EXAMPLES["demo"][:3]}, WordEncoder())

    assert one.model == other.model != less.model
    assert one.read("a refund please") == other.read("a refund please")


def test_too_few_examples_are_told() -> None:
    with pytest.raises(InputError, match="intent `demo` has fewer than two examples"):
        IntentModel({"demo": ["a demo"], "refund": ["refund", "money back"]}, WordEncoder())
    with pytest.raises(InputError, match="at least two labels"):
        IntentModel({"demo": ["a demo", "show me"]}, WordEncoder())


def test_left_out_scores_are_those_of_a_fit_without_the_example() -> None:
    encoder = WordEncoder()
    texts = [text for texts in EXAMPLES.values() for text in texts]
    vectors = np.stack([encoder.encode(text).vector for text in texts])
    wanted = np.repeat(np.eye(3), 4, axis=0)
    centred = wanted - wanted.mean(axis=0)
    near = np.exp(3.0 * ((vectors @ vectors.T).astype(float) - 1.0))
    kept = [i for i in range(len(texts)) if i != 5]

    without = np.linalg.solve(near[np.ix_(kept, kept)] + RIDGE * np.eye(len(kept)), centred[kept])

    assert fit(vectors, wanted).left_out[5] == pytest.approx(near[5, kept] @ without, abs=1e-4)


def test_many_examples_are_stood_for_by_landmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = WordEncoder()
    texts = [text for texts in EXAMPLES.values() for text in texts for _ in range(2)]
    vectors = np.stack([encoder.encode(text).vector for text in texts])
    wanted = np.repeat(np.eye(3), 8, axis=0)
    exact = fit(vectors, wanted)

    monkeypatch.setattr("segue.perception.kernel.LANDMARKS", 12)
    spread = fit(vectors, wanted)

    assert len(spread.landmarks) == 12
    assert spread.left_out == pytest.approx(exact.left_out, abs=0.01)


def test_surer_scores_get_a_higher_sharpness() -> None:
    labels = np.array([0, 1, 0, 1])
    right = np.array([[0.6, 0.4], [0.4, 0.6], [0.6, 0.4], [0.4, 0.6]])
    mixed = right.copy()
    mixed[3] = [0.6, 0.4]

    assert sharpness_of(right, labels) > sharpness_of(mixed, labels)
