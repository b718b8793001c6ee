"""Fuzzy matching: who may be one person, with the evidence for and against; it proposes and never merges.

Fellegi and Sunter's model (1969): each field adds a weight, the logarithm to base two of how much likelier
its likeness is among records of one person than among records of two. Only pairs that share a block are
compared.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from segue.identity.likeness import Level

Fields = Mapping[str, str]
"""A record: casefolded text by field; a field that is not known is missing."""
Levels = tuple[int, ...]
"""Likeness by field, -1 where either is missing."""

LARGEST_BLOCK = 200
"""A larger block says too little to be worth its pairs."""
MISSING = -1
_LEVELS = 4
_ROUNDS = 25
_SAMPLE = 20_000
_LEAST = 1e-6
_MOST_BITS = 60.0


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is compared.

    Attributes:
        name: Of the field.
        compare: How alike two values are.
        same: Chance of each level, different to equal, among records of one person; elicited, or fitted.
        other: ... among records of two people.
    """

    name: str
    compare: Callable[[str, str], Level]
    same: tuple[float, ...] = (0.06, 0.04, 0.1, 0.8)
    other: tuple[float, ...] = (0.96, 0.025, 0.005, 0.01)

    def weight(self, level: int) -> float:
        """Evidence for one person in bits; negative is evidence against."""
        if level == MISSING:
            return 0.0
        return math.log2(max(self.same[level], _LEAST) / max(self.other[level], _LEAST))


@dataclass(frozen=True, slots=True)
class Matcher:
    """What is compared, and how rare it is that a compared pair is one person.

    Attributes:
        fields: In the order they are told.
        blocks: Each gives the key of a record's block, or empty for none.
        prior: Share of compared pairs that are one person.
    """

    fields: tuple[Field, ...]
    blocks: tuple[Callable[[Fields], str], ...]
    prior: float = 0.02

    def levels(self, one: Fields, other: Fields) -> Levels:
        """How alike two records are, field by field."""
        found = []
        for field in self.fields:
            first, second = one.get(field.name, ""), other.get(field.name, "")
            found.append(field.compare(first, second) if first and second else MISSING)
        return tuple(found)

    def weight(self, levels: Levels) -> float:
        """Evidence in bits that two records are one person, the prior included."""
        prior = math.log2(self.prior / (1 - self.prior))
        return prior + sum(field.weight(level) for field, level in zip(self.fields, levels, strict=True))


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two records that may be one person.

    Attributes:
        one: Index of the first record.
        other: Index of the second.
        bits: Evidence in bits; 0 is even odds, each bit doubles them.
        because: (field, level, bits) of every field both have, the strongest first.
    """

    one: int
    other: int
    bits: float
    because: tuple[tuple[str, int, float], ...]

    @property
    def chance(self) -> float:
        """Probability of one person that the model gives.

        >>> Proposal(0, 1, 0.0, ()).chance
        0.5
        """
        return chance_of(self.bits)


def chance_of(bits: float) -> float:
    """Probability from evidence in bits.

    >>> chance_of(0.0), chance_of(1.0) > 0.66
    (0.5, True)
    """
    return 1 / (1 + math.exp2(-max(-_MOST_BITS, min(_MOST_BITS, bits))))


def pairs_of(
    records: Sequence[Fields], matcher: Matcher, may: Callable[[int, int], bool] = lambda _a, _b: True
) -> Iterator[tuple[int, int]]:
    """Pairs that share a block, each once.

    Args:
        records: All of them.
        matcher: Its blocks.
        may: Whether two records may be one person at all.
    """
    seen: set[tuple[int, int]] = set()
    for block in matcher.blocks:
        members: dict[str, list[int]] = defaultdict(list)
        for index, record in enumerate(records):
            if key := block(record):
                members[key].append(index)
        for key in sorted(members):
            if len(members[key]) > LARGEST_BLOCK:
                continue
            for pair in combinations(members[key], 2):
                if pair not in seen and may(*pair):
                    seen.add(pair)
                    yield pair


def fitted(matcher: Matcher, records: Sequence[Fields], patterns: Mapping[Levels, int]) -> Matcher:
    """Learn the weights from the records themselves, without labels.

    Chances among two people come from pairs far apart in the list, those among one person by
    expectation-maximisation over the compared pairs.

    Args:
        matcher: Where to begin.
        records: All of them, in an order that has nothing to do with who is who.
        patterns: How many compared pairs show each pattern of levels.
    """
    others = _strangers(matcher, records)
    fields = tuple(
        Field(field.name, field.compare, field.same, _smoothed(others[index]))
        for index, field in enumerate(matcher.fields)
    )
    found = Matcher(fields, matcher.blocks, matcher.prior)
    total = sum(patterns.values())
    for _ in range(_ROUNDS if total else 0):
        counts = [[0.0] * _LEVELS for _ in fields]
        matched = 0.0
        for levels, number in patterns.items():
            share = number * chance_of(found.weight(levels))
            matched += share
            for index, level in enumerate(levels):
                if level != MISSING:
                    counts[index][level] += share
        prior = min(max(matched / total, _LEAST), 0.5)
        found = Matcher(
            tuple(
                Field(field.name, field.compare, _smoothed(counts[index]), field.other)
                for index, field in enumerate(found.fields)
            ),
            found.blocks,
            prior,
        )
    return found


def patterns_of(
    records: Sequence[Fields], matcher: Matcher, pairs: Sequence[tuple[int, int]]
) -> tuple[list[Levels], Counter[Levels]]:
    """Levels of each pair, and how often each pattern occurs."""
    levels = [matcher.levels(records[one], records[other]) for one, other in pairs]
    return levels, Counter(levels)


def propose(
    records: Sequence[Fields],
    matcher: Matcher,
    *,
    at_least: float = 0.0,
    may: Callable[[int, int], bool] = lambda _a, _b: True,
    learn: bool = False,
) -> list[Proposal]:
    """Pairs of records that may be one person, the likeliest first.

    Args:
        records: All of them.
        matcher: What is compared.
        at_least: Bits of evidence that a proposal has at least.
        may: Whether two records may be one person at all.
        learn: Whether weights are learned from the records (`fitted`); it takes some thousand of them.

    >>> from segue.identity.likeness import level_of_words
    >>> names = [{"name": "ann meier"}, {"name": "ann meyer"}, {"name": "tom"}]
    >>> by_name = Matcher((Field("name", level_of_words),), (lambda record: record["name"][:3],), 0.5)
    >>> [(item.one, item.other) for item in propose(names, by_name)]
    [(0, 1)]
    """
    pairs = list(pairs_of(records, matcher, may))
    levels, patterns = patterns_of(records, matcher, pairs)
    if learn:
        matcher = fitted(matcher, records, patterns)
    found = []
    for (one, other), shown in zip(pairs, levels, strict=True):
        bits = matcher.weight(shown)
        if bits >= at_least:
            because = [
                (field.name, level, field.weight(level))
                for field, level in zip(matcher.fields, shown, strict=True)
                if level != MISSING
            ]
            because.sort(key=lambda item: (-item[2], item[0]))
            found.append(Proposal(one, other, bits, tuple(because)))
    return sorted(found, key=lambda item: (-item.bits, item.one, item.other))


def _strangers(matcher: Matcher, records: Sequence[Fields]) -> list[list[float]]:
    counts = [[0.0] * _LEVELS for _ in matcher.fields]
    number = len(records)
    for index in range(min(_SAMPLE, number * 4) if number > 1 else 0):
        one = index % number
        other = (one + 1 + (index * 7_919) % (number - 1)) % number
        for place, level in enumerate(matcher.levels(records[one], records[other])):
            if level != MISSING:
                counts[place][level] += 1
    return counts


def _smoothed(counts: Sequence[float]) -> tuple[float, ...]:
    """Chances of levels; none is impossible."""
    total = sum(counts) + 0.01 * _LEVELS
    return tuple((count + 0.01) / total for count in counts)
