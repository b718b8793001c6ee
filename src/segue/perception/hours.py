"""Wishes about the hours of contact: `not before 10`, `between 9 and 11`, `nicht vor 9 Uhr`."""

import re
from collections.abc import Iterator

from segue.core.records.percepts import Preference
from segue.perception.skeleton import Skeleton
from segue.perception.times import Time
from segue.perception.tokens import vocabulary

CONTACT = vocabulary(
    "call calls calling phone ring text texts texting sms write contact reach email emails emailing "
    "mail mails "
    "message messages messaging msg msgs whatsapp ping catch anruf anrufe anrufen rufen ruf melden "
    "appeler appelez "
    "appels contacter llamar llamen llamadas llame escribir chiamare chiamate ligar liguem bellen "
    "dzwonić telefon anruft called reached contacted joignable erreichbar messaged llámenme "
    "llámame llámeme llame bel rung"
)
"""Words of being in touch."""

_CUES = CONTACT | vocabulary(
    "only please best better prefer free available reachable anytime anything works fine time suits "
    "earliest latest hours desk off reach "
    "bitte erst nur seulement solo só alleen proszę tylko talk speak"
)
_DEEDS = vocabulary("send need crashed launch deliver finish ship began started fix invoice")
_REFUSING = re.compile(
    r" (?:not|no|never|nobody|none|don't|doesn't|didn't|can't|cannot|won't|wouldn't|nothing|refrain|avoid|"
    r"without|hold|wait|asleep|off|busy|unavailable|too early|too late|in meetings|wake|nicht|kein|"
    r"keine|keinen|"
    r"nie|pas|ne|non|jamais|não|nunca|niet|geen|nie) "
)
_NOR = re.compile(r" (?:if you don't|not only|no problem|can't wait|don't hesitate|don't mind) ")
_BEFORE = (
    r"(?:before|earlier|prior|b4|until|till|til|up to|vor|bis|avant|jusqu'à|antes|hasta|prima|fino|voor|tot|"
    r"przed|do)(?: (?:than|to|de|the|at|about|after|alle|las|les|le|la|a))*"
)
_AFTER = (
    r"(?:after|later|past|from|ab|von|nach|après|dès|después|desde|depois|dopo|dalle|na|vanaf|po)"
    r"(?: (?:than|the|at|about|around|say|lunch|work|de|las|les|le|la|,))*"
)
_BEFORE_IT = re.compile(rf" {_BEFORE} #c(?P<t>\d+)")
_AFTER_IT = re.compile(
    rf" (?:{_AFTER} #c(?P<t>\d+)|#c(?P<s>\d+) (?:onwards?|on|or later|and later)(?= )|"
    r"earliest [^,#]*#c(?P<r>\d+)|#c(?P<q>\d+) is the earliest)"
)
_LATEST = re.compile(r" (?:latest [^,#]*#c(?P<t>\d+)|#c(?P<s>\d+) (?:at the latest|is the latest))")
_THAT = re.compile(
    r"#c(?P<t>\d+) [^#]*?(?:(?P<against>don't|do not|never|no|not|there's no point) [^#,]*?|(?:call|"
    r"ring|phone|"
    r"text|contact|reach|try|catch|write|message|ping)(?: (?:to |me|us))* )(?P<when>after|past|"
    r"later than|from|"
    r"before|earlier than) (?:that|then|this) "
)
_RANGE = re.compile(
    r" (?:(?:between|from|zwischen|entre|von|tra|tussen) )?#c(?P<t>\d+) "
    r"(?:(?:and|to|till|until|und|bis|et|y|e|en|à|a|tot|through) )?#c(?P<u>\d+)"
)
_TERSE = 5
_LATEST_WORDS = frozenset({"latest"})
_BEFORE_WORDS = vocabulary(
    "before earlier prior b4 until till til up vor bis avant jusqu'à antes hasta prima fino voor tot przed do"
)
_AFTER_WORDS = vocabulary(
    "after later past from ab von nach après dès después desde depois dopo dalle na vanaf po on onwards "
    "onward earliest"
)
_BACK = frozenset({"that", "then", "this"})
_TERSELY = vocabulary("not nothing no nicht pas nie never")


def hours(skeleton: Skeleton) -> Iterator[Preference]:
    """Wishes of one sentence about the hours of contact, in minutes after local midnight."""
    if "#c" not in skeleton.text:
        return
    words = skeleton.text.split()
    in_touch = not _CUES.isdisjoint(skeleton.said)
    cue = in_touch or len(words) <= _TERSE
    if (
        cue
        and skeleton.text.count("#c") > 1
        and (found := _RANGE.search(skeleton.text))
        and _may_choose(skeleton, words)
    ):
        for kind, group in (("not_before", "t"), ("not_after", "u")):
            yield _wish(skeleton, found, kind, skeleton.time(found, group))
        return
    may_choose = _may_choose(skeleton, words) and _DEEDS.isdisjoint(words)
    yield from _open(skeleton, cue=cue, in_touch=in_touch, may_choose=may_choose)


def _open(skeleton: Skeleton, *, cue: bool, in_touch: bool, may_choose: bool) -> Iterator[Preference]:
    """Hours of contact: `before 10` begins them where it is refused, and ends them where it is welcome."""
    text = skeleton.text
    that = _THAT.search(text) if not _BACK.isdisjoint(skeleton.said) else None
    if that is not None:
        later = that["when"] in {"after", "past", "later than", "from"}
        kind = "not_after" if later == bool(that["against"]) else "not_before"
        yield _wish(skeleton, that, kind, skeleton.time(that))
        return
    told: set[str] = set()
    for words, pattern, welcome, refused in (
        (_LATEST_WORDS, _LATEST, "not_after", "not_after"),
        (_BEFORE_WORDS, _BEFORE_IT, "not_after", "not_before"),
        (_AFTER_WORDS, _AFTER_IT, "not_before", "not_after"),
    ):
        if words.isdisjoint(skeleton.said):
            continue
        for found in pattern.finditer(text):
            refusal = _refusal(text, *found.span())
            against = refusal is not None
            kind = refused if against else welcome
            plain = in_touch or _is_terse(found, text) if against else cue
            number = next(value for value in found.groups() if value is not None)
            if {kind, number} & told or not plain or not (against or may_choose):
                continue
            told |= {kind, number}
            begin = found.start() if refusal is None else min(refusal, found.start())
            start, end = skeleton.between(begin, found.end())
            yield Preference(kind, minutes_of(skeleton.times[int(number)].code), "", start, end)


def _is_terse(found: re.Match[str], text: str) -> bool:
    """`Not before 10`: the refusal stands right before it, and needs no word of being in touch."""
    return text[: found.start()].rsplit(" ", 1)[-1] in _TERSELY


def _refusal(text: str, start: int, end: int) -> int | None:
    """Where the part of a sentence that holds a time refuses something; None where it does not."""
    first = text.rfind(" ,", 0, start + 1)
    last = text.find(" ,", end)
    first, last = first + 2 if first >= 0 else 0, last + 1 if last >= 0 else len(text)
    # A skeleton ends with a space, and a part before a comma does not.
    clause = text[first:last] + " "
    refused = _REFUSING.search(clause)
    return None if refused is None or _NOR.search(clause) else first + refused.start()


def _may_choose(skeleton: Skeleton, words: list[str]) -> bool:
    """Not where one day, an act of one's own or a question about something else is spoken of."""
    own_act = words[:1] in (["i'll"], ["we'll"]) or " i will " in skeleton.text
    return "#d" not in skeleton.text and not own_act


def _wish(skeleton: Skeleton, found: re.Match[str], kind: str, time: Time) -> Preference:
    start, end = skeleton.span(found)
    return Preference(kind, minutes_of(time.code), "", start, end)


def minutes_of(code: str) -> int:
    """Minutes after midnight of a time of day.

    >>> minutes_of("T09:30")
    570
    """
    return int(code[1:3]) * 60 + int(code[4:6])
