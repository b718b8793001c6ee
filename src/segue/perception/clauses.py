"""Where one wish of a message ends and the next begins: sentences, lines, and `, but` and the like."""

import re

CLAUSES_AT_MOST = 8
"""Clauses of a message that are read on their own; a long paste says what it wants early."""

_END = re.compile(
    r"[.!?…;]+(?=\s|$)|\n+|,(?=\s{0,3}(?:and|but|also|plus|so|or|however|because)\b)|\s(?=(?:but|also)\s)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")


def clauses(text: str) -> list[tuple[int, int]]:
    """Offsets of the clauses, without the white space around them; a clause has a word in it.

    >>> [("Thanks, but no. Call me!")[a:b] for a, b in clauses("Thanks, but no. Call me!")]
    ['Thanks', 'but no', 'Call me']
    """
    found: list[tuple[int, int]] = []
    start = 0
    for end, following in [*((m.start(), m.end()) for m in _END.finditer(text)), (len(text), len(text))]:
        piece = text[start:end]
        if _WORD.search(piece):
            first = start + len(piece) - len(piece.lstrip())
            found.append((first, start + len(piece.rstrip())))
            if len(found) == CLAUSES_AT_MOST:
                break
        start = following
    return found
