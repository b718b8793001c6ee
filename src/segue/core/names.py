"""Names and addresses on record, found in a text exactly: whole words, in any case, across hyphens."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from segue.core.encoding import digest

_WORD: Final = re.compile(r"[^\W_]+")
_JOINT: Final = re.compile(r"[\s.,'’\-\u2010-\u2015/]{1,3}")
_LETTERS: Final = 3
"""A single word of fewer letters is no name that can be looked for."""


class Names:
    """Names made ready once and found in one pass over the words of a text.

    Args:
        names: Full names, streets, whatever stands on record. `Anne-Marie Lee` is found as `anne marie LEE`
            too, but neither `Anne` nor `Lee` alone, nor in `Leeds`.

    Attributes:
        hash: Of the names, whatever their order; empty where there is none.

    >>> list(Names(["Ann Lee"]).find("From ANN LEE, Leeds"))
    [(5, 12)]
    """

    __slots__ = ("_by_first", "hash")

    def __init__(self, names: Iterable[str]) -> None:
        known = {words for name in names if (words := _words(name))}
        kept = sorted(words for words in known if len(words) > 1 or len(words[0]) >= _LETTERS)
        self.hash = digest([list(words) for words in kept], size=16) if kept else ""
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for words in sorted(kept, key=len, reverse=True):
            self._by_first.setdefault(words[0], []).append(words)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Offsets of every name, the longest that begins at a word, none within another."""
        if not self._by_first:
            return
        found = list(_WORD.finditer(text))
        index = 0
        while index < len(found):
            last = self._last(text, found, index)
            if last is not None:
                yield found[index].start(), found[last].end()
                index = last
            index += 1

    def _last(self, text: str, found: list[re.Match[str]], index: int) -> int | None:
        for words in self._by_first.get(found[index][0].casefold(), ()):
            last = index + len(words) - 1
            if last < len(found) and all(
                found[index + n][0].casefold() == word
                and (n == 0 or _JOINT.fullmatch(text, found[index + n - 1].end(), found[index + n].start()))
                for n, word in enumerate(words)
            ):
                return last
        return None


@lru_cache(maxsize=256)
def names_of(names: tuple[str, ...]) -> Names:
    """The names made ready; the last few are kept, because one person writes several times."""
    return Names(names)


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(name))
