"""Opt-outs for somebody else: `unsubscribe Bob, not me` says nothing of the writer, and a human reads it."""

import re
from collections.abc import Iterator
from typing import Final

from segue.perception.tokens import Tokens, sentence_start, vocabulary

RISK: Final = "opt_out_of_another"
"""How the matter is called where a percept tells why a human reads it."""

_KIN: Final = (
    r"colleagues?|co-?workers?|boss|manager|assistants?|team-?mates?|employees?|wife|husband|partner|son|"
    r"daughter|mother|mum|mom|father|dad|brother|sister|friends?|clients?|accountant|intern|predecessor|"
    r"successor|ceo|cfo|cto|director|secretary|neighbou?r|tenant|supervisor"
)
_WHO: Final = (
    rf"(?:my|our|the|a|an|one\s+of\s+(?:my|our))\s+(?:(?-i:[\w-]+)\s+){{0,2}}?(?:{_KIN})\b"
    r"|him\b|her\b(?!\s+\w)|them\b(?=\s+(?:off|from|out))|(?-i:[A-Z][a-z]+)(?:\s+(?-i:[A-Z][a-z]+))?(?!\w)"
)
_LIST: Final = (
    r"(?:off|from|out\s+of)\s+(?:(?:your|the|this|that|all|these|any|our|further|future)\s+)*(?:\w+\s+)?"
    r"(?:lists?|mailings?|newsletters?|e?-?mails?|distribution|database|campaigns?|messages|communications?)\b"
)
_DE: Final = (
    r"(?:meine[nmr]?|unsere[nmr]?|den|die)\s+(?:kolleg\w+|chef\w*|mitarbeiter\w*|frau|mann|assistent\w*)"
)
_FR: Final = r"(?:mon|ma|notre|mes|nos)\s+(?:coll[èe]gues?|patronn?e?|assistante?|mari|femme|collaborat\w+)"
_FOR_ANOTHER: Final = re.compile(
    rf"\b(?:unsubscribe|opt\s+out|de-?subscribe)\s+(?:please\s+)?(?P<a>{_WHO})"
    rf"|\bopt\s+(?P<b>{_WHO})\s+out\b"
    rf"|\b(?:remove|take|drop|delete|strike|get|want|have)\s+(?P<c>{_WHO})(?:\s+(?:removed|taken))?\s+{_LIST}"
    rf"|\b(?:stop|quit)\s+(?:e?-?mailing|calling|texting|messaging|contacting|spamming|phoning|"
    rf"(?:writing|sending\s+(?:\w+\s+)?(?:e?-?mails?|messages|anything|stuff))(?:\s+to)?)\s+(?P<d>{_WHO})"
    rf"|\b(?:do\s+not|don't|never)\s+(?:e?-?mail|call|text|contact|message|write\s+to)\s+(?P<e>{_WHO})"
    rf"|\b(?P<i>(?:my|our|the)\s+(?:\w+\s+)?(?:{_KIN}))\s+(?:(?:also|no\s+longer|really)\s+)?(?:wants?|would\s+like|wishes|asks?|asked|"
    rf"doesn't\s+want|does\s+not\s+want)\s+(?:(?:to\s+(?:be\s+)?)?(?:unsubscribe|unsubscribed|removed\s+from|taken\s+off|"
    rf"out\s+of)|(?:to\s+get\s+|to\s+receive\s+)?(?:any\s+(?:more\s+)?|your\s+)(?:e?-?mails|newsletters?|calls|messages))"
    rf"|\b(?P<f>{_DE})\s+(?:bitte\s+)?(?:aus|von|vom)\s+(?:\w+\s+)?(?:verteiler|newsletter|liste)\b"
    rf"|\b(?P<g>{_DE})\s+(?:bitte\s+)?(?:vom\s+newsletter\s+)?(?:abmelden|austragen)\b"
    rf"|\b(?:d[ée]sabonne[rz]|d[ée]sinscri(?:re|vez)|retire[rz]|enleve[rz])\s+(?P<h>{_FR})",
    re.IGNORECASE,
)
_DEEDS: Final = vocabulary(
    "unsubscribe opt out desubscribe remove take drop delete strike get want have emailing mailing "
    "calling texting messaging contacting spamming phoning writing to email mail call text contact "
    "message please désabonner désabonnez désinscrire désinscrivez retirer retirez enlever enlevez"
)
_ASKING: Final = vocabulary("wants want like wishes asks asked")
_STOPPING: Final = vocabulary(
    "unsubscribe unsubscribed removed taken out emails mails newsletter newsletters calls messages"
)
_POINTING: Final = vocabulary("my our the a an one him her them mon ma notre mes nos")
_GERMAN: Final = vocabulary("verteiler newsletter liste abmelden austragen")
_NOBODY: Final = vocabulary(
    "me us everything everyone all this that these those from please now here immediately it monday tuesday "
    "wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december whatsapp sms the my our your i email mail newsletter via by on at link stop "
    "unsubscribe linkedin telegram facebook"
)
"""What begins with a capital and is nobody."""

_NOBODY_AT_ALL: Final = _NOBODY - _POINTING
_USAGE: Final = re.compile(
    r"\b(?:how|where|can\s+(?:i|we)|could\s+(?:i|we)|do\s+(?:i|we)|possible\s+to|may\s+i)\b", re.IGNORECASE
)
AND_ME: Final = re.compile(r"\s+(?:and|und|et)\s+(?:me|us|mich|uns|moi|nous)\b", re.IGNORECASE)
"""Behind somebody else the writer may mean themselves as well."""

_LATER: Final = re.compile(r"[^.!?\n]{0,30}\b(?:before|after|until|till)\b", re.IGNORECASE)


def for_others(text: str, tokens: Tokens) -> list[tuple[int, int]]:
    """Offsets of every wish that somebody else be left alone; how one's own users are is another matter.

    >>> from segue.perception.tokens import tokenise
    >>> [text[a:b] for text in ["Unsubscribe Bob, not me"] for a, b in for_others(text, tokenise(text))]
    ['Unsubscribe Bob']
    """
    return list(_found(text.replace("’", "'"))) if _may_be(text, tokens) else []


def _may_be(text: str, tokens: Tokens) -> bool:
    """Whether a deed is told with somebody right behind it; told much sooner than by the pattern."""
    words = tokens.words
    if not _GERMAN.isdisjoint(words):
        return True
    if not _ASKING.isdisjoint(words) and not _STOPPING.isdisjoint(words):
        return True
    if _DEEDS.isdisjoint(words):
        return False
    return any(
        word in _DEEDS
        and after < len(words)
        and (words[after] in _POINTING or text[tokens.starts[after]].isupper())
        and words[after] not in _NOBODY_AT_ALL
        for after, word in enumerate(words, 1)
    )


def _found(text: str) -> Iterator[tuple[int, int]]:
    for hit in _FOR_ANOTHER.finditer(text):
        who = next(value for value in hit.groups() if value)
        if who.lower().split()[0] in _NOBODY and len(who.split()) == 1:
            continue
        begun = sentence_start(text, hit.start())
        if _USAGE.search(text, begun, hit.start()) or (hit["e"] and _LATER.match(text, hit.end())):
            continue
        yield hit.span()
