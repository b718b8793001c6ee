"""Sittings: messages of one thread without a long pause in between, so that neighbours mean something."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from segue.core.units import HOUR
from segue.graph.recall.said import Said

PAUSE = 6 * HOUR
"""A longer pause within a thread begins another sitting."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sittings:
    """Where each message stands, in the order of `ordered`.

    Attributes:
        of: Number of the sitting of each message, from 0; equal numbers stand side by side.
        place: Place within its sitting, from 0.
        starts: Number of the message that each sitting begins with.
    """

    of: NDArray[np.int64]
    place: NDArray[np.int64]
    starts: NDArray[np.int64]

    def beside(self, values: Floats, away: int) -> Floats:
        """The value of the message so many places before (`away` > 0) or behind it; 0 beyond the sitting."""
        found = np.zeros_like(values)
        if not 0 < abs(away) < values.shape[-1]:
            return found
        here, there = (
            (slice(away, None), slice(None, -away)) if away > 0 else (slice(None, away), slice(-away, None))
        )
        found[..., here] = values[..., there] * (self.of[here] == self.of[there])
        return found

    def window(self, values: Floats) -> Floats:
        """Each message's value with those of its neighbours: itself 1, one place away .5, two places .25."""
        near = self.beside(values, 1) + self.beside(values, -1)
        far = self.beside(values, 2) + self.beside(values, -2)
        return values + 0.5 * near + 0.25 * far

    def best(self, values: Floats) -> Floats:
        """For each message the greatest value within its sitting."""
        return np.asarray(np.maximum.reduceat(values, self.starts)[self.of])


def ordered(said: Sequence[Said]) -> list[Said]:
    """Messages by thread, and by time within it."""
    return sorted(said, key=lambda one: (one.thread, one.at, one.id))


def sittings(said: Sequence[Said]) -> Sittings:
    """Sittings of messages that are `ordered`, of which there is one at least."""
    at = np.array([one.at for one in said], np.int64)
    threads = [one.thread for one in said]
    begins = np.ones(len(said), np.bool_)
    begins[1:] = np.diff(at) > PAUSE
    begins[1:] |= np.array([last != this for last, this in pairwise(threads)], np.bool_)
    starts = np.flatnonzero(begins)
    of = np.cumsum(begins) - 1
    return Sittings(of, np.arange(len(said)) - starts[of], starts)
