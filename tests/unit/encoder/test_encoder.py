"""The encoder that ships: small, the same every time, one text at a time, and telling emotions."""

from pathlib import Path

import numpy as np
import pytest

from segue.core.errors import MissingError
from segue.core.records.meaning import Meaning
from segue.core.records.percepts import EMOTIONS
from segue.encoder import CachedEncoder, OnnxEncoder, shipped
from segue.encoder.files import WEIGHTS


def test_all_that_ships_is_at_most_25_megabytes() -> None:
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) <= 25_000_000


def test_like_texts_are_nearer_than_unlike_ones() -> None:
    asked, alike, unlike = (
        shipped().encode(text).vector
        for text in ("how do i reset my password", "i forgot my password", "the soup was cold")
    )

    assert float(asked @ asked) == pytest.approx(1.0, abs=1e-4)
    assert float(asked @ alike) > float(asked @ unlike) + 0.1


def test_the_same_text_gives_the_same_vector_whatever_was_read_before() -> None:
    first = shipped().encode("where is my invoice").vector
    shipped().encode("something else, and much longer than the text before it was")

    assert np.array_equal(shipped().encode("where is my invoice").vector, first)


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("Thank you so much for your help!", "gratitude"),
        ("I am so angry about this, it makes me furious", "anger"),
        ("I don't understand, what does this mean?", "confusion"),
    ],
)
def test_plain_emotions_are_shown(text: str, emotion: str) -> None:
    assert shipped().encode(text).shown[EMOTIONS.index(emotion)]


@pytest.mark.parametrize("text", ["", "🙂🙂🙂", "a" * 60_000, "word " * 20_000, "\x00\ud800", "مرحبا"])
def test_any_text_can_be_read(text: str) -> None:
    vector = shipped().encode(text).vector

    assert np.isfinite(vector).all()


def test_a_folder_without_the_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"no file `encoder.onnx`"):
        OnnxEncoder(tmp_path)


class Counting:
    """Counts what it reads."""

    def __init__(self, model: str = "one") -> None:
        self.model = model
        self.count = 0

    def encode(self, text: str) -> Meaning:
        self.count += 1
        p = np.full(len(EMOTIONS), 0.25)
        return Meaning(np.full(4, 0.5, np.float32), p, p > 0.5)


def test_what_was_read_is_remembered_in_a_file(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    kept = CachedEncoder(first, tmp_path / "examples.npz")
    kept.encode("hello")
    kept.encode("hello")
    kept.save()

    again = CachedEncoder(second, tmp_path / "examples.npz").encode("hello")

    assert (first.count, second.count) == (1, 0)
    assert again.vector.tolist() == [0.5] * 4
    assert not again.shown.any()


def test_a_file_of_another_model_or_a_broken_one_counts_as_empty(tmp_path: Path) -> None:
    kept = CachedEncoder(Counting(), tmp_path / "examples.npz")
    kept.encode("hello")
    kept.save()
    (tmp_path / "broken.npz").write_bytes(b"no archive")
    other, fresh = Counting("two"), Counting()

    CachedEncoder(other, tmp_path / "examples.npz").encode("hello")
    CachedEncoder(fresh, tmp_path / "broken.npz").encode("hello")

    assert (other.count, fresh.count) == (1, 1)
