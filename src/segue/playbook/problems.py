"""Everything wrong with a playbook is told at once, each error located and with a suggestion."""

import difflib
from collections.abc import Iterable
from typing import Final

from segue.core.errors import PlaybookError

UNREADABLE: Final = "cannot read this as YAML"


class PlaybookErrors(PlaybookError):  # noqa: N818 - it holds several
    """All errors of one load; printing it prints every one.

    What cannot be read as YAML comes first, because much else follows from it; the rest by file and line.

    Args:
        errors: At least one error.
    """

    def __init__(self, errors: Iterable[PlaybookError]) -> None:
        self.errors = tuple(sorted(errors, key=_place))
        first = self.errors[0]
        super().__init__(
            first.message, file=first.file, line=first.line, column=first.column, hint=first.hint
        )

    def __str__(self) -> str:
        own = getattr(self, "errors", ())
        return "\n".join(str(error) for error in own)


def _place(error: PlaybookError) -> tuple[bool, str, int, int]:
    readable = not error.message.startswith(UNREADABLE)
    return readable, error.file or "", error.line or 0, error.column or 0


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Say what an unknown word was probably meant to be, as a hint, or None.

    >>> nearest("Europe/Pariss", ["Europe/Paris", "Europe/Berlin"])
    'did you mean `Europe/Paris`?'
    """
    pool = sorted(known)
    folded = {item.casefold(): item for item in reversed(pool)}
    found = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    if found:
        return f"did you mean `{folded[found[0]]}`?"
    few = 8
    return f"known: {', '.join(f'`{item}`' for item in pool)}" if 0 < len(pool) <= few else None
