"""What recall reads: what was said, by whom and when, and what is noted of one text whoever asks."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from segue.core.units import Instant
from segue.graph.recall.stems import COMMON, stem, words

_TIME = """
    yesterday today tonight tomorrow ago last next week weeks weekend month months year years since recently
    just day days morning monday tuesday wednesday thursday friday saturday sunday january february march
    april may june july august september october november december gestern heute morgen vor letzte letzten
    letztes letzter nächste nächsten nächstes nächster seit
"""
_NUMBER = """
    one two three four five six seven eight nine ten couple few several once twice
    zwei drei vier fünf sechs sieben acht neun zehn
"""
_OWN = """
    i i'm i've my we our me ich mein meine meinen meinem meiner wir unser unsere unseren unserem unserer
"""
_TIMES, _NUMBERS, _OWNS = frozenset(_TIME.split()), frozenset(_NUMBER.split()), frozenset(_OWN.split())
_YEAR = re.compile(r"\b\d{4}\b")
_DIGIT = re.compile(r"\d")
_PLACE = re.compile(r"\b(?:in|at|to|from|near|aus|nach)\s+(?:the\s+)?[A-Z][a-z]+")
_QUOTED = re.compile(r'["“„][^"”“]{2,80}["”“]')
_CUT = 4_000


class Said(NamedTuple):
    """One message of a person, by either side; a tuple, because hundreds are made for each question.

    Attributes:
        id: Message id.
        thread: What it is part of; neighbours are looked for within it.
        speaker: Name of who said it, as a question may name them; may be empty.
    """

    id: str
    thread: str
    speaker: str
    at: Instant
    text: str


MARKS = ("length", "asks", "has_question", "time", "number", "place", "quoted", "own")
"""What is noted of a text besides its words: how many there are; whether it ends in a question, or holds one;
whether it speaks of a time, a number, a place, a title in quotation marks, or of the speaker."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What is noted of one text.

    Attributes:
        stems: How often each stem occurs.
        marks: A number for each of `MARKS`; 1 is yes.
    """

    stems: Mapping[str, int]
    marks: tuple[int, ...]


@lru_cache(maxsize=16_384)
def gist(text: str) -> Gist:
    """Note what recall needs of a text; kept, because a person's messages are read again and again.

    >>> dict(zip(MARKS, gist("Where was it? We met in Lyon last year.").marks))["place"]
    1
    """
    text = text[:_CUT]
    read = words(text)
    once = frozenset(read)
    found = [stem(word) for word in read if word not in COMMON]
    digits = _DIGIT.search(text) is not None
    told = (
        text.rstrip().endswith("?"),
        "?" in text,
        not once.isdisjoint(_TIMES) or (digits and _YEAR.search(text) is not None),
        digits or not once.isdisjoint(_NUMBERS),
        _PLACE.search(text) is not None,
        _QUOTED.search(text) is not None,
        not once.isdisjoint(_OWNS),
    )
    return Gist(Counter(found), (len(found), *map(int, told)))
