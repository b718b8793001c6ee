"""What a question wants: its words, whom it names, and whether a time, number or place would answer it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from segue.graph.recall.stems import stem, stems

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_DATE = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? )?({'|'.join(_MONTHS)})\b"
    r"(?: (\d{1,2})(?:st|nd|rd|th)?\b)?(?:,? ((?:19|20)\d\d))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_WHEN = re.compile(
    r"^(?:when|wann)\b|\b(?:what (?:date|day|month|year)|which (?:day|month|year)|how long|since when)\b"
)
_COUNT = re.compile(r"\b(?:how (?:many|much|often|old|long)|wie ?viele?|wie oft)\b")
_WHERE = re.compile(r"\b(?:where|wo|wohin|which|country|city|town|place)\b")


@dataclass(frozen=True, slots=True)
class Date:
    """A date that is spoken of; 0 stands for what is not said."""

    year: int = 0
    month: int = 0
    day: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as recall reads it.

    Attributes:
        stems: Each once, without the names of speakers.
        speaker: The one speaker it names, or empty.
        when, count, where: Whether a time, a number or a place would answer it.
        date: A date it names.
    """

    stems: tuple[str, ...]
    speaker: str
    when: bool
    count: bool
    where: bool
    date: Date | None


def asked(question: str, speakers: Collection[str]) -> Asked:
    """Read a question about what these speakers said.

    >>> asked("When did Ann accept the discount?", ["Ann", "Segue"])
    Asked(stems=('accept', 'discount'), speaker='Ann', when=True, count=False, where=False, date=None)
    """
    low = question.lower()
    names = {stem(part) for name in speakers for part in name.lower().split()}
    named = [name for name in sorted(speakers) if name and _names(low, name.lower())]
    found = tuple(word for word in dict.fromkeys(stems(question)) if word not in names)
    return Asked(
        stems=found,
        speaker=named[0] if len(named) == 1 else "",
        when=_WHEN.search(low) is not None,
        count=_COUNT.search(low) is not None,
        where=_WHERE.search(low) is not None,
        date=_date(question),
    )


def _names(low: str, name: str) -> bool:
    return any(re.search(rf"\b{re.escape(part)}\b", low) for part in (name, name.split(maxsplit=1)[0]))


def _date(question: str) -> Date | None:
    found = _DATE.search(question)
    # "may" in lower case is the verb.
    if found is not None and found[2] != "may":
        month = _MONTHS.index(found[2].lower()) + 1
        return Date(int(found[4] or 0), month, int(found[1] or found[3] or 0))
    year = _YEAR.search(question)
    return Date(int(year[1])) if year is not None else None
