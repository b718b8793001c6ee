"""Which words of a signal are the customer's own: no quoted mail, no signature, no other speaker."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from segue.core.records.signals import Kind, Signal

READ_AT_MOST = 20_000
"""Characters of a text that are read; what a longer paste holds beyond them is kept but not perceived."""

SCANNER_S = 2
"""A link followed within this many seconds of delivery was most likely followed by a mail scanner."""

_SCANNER_PPM = 50_000
_PERSON_PPM = 900_000
_UNQUOTED_CHANNELS = frozenset({"sms", "whatsapp", "chat"})
_SPOKEN = frozenset({Kind.CALL_TRANSCRIBED, Kind.MEETING_NOTED})
_LINE = re.compile(r"[^\n]*\n?")
_ATTRIBUTION = re.compile(
    r"\s{0,9}(?:on|am|le|el|em|il|op|dnia|w dniu)\b.{0,200}"
    r"(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|napisał)\b.{0,100}:\s{0,9}$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s{0,9}(?:-{2,}\s?(?:original|forwarded|ursprüngliche|message d'origine)|_{20,})", re.IGNORECASE
)
_SENT_FROM = re.compile(
    r"\s{0,9}(?:sent|gesendet|envoyé|enviado|inviato|verzonden|wysłane) (?:from|von|de|da|vanaf|z) ",
    re.IGNORECASE,
)


def text_of(signal: Signal) -> str:
    """Return what the customer wrote or said, with everything else blanked, or an empty text.

    Offsets into it are offsets into the body's `text`; into subject, line break and text of a ticket; and
    into the customer's turns, one per line, of a call or meeting.
    """
    body = signal.body
    if signal.kind in _SPOKEN:
        return "\n".join(_customer_turns(body.get("turns")))[:READ_AT_MOST]
    if signal.kind is Kind.TICKET_OPENED:
        parts = (_text(body.get("subject")), own_words(_text(body.get("text"))))
        return "\n".join(part for part in parts if part)[:READ_AT_MOST]
    if signal.kind is Kind.MESSAGE_RECEIVED:
        text = _text(body.get("text"))
        return text if _text(body.get("channel")) in _UNQUOTED_CHANNELS else own_words(text)
    return _text(body.get("text")) if signal.kind is Kind.FORM_SUBMITTED else ""


def own_words(text: str) -> str:
    r"""Blank quoted lines, attributions, forwarded mail and the signature; every other offset stays.

    >>> own_words("Yes.\n> Really?\n-- \nAnn").split()
    ['Yes.']
    """
    lines = _LINE.findall(text)
    quotes = any(line.startswith(">") for line in lines)
    kept = []
    ended = False
    for line in lines:
        ended = ended or _ends_here(line, quotes=quotes)
        own = not (ended or line.startswith(">") or _ATTRIBUTION.match(line) or _SENT_FROM.match(line))
        kept.append(line if own else " " * len(line))
    return "".join(kept)


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


def _ends_here(line: str, *, quotes: bool) -> bool:
    """A signature or a forwarded mail begins; or a quoted one whose lines bear no mark."""
    if line.rstrip() == "--" or _FORWARDED.match(line):
        return True
    return not quotes and _ATTRIBUTION.match(line) is not None


def _customer_turns(turns: object) -> list[str]:
    if not isinstance(turns, list):
        return []
    return [
        _text(turn.get("text"))
        for turn in turns
        if isinstance(turn, dict) and turn.get("speaker") == "customer"
    ]


def _text(value: object) -> str:
    return value[:READ_AT_MOST] if isinstance(value, str) else ""
