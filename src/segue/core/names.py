"""Names and addresses on record, found in a text however they are spelt: whole words, whatever joins them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from segue.core.encoding import digest

_WORD: Final = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_JOINT: Final = re.compile(r"[\s.,'’ʼ`´\-\u2010-\u2015/]{1,3}")
_LETTERS: Final = 3
"""A single word of fewer letters is no name that can be looked for in any text."""

_UNDECOMPOSED: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "a", "œ": "o"})
_DIGRAPHS: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
"""How ä, ö, ü and å are written where a keyboard has none."""


class Names:
    """Names made ready once and found in one pass over the words of a text.

    Accents, umlauts, case, hyphens, apostrophes and spaces make no difference: `Ann-Kathrin Müller` is found
    as `ANNKATHRIN MUELLER` too, but not a part of it alone, nor as part of another word.

    Args:
        names: Full names, streets, whatever stands on record.
        least: How many letters a name of a single word must have.

    Attributes:
        hash: Of the names, whatever their order and spelling; empty where there is none.

    >>> list(Names(["Ann Lee"]).find("From ANN LEE, Leeds"))
    [(5, 12)]
    """

    __slots__ = ("_begun", "_names", "hash")

    def __init__(self, names: Iterable[str], *, least: int = _LETTERS) -> None:
        known = {tuple(_WORD.findall(name)) for name in names}
        kept = [words for words in known if len(words) > 1 or (words and len(words[0]) >= least)]
        self._names = {"".join(map(folded, words)) for words in kept}
        self.hash = digest(sorted(self._names), size=16) if kept else ""
        self._names |= {folded("".join(words)) for words in kept}
        self._begun = {name[:end] for name in self._names for end in range(1, len(name) + 1)}

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Offsets of every name, the longest that begins at a word, none within another."""
        if not self._names:
            return
        found = list(_WORD.finditer(text))
        begun, after = self._begun, 0
        for index, word in enumerate(found):
            if index < after or folded(word[0]) not in begun:
                continue
            last = self._last(text, found, index)
            if last is not None:
                yield word.start(), found[last].end()
                after = last + 1

    def _last(self, text: str, found: list[re.Match[str]], first: int) -> int | None:
        """The last word of the longest name that begins with the first one."""
        told, last = "", None
        for index in range(first, len(found)):
            word = found[index]
            if index > first and not _JOINT.fullmatch(text, found[index - 1].end(), word.start()):
                break
            told += folded(word[0])
            if told not in self._begun:
                break
            if told in self._names:
                last = index
        return last


@lru_cache(maxsize=4_096)
def folded(word: str) -> str:
    """A word without case, accents and ways to write an umlaut.

    >>> folded("MÜLLER") == folded("Mueller") == folded("muller")
    True
    """
    plain = word.casefold()
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", plain)
        plain = "".join(one for one in letters if not unicodedata.combining(one)).translate(_UNDECOMPOSED)
    for written, meant in _DIGRAPHS:
        plain = plain.replace(written, meant)
    return plain


@lru_cache(maxsize=256)
def names_of(names: tuple[str, ...]) -> Names:
    """The names made ready; the last few are kept, because one person writes several times."""
    return Names(names)
