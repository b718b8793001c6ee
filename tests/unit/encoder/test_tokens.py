"""The token encoder gives one unit vector for each piece of a text."""

import numpy as np

from segue.encoder import OnnxEncoder, OnnxTokenEncoder
from segue.graph.recall.vectors import WIDTH


def test_each_piece_has_a_vector_of_unit_length() -> None:
    read = OnnxTokenEncoder().tokens("The price  is too high")

    assert read.pieces == ("the", "price", "is", "too", "high")
    assert read.vectors.shape == (5, WIDTH)
    assert np.allclose(np.linalg.norm(read.vectors, axis=1), 1.0, atol=1e-3)


def test_an_empty_text_has_no_pieces() -> None:
    assert OnnxTokenEncoder().tokens(" ").pieces == ()


def test_the_model_of_tokens_is_not_that_of_texts() -> None:
    assert OnnxTokenEncoder().model != OnnxEncoder().model
