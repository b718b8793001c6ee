"""Token vectors in few bytes, at most 2 KB a message, and how alike a question and a message are by them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segue.core.records.meaning import TokenMeaning
from segue.graph.recall.stems import COMMON

WIDTH = 128
"""Numbers of a token vector."""
TOKENS_AT_MOST = 31
"""Token vectors of a message; of a longer text neighbouring ones are averaged."""
BYTES_AT_MOST = TOKENS_AT_MOST * WIDTH // 2

_STEPS = 7
_LITTLE = 1e-9
_SCALE = 2.7 / WIDTH**0.5 / _STEPS

_PAIRS = (np.array([(both >> 4, both & 15) for both in range(256)], np.float32) - 8).view(np.float64)[:, 0]
"""The two numbers in each byte, side by side in eight bytes, so that looking up one gives both."""

Vectors = NDArray[np.float32]


def packed(vectors: Vectors) -> bytes:
    """Unit vectors (tokens by `WIDTH`) as at most `BYTES_AT_MOST` bytes, two numbers in each.

    >>> len(packed(np.eye(3, 128, dtype=np.float32)))
    192
    """
    few = _averaged(vectors)
    steps = np.clip(np.rint(few / _SCALE), -_STEPS, _STEPS).astype(np.int8) + 8
    both: NDArray[np.uint8] = (steps[:, ::2].astype(np.uint8) << 4) | steps[:, 1::2].astype(np.uint8)
    return both.tobytes()


def packed_meaning(meaning: TokenMeaning) -> bytes:
    """The vectors of a message worth keeping: without those of common words and marks."""
    kept = [
        number
        for number, piece in enumerate(meaning.pieces)
        if piece not in COMMON and piece.removeprefix("##").isalnum()
    ]
    return packed(meaning.vectors[kept]) if kept else b""


def unpacked(data: bytes) -> Vectors:
    """The unit vectors in `packed` bytes."""
    return _unit(_steps(data))


def alike(
    question: Vectors, weights: NDArray[np.float64], said: Sequence[bytes | None]
) -> NDArray[np.float64]:
    """MaxSim (Khattab and Zaharia, 2020): each token of the question meets its best match in a message.

    Args:
        question: Unit vectors of the question's tokens.
        weights: What each of them counts; not negative.
        said: Packed vectors of each message; empty where it has no word worth one, None where they are not
            made yet.

    Returns:
        For each message the weighted mean of the best matches, in [-1, 1]; 0 where there are no vectors, and
        the mean of all others where they are not made yet, so that what is not read is neither near nor far.
    """
    found = np.zeros(len(said))
    counted = np.flatnonzero(weights > 0)
    full = [index for index, one in enumerate(said) if one]
    if full and len(counted):
        ends = np.cumsum([len(said[index] or b"") // (WIDTH // 2) for index in full])
        steps = _steps(b"".join(said[index] or b"" for index in full))
        # Lengths divide the products, which are few, not the vectors, which are many.
        cosines = question[counted] @ steps.T
        cosines /= np.maximum(np.sqrt(np.einsum("ij,ij->i", steps, steps)), _LITTLE)
        best = np.maximum.reduceat(cosines, np.concatenate(([0], ends[:-1])), axis=1)
        found[full] = weights[counted] @ best / float(weights.sum())
    missing = [index for index, one in enumerate(said) if one is None]
    if missing and len(missing) < len(said):
        found[missing] = found.sum() / (len(said) - len(missing))
    return found


def _steps(data: bytes) -> Vectors:
    return _PAIRS[np.frombuffer(data, np.uint8)].view(np.float32).reshape(-1, WIDTH)


def _averaged(vectors: Vectors) -> Vectors:
    if len(vectors) <= TOKENS_AT_MOST:
        return vectors
    group = np.arange(len(vectors)) * TOKENS_AT_MOST // len(vectors)
    return _unit(np.stack([vectors[group == number].mean(axis=0) for number in range(TOKENS_AT_MOST)]))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return np.asarray(vectors / np.maximum(lengths, _LITTLE)[:, None], np.float32)
