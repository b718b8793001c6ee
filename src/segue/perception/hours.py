"""Wishes about time: `not before 10`, `no calls after five`, `nicht vor 9 Uhr`, `not now, in two weeks`."""

import re
from collections.abc import Iterator

from segue.core.records.percepts import Preference
from segue.perception.tokens import NEGATIONS, Tokens, spell, vocabulary

_NUMBERS = {
    word: number
    for number, words in {
        1: "one a an ein eine einem einer un une una um uma",
        2: "two couple zwei deux dos due dois duas twee dwa dwie",
        3: "three drei trois tres tre três drie trzy",
        4: "four vier quatre cuatro quattro quatro cztery",
        5: "five fünf cinq cinco cinque vijf pięć",
        6: "six sechs seis sei zes sześć",
        7: "seven sieben sept siete sette sete zeven siedem",
        8: "eight acht huit ocho otto oito osiem",
        9: "nine neun neuf nueve nove negen dziewięć",
        10: "ten zehn dix diez dieci dez tien dziesięć",
        11: "eleven elf onze once undici",
        12: "twelve noon midday zwölf mittag mittags midi mediodía douze doce",
    }.items()
    for word in words.split()
}
_BEFORE = vocabulary("before earlier vor avant antes prima voor przed until till bis")
_AFTER = vocabulary("after nach ab après después depois dopo na po from")
_CUES = vocabulary(
    "call calls calling phone ring text texts sms write contact reach email emails mail mails message "
    "messages whatsapp only please best better prefer available anytime anruf anrufe anrufen rufen bitte "
    "erst nur melden appeler appelez appels seulement llamar llamen llamadas solo chiamare chiamate ligar "
    "liguem só bellen alleen dzwonić telefon proszę tylko"
)
_FOLLOWERS = vocabulary(
    "please thanks bitte svp por per aub proszę only or and und et y e en i o ou on in at if because since "
    "as my cet cest est gmt utc local central eastern pacific tomorrow today except for but when that is "
    "works ever again weekdays monday tuesday wednesday thursday friday am im aber anrufen melden "
    "kontaktieren schreiben appeler llamar bellen dzwonić morgens"
)
_TIME = re.compile(
    r"\s{1,3}(?:than\s|than|as|de\s|das?\s|las?\s|les\s|delle\s|às\s|godz\w{0,6}\.?\s|at\s){0,2}\s{0,2}"
    r"(?:(?P<hour>\d{1,2})(?:(?P<mark>[:.h])(?P<minute>[0-5]\d))?(?![\d%€$£/]|[.,:-]\d)|(?P<word>[^\W\d_]{2,10}))"
    r"\s{0,2}(?P<half>[ap]\.?m\b\.?|uhr\b|o'?clock\b|heures?\b|h\b)?",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"\s{0,3}([^\W\d_]+)")
_NOON = 12
_DAY_HOURS = 24
_REACH = 6
_TERSE = 4
_EVENING_UP_TO = 9
_AFTERNOON_UP_TO = 5

_UNIT_DAYS = {
    word: days
    for days, words in {
        1: "day days tag tage tagen jour jours día días giorno giorni dia dias dag dagen dzień dni",
        7: "week weeks woche wochen semaine semaines semana semanas settimana settimane weken tydzień "
        "tygodnie tygodni",
        30: "month months monat monate monaten mois mes meses mese mesi mês maand maanden miesiąc miesiące "
        "miesięcy",
        91: "quarter quartal trimestre kwartaal kwartał",
        365: "year years jahr jahre jahren",
    }.items()
    for word in words.split()
}
_NEXT = vocabulary(
    "next nächste nächsten nächster nächstes kommenden próximo próxima prochain prossimo volgende"
)
_IN = vocabulary("in dans en tra over za em dentro within")
_LATER = vocabulary(
    "now later busy again ask back ping follow reach contact call write retry jetzt später erneut wieder "
    "melden maintenant plus rappelez ahora después richiamate agora nu później teraz try"
)
_MOST_DAYS = 365


def hours(text: str, tokens: Tokens) -> Iterator[Preference]:
    """Wishes about the hours of contact, in minutes after local midnight."""
    for index, word in enumerate(tokens.words):
        if word in _BEFORE or word in _AFTER:
            yield from _hour_wish(text, tokens, index)


def pauses(text: str, tokens: Tokens) -> Iterator[Preference]:
    """Wishes to be left alone for some days: `not now, maybe in two weeks`, `ask me next month`."""
    for index, word in enumerate(tokens.words[:-1]):
        if word not in _NEXT and word not in _IN:
            continue
        days, last = _days(tokens, index)
        if 0 < days <= _MOST_DAYS and any(tokens.words[i] in _LATER for i in tokens.sentence(index)):
            start, end = tokens.starts[index], tokens.ends[last]
            yield Preference("pause_days", days, text[start:end], start, end)


def _hour_wish(text: str, tokens: Tokens, index: int) -> Iterator[Preference]:
    found = _TIME.match(text, tokens.ends[index])
    if found is None or _counts_things(text, found):
        return
    first = _negation(tokens, index)
    kind = _kind(tokens.words[index], negated=first is not None)
    if not kind or not (first == index - 1 or _has_cue(tokens, index)):
        return
    minutes = _minutes(found, late=kind == "not_after")
    if minutes is not None:
        start = tokens.starts[index if first is None else first]
        end = start + len(text[start : found.end()].rstrip())
        yield Preference(kind, minutes, text[start:end], start, end)


def _kind(word: str, *, negated: bool) -> str:
    if negated:
        return "not_before" if word in _BEFORE else "not_after"
    return "not_before" if word in _AFTER else ""


def _negation(tokens: Tokens, index: int) -> int | None:
    """Index of a negation up to six words before, in the same part of the sentence."""
    part = tokens.parts[index]
    for i in range(index - 1, max(-1, index - _REACH - 1), -1):
        if tokens.parts[i] != part:
            return None
        if tokens.words[i] in NEGATIONS:
            return i
    return None


def _has_cue(tokens: Tokens, index: int) -> bool:
    sentence = tokens.sentence(index)
    return (sentence.start == index and len(sentence) <= _TERSE) or any(
        tokens.words[i] in _CUES for i in sentence
    )


def _counts_things(text: str, found: re.Match[str]) -> bool:
    """`before 10 days`, `after 2 meetings`: a bare number with a noun is no hour."""
    if found["half"] or found["minute"]:
        return False
    follower = _NEXT_WORD.match(text, found.end())
    return follower is not None and spell(follower[1]) not in _FOLLOWERS


def _minutes(found: re.Match[str], *, late: bool) -> int | None:
    hour = _NUMBERS.get(spell(found["word"]), -1) if found["word"] else int(found["hour"])
    half = (found["half"] or "").lower().replace(".", "")
    if hour < 0 or hour > _DAY_HOURS:
        return None
    if half in {"am", "pm"}:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    elif not (found["hour"] or "").startswith("0") and 0 < hour < _NOON:
        hour += _guess(hour, late=late, bare=found["minute"] is None and not half)
    minutes = hour * 60 + int(found["minute"] or 0)
    return minutes if minutes <= _DAY_HOURS * 60 else None


def _guess(hour: int, *, late: bool, bare: bool) -> int:
    """Twelve where an hour without a.m. or p.m. means the second half of the day."""
    afternoon = hour <= _EVENING_UP_TO if late else bare and hour <= _AFTERNOON_UP_TO
    return _NOON if afternoon else 0


def _days(tokens: Tokens, index: int) -> tuple[int, int]:
    """Days meant by `in two weeks` or `next month` from this word, and the last word of it."""
    words = tokens.words[index + 1 : index + 4]
    if tokens.words[index] in _NEXT:
        return _UNIT_DAYS.get(words[0], 0) if _UNIT_DAYS.get(words[0], 0) > 1 else 0, index + 1
    number = _number(words[0])
    units = words[1:] if number else words[:1]
    for offset, unit in enumerate(units):
        if unit in _UNIT_DAYS and number:
            return number * _UNIT_DAYS[unit], index + 2 + offset
    return 0, index


def _number(word: str) -> int:
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= len(str(_MOST_DAYS)) else 0
    return _NUMBERS.get(word, 0)
