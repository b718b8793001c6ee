"""Recall: the messages of one person that answer a question best, by weighted features of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segue.core.records.meaning import TokenMeaning
from segue.graph.recall.asked import asked
from segue.graph.recall.features import TOKENS, WORDS, by_tokens, by_words
from segue.graph.recall.said import Said, gist
from segue.graph.recall.sittings import Floats, ordered, sittings
from segue.graph.recall.stems import COMMON, stem
from segue.graph.recall.vectors import alike
from segue.graph.recall.weights import BY_TOKENS, FIXED

DEEPEST = 100
"""Token vectors are compared for so many messages, the best by their words."""

_BELOW = 1e6
_COMMON_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Found:
    """A message and its score; scores of one question compare with each other only.

    Attributes:
        near: Whether a word of the question stands in it or at most two places away.
    """

    said: Said
    score: float
    near: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """What the weights see of one question: the messages in order, and a row of features for each.

    Attributes:
        deep: Numbers of the messages whose token vectors were compared; without vectors none.
        tokens: A row of token features for each message; zero columns without vectors.
    """

    said: tuple[Said, ...]
    words: Floats
    deep: tuple[int, ...] = ()
    tokens: Floats | None = None


def look(question: str, said: Sequence[Said], meaning: TokenMeaning | None = None) -> Seen:
    """Everything the weights see of one question; `recall` is this and a weighted sum."""
    told = ordered(said)
    where = sittings(told)
    wanted = asked(question, {one.speaker for one in told})
    words = by_words(wanted, told, [gist(one.text) for one in told], where)
    if meaning is None or not any(one.tokens for one in told):
        return Seen(tuple(told), words)
    first = words @ vector(FIXED, WORDS)
    deep = np.argsort(-np.round(first, 9), kind="stable")[:DEEPEST]
    return Seen(
        tuple(told),
        words,
        tuple(deep.tolist()),
        by_tokens(_alike(meaning, told, deep.tolist()), where),
    )


def recall(
    question: str, said: Sequence[Said], limit: int = 10, meaning: TokenMeaning | None = None
) -> list[Found]:
    """The messages that answer a question best, best first.

    Args:
        question: In words; a speaker's name in it prefers what that speaker said.
        said: All messages of one person, in any order.
        limit: At most so many.
        meaning: Token vectors of the question; where there are none, words alone decide.

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
    seen = look(question, said, meaning)
    scores = seen.words @ vector(FIXED, WORDS)
    if seen.tokens is not None:
        deep = list(seen.deep)
        both = np.concatenate((seen.words[deep], seen.tokens[deep]), axis=1)
        scores -= _BELOW
        scores[deep] = both @ vector(BY_TOKENS, (*WORDS, *TOKENS))
    # Rounded, because the last bit of a matrix product differs between machines.
    best = np.argsort(-np.round(scores, 9), kind="stable")[:limit]
    near = seen.words[:, WORDS.index("covered_2")] > 0
    return [
        Found(seen.said[index], round(float(scores[index]), 6), bool(near[index])) for index in best.tolist()
    ]


def vector(weights: dict[str, float], names: Sequence[str]) -> Floats:
    """Weights in the order of `names`; what is not named weighs nothing."""
    return np.array([weights.get(name, 0.0) for name in names])


def _alike(meaning: TokenMeaning, said: Sequence[Said], deep: Sequence[int]) -> Floats:
    names = {stem(part) for name in {one.speaker for one in said} for part in name.lower().split()}
    weights = np.array([_weight(piece, names) for piece in meaning.pieces])
    found = np.zeros(len(said))
    found[list(deep)] = alike(meaning.vectors, weights, [said[index].tokens for index in deep])
    return found


def _weight(piece: str, names: set[str]) -> float:
    if not piece.removeprefix("##").isalnum() or stem(piece) in names:
        return 0.0
    return _COMMON_WEIGHT if piece in COMMON else 1.0
