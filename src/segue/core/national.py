"""National identity numbers in a text: by check digit, by an unmistakable form, or by the label before."""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

LEAST_DIGITS: Final = 6
"""Fewer are none: a British one has six."""

KIND: Final = "national_id"

_NI: Final = re.compile(
    r"(?<![\w-])(?!BG|GB|NK|KN|TN|NT|ZZ)"
    r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D](?![\w-])",
    re.ASCII,
)
_SPANISH: Final = re.compile(
    r"(?<![\w.-])(?:[XYZ]-?\d{7}|\d{8}|\d\d\.\d{3}\.\d{3})-?[A-HJ-NP-TV-Z](?![\w-])", re.ASCII
)
_FRENCH: Final = re.compile(
    r"(?<![\w.-])[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d(?![\w-])", re.ASCII
)
_N: Final = "[0-9LMNP-V]"
"""A digit, or the letter that stands for it where two people had the same code."""

_ITALIAN: Final = re.compile(
    rf"(?<![\w-])[A-Z]{{6}}{_N}{{2}}[A-EHLMPRST]{_N}{{2}}[A-Z]{_N}{{3}}[A-Z](?![\w-])",
    re.ASCII | re.IGNORECASE,
)
_SPANISH_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_ODD: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CORSICA: Final = {"2A": "19", "2B": "18"}
_DEPARTMENT: Final = slice(5, 7)

_BETWEEN: Final = (
    r"[\s:=#.-]{0,3}(?:(?:number|nummer|numer|n[o°ºr]|id|is|ist|jest|was|my|the)\b[\s:=#.]{1,3}){0,3}"
)
_LABELLED: Final = re.compile(
    r"\b(?:(?P<ssn>ssn|social\s+security)|bsn|burgerservicenummer|sofi-?nummer|pesel)"
    rf"{_BETWEEN}(?P<number>\d(?:[ .-]?\d){{7,10}})(?![\w-])",
    re.ASCII | re.IGNORECASE,
)
_DIGITS_OF: Final = {"ssn": range(9, 10), "bsn": range(8, 10), "bur": range(8, 10), "sof": range(8, 10)}
_DIGITS_OF_PESEL: Final = range(11, 12)
_LABELLED_NI: Final = re.compile(
    rf"\b(?:ni|nino|national\s+insurance){_BETWEEN}"
    r"(?P<number>[a-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d])(?![\w-])",
    re.ASCII | re.IGNORECASE,
)


class National(NamedTuple):
    """A number at `text[start:end]`: `ssn` or `national_id`, and how surely in millionths."""

    start: int
    end: int
    kind: str
    score_ppm: int


def national(text: str) -> Iterator[National]:
    """Every national number, those of several countries in turn.

    >>> [one.kind for one in national("DNI 12345678Z, ssn: 123456789, order 12345678A")]
    ['national_id', 'ssn']
    """
    for pattern, holds, score in _FORMS:
        for hit in pattern.finditer(text):
            if holds(re.sub(r"[ .-]", "", hit[0]).upper()):
                yield National(*hit.span(), KIND, score)
    for hit in _LABELLED.finditer(text):
        label = "ssn" if hit["ssn"] else hit[0][:3].lower()
        count = sum(map(str.isdigit, hit["number"]))
        if count in _DIGITS_OF.get(label, _DIGITS_OF_PESEL):
            yield National(*hit.span("number"), "ssn" if hit["ssn"] else KIND, 900_000)
    for hit in _LABELLED_NI.finditer(text):
        yield National(*hit.span("number"), KIND, 900_000)


def _is_spanish(number: str) -> bool:
    digits = str("XYZ".find(number[0])) + number[1:-1] if number[0] in "XYZ" else number[:-1]
    return _SPANISH_LETTERS[int(digits) % len(_SPANISH_LETTERS)] == number[-1]


def _is_french(number: str) -> bool:
    department = number[_DEPARTMENT]
    digits = number[:5] + _CORSICA.get(department, department) + number[7:-2]
    return 97 - int(digits) % 97 == int(number[-2:])


def _is_italian(code: str) -> bool:
    total = sum(
        _ODD[_place(letter)] if at % 2 == 0 else _place(letter) for at, letter in enumerate(code[:-1])
    )
    return _LETTERS[total % len(_LETTERS)] == code[-1]


def _place(letter: str) -> int:
    return int(letter) if letter.isdigit() else _LETTERS.index(letter)


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[str], bool], int], ...]] = (
    (_NI, bool, 850_000),
    (_SPANISH, _is_spanish, 900_000),
    (_FRENCH, _is_french, 955_000),
    (_ITALIAN, _is_italian, 970_000),
)
"""Each form, what has to hold of it without its spaces, and how surely it is one then."""
