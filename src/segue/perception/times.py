"""Times in a text, each as a code free of zone and date (`segue.core.when`); days that recur stand apart."""

import re
from collections.abc import Callable
from typing import NamedTuple

from segue.perception import timewords as words_of
from segue.perception.clocks import Clock, clock_at
from segue.perception.monthdays import SPELLED, month_day_at
from segue.perception.tokens import Tokens, vocabulary

ALL_DAYS = "1234567"
_ISO = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)")
_DOTTED = re.compile(r"(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.(20\d\d)?(?![\d])")
_SLASHED = re.compile(r"(0?[1-9]|[12]\d|3[01])/(0?[1-9]|[12]\d|3[01])/(20\d\d)(?!\d)")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+|di\s+)?([^\W\d_]{3,12})\.?(?:,?\s+(20\d\d)\b)?",
    re.IGNORECASE,
)
_DAY_AFTER = re.compile(
    r"\.?\s+(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)?(?![\d:%])(?:,?\s+(20\d\d)\b)?", re.IGNORECASE
)
_YEAR_AFTER = re.compile(r",?\s+(20\d\d)\b")
_DOMAIN = re.compile(r"\.[a-z]{2,3}\b")
_DATE_MARKS = frozenset("-./")
_QUARTER = re.compile(r"q([1-4])")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LEADING = vocabulary(
    "in until till til by from before after since im en em w au für for next this mid early late of "
    "ab bis jusqu'en hasta every"
)
_RECURRING = vocabulary("a every each jeden jede chaque cada any most")
_PLURAL_PARTS = vocabulary("mornings afternoons evenings nights")
_JOINS = vocabulary(
    "at on um à a las the around o de den le el in am morning afternoon evening noon alle às about"
)
_HABITS = vocabulary(
    "only work working works available reachable usually always part generally open nur arbeite"
)
_WAS = frozenset({"was", "were"})
_OF = vocabulary("of the this de del la le du des der dem this di da")


class Time(NamedTuple):
    """A time that was named: its code, or the digits of days that recur, and where it stands."""

    code: str
    first: int
    last: int
    start: int
    end: int
    again: bool = False

    @property
    def is_clock(self) -> bool:
        """Whether it is a time of day alone."""
        return self.code.startswith("T")


class _Found(NamedTuple):
    code: str
    last: int
    end: int
    again: bool = False


_Reader = Callable[[str, Tokens, int], _Found | None]


def times(text: str, tokens: Tokens) -> list[Time]:
    """Find every time to come and every day that recurs, in order; `last Monday` is neither."""
    found: list[Time] = []
    index = 0
    while index < len(tokens.words):
        word = tokens.words[index]
        read = _DIGIT if word[0].isdigit() else _READERS.get(word)
        hit = read(text, tokens, index) if read else None
        if hit is None:
            index += 1
            continue
        if hit.code:
            found.append(Time(hit.code, index, hit.last, tokens.starts[index], hit.end, hit.again))
        index = hit.last + 1
    return _joined(tokens, found) if len(found) > 1 else found


def _hit(tokens: Tokens, code: str, last: int, *, again: bool = False) -> _Found:
    return _Found(code, last, tokens.ends[last], again)


def _word(tokens: Tokens, index: int) -> str:
    return tokens.words[index] if 0 <= index < len(tokens.words) else ""


def _is_name(text: str, tokens: Tokens, index: int) -> bool:
    """Written with a capital where no sentence begins."""
    first = index == 0 or tokens.sentences[index - 1] != tokens.sentences[index]
    return text[tokens.starts[index]].isupper() and not first


def _last(tokens: Tokens, index: int, end: int) -> int:
    while index + 1 < len(tokens.words) and tokens.ends[index + 1] <= end:
        index += 1
    return index


def _number(text: str, tokens: Tokens, index: int) -> _Found | None:
    """What begins with a digit: a date, else a time of day."""
    start = tokens.starts[index]
    if text[tokens.ends[index] : tokens.ends[index] + 1] not in _DATE_MARKS:
        return _day_first(text, tokens, index)
    if iso := _ISO.match(text, start):
        return _dated(tokens, index, iso.end(), int(iso[2]), int(iso[3]), iso[1])
    if dotted := _DOTTED.match(text, start):
        return _dated(tokens, index, dotted.end(), int(dotted[2]), int(dotted[1]), dotted[3])
    if slashed := _SLASHED.match(text, start):
        month, day = int(slashed[1]), int(slashed[2])
        month, day = (day, month) if month > len(_MONTH_DAYS) else (month, day)
        return _dated(tokens, index, slashed.end(), month, day, slashed[3])
    return _day_first(text, tokens, index)


def _day_first(text: str, tokens: Tokens, index: int) -> _Found | None:
    """`3 December`, `by the 3rd`, else a time of day."""
    named = _DAY_FIRST.match(text, tokens.starts[index])
    if named and (month := words_of.MONTHS.get(named[2].lower(), 0)):
        return _dated(tokens, index, named.end(), month, int(named[1]), named[3])
    return _month_day(text, tokens, index) or _clock(text, tokens, index)


def _month_day(text: str, tokens: Tokens, index: int) -> _Found | None:
    found = month_day_at(text, tokens, index)
    return None if found is None else _Found(found.code, found.last, found.end)


def _dated(tokens: Tokens, index: int, end: int, month: int, day: int, year: str | None) -> _Found | None:
    if month > len(_MONTH_DAYS) or not 1 <= day <= _MONTH_DAYS[month - 1]:
        return None
    return _Found(f"{year or '-'}-{month:02d}-{day:02d}", _last(tokens, index, end), end)


def _clock(text: str, tokens: Tokens, index: int) -> _Found | None:
    clock: Clock | None = clock_at(text, tokens, index)
    if clock is None:
        return None
    return _Found(f"T{clock.minutes // 60:02d}:{clock.minutes % 60:02d}", clock.last, clock.end)


def _weekday(text: str, tokens: Tokens, index: int) -> _Found | None:
    if _DOMAIN.match(text, tokens.ends[index]):
        return None  # `Monday.com` is a name.
    word, before, after = tokens.words[index], _word(tokens, index - 1), _word(tokens, index + 1)
    number = words_of.WEEKDAYS.get(word) or words_of.SHORT_WEEKDAYS[word]
    if word in words_of.SHORT_WEEKDAYS:
        in_row = after in words_of.SHORT_WEEKDAYS or before in words_of.SHORT_WEEKDAYS
        if not (
            in_row or before in {"on", "by", "next", "until", "til", "till"} or _is_name(text, tokens, index)
        ):
            return None
    if before in words_of.PAST or (before == "on" and _word(tokens, index - 2) in _WAS):
        return _hit(tokens, "", index)
    if row := _row(tokens, index, number):
        return row
    if after in _PLURAL_PARTS:
        return _hit(tokens, str(number), index + 1, again=True)
    if before in {"except", "excluding"} or (before in _RECURRING and before != "any"):
        return _hit(tokens, str(number), index, again=True)
    if after in words_of.FOLLOWING:
        return _hit(tokens, f"wd{number}+1", index + 1)
    return _hit(tokens, f"wd{number}", index)


def _row(tokens: Tokens, index: int, first: int) -> _Found | None:
    """`I only work Monday to Wednesday`, `Mon-Thu only`: days that recur, where the sentence says so."""
    i = index + (2 if _word(tokens, index + 1) in words_of.RANGE - {"and"} else 1)
    last = words_of.WEEKDAYS.get(_word(tokens, i)) or words_of.SHORT_WEEKDAYS.get(_word(tokens, i), 0)
    if last <= first or not any(tokens.words[n] in _HABITS for n in tokens.sentence(index)):
        return None
    return _hit(tokens, ALL_DAYS[first - 1 : last], i, again=True)


def _weekday_again(_text: str, tokens: Tokens, index: int) -> _Found:
    days = str(words_of.WEEKDAYS_AGAIN[tokens.words[index]])
    if tokens.words[index] == "weekend" and _word(tokens, index - 1) in words_of.THIS | words_of.NEXT:
        return _hit(tokens, "wd6", index)
    return _hit(tokens, days, index, again=True)


def _month(text: str, tokens: Tokens, index: int) -> _Found | None:
    word, before = tokens.words[index], _word(tokens, index - 1)
    month = words_of.MONTHS[word]
    if before in words_of.PAST or _word(tokens, index + 1) == "last":
        return _hit(tokens, "", index)
    day = _DAY_AFTER.match(text, tokens.ends[index])
    dated = _dated(tokens, index, day.end(), month, int(day[1]), day[2]) if day else None
    if dated is not None:
        return dated
    if word in words_of.UNSURE_MONTHS and not (
        (before in _LEADING and (before != "a")) or _is_name(text, tokens, index)
    ):
        return None
    if year := _YEAR_AFTER.match(text, tokens.ends[index]):
        return _Found(f"{year[1]}-{month:02d}", _last(tokens, index, year.end()), year.end())
    return _hit(tokens, f"--{month:02d}-15" if before == "mid" else f"--{month:02d}", index)


def _today(_text: str, tokens: Tokens, index: int) -> _Found:
    return _hit(tokens, "d+0", index)


def _tomorrow(_text: str, tokens: Tokens, index: int) -> _Found | None:
    before = _word(tokens, index - 1)
    if tokens.words[index] == "morgen" and before in {"guten", "am", "jeden", "goede"}:
        return None
    return _hit(tokens, "d+2" if before == "pasado" else "d+1", index)


def _day_after(_text: str, tokens: Tokens, index: int) -> _Found | None:
    """`day after tomorrow`, and its one word elsewhere."""
    if tokens.words[index] != "day":
        return _hit(tokens, "d+2", index)
    after = tokens.words[index + 1 : index + 3]
    return _hit(tokens, "d+2", index + 2) if after == ["after", "tomorrow"] else None


def _this(_text: str, tokens: Tokens, index: int) -> _Found | None:
    after = _word(tokens, index + 1)
    if after in words_of.PARTS_OF_DAY:
        return _hit(tokens, "d+0", index + 1)
    if after in words_of.WEEKDAYS:
        return _hit(tokens, f"wd{words_of.WEEKDAYS[after]}", index + 1)
    unit = words_of.PERIODS.get(after, "")
    if unit == "wd6":
        return _hit(tokens, unit, index + 1)
    return _hit(tokens, f"{unit}+0", index + 1) if unit and unit != "y" else None


def _next(text: str, tokens: Tokens, index: int) -> _Found | None:
    after = _word(tokens, index + 1)
    number = words_of.WEEKDAYS.get(after) or words_of.SHORT_WEEKDAYS.get(after)
    if number:
        return _hit(tokens, f"wd{number}+1", index + 1)
    unit = words_of.PERIODS.get(after, "")
    if unit == "wd6":
        return _hit(tokens, "wd6+1", index + 1)
    if unit:
        return _hit(tokens, f"{unit}+1", index + 1)
    return _ahead(text, tokens, index)


def _unit(_text: str, tokens: Tokens, index: int) -> _Found | None:
    """`la semaine prochaine`, `el mes próximo`, `la semana que viene`."""
    unit = words_of.PERIODS[tokens.words[index]]
    if _word(tokens, index + 1) in words_of.FOLLOWING:
        return _hit(tokens, f"{unit}+1", index + 1)
    if tokens.words[index + 1 : index + 3] == ["que", "viene"]:
        return _hit(tokens, f"{unit}+1", index + 2)
    if tokens.words[index] == "year" and _word(tokens, index - 1) == "new":
        return _hit(tokens, "y+1", index)
    return None


def _ahead(_text: str, tokens: Tokens, index: int) -> _Found | None:
    """`in two weeks`, `within 24 hours`, `in half a year`; words that mean nothing are skipped."""
    i = index + 1
    while _word(tokens, i) in {"the", "next", "about", "me", "us", "de", "den", "another"}:
        i += 1
    halved = _word(tokens, i) == "half"
    i += halved
    number = _count(_word(tokens, i))
    if not number:
        return None
    i += 1
    if _word(tokens, i - 1) == "a" and _word(tokens, i) == "couple":
        number, i = 2, i + 1
    i += _word(tokens, i) in {"of", "more", "business", "working"}
    unit = _word(tokens, i)
    if unit in words_of.UNIT_DAYS:
        days = number * words_of.UNIT_DAYS[unit]
        return _hit(tokens, f"d+{days // 2 if halved else days}", i) if days < 3_650 else None  # noqa: PLR2004 - ten years
    if unit in words_of.UNIT_HOURS:
        return _hit(tokens, f"h+{number}", i)
    return _hit(tokens, f"i+{number}", i) if unit in words_of.UNIT_MINUTES else None


def _count(word: str) -> int:
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 3 else 0  # noqa: PLR2004 - years are no counts
    return words_of.NUMBERS.get(word, 0)


def _end(_text: str, tokens: Tokens, index: int) -> _Found | None:
    """`end of the month`, `end of March`, `end of next week`."""
    i = index + 1
    while _word(tokens, i) in _OF:
        i += 1
    ahead = int(_word(tokens, i) in words_of.NEXT)
    unit = _word(tokens, i + ahead)
    if i == index + 1 and unit not in words_of.MONTHS:
        return None
    if unit in {"day", "business"}:
        return _hit(tokens, "d+0", i)
    month = words_of.MONTHS.get(unit, 0)
    if month:
        return _hit(tokens, f"--{month:02d}-{_MONTH_DAYS[month - 1]:02d}".replace("02-29", "02-28"), i)
    period = words_of.PERIODS.get(unit.removesuffix("s"), words_of.PERIODS.get(unit, ""))
    return _hit(tokens, f"e{period}+{ahead}", i + ahead) if len(period) == 1 else None


def _quarter(_text: str, tokens: Tokens, index: int) -> _Found:
    return _hit(tokens, f"--{int(tokens.words[index][1]) * 3 - 2:02d}", index)


def _joined(tokens: Tokens, found: list[Time]) -> list[Time]:
    """One time of a day and its hour, or of a weekday and its date, where they stand side by side."""
    joined = [found[0]]
    for time in found[1:]:
        before = joined[-1]
        code = _both(before, time) if _touch(tokens, before, time) else ""
        if code:
            joined[-1] = Time(code, before.first, time.last, before.start, time.end)
        else:
            joined.append(time)
    return joined


def _touch(tokens: Tokens, before: Time, time: Time) -> bool:
    if tokens.sentences[before.last] != tokens.sentences[time.first] or before.again or time.again:
        return False
    return all(tokens.words[i] in _JOINS for i in range(before.last + 1, time.first))


def _both(before: Time, time: Time) -> str:
    if before.is_clock != time.is_clock:
        day, clock = (time, before) if before.is_clock else (before, time)
        return day.code + clock.code if "T" not in day.code and day.code[0] not in "hi" else ""
    if before.code.startswith("wd") and time.code[0] in "-2":
        return time.code
    return ""


_READERS: dict[str, _Reader] = {}
for _words, _reader in (
    (words_of.NUMBERS, _clock),
    (words_of.NOON, _clock),
    (SPELLED, _month_day),
    ({"half"}, _clock),
    (words_of.MONTHS, _month),
    (words_of.PERIODS, _unit),
    (words_of.WEEKDAYS_AGAIN, _weekday_again),
    (words_of.WEEKDAYS, _weekday),
    (words_of.SHORT_WEEKDAYS, _weekday),
    (words_of.TODAY, _today),
    (words_of.TOMORROW, _tomorrow),
    ({"day", "übermorgen", "overmorgen", "pojutrze", "dopodomani"}, _day_after),
    (words_of.THIS, _this),
    (words_of.AHEAD | words_of.FOR | {"give", "geben"}, _ahead),
    (words_of.NEXT, _next),
    (words_of.ENDS, _end),
    ({f"q{n}" for n in range(1, 5)}, _quarter),
):
    _READERS.update(dict.fromkeys(_words, _reader))
_DIGIT: _Reader = _number
