"""Weights fitted to questions whose evidence is known: a softmax over the messages of each (ListNet)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from segue.graph.recall import Found, Seen
from segue.graph.recall.features import WORDS
from segue.graph.recall.ranking import vector
from segue.graph.recall.weights import FIXED

RIDGE = 1e-3
_BELOW = 1e6

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """Rows of the messages that may be chosen, and the share of the evidence each of them is."""

    rows: Floats
    wanted: Floats


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of standardised features."""

    mean: Floats
    spread: Floats
    weights: Floats


def case(seen: Seen, evidence: frozenset[str]) -> Case:
    """What one question teaches."""
    chosen = _chosen(seen)
    wanted = np.array([seen.said[index].id in evidence for index in chosen], np.float64)
    return Case(_rows(seen)[chosen], wanted / max(wanted.sum(), 1.0))


def fitted(cases: Sequence[Case]) -> Fitted:
    """Fit to all cases that have any evidence within reach."""
    some = [one for one in cases if one.wanted.any()]
    rows = np.concatenate([one.rows for one in some])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    rows = (rows - mean) / spread
    wanted = np.concatenate([one.wanted for one in some])
    sizes = np.array([len(one.wanted) for one in some])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = rows @ weights
        top = np.maximum.reduceat(scores, starts)
        raised = np.exp(scores - np.repeat(top, sizes))
        total = np.add.reduceat(raised, starts)
        missed = float((top + np.log(total)).sum() - wanted @ scores) / len(some)
        slope = rows.T @ (raised / np.repeat(total, sizes) - wanted) / len(some)
        return missed + RIDGE * float(weights @ weights), slope + 2 * RIDGE * weights

    found: Any = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B")
    return Fitted(mean, spread, found.x)


def ranked(seen: Seen, fit: Fitted) -> list[Found]:
    """All messages by fitted weights, best first; those out of reach follow by the fixed ones."""
    chosen = _chosen(seen)
    scores = seen.words @ vector(FIXED, WORDS) - _BELOW
    scores[chosen] = (_rows(seen)[chosen] - fit.mean) / fit.spread @ fit.weights
    best = np.argsort(-np.round(scores, 9), kind="stable")
    return [Found(seen.said[index], float(scores[index])) for index in best.tolist()]


def _chosen(seen: Seen) -> list[int]:
    return list(seen.deep) if seen.tokens is not None else list(range(len(seen.said)))


def _rows(seen: Seen) -> Floats:
    return seen.words if seen.tokens is None else np.concatenate((seen.words, seen.tokens), axis=1)
