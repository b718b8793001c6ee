"""Which words of a signal are the customer's own: no quoted mail, no signature, no other speaker."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from segue.core.records.signals import Kind, Signal
from segue.core.turns import CUSTOMER, customers_only, turns_of
from segue.perception.mail.quoting import rooms

READ_AT_MOST = 20_000
"""Characters of a text that are read for what it means: of a longer paste its beginning and its end."""

_OF_THE_END = 8_000
"""How many of them are the end, where people say what they want when all is told."""

SCANNER_S = 2
"""A link followed within this many seconds of delivery was most likely followed by a mail scanner."""

_REACH = 400
_EDGES = (re.compile(r"[.!?\n]\s+"), re.compile(r"\s+"))
"""Where a text may be cut: behind a sentence, else behind a word, looked for in so many characters."""

_SCANNER_PPM = 50_000
_PERSON_PPM = 900_000
_UNQUOTED_CHANNELS = frozenset({"sms", "whatsapp", "chat"})
_SPOKEN = frozenset({Kind.CALL_TRANSCRIBED, Kind.MEETING_NOTED})


def text_of(signal: Signal) -> str:
    """Return what the customer wrote or said, with everything else blanked, or an empty text.

    Of what is longer than `READ_AT_MOST` the middle is blanked as well.
    Offsets into it are offsets into the body's `text`; into subject, line break and text of a ticket; and
    into the customer's turns, one per line, of a call or meeting (`segue.core.turns`).
    """
    return both_ends(all_of(signal))


def all_of(signal: Signal) -> str:
    """The same with its middle, however long it is."""
    body = signal.body
    if signal.kind in _SPOKEN:
        said = (turn.text for turn in turns_of(body) if turn.speaker == CUSTOMER)
        return "\n".join(said)
    if signal.kind is Kind.TICKET_OPENED:
        parts = (_text(body.get("subject")), own_words(_text(body.get("text"))))
        return "\n".join(part for part in parts if part)
    if signal.kind is Kind.MESSAGE_RECEIVED:
        text = _text(body.get("text"))
        return text if _text(body.get("channel")) in _UNQUOTED_CHANNELS else own_words(text)
    return _text(body.get("text")) if signal.kind is Kind.FORM_SUBMITTED else ""


def both_ends(text: str) -> str:
    """Blank the middle of a long text, between sentences, or words, where there are any; every offset stays.

    >>> both_ends("Hello"), both_ends("One. " * 10_000).count("One.")
    ('Hello', 3999)
    """
    start, stop = middle(text)
    if start == stop:
        return text
    return f"{text[:start]}\n\n{' ' * (stop - start - 4)}\n\n{text[stop:].rstrip()}"


def middle(text: str) -> tuple[int, int]:
    """Which stretch of a text is not read, because it is too long; an empty one where all of it is."""
    end = len(text.rstrip())
    first = len(text) - len(text.lstrip())
    if end - first <= READ_AT_MOST:
        return 0, 0
    start, stop = first + READ_AT_MOST - _OF_THE_END, end - _OF_THE_END
    before, after = text[start - _REACH : start], text[stop : stop + _REACH]
    for edge in _EDGES:
        if edge.search(before) and (begins := edge.search(after)):
            start += max(found.end() for found in edge.finditer(before)) - len(before)
            stop += begins.end()
            break
    return start, stop


def own_words(text: str) -> str:
    r"""Blank quotes, forwards, signatures, disclaimers and other speakers; every offset stays.

    >>> own_words("Yes.\n> Really?\n-- \nAnn").split()
    ['Yes.']
    """
    lines = text.split("\n")
    placed = zip(lines, rooms(lines), strict=True)
    return customers_only("\n".join(line if room == "own" else " " * len(line) for line, room in placed))


def human_ppm(body: dict[str, Any]) -> int:
    """Probability that a person opened or clicked, from the seconds since delivery.

    >>> human_ppm({"after_s": 1}), human_ppm({"after_s": "95.5"}), human_ppm({})
    (50000, 900000, 900000)
    """
    try:
        after_s = Decimal(str(body.get("after_s")))
    except InvalidOperation:
        return _PERSON_PPM
    return _SCANNER_PPM if after_s.is_finite() and after_s <= SCANNER_S else _PERSON_PPM


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
