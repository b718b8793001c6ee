"""Recall: the messages of one person that answer a question best, by weighted features of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.core.records.meaning import TokenMeaning
from segue.graph.recall.asked import asked
from segue.graph.recall.features import TOKENS, WORDS, by_tokens, by_words
from segue.graph.recall.said import Said, gist
from segue.graph.recall.sittings import Floats, ordered, sittings
from segue.graph.recall.stems import COMMON, stem
from segue.graph.recall.vectors import alike
from segue.graph.recall.weights import BY_TOKENS, FIXED

DEEPEST = 64
"""Token vectors are compared for so many messages, the best by their words."""
ALIKE = 0.4
"""By tokens a message answers at all where it, or one at most two places away, is as alike as this.

Questions asked of somebody else's messages find .42 at best in the median; what answers has .53.
"""

_BELOW = 1e6
_COMMON_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Depth:
    """Token vectors of a question, and the packed ones of messages: empty has none, None is not made yet."""

    meaning: TokenMeaning
    vectors: Sequence[bytes | None]


Deeper = Callable[[Sequence[str]], Depth | None]
"""Gives the token vectors of messages by their ids; None where words alone are to decide."""


@dataclass(frozen=True, slots=True)
class Found:
    """A message and its score; scores of one question compare with each other only.

    Attributes:
        near: Whether a word of the question, or one alike to it, stands in it or at most two places away.
    """

    said: Said
    score: float
    near: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """What the weights see of one question: the messages in order, and a row of features for each.

    Attributes:
        near: For each message whether a word of the question stands near it, or one alike to it.
        deep: Numbers of the messages whose token vectors were compared; without vectors none.
        tokens: A row of token features for each message; zero columns without vectors.
    """

    said: tuple[Said, ...]
    words: Floats
    near: NDArray[np.bool_]
    deep: tuple[int, ...] = ()
    tokens: Floats | None = None


def look(question: str, said: Sequence[Said], deeper: Deeper | None = None) -> Seen:
    """Everything the weights see of one question; `recall` is this and a weighted sum."""
    told = ordered(said)
    where = sittings(told)
    wanted = asked(question, {one.speaker for one in told})
    words = by_words(wanted, told, [gist(one.text) for one in told], where)
    near = words[:, WORDS.index("covered_2")] > 0
    if deeper is None:
        return Seen(tuple(told), words, near)
    first = words @ vector(FIXED, WORDS)
    deep = np.argsort(-np.round(first, 9), kind="stable")[:DEEPEST].tolist()
    depth = deeper([told[index].id for index in deep])
    if depth is None:
        return Seen(tuple(told), words, near)
    found = np.zeros(len(told))
    found[deep] = alike(depth.meaning.vectors, _weights(depth.meaning, told), depth.vectors)
    beside = [found, *(where.beside(found, away) for away in (1, 2, -1, -2))]
    near |= np.max(beside, axis=0) >= ALIKE
    return Seen(tuple(told), words, near, tuple(deep), by_tokens(found, where))


def recall(question: str, said: Sequence[Said], limit: int = 10, deeper: Deeper | None = None) -> list[Found]:
    """The messages that answer a question best, best first.

    Args:
        question: In words; a speaker's name in it prefers what that speaker said.
        said: All messages of one person, in any order.
        limit: At most so many.
        deeper: Token vectors of those that score best by words; without them words alone decide.

    >>> from segue.core.units import HOUR, Instant
    >>> said = [
    ...     Said("1", "t", "Ann", Instant(0), "The price is too high for us"),
    ...     Said("2", "t", "Ann", Instant(9 * HOUR), "See you on Monday"),
    ... ]
    >>> [found.said.id for found in recall("What did Ann say about the price?", said, limit=1)]
    ['1']
    """
    if not said:
        return []
    seen = look(question, said, deeper)
    scores = seen.words @ vector(FIXED, WORDS)
    if seen.tokens is not None:
        deep = list(seen.deep)
        both = np.concatenate((seen.words[deep], seen.tokens[deep]), axis=1)
        scores -= _BELOW
        scores[deep] = both @ vector(BY_TOKENS, (*WORDS, *TOKENS))
    # Rounded, because the last bit of a matrix product differs between machines.
    best = np.argsort(-np.round(scores, 9), kind="stable")[:limit]
    return [
        Found(seen.said[index], round(float(scores[index]), 6), bool(seen.near[index]))
        for index in best.tolist()
    ]


def vector(weights: dict[str, float], names: Sequence[str]) -> Floats:
    """Weights in the order of `names`; what is not named weighs nothing."""
    return np.array([weights.get(name, 0.0) for name in names])


def _weights(meaning: TokenMeaning, said: Sequence[Said]) -> Floats:
    names = {stem(part) for name in {one.speaker for one in said} for part in name.lower().split()}
    return np.array([_weight(piece, names) for piece in meaning.pieces])


def _weight(piece: str, names: set[str]) -> float:
    if not piece.removeprefix("##").isalnum() or stem(piece) in names:
        return 0.0
    return _COMMON_WEIGHT if piece in COMMON else 1.0
