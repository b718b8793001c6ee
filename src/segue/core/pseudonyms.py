"""Pseudonyms: personal data in a text replaced by tokens such as `<EMAIL_1>`, and offsets back.

What leaves for a language model is a text with tokens; equal values get equal tokens.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from segue.core.redact import extents

_TOKEN = re.compile(r"<(?=[A-Z]+_\d)")
_LOOSE = "\u2039"

Piece = tuple[int, int, int, int]
"""Start and end of a stretch of the new text, and of the stretch of the original it stands for."""


class Pseudonymous(NamedTuple):
    """A text without personal data.

    Attributes:
        text: The words with tokens.
        pieces: The tokens in order; between them both texts have the same words.
    """

    text: str
    pieces: tuple[Piece, ...]


def pseudonymise(text: str, known: Iterable[tuple[str, str]] = ()) -> Pseudonymous:
    """Replace personal data by tokens.

    What looks like a token already is made to look like none, character for character.

    Args:
        text: Any text.
        known: Kinds and values on record, such as `("name", "Ann Lee")`, found in any case.

    >>> pseudonymise("I am Ann Lee, ann@x.io (ann@x.io)", [("name", "Ann Lee")]).text
    'I am <NAME_1>, <EMAIL_1> (<EMAIL_1>)'
    """
    text = _TOKEN.sub(_LOOSE, text)
    parts: list[str] = []
    pieces: list[Piece] = []
    tokens: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    length = end = 0
    for start, stop, kind in extents(text, known):
        key = (kind, text[start:stop].casefold())
        if key not in tokens:
            counts[kind] = counts.get(kind, 0) + 1
            tokens[key] = f"<{kind.upper()}_{counts[kind]}>"
        length += start - end
        pieces.append((length, length + len(tokens[key]), start, stop))
        parts += [text[end:start], tokens[key]]
        length, end = length + len(tokens[key]), stop
    return Pseudonymous("".join([*parts, text[end:]]), tuple(pieces))


def original(start: int, end: int, pieces: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Offsets in the original text of a stretch of the new one; a token that is cut counts whole.

    >>> told = pseudonymise("mail ann@x.io now")
    >>> told.text[5:18], original(5, 18, told.pieces)
    ('<EMAIL_1> now', (5, 17))
    """
    return _back(start, pieces, to_end=False), _back(end, pieces, to_end=True)


def _back(at: int, pieces: Sequence[Sequence[int]], *, to_end: bool) -> int:
    shift = 0
    for new_start, new_end, old_start, old_end in pieces:
        if at <= new_start:
            break
        if at < new_end:
            return old_end if to_end else old_start
        shift = old_end - new_end
    return at + shift


def quoted(quote: str, text: str) -> tuple[int, int] | None:
    """Where a text holds a quote, white space and case aside; None where it does not.

    >>> quoted("how  MUCH", "So, how much is it?"), quoted("free", "So, how much is it?")
    ((4, 12), None)
    """
    words = quote.split()
    if not words:
        return None
    found = re.search(r"\s+".join(re.escape(word) for word in words), text, re.IGNORECASE)
    return found.span() if found else None


def names(values: Iterable[tuple[str, str]], shortest: int = 3) -> Iterator[tuple[str, str]]:
    """Kinds and values, names also by their parts: who is called Ann Lee signs as Ann.

    >>> list(names([("name", "Ann van Lee")]))
    [('name', 'Ann van Lee'), ('name', 'Ann'), ('name', 'van'), ('name', 'Lee')]
    """
    for kind, value in values:
        yield kind, value
        if kind == "name":
            parts = re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", value)
            yield from ((kind, part) for part in parts if len(part) >= shortest and part != value)
