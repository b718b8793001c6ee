"""Sittings: messages of one thread without a long pause in between, so that neighbours mean something."""

from collections.abc import Sequence
from dataclasses import dataclass

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
        count: How many sittings there are.
    """

    of: NDArray[np.int64]
    place: NDArray[np.int64]
    count: int

    def beside(self, values: Floats, away: int) -> Floats:
        """The value of the message so many places before (`away` > 0) or behind it; 0 beyond the sitting."""
        found = np.zeros_like(values)
        if not 0 < abs(away) < len(values):
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
        top = np.full(self.count, -np.inf)
        np.maximum.at(top, self.of, values)
        return np.asarray(top[self.of])


def ordered(said: Sequence[Said]) -> list[Said]:
    """Messages by thread, and by time within it."""
    return sorted(said, key=lambda one: (one.thread, one.at, one.id))


def sittings(said: Sequence[Said]) -> Sittings:
    """Sittings of messages that are `ordered`."""
    of, place = np.zeros(len(said), np.int64), np.zeros(len(said), np.int64)
    for index in range(1, len(said)):
        last, this = said[index - 1], said[index]
        begins = last.thread != this.thread or this.at - last.at > PAUSE
        of[index] = of[index - 1] + begins
        place[index] = 0 if begins else place[index - 1] + 1
    return Sittings(of, place, int(of[-1]) + 1 if len(said) else 0)
