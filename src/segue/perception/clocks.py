"""Times of day in a text: `10 am`, `14h30`, `half past nine`, `between 2 and four in the afternoon`."""

import re
from typing import NamedTuple

from segue.perception import timewords as words_of
from segue.perception.tokens import NEGATIONS, Tokens, vocabulary

_CLOCK = re.compile(
    r"(?P<hour>[01]?\d|2[0-4])(?:(?P<mark>[:.h])(?P<minute>[0-5]\d))?(?![\d%€$£/]|[.,:-]\d)\s?"
    r"(?P<half>[ap]\.?\s?m\b\.?|uhr\b|o['’]?clock\b|heures?\b|h\b)?(?!\w)",
    re.IGNORECASE,
)
_HALF = re.compile(r"\s?(?P<half>[ap]\.?\s?m\b\.?|uhr\b|o['’]?clock\b|heures?\b)", re.IGNORECASE)
_ARTICLES = vocabulary("a an one ein eine einem einer un une una um uma")
_BETWEEN = vocabulary("between zwischen entre tra tussen")
_SKIPPED = vocabulary("than the around about las la les l à de at als delle godz hours")
_TO = vocabulary("and to until till und bis et à y e a tot do - through")
_FOLLOWERS = vocabulary(
    "are were doesn't don't isn't "
    "please thanks bitte svp s'il por per aub proszę only or and und et y e en i o ou on in at if "
    "because since "
    "as my cet cest est gmt utc local central eastern pacific tomorrow today except for but when that is to "
    "works ever again weekdays monday tuesday wednesday thursday friday saturday sunday am im aber "
    "anrufen an "
    "melden kontaktieren schreiben appeler llamar bellen dzwonić morgens abends i'm we're it's so ok "
    "okay onwards "
    "works time sharp wake would suits until till and onward the fine day every"
)
_HOURS = vocabulary("hours available reachable break desk shift joignable")
_LATER_HALF = vocabulary("afternoon evening night abends nachmittags tarde soir")
_FIRST_HALF = vocabulary("morning morgens früh matin")
_HALVES = _LATER_HALF | _FIRST_HALF
_NOON = 12
_DAY_MINUTES = 1_440
_AFTERNOON_UP_TO = 5
_AFTER_UP_TO = 7
_LATE_UP_TO = 9
_REACH = 6


class Clock(NamedTuple):
    """A time of day: minutes after midnight, words `first` to `last`, and the offset behind it."""

    minutes: int
    last: int
    end: int


class _Read(NamedTuple):
    hour: int
    minute: int
    half: str
    sure: bool
    last: int
    end: int


def clock_at(text: str, tokens: Tokens, index: int) -> Clock | None:
    """Read a time of day that begins with this word, or None.

    A bare number is one only behind `at`, `before`, `between` and the like, and not where it counts things.
    """
    word = tokens.words[index]
    if word in _ARTICLES and _HALF.match(text, tokens.ends[index]) is None:
        return None
    if word in words_of.NOON and (index == 0 or tokens.words[index - 1] != "after"):
        return Clock(_NOON * 60, index, tokens.ends[index])
    if word == "half" and tokens.words[index + 1 : index + 2] == ["past"] and index + 2 < len(tokens.words):
        read = _read(text, tokens, index + 2)
        return _clock(tokens, index, read._replace(minute=30)) if read and not read.minute else None
    read = _read(text, tokens, index)
    if read is None:
        return None
    partner = _partner(text, tokens, read)
    before = _preposition(tokens, index)
    if partner is not None:
        half = read.half or (partner.half if read.hour <= partner.hour else "")
        if not half and not partner.half and partner.hour < read.hour < _NOON:
            half = "am"  # `from 7 to 3`
        if not (
            partner.sure
            or read.sure
            or before in _BETWEEN
            or before in words_of.AFTER
            or _is_hours(tokens, index)
        ):
            return None
        return None if _counts(text, partner) else _clock(tokens, index, read._replace(half=half))
    if read.sure:
        return _clock(tokens, index, read)
    led = (
        before in words_of.AT
        or before in words_of.BEFORE
        or before in words_of.AFTER
        or _ends_range(tokens, index)
    )
    return _clock(tokens, index, read) if led and not _counts(text, read) else None


def _read(text: str, tokens: Tokens, index: int) -> _Read | None:
    word = tokens.words[index]
    if not word[0].isdigit():
        if word not in words_of.NUMBERS:
            return None
        return _spelled(text, tokens, index)
    found = _CLOCK.match(text, tokens.starts[index])
    if found is None:
        return None
    half = _bare(found)
    dotted = found["mark"] == "." and not half
    sure = bool(half or (found["mark"] and not dotted))
    end = found.start() + len(found[0].rstrip())
    if dotted or (half in {"am", "pm"} and int(found["hour"]) > _NOON):
        return None
    known = "24" if found["hour"].startswith("0") or int(found["hour"]) > _NOON else half
    return _Read(int(found["hour"]), int(found["minute"] or 0), known, sure, _last(tokens, index, end), end)


def _spelled(text: str, tokens: Tokens, index: int) -> _Read | None:
    word = tokens.words[index]
    marked = _HALF.match(text, tokens.ends[index])
    hour = words_of.NUMBERS[word]
    if hour > _NOON or word == "couple" or (word in _ARTICLES and marked is None):
        return None
    end = marked.end() if marked else tokens.ends[index]
    return _Read(hour, 0, _bare(marked), marked is not None, _last(tokens, index, end), end)


def _bare(found: re.Match[str] | None) -> str:
    half = found["half"] if found else None
    return "".join(half.lower().replace(".", "").split()) if half else ""


def _last(tokens: Tokens, index: int, end: int) -> int:
    while index + 1 < len(tokens.words) and tokens.ends[index + 1] <= end:
        index += 1
    return index


def _clock(tokens: Tokens, index: int, read: _Read) -> Clock | None:
    hour, half, last, end = read.hour, read.half, read.last, read.end
    told = next(
        (i for i in range(last + 1, min(last + 4, len(tokens.words))) if tokens.words[i] in _HALVES),
        None,
    )
    if (
        told is not None
        and not half
        and tokens.words[last + 1] in {"in", "de", "du", "da", *_LATER_HALF, *_FIRST_HALF}
    ):
        half = "pm" if tokens.words[told] in _LATER_HALF else "am"
        last, end = told, tokens.ends[told]
    if half in {"am", "pm"}:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    elif half != "24" and 0 < hour < _NOON and hour <= _afternoon(tokens, index):
        hour += _NOON
    minutes = hour * 60 + read.minute
    return Clock(minutes, last, end) if minutes <= _DAY_MINUTES else None


def _afternoon(tokens: Tokens, index: int) -> int:
    """Up to which hour one without a.m. or p.m. means the second half of the day."""
    before = _preposition(tokens, index)
    if before not in words_of.AFTER:
        return _AFTERNOON_UP_TO
    part = tokens.parts[index]
    late = before in {"later", "past"} or any(
        tokens.words[i] in NEGATIONS and tokens.parts[i] == part for i in range(max(0, index - _REACH), index)
    )
    return _LATE_UP_TO if late else _AFTER_UP_TO


def _preposition(tokens: Tokens, index: int) -> str:
    """The word before a time, what means nothing skipped; that of a range for its second time."""
    i = index - 1
    while i >= 0 and tokens.words[i] in _SKIPPED:
        if tokens.words[i] == "at":
            return "at"
        i -= 1
    return tokens.words[i] if i >= 0 else ""


def _partner(text: str, tokens: Tokens, read: _Read) -> _Read | None:
    """The second time of a range that begins here."""
    after = read.last + 1
    dashed = text[read.end : read.end + 3].strip()[:1] in {"-", "–"}
    if after >= len(tokens.words):
        return None
    if dashed:
        return _read(text, tokens, after)
    if tokens.words[after] not in _TO or after + 1 >= len(tokens.words):
        return None
    return _read(text, tokens, after + 1)


def _is_hours(tokens: Tokens, index: int) -> bool:
    """Whether the sentence speaks of hours of work, as in `business hours, 9 to 5`."""
    return any(tokens.words[i] in _HOURS for i in range(max(0, index - _REACH), index))


def _ends_range(tokens: Tokens, index: int) -> bool:
    return (
        index > 1
        and tokens.words[index - 1] in _TO
        and any(
            tokens.words[i] in _BETWEEN or tokens.words[i] in {"from", "von", "hours"}
            for i in range(max(0, index - _REACH), index)
        )
    )


def _counts(text: str, read: _Read) -> bool:
    """`before 10 days`, `between 10 and 20 people`: a bare number with a noun is no hour."""
    if read.sure:
        return False
    follower = re.compile(r"\s{0,3}([^\W\d_]+(?:['’]\w+)?)").match(text, read.end)
    return follower is not None and follower[1].lower() not in _FOLLOWERS
