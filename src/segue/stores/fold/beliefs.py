"""Beliefs: what is believed of one subject and has not ended, as the text of the one row that holds it.

A row is `[sources, facts]`. A source is what facts told together have in common: when they became true, how
far they are trusted, their signal, and when they were recorded. A fact is its predicate, its value and the
number of its source, then qualifier, end and words as far as it has them. Facts stand in order of their keys.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from segue.core.encoding import encode
from segue.core.records.memory import Fact, Trust
from segue.core.units import Instant
from segue.stores.schema import FOREVER

_KEPT = 8_192
_LEAST = 3
"""Parts that a fact always has."""


class Belief(NamedTuple):
    """One fact as it is believed; ordered by its key."""

    predicate: str
    qualifier: str
    trust: Trust
    valid_from: int
    valid_to: int
    recorded_from: int
    value: Any
    signal_id: str
    words: str

    @property
    def text(self) -> str:
        """The value as it is written: what is equal to a machine is equal in writing, too."""
        return encode(self.value).decode()


_Source = tuple[Instant, Trust, str, int]
_DEFAULTS: tuple[Any, ...] = ("", None, "")
_ROW = msgspec.json.Decoder(tuple[list[_Source], list[list[Any]]])


def packed(beliefs: Iterable[Belief]) -> str:
    """Write a row; `unpacked` reads it.

    >>> one = Belief("plan", "", "verified", 5, FOREVER, 7, "pro", "s1", "")
    >>> packed([one])
    '[[[5,"verified","s1",7]],[["plan","pro",0]]]'
    >>> unpacked(packed([one])) == [one]
    True
    """
    sources: dict[tuple[int, str, str, int], int] = {}
    facts: list[list[Any]] = []
    for one in sorted(beliefs, key=lambda belief: belief[:4]):
        source = (one.valid_from, one.trust, one.signal_id, one.recorded_from)
        number = sources.setdefault(source, len(sources))
        end = None if one.valid_to == FOREVER else one.valid_to
        fact = [one.predicate, one.value, number, one.qualifier, end, one.words]
        while len(fact) > _LEAST and not fact[-1] and fact[-1] != 0:
            fact.pop()
        facts.append(fact)
    return encode([list(sources), facts]).decode()


def unpacked(text: str) -> list[Belief]:
    """Read a row, in the order of the keys."""
    sources, facts = _ROW.decode(text)
    found = []
    for predicate, value, number, *rest in facts:
        valid_from, trust, signal_id, recorded_from = sources[number]
        qualifier, valid_to, words = [*rest, *_DEFAULTS[len(rest) :]]
        end = FOREVER if valid_to is None else valid_to
        found.append(
            Belief(predicate, qualifier, trust, valid_from, end, recorded_from, value, signal_id, words)
        )
    return found


@lru_cache(maxsize=_KEPT)
def facts_in(subject: str, text: str) -> tuple[Fact, ...]:
    """The facts of a row; what a text meant once it always means, so it may be remembered."""
    sources, told = _ROW.decode(text)
    facts: list[Fact] = []
    for fact in told:
        valid_from, trust, signal_id, _ = sources[fact[2]]
        if len(fact) == _LEAST:
            facts.append(Fact(subject, fact[0], fact[1], valid_from, trust, signal_id))
        else:
            facts.append(Fact(subject, fact[0], fact[1], valid_from, trust, signal_id, *fact[_LEAST:]))
    return tuple(facts)
