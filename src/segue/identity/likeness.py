"""How alike two texts are: exact, close, similar or different; what people mistype stays close."""

from functools import lru_cache
from itertools import pairwise
from typing import Literal

Level = Literal[0, 1, 2, 3]
"""3 is equal, 2 close, 1 similar, 0 different."""

CLOSE, SIMILAR = 0.92, 0.8
_PREFIX, _SCALE = 4, 0.1
_SHORT = 2


@lru_cache(maxsize=65_536)
def likeness(one: str, other: str) -> float:
    """Jaro-Winkler similarity, from 0 to 1 (Winkler 1990; prefixes up to four characters count 0.1 each).

    >>> round(likeness("martha", "marhta"), 3), likeness("ann", "ann"), likeness("ann", "tom")
    (0.961, 1.0, 0.0)
    """
    if one == other:
        return 1.0
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    taken, mine = [False] * len(other), []
    for index, char in enumerate(one):
        for place in range(max(0, index - reach), min(len(other), index + reach + 1)):
            if not taken[place] and other[place] == char:
                taken[place] = True
                mine.append(char)
                break
    if not mine:
        return 0.0
    theirs = [char for char, used in zip(other, taken, strict=True) if used]
    moved = sum(a != b for a, b in zip(mine, theirs, strict=True)) / 2
    same = len(mine)
    jaro = (same / len(one) + same / len(other) + (same - moved) / same) / 3
    prefix = 0
    for a, b in zip(one[:_PREFIX], other[:_PREFIX], strict=False):
        if a != b:
            break
        prefix += 1
    return jaro + prefix * _SCALE * (1 - jaro)


def level_of_words(one: str, other: str) -> Level:
    """Compare names and the like.

    >>> level_of_words("meier", "meyer"), level_of_words("meier", "schmidt")
    (1, 0)
    """
    if one == other:
        return 3
    alike = likeness(one, other)
    if alike >= CLOSE:
        return 2
    return 1 if alike >= SIMILAR else 0


def level_of_digits(one: str, other: str) -> Level:
    """Compare numbers and dates: one digit wrong or two swapped is close, two wrong is similar.

    >>> level_of_digits("19620413", "19620431"), level_of_digits("2119", "2190")
    (2, 1)
    """
    if one == other:
        return 3
    if len(one) != len(other):
        return 1 if one and other and (one in other or other in one) else 0
    wrong = [index for index, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    swapped = (
        len(wrong) == _SHORT
        and wrong[1] == wrong[0] + 1
        and one[wrong[0]] == other[wrong[1]]
        and one[wrong[1]] == other[wrong[0]]
    )
    if len(wrong) == 1 or swapped:
        return 2
    return 1 if len(wrong) == _SHORT else 0


def sound_of(word: str) -> str:
    """A rough key of how a name begins and sounds: first letter, then consonant groups; for blocking.

    >>> sound_of("meier") == sound_of("meyer"), sound_of("smith") == sound_of("smyth")
    (True, True)
    """
    letters = [char for char in word.casefold() if char.isalpha()]
    kept = letters[:1]
    for before, char in pairwise(letters):
        group = _GROUPS.get(char, "")
        if group and group != _GROUPS.get(before, ""):
            kept.append(group)
    return "".join(kept[:4])


_GROUPS = {
    char: group
    for group, chars in {"1": "bfpv", "2": "cgjkqsxz", "3": "dt", "4": "l", "5": "mn", "6": "r"}.items()
    for char in chars
}
