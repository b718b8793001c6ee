"""Meaning: what an encoder reads in one text; never recorded itself, a percept holds what follows from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an encoder reads in one text.

    Attributes:
        vector: Of unit length; the dot product of two tells how alike their texts are.
        emotions: Probability of each of `segue.core.records.percepts.EMOTIONS`, in that order.
        shown: Whether each is probable enough to count as shown; rare ones need less.
    """

    vector: NDArray[np.float32]
    emotions: NDArray[np.float64]
    shown: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TokenMeaning:
    """What an encoder reads in each token of one text, for recall.

    Attributes:
        pieces: The tokens: words, or pieces of words that begin with `##` where they go on.
        vectors: A row of unit length for each of them.
    """

    pieces: tuple[str, ...]
    vectors: NDArray[np.float32]
