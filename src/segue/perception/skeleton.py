"""A sentence reduced to what a grammar looks at: its words in one spelling, its times as `#d0`, `#c1`, `#w2`.

`#d` is a time of a day or later, `#c` a time of day alone, `#w` days that recur; the number is its place
among the sentence's times. A comma stands where a part of the sentence ends.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from segue.perception.times import Time
from segue.perception.tokens import Tokens

LONGEST = 80
"""Words of a sentence that are looked at; people who write more in one breath are not making wishes."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One sentence.

    Attributes:
        text: Its skeleton, with a space before and behind.
        times: Its times, by number.
        places: Where each piece begins in `text`.
        words: First word of each piece.
        after: Behind its last word.
        said: Its pieces, to tell at once what it cannot be about.
    """

    tokens: Tokens
    text: str
    times: Sequence[Time]
    places: Sequence[int]
    words: Sequence[int]
    after: int
    said: frozenset[str]

    def time(self, found: re.Match[str], group: str | int = "t") -> Time:
        """The time that a group caught by its number."""
        return self.times[int(found[group])]

    def span(self, found: re.Match[str], group: str | int = 0) -> tuple[int, int]:
        """Offsets in the message of what was found."""
        return self.between(*found.span(group))

    def between(self, begin: int, end: int) -> tuple[int, int]:
        """Offsets in the message of a part of the skeleton."""
        while begin < end and self.text[begin] in " ,":
            begin += 1
        first = self._piece(begin)
        last = self._piece(max(end - 1, begin))
        last_word = self.words[last + 1] - 1 if last + 1 < len(self.words) else self.after - 1
        stop = self.tokens.ends[last_word]
        named = [time.end for time in self.times if self.words[first] <= time.first <= last_word]
        return self.tokens.starts[self.words[first]], max([stop, *named])

    def _piece(self, place: int) -> int:
        return max(bisect_right(self.places, place) - 1, 0)


def skeletons(tokens: Tokens, times: Sequence[Time]) -> Iterator[Skeleton]:
    """Every sentence of a text, in order."""
    first, nth = 0, 0
    count = len(tokens.words)
    while first < count:
        after = bisect_right(tokens.sentences, tokens.sentences[first])
        own: list[Time] = []
        while nth < len(times) and times[nth].first < after:
            own.append(times[nth])
            nth += 1
        yield _skeleton(tokens, first, min(after, first + LONGEST), own)
        first = after


def _skeleton(tokens: Tokens, first: int, after: int, own: list[Time]) -> Skeleton:
    at = {time.first: number for number, time in enumerate(own)}
    pieces, places, words = [""], [], []
    place, part, parts, said = 1, tokens.parts[first], tokens.parts, tokens.words
    index = first
    while index < after:
        if parts[index] != part:
            part = parts[index]
            pieces.append(",")
            place += 2
        number = at.get(index)
        piece, last = (said[index], index) if number is None else _timed(number, own[number])
        pieces.append(piece)
        places.append(place)
        words.append(index)
        place += len(piece) + 1
        index = last + 1
        part = parts[last]
    return Skeleton(tokens, " ".join([*pieces, ""]), own, places, words, min(index, after), frozenset(pieces))


def _timed(number: int, time: Time) -> tuple[str, int]:
    """How a time is written, and its last word."""
    return f"#{'w' if time.again else 'c' if time.is_clock else 'd'}{number}", time.last
