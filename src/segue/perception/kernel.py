"""A few examples to scores for every label: ridge regression in the space of an exponential kernel.

The kernel is `exp(GAMMA (cos - 1))`. The fit is one linear system, and what each example would score had it
been left out follows from the same inverse (Cawley and Talbot, 2004), so calibration costs no second fit.
Above `LANDMARKS` examples, evenly spread ones stand for all (Nystroem).

How familiar a text is, whatever its label, is what a Gaussian process of the same kernel knows there: one
less its variance (Rasmussen and Williams, 2006), over at most `ANCHORS` examples, evenly spread.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GAMMA = 3.0
RIDGE = 0.05
LANDMARKS = 5_000
ANCHORS = 500
_JITTER = 1e-6
_AT_ONCE = 1_000
_SAME = 1e-5

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Kernel:
    """A fitted kernel.

    Attributes:
        landmarks: Unit vectors, shape (examples, width).
        weights: What each landmark says of each label, shape (labels, examples).
        left_out: Scores of every example by the others, shape (all examples, labels).
        anchored: Inverse of the anchors' kernel, shape (anchors, anchors).
        familiar_left_out: How familiar every example is by the others, shape (all examples,).
    """

    landmarks: Vectors
    weights: NDArray[np.float32]
    left_out: Floats
    anchored: NDArray[np.float32]
    familiar_left_out: Floats

    def near(self, alike: NDArray[np.float32]) -> NDArray[np.float32]:
        """The kernel from the dot products with the landmarks, shape (landmarks,)."""
        return np.asarray(np.exp(GAMMA * (alike - np.float32(1.0))), np.float32)

    def scores(self, near: NDArray[np.float32]) -> Floats:
        """Scores of each label, shape (labels,)."""
        return np.asarray(np.vecdot(self.weights, near), np.float64)

    def familiar(self, near: NDArray[np.float32]) -> float:
        """How familiar a text is, from 0 to 1."""
        anchors = np.ascontiguousarray(near[:: _step(len(self.landmarks))])
        return float(np.clip(np.vecdot(np.vecdot(self.anchored, anchors), anchors), 0.0, 1.0))


def fit(vectors: Vectors, wanted: Floats) -> Kernel:
    """Fit.

    Args:
        vectors: Unit vectors, shape (examples, width).
        wanted: 1 where an example bears a label, else 0, shape (examples, labels).
    """
    centred = wanted - wanted.mean(axis=0)
    anchored, familiar = _anchored(vectors)
    if len(vectors) <= LANDMARKS:
        near = _near(vectors, vectors)
        inverse = np.linalg.inv(near + RIDGE * np.eye(len(near)))
        weights = inverse @ centred
        left_out = centred - weights / np.diag(inverse)[:, None]
        return Kernel(vectors, _by_label(weights), left_out, anchored, familiar)
    landmarks = _landmarks(vectors)
    weights, left_out = _by_landmarks(vectors, landmarks, centred)
    return Kernel(landmarks, _by_label(weights), left_out, anchored, familiar)


def _by_landmarks(vectors: Vectors, landmarks: Vectors, centred: Floats) -> tuple[Floats, Floats]:
    """Weights of the landmarks and left-out scores; some examples at a time, for memory's sake."""
    chunks = [slice(first, first + _AT_ONCE) for first in range(0, len(vectors), _AT_ONCE)]
    within = _near(landmarks, landmarks)
    within[np.diag_indices_from(within)] += _JITTER
    within *= RIDGE
    wanted = np.zeros((len(landmarks), centred.shape[1]))
    for chunk in chunks:
        near = _near(vectors[chunk], landmarks)
        within += near.T @ near
        wanted += near.T @ centred[chunk]
    inverse = np.linalg.inv(within)
    weights = inverse @ wanted
    left_out = np.empty_like(centred)
    for chunk in chunks:
        near = _near(vectors[chunk], landmarks)
        leverage = np.vecdot(near @ inverse, near)
        left_out[chunk] = centred[chunk] - (centred[chunk] - near @ weights) / (1.0 - leverage)[:, None]
    return weights, left_out


def _by_label(weights: Floats) -> NDArray[np.float32]:
    return np.ascontiguousarray(weights.T, np.float32)


def _landmarks(vectors: Vectors) -> Vectors:
    if len(vectors) <= LANDMARKS:
        return vectors
    return np.asarray(vectors[np.linspace(0, len(vectors) - 1, LANDMARKS).astype(int)])


def _step(landmarks: int) -> int:
    return -(-landmarks // ANCHORS)


def _anchored(vectors: Vectors) -> tuple[NDArray[np.float32], Floats]:
    """The inverse over the anchors, and how familiar each example is where it is no anchor itself."""
    landmarks = _landmarks(vectors)
    anchors = landmarks[:: _step(len(landmarks))]
    inverse = np.linalg.inv(_near(anchors, anchors) + RIDGE * np.eye(len(anchors)))
    near = _near(vectors, anchors)
    familiar = np.einsum("ij,ij->i", near @ inverse, near)
    own = near.argmax(axis=1)
    is_anchor = near[np.arange(len(near)), own] >= 1.0 - _SAME
    # Of one that was left out the variance follows from the same inverse.
    familiar[is_anchor] = 1.0 + RIDGE - 1.0 / np.diag(inverse)[own[is_anchor]]
    return inverse.astype(np.float32), np.clip(familiar, 0.0, 1.0)


def _near(one: Vectors, other: Vectors) -> Floats:
    return np.exp(GAMMA * ((one @ other.T).astype(np.float64) - 1.0))
