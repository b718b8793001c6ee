"""A day whose month goes without saying: `by the 15th`, `bis zum 15.`, `avant le 15`; code `---15`."""

import re
from typing import NamedTuple

from segue.perception import timewords as words_of
from segue.perception.tokens import Tokens, vocabulary

_LAST = 31
_DAY = re.compile(r"(\d{1,2})(?P<ending>st|nd|rd|th|er|de|e|º)?")
_SPELLED = words_of.numbered(
    {
        3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth", 10: "tenth",
        11: "eleventh", 12: "twelfth", 13: "thirteenth", 14: "fourteenth", 15: "fifteenth", 16: "sixteenth",
        17: "seventeenth", 18: "eighteenth", 19: "nineteenth", 20: "twentieth", 30: "thirtieth",
    }
)  # fmt: skip
SPELLED = frozenset(_SPELLED)
"""Ordinals in words that may be days; the first two and the compound ones are left alone."""

_ARTICLES = vocabulary("the zum dem am den le au du el del il al dia de")
_LED = vocabulary(
    "by before on until till til from after around about for between starting due latest than is to bis vor "
    "ab nach am zum avant jusqu'au au du le d'ici dès pour partir hasta antes para desde entro prima fino "
    "dal dia até depois voor op tot na vanaf not back earliest"
)
"""What stands before a day, its article left out."""

_JOINTS = vocabulary("and or und oder et ou")
_DOTTED = vocabulary("zum dem am den")
_BARE = vocabulary("le au du el del il al dia jusqu'au")
"""Behind these a number needs no ending to be a day."""

_LEADS_TO_DIGITS = _BARE | _DOTTED

_SUBJECTS = vocabulary("works suits is would at isn't doesn't")
_FOLLOWERS = _SUBJECTS | vocabulary(
    "please pls thanks thank bitte danke svp s'il merci por grazie latest at by in if because since so "
    "when then but and or und oder et ou y o i we you they it let to as will would should can could "
    "before instead again only for with from until till through about that this next i'll we'll i'm we're "
    "i'd we'd je nous vous c'est ça pour si à au en nella alle a ich wir sie wenn weil uhr um noch nur "
    "spätestens noon morning afternoon evening midnight anfragen anrufen melden zahlen bezahlen "
    "überweisen kontaktieren schreiben schicken senden möglich nicht geht passt wäre ist graag me us also "
    "too perhaps maybe ideally"
)
"""What may follow a day; any other word is most likely what is counted: `the 3rd floor`."""

_NOUNS = vocabulary(
    "tag mal stock versuch quartal woche termin platz rang schritt etage monat jahrestag absatz punkt "
    "kapitel paragraph semester geburtstag stunde minute jahr"
)
_PAST = vocabulary(
    "was were had did charged billed paid sent ordered received got bought signed happened crashed called "
    "wrote asked been came went joined stopped failed debited deducted invoiced told said promised since "
    "ago wurde wurden war hatte habe haben hat abgebucht bezahlt été étais était avais payé fui fue "
    "cobraron stato"
)
_GOES_BY = vocabulary("by before until till til due bis avant jusqu'au hasta entro fino tot voor")
"""These look ahead, whatever happened before."""

_DOT = re.compile(r"\.(?=\s|$|[,)!?])")
_REACH = 12


class MonthDay(NamedTuple):
    """A code and where it ends; an empty code for a day that is over."""

    code: str
    last: int
    end: int


def month_day_at(text: str, tokens: Tokens, index: int) -> MonthDay | None:
    """Read a day of a month that is not named, or None; days that were are told with an empty code."""
    word = tokens.words[index]
    if word.isdecimal() and _word(tokens, index - 1) not in _LEADS_TO_DIGITS:
        return None
    found = _DAY.fullmatch(word)
    number = int(found[1]) if found else _SPELLED.get(word, 0)
    if not 0 < number <= _LAST:
        return None
    last, code = _month(tokens, index, number)
    led = _led(text, tokens, index, last, marked=found is None or found["ending"] is not None)
    if not led or (last == index and not _stands_alone(text, tokens, index)):
        return None
    if led not in _GOES_BY and _is_over(tokens, index):
        code = ""
    return MonthDay(code, last, tokens.ends[last])


def _led(text: str, tokens: Tokens, index: int, last: int, *, marked: bool) -> str:
    """The word that leads to a day, its article left out; empty where none does.

    Args:
        text: The text.
        tokens: Its words.
        index: Place of the day.
        last: Where it ends, with its month.
        marked: Whether it is an ordinal by itself, in English or Dutch.
    """
    before = _word(tokens, index - 1)
    led = _word(tokens, index - 2) if before in _ARTICLES else before
    if before in _BARE or (before in _DOTTED and _DOT.match(text, tokens.ends[index])):
        return led or before
    if not marked:
        return ""
    if led in _JOINTS:
        return led if _DAY.fullmatch(_word(tokens, index - (3 if before in _ARTICLES else 2))) else ""
    if led in _LED or last > index:
        return led or before
    return before if before == "the" and _word(tokens, last + 1) in _SUBJECTS else ""


def _word(tokens: Tokens, index: int) -> str:
    return tokens.words[index] if 0 <= index < len(tokens.words) else ""


def _month(tokens: Tokens, index: int, number: int) -> tuple[int, str]:
    """`of this month` and `of next month` belong to it."""
    after = tokens.words[index + 1 : index + 4]
    if after[:1] == ["of"] and after[2:] == ["month"]:
        if after[1] == "next":
            return index + 3, f"m+1-{number:02d}"
        if after[1] in {"this", "the", "each", "every"}:
            return index + 3, f"---{number:02d}"
    return index, f"---{number:02d}"


def _stands_alone(text: str, tokens: Tokens, index: int) -> bool:
    """Whether nothing is counted by it: nothing follows in its part, or a word that may follow a day."""
    after = index + 1
    if after >= len(tokens.words):
        return True
    if _DOT.match(text, tokens.ends[index]):
        return tokens.words[after] not in _NOUNS
    if tokens.parts[after] != tokens.parts[index] or tokens.sentences[after] != tokens.sentences[index]:
        return True
    if text[tokens.ends[index] : tokens.starts[after]].strip():
        return False
    if tokens.words[after] in _JOINTS or tokens.words[after] == "to":
        after += 1 + (_word(tokens, after + 1) == "the")
        if _DAY.fullmatch(_word(tokens, after)):
            return _stands_alone(text, tokens, after)
    return _word(tokens, after) in _FOLLOWERS


def _is_over(tokens: Tokens, index: int) -> bool:
    part = tokens.parts[index]
    near = range(max(0, index - _REACH), min(len(tokens.words), index + _REACH))
    return any(tokens.words[i] in _PAST and tokens.parts[i] == part for i in near)
