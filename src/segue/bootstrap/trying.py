"""How well a playbook's intents are told apart: each example judged by the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segue.bootstrap.perceiving import fitted
from segue.core.errors import InputError
from segue.encoder import shipped
from segue.perception import LEAST_EXAMPLES, IntentModel
from segue.perception.intents import EVEN

_BINS = 10


@dataclass(frozen=True, slots=True)
class Confusion:
    """Examples of `intent` that the others take for `taken_for`."""

    intent: str
    taken_for: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What leaving out each example in turn shows.

    Attributes:
        accuracy: Share whose intent is found by the other examples.
        accepted: Share that would be accepted.
        accuracy_of_accepted: Share of those that is right.
        ece: Expected calibration error over ten bins.
        confused: The pairs that are taken for each other, worst first.
    """

    intents: int
    examples: int
    accuracy: float
    accepted: float
    accuracy_of_accepted: float
    ece: float
    confused: tuple[Confusion, ...]


def try_intents(intents: Mapping[str, Mapping[str, Any]]) -> Trial:
    """Judge the examples of `Playbook.intents`.

    Raises:
        InputError: Fewer than two intents have examples.
    """
    examples = {n: tuple(e.get("examples", ())) for n, e in intents.items()}
    known = {name: texts for name, texts in examples.items() if len(set(texts)) >= LEAST_EXAMPLES}
    if len(known) < LEAST_EXAMPLES:
        raise InputError("fewer than two intents have examples; add `examples` to intents.yaml")
    return _judged(fitted(known, shipped()))


def _judged(model: IntentModel) -> Trial:
    truth, found = model.wanted.argmax(axis=1), model.p_left_out.argmax(axis=1)
    right, p = truth == found, model.p_left_out.max(axis=1)
    accepted = (model.belief_left_out >= model.accept) & (p >= EVEN)
    bins = np.minimum((p * _BINS).astype(int), _BINS - 1)
    gaps = [abs(right[bins == b].mean() - p[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    pairs: dict[tuple[str, str], list[str]] = {}
    for row in np.flatnonzero(~right):
        pair = model.labels[truth[row]], model.labels[found[row]]
        pairs.setdefault(pair, []).append(model.texts[row])
    confused: Sequence[Confusion] = [Confusion(*pair, tuple(texts)) for pair, texts in pairs.items()]
    return Trial(
        len(model.labels),
        len(model.texts),
        round(float(right.mean()), 4),
        round(float(accepted.mean()), 4),
        round(float(right[accepted].mean()), 4),
        round(float(sum(gaps)), 4),
        tuple(sorted(confused, key=lambda c: (-len(c.examples), c.intent, c.taken_for))),
    )
