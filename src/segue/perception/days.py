"""Wishes about days and frequency of contact: `only on Tuesdays`, `not on weekends`, `once a month`."""

import re
from collections.abc import Iterator

from segue.core.records.percepts import Preference
from segue.perception.hours import CONTACT
from segue.perception.skeleton import Skeleton
from segue.perception.times import ALL_DAYS
from segue.perception.timewords import NUMBERS
from segue.perception.tokens import vocabulary

_OWN = CONTACT | vocabulary(
    "works suits i i'm me my we're please pls only never avoid best free not no ich bitte je nur nie never"
)
_OF_OTHERS = vocabulary("sales dropped your users customers recorded webinar release called since reports")
_REFUSED = re.compile(
    r" (?:not|no|never|don't|doesn't|avoid|nothing|nicht|nie|kein|keine|pas|jamais|no|nunca|non|niet|"
    r"geen|off|busy|leave|"
    r"except)(?: (?!only|except)[^, ]+){0,6}? #w\d"
)
_BAD = re.compile(
    r" #w\d(?: or #w\d| and #w\d)?(?: [^,]+)? (?:crazy|busy|hectic|off|bad|family|sacred|private|"
    r"leave|terrible|impossible|nie|"
    r"nicht|never|not|"
    r"don't|jamais|out|no good)"
)
_COUNTED = re.compile(
    r" (?P<n>once|twice|einmal|zweimal|[^ ,#]+)(?: [^ ,#]+)? (?:a|an|per|each|every|pro|im|par|por|al|na) "
    r"(?P<unit>day|week|month|quarter|year|tag|woche|monat|quartal|jahr|semaine|mois|semana|mes|"
    r"settimana|maand)"
)
_ADVERB = re.compile(
    r" (?P<adverb>daily|weekly|monthly|quarterly) (?:summary|newsletter|digest|mail|email|update|"
    r"report|overview)"
)
_LIMITS = re.compile(
    r" (?:enough|plenty|please|most|max|maximum|maximal|höchstens|no more|not more|limit|fine|"
    r"instead|prefer|only|bitte|"
    r"reduce|can i get|could i get|sufficient|would do|will do|is ok|is okay|reicht|suffit|basta) "
)
_LESS = re.compile(
    r" (?:too many (?:emails?|mails?|messages|texts|newsletters|calls)|(?:write|writes|mail|email|"
    r"message|text|call|"
    r"contact) (?:me |us )?(?:far |way |much )?too (?:often|much)|less (?:often|frequently)|"
    r"fewer (?:emails?|mails?|"
    r"messages|texts)|(?:emails?|mails?|newsletters?|messages|texts|calls|updates)(?: \w+){0,2} too "
    r"(?:often|frequently|much|many)|send fewer|tone (?:it|this) down|drowning in your|"
    r"cut down on (?:the|your)|"
    r"weniger (?:mails|"
    r"emails|nachrichten)|zu viele (?:mails|emails|nachrichten)|trop (?:de mails|d'emails)) "
)
_HAPPENS = vocabulary(
    "crash crashes crashed fail fails failed break breaks hang hangs happens happened sync syncs restarts"
)
"""What happens as often is no wish."""

_OTHERS = vocabulary("customers users clients subscribers recipients colleagues")
_ASKS = re.compile(r" (?:is|are|was|do|does|did|how|what|why|when) ")
_HINTS = vocabulary(
    "too less fewer tone drowning cut weniger viele trop a an per each every pro im par por al na "
    "daily weekly monthly "
    "quarterly"
)
_UNITS = {
    word: unit
    for unit, words in {
        "day": "day tag",
        "week": "week woche semaine semana settimana",
        "month": "month monat mois mes maand",
        "quarter": "quarter quartal",
        "year": "year jahr",
    }.items()
    for word in words.split()
}
_TIMES = {"once": 1, "einmal": 1, "twice": 2, "zweimal": 2}
_ADVERBS = {"daily": "1/day", "weekly": "1/week", "monthly": "1/month", "quarterly": "1/quarter"}


def days(skeleton: Skeleton) -> Iterator[Preference]:
    """Days that suit, as digits: Monday is 1."""
    if "#w" not in skeleton.text:
        return
    if _OWN.isdisjoint(skeleton.said) or not _OF_OTHERS.isdisjoint(skeleton.said):
        return
    again = [time for time in skeleton.times if time.again]
    named = {digit for time in again for digit in time.code}
    if _REFUSED.search(skeleton.text) or _BAD.search(skeleton.text):
        named = set(ALL_DAYS) - named
    if named:
        yield Preference("days", "".join(sorted(named)), "", again[0].start, again[-1].end)


def frequency(words: str, skeleton: Skeleton) -> Iterator[Preference]:
    """How often: `1/month`, or `less`; a question about how often something happens is no wish.

    Args:
        words: The customer's own words.
        skeleton: One sentence of them.
    """
    text = skeleton.text
    if _HINTS.isdisjoint(skeleton.said) or not (_OTHERS | _HAPPENS).isdisjoint(skeleton.said):
        return
    end = skeleton.tokens.ends[skeleton.after - 1]
    if _ASKS.match(text) and words[end : end + 2].lstrip().startswith("?"):
        return
    if found := _LESS.search(text):
        yield Preference("frequency", "less", "", *skeleton.span(found))
        return
    if _LIMITS.search(text) is None or " how many " in text:
        return
    counted = _COUNTED.search(text)
    while counted and not (number := _TIMES.get(counted["n"]) or _number(counted["n"])):
        counted = _COUNTED.search(text, counted.start("n"))
    if counted:
        yield Preference("frequency", f"{number}/{_UNITS[counted['unit']]}", "", *skeleton.span(counted))
    elif adverb := _ADVERB.search(text):
        yield Preference("frequency", _ADVERBS[adverb["adverb"]], "", *skeleton.span(adverb))


def _number(word: str) -> int:
    if word in {"a", "an"}:
        return 0
    return NUMBERS.get(word, 0) or (int(word) if word.isascii() and word.isdigit() and len(word) <= 2 else 0)  # noqa: PLR2004
