"""A few examples to scores for every label: ridge regression in the space of an exponential kernel.

The kernel is `exp(GAMMA (cos - 1))`. The fit is one linear system, and what each example would score had it
been left out follows from the same inverse (Cawley and Talbot, 2004), so calibration costs no second fit.
Above `LANDMARKS` examples, evenly spread ones stand for all (Nystroem).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GAMMA = 3.0
RIDGE = 0.05
LANDMARKS = 3_000
_JITTER = 1e-6

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Kernel:
    """A fitted kernel.

    Attributes:
        landmarks: Unit vectors, shape (examples, width).
        weights: What each landmark says of each label, shape (examples, labels).
        left_out: Scores of every example by the others, shape (all examples, labels).
    """

    landmarks: Vectors
    weights: NDArray[np.float32]
    left_out: Floats

    def scores(self, alike: NDArray[np.float32]) -> Floats:
        """Scores of each label from the dot products with the landmarks, shape (examples,)."""
        near = np.exp(GAMMA * (alike - np.float32(1.0)))
        return np.asarray(np.einsum("j,jk->k", near, self.weights), np.float64)


def fit(vectors: Vectors, wanted: Floats) -> Kernel:
    """Fit.

    Args:
        vectors: Unit vectors, shape (examples, width).
        wanted: 1 where an example bears a label, else 0, shape (examples, labels).
    """
    centred = wanted - wanted.mean(axis=0)
    if len(vectors) <= LANDMARKS:
        near = _near(vectors, vectors)
        inverse = np.linalg.inv(near + RIDGE * np.eye(len(near)))
        weights = inverse @ centred
        left_out = centred - weights / np.diag(inverse)[:, None]
        return Kernel(vectors, weights.astype(np.float32), left_out)
    landmarks = vectors[np.linspace(0, len(vectors) - 1, LANDMARKS).astype(int)]
    lower = np.linalg.cholesky(_near(landmarks, landmarks) + _JITTER * np.eye(len(landmarks)))
    spread = np.linalg.solve(lower, _near(landmarks, vectors)).T
    inverse = np.linalg.inv(spread.T @ spread + RIDGE * np.eye(len(landmarks)))
    solved = inverse @ (spread.T @ centred)
    leverage = np.einsum("ij,ij->i", spread @ inverse, spread)
    left_out = centred - (centred - spread @ solved) / (1.0 - leverage)[:, None]
    weights = np.linalg.solve(lower.T, solved)
    return Kernel(landmarks, weights.astype(np.float32), left_out)


def _near(one: Vectors, other: Vectors) -> Floats:
    return np.exp(GAMMA * ((one @ other.T).astype(np.float64) - 1.0))
