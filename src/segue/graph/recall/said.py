"""What recall reads: what was said, by whom and when, and what is noted of one text whoever asks."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from segue.core.units import Instant
from segue.graph.recall.stems import stems

_TIME = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|ago|last|next|weeks?|weekend|months?|years?|since|recently|just|days?"
    r"|morning|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|\d{4}|gestern|heute|morgen|vor|letzte[nrs]?|nächste[nrs]?|seit)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|couple|few|several|once|twice"
    r"|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:in|at|to|from|near|aus|nach)\s+(?:the\s+)?[A-Z][a-z]+")
_QUOTED = re.compile(r'["“„][^"”“]{2,80}["”“]')
_OWN = re.compile(r"\b(?:I|I['’]m|I['’]ve|[Mm]y|[Ww]e|[Oo]ur|me|ich|mein\w*|wir|unser\w*)\b")
_CUT = 4_000


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a person, by either side.

    Attributes:
        id: Message id.
        thread: What it is part of; neighbours are looked for within it.
        speaker: Name of who said it, as a question may name them; may be empty.
        tokens: Packed token vectors (`segue.graph.recall.vectors`), or empty.
    """

    id: str
    thread: str
    speaker: str
    at: Instant
    text: str
    tokens: bytes = b""


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
    found = stems(text)
    patterns = (_TIME, _NUMBER, _PLACE, _QUOTED, _OWN)
    told = (pattern.search(text) is not None for pattern in patterns)
    return Gist(
        Counter(found), (len(found), int(text.rstrip().endswith("?")), int("?" in text), *map(int, told))
    )
