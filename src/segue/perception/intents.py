"""Intents from examples: which label a clause bears, how surely, by which example, or none of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.core.encoding import digest
from segue.core.errors import InputError
from segue.core.ports import Encoder
from segue.perception.calibration import line_of, sharpness_of, sigmoid, softmax
from segue.perception.kernel import GAMMA, LANDMARKS, RIDGE, Floats, Kernel, Vectors, fit

BELIEF = "score * familiarity * cosine^3"
"""How far a label is believed, but for a cube root that spreads the values out.

Measured on the validation part of CLINC150, 10 examples each, three draws, how well it tells unknown requests
from known ones (AUROC): this 97.8; the label's score times the cosine cubed 97.6; its probability times the
cosine cubed 97.2; the score alone 96.6; the familiarity alone 95.4.
"""

REJECTED = 0.10
"""Share of the examples that would be doubted if each were left out; it sets what belief is asked for."""

LEAST_BELIEF = 0.29
"""Less is never accepted, however unlike each other the examples are."""

EVEN = 0.5
"""Nor is a label that is less probable than all others together."""

LEAST_EXAMPLES = 2
GUESSES = 5


@dataclass(frozen=True, slots=True)
class Guess:
    """What one clause may want.

    Attributes:
        label: The intent.
        p: Calibrated probability, given that it is one of the known intents.
        belief: How far it is believed that the clause is of this intent and no other or unknown one
            (`BELIEF`); accepted from the model's `accept` on. Where labels are independent it is `p`.
        nearest: The example of that intent that is most alike.
    """

    label: str
    p: float
    belief: float
    nearest: str


class IntentModel:
    """Intents fitted from examples; the same examples and encoder always give the same model.

    Args:
        examples: Texts by label, at least two each. A text under several labels makes the labels independent
            of each other: each gets a probability of its own, as many as hold are told.
        encoder: Reads the examples now, and texts later.

    Raises:
        InputError: A label has too few examples, or there are fewer than two labels.
    """

    def __init__(self, examples: Mapping[str, Sequence[str]], encoder: Encoder) -> None:
        _check(examples)
        self.labels = tuple(examples)
        self.texts = tuple(dict.fromkeys(text for texts in examples.values() for text in texts))
        self.model = hash_of(examples, encoder)
        at = {text: index for index, text in enumerate(self.texts)}
        self.wanted = np.zeros((len(self.texts), len(self.labels)))
        for number, texts in enumerate(examples.values()):
            self.wanted[[at[text] for text in texts], number] = 1.0
        self._own = [np.flatnonzero(column) for column in self.wanted.T]
        self._share = self.wanted.mean(axis=0)
        self._encoder = encoder
        vectors = np.stack([encoder.encode(text).vector for text in self.texts])
        self.kernel: Kernel = fit(vectors, self.wanted)
        self.several = bool((self.wanted.sum(axis=1) > 1).any())
        self._vectors = vectors
        self.p_left_out = self._calibrate()
        self.belief_left_out = self._believed()
        self.accept = self._most_agreeing() if self.several else self._accepted_from()

    def read(self, text: str) -> list[Guess]:
        """What one clause may want, the most probable first; at most five, or all that hold."""
        return self.guesses(self._encoder.encode(text).vector)

    def guesses(self, vector: Vectors) -> list[Guess]:
        """The same, from a vector that is known already."""
        # Not `@`: BLAS would start threads that cost more than the product; row by row it starts none.
        alike = np.vecdot(self._vectors, vector)
        reached = (
            alike
            if len(self._vectors) == len(self.kernel.landmarks)
            else np.vecdot(self.kernel.landmarks, vector)
        )
        near = self.kernel.near(reached)
        scores = self.kernel.scores(near)
        p = self._probabilities(scores)
        order = np.argsort(-p, kind="stable")
        kept = [i for i in order if p[i] >= self.accept] if self.several else list(order[:GUESSES])
        sure = p if self.several else self._belief(scores, self.kernel.familiar(near), float(alike.max()))
        return [
            Guess(self.labels[i], float(p[i]), float(sure[i]), self._nearest(int(i), alike)) for i in kept
        ]

    def accepted(self, guesses: Sequence[Guess]) -> list[Guess]:
        """Those to act on: the best one if it is believed, or all that hold where labels are independent."""
        if self.several:
            return list(guesses)
        return [g for g in guesses[:1] if g.belief >= self.accept and g.p >= EVEN]

    def _nearest(self, label: int, alike: NDArray[np.float32]) -> str:
        own = self._own[label]
        return self.texts[int(own[np.argmax(alike[own])])]

    def _probabilities(self, scores: Floats) -> Floats:
        return sigmoid(scores, *self._line) if self.several else softmax(scores, self._sharpness)

    def _calibrate(self) -> Floats:
        """Fit the calibration on left-out scores; the examples' probabilities by it."""
        left_out = self.kernel.left_out
        if self.several:
            self._line = line_of(left_out, self.wanted)
        else:
            self._sharpness = sharpness_of(left_out, self.wanted.argmax(axis=1))
        return self._probabilities(left_out)

    def _accepted_from(self) -> float:
        """The belief that all but a tenth of the examples would reach if each were left out."""
        return max(float(np.quantile(self.belief_left_out, REJECTED)), LEAST_BELIEF)

    def _believed(self) -> Floats:
        """How far each example's best label would be believed if it were left out."""
        nearest = np.empty(len(self._vectors))
        for first in range(0, len(nearest), 1_000):
            alike = self._vectors[first : first + 1_000] @ self._vectors.T
            rows = np.arange(len(alike))
            alike[rows, first + rows] = -1.0
            nearest[first : first + 1_000] = alike.max(axis=1)
        every = self._belief(self.kernel.left_out, self.kernel.familiar_left_out[:, None], nearest[:, None])
        return np.asarray(every.max(axis=1))

    def _belief(self, scores: Floats, familiar: Floats | float, nearest: Floats | float) -> Floats:
        """See `BELIEF`; the scores' last axis is that of the labels."""
        worth = np.maximum(scores + self._share, 0.0)
        return np.asarray(np.maximum(nearest, 0.0) * np.cbrt(worth * familiar))

    def _most_agreeing(self) -> float:
        """The probability from which on the left-out labels agree best with the examples' (micro-F1)."""
        tried = np.linspace(0.2, 0.7, 51)
        agreed = [
            ((self.p_left_out >= t) * self.wanted).sum() / ((self.p_left_out >= t).sum() + self.wanted.sum())
            for t in tried
        ]
        return float(tried[int(np.argmax(agreed))])


def hash_of(examples: Mapping[str, Sequence[str]], encoder: Encoder) -> str:
    """Hash of the model that these examples make, without making it."""
    told = [[label, list(texts)] for label, texts in examples.items()]
    return digest(
        [
            encoder.model,
            str(GAMMA),
            str(RIDGE),
            str(LANDMARKS),
            BELIEF,
            str(REJECTED),
            str(LEAST_BELIEF),
            str(EVEN),
            told,
        ],
        size=16,
    )


def _check(examples: Mapping[str, Sequence[str]]) -> None:
    if len(examples) < LEAST_EXAMPLES:
        raise InputError("intents from examples need at least two labels; add another intent")
    for label, texts in examples.items():
        if len(set(texts)) < LEAST_EXAMPLES:
            raise InputError(f"intent `{label}` has fewer than two examples; give it 5 to 20")
