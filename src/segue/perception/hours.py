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
    "dzwonić telefon"
)
"""Words of being in touch."""

_CUES = CONTACT | vocabulary(
    "only please best better prefer free available reachable anytime anything works fine time suits "
    "earliest hours "
    "bitte erst nur seulement solo só alleen proszę tylko talk speak"
)
_DEEDS = vocabulary("send need crashed launch deliver finish ship began started fix invoice")
_NEGATED = (
    r" (?:not|no|never|don't|doesn't|didn't|can't|won't|nothing|refrain|avoid|without|nicht|kein|"
    r"keine|pas|ne|non|"
    r"não|nunca|niet|geen|nie)(?: [^, ]+){0,7}?"
)
_BEFORE = (
    r"(?:before|earlier|prior|b4|vor|avant|antes|prima|voor|przed)"
    r"(?: (?:than|to|de|the|at|about|las|les|le|la))*"
)
_AFTER = (
    r"(?:after|later|past|nach|après|después|depois|dopo|na|po)(?: (?:than|the|at|about|de|las|les|le|la))*"
)
_SAID = r"(?: (?:say|at|about|around|lunch|work|,))*"

_NOT_BEFORE = re.compile(rf"{_NEGATED} {_BEFORE} #c(?P<t>\d+)")
_NOT_AFTER = re.compile(rf"{_NEGATED} {_AFTER} #c(?P<t>\d+)")
_UNLOVED = re.compile(rf" (?:calls?|calling|texts?|messages?) {_BEFORE} #c(?P<t>\d+) .*(?:don't|not|wake)")
_RANGE = re.compile(
    r" (?:(?:between|from|zwischen|entre|von|tra|tussen) )?#c(?P<t>\d+) "
    r"(?:(?:and|to|till|until|und|bis|et|y|e|en|à|a|tot|through) )?#c(?P<u>\d+)"
)
_FROM = re.compile(
    rf" (?:(?:after|from|past|nach|ab|après|después|depois|dopo|desde|from about){_SAID} #c(?P<t>\d+)"
    r"|#c(?P<s>\d+) (?:onwards?|or later|and later)|earliest [^,#]*#c(?P<r>\d+)|#c(?P<q>\d+) is the earliest)"
)
_UNTIL = re.compile(r" (?:before|until|till|til|bis|vor|hasta|jusqu'à|up to) #c(?P<t>\d+)")
_TERSE = 5


def hours(skeleton: Skeleton) -> Iterator[Preference]:
    """Wishes of one sentence about the hours of contact, in minutes after local midnight."""
    if "#c" not in skeleton.text:
        return
    words = skeleton.text.split()
    in_touch = not _CUES.isdisjoint(words)
    cue = in_touch or len(words) <= _TERSE
    if cue and (found := _RANGE.search(skeleton.text)) and _may_choose(skeleton, words):
        for kind, group in (("not_before", "t"), ("not_after", "u")):
            yield _wish(skeleton, found, kind, skeleton.time(found, group))
        return
    yield from _refused(skeleton, cue=in_touch)
    if cue and _may_choose(skeleton, words) and _DEEDS.isdisjoint(words):
        yield from _chosen(skeleton)


def _refused(skeleton: Skeleton, *, cue: bool) -> Iterator[Preference]:
    for kind, pattern in (("not_before", _NOT_BEFORE), ("not_before", _UNLOVED), ("not_after", _NOT_AFTER)):
        found = pattern.search(skeleton.text)
        if found and (cue or found[0].split()[1:2] in (["before"], ["after"], ["vor"], ["avant"], ["antes"])):
            yield _wish(skeleton, found, kind, skeleton.time(found))


def _chosen(skeleton: Skeleton) -> Iterator[Preference]:
    refused = [
        found.span()
        for found in (_NOT_BEFORE.search(skeleton.text), _NOT_AFTER.search(skeleton.text))
        if found
    ]
    unloved = _UNLOVED.search(skeleton.text)
    refused += [unloved.span()] if unloved else []
    for kind, pattern in (("not_before", _FROM), ("not_after", _UNTIL)):
        for found in pattern.finditer(skeleton.text):
            if not any(start <= found.start() < end for start, end in refused):
                number = next(value for value in found.groups() if value is not None)
                yield _wish(skeleton, found, kind, skeleton.times[int(number)])
                break


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
