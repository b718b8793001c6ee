"""From scores to probabilities that hold: temperature for one label of many, a slope for each on its own."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TEMPERATURES = np.geomspace(2.0, 120.0, 60)
_SLOPES = np.geomspace(1.0, 60.0, 30)
_OFFSETS = np.linspace(-6.0, 6.0, 49)


def softmax(scores: Floats, sharpness: float) -> Floats:
    """Probabilities over the last axis.

    >>> softmax(np.array([0.0, 0.0]), 3.0).tolist()
    [0.5, 0.5]
    """
    raised = sharpness * (scores - scores.max(axis=-1, keepdims=True))
    grown = np.exp(raised)
    return np.asarray(grown / grown.sum(axis=-1, keepdims=True))


def sharpness_of(left_out: Floats, labels: NDArray[np.int64]) -> float:
    """Inverse temperature under which the left-out scores are likeliest (Guo et al., 2017)."""
    rows = np.arange(len(labels))
    losses = [-np.log(softmax(left_out, t)[rows, labels] + 1e-12).mean() for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def sigmoid(scores: Floats, slope: float, offset: float) -> Floats:
    """Probability of each label on its own.

    >>> sigmoid(np.array([0.0]), 5.0, 0.0).tolist()
    [0.5]
    """
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * scores + offset))))


def line_of(left_out: Floats, wanted: Floats) -> tuple[float, float]:
    """Slope and offset under which the left-out scores of all labels together are likeliest (Platt, 1999)."""
    best = (np.inf, 1.0, 0.0)
    for slope in _SLOPES:
        for offset in _OFFSETS:
            p = np.clip(sigmoid(left_out, slope, offset), 1e-9, 1 - 1e-9)
            loss = -float((wanted * np.log(p) + (1 - wanted) * np.log(1 - p)).sum())
            best = min(best, (loss, float(slope), float(offset)))
    return best[1], best[2]
