"""Slips of the keyboard: a word nobody knows that is one letter away from a word the playbook uses."""

import re
from collections.abc import Callable, Iterable, Iterator

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4
_LONGEST = 20


class Spelling:
    """Puts right what is one letter added, left out, changed or swapped.

    Args:
        texts: Texts whose words are the right ones, such as the examples of intents.
        knows: Whether a word in lower case is one at all; those that are stay as they are.

    >>> Spelling(["cancel my account"], lambda word: word == "counts").corrected(
    ...     "Pls CANCLE my acount, it counts"
    ... )
    'Pls cancel my account, it counts'
    """

    def __init__(self, texts: Iterable[str], knows: Callable[[str], bool]) -> None:
        self._knows = knows
        self._right = frozenset(
            word for text in texts for word in _WORD.findall(text.lower()) if len(word) >= _SHORTEST
        )
        self._near: dict[str, set[str]] = {}
        for word in sorted(self._right):
            for shorter in _shorter(word):
                self._near.setdefault(shorter, set()).add(word)

    def corrected(self, text: str) -> str:
        """The text with its slips put right; where two words are as near, or none is, a word stays."""
        return _WORD.sub(lambda found: self._word(found[0]), text)

    def _word(self, written: str) -> str:
        word = written.lower()
        if not _SHORTEST <= len(word) <= _LONGEST or word in self._right or self._knows(word):
            return written
        near = {right for shorter in _shorter(word) for right in self._near.get(shorter, ())}
        close = [right for right in near if _is_one_slip(word, right)]
        return close[0] if len(close) == 1 else written


def _shorter(word: str) -> Iterator[str]:
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def _is_one_slip(word: str, right: str) -> bool:
    """Whether one letter was added, left out, changed, or swapped with the next."""
    if abs(len(word) - len(right)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, right, strict=False)) if a != b), None)
    if start is None:
        return True
    swapped = word[start + 1 : start + 2] + word[start : start + 1] + word[start + 2 :]
    ends = {word[start:]: right[start + 1 :], word[start + 1 :]: right[start:]}
    changed = word[start + 1 :] == right[start + 1 :]
    return changed or swapped == right[start:] or any(a == b for a, b in ends.items())
