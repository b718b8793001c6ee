"""Opt-outs in doubt: not understood as one, or understood and perhaps none; a human reads both."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from segue.core.records.percepts import Preference
from segue.perception.tokens import sentence_start, vocabulary

RISK: Final = "opt_out_in_doubt"
"""How the matter is called where a percept tells why a human reads it."""

_CONTACT: Final = (
    r"(?:e-?\s?m[ail]{2,4}\w*|mails?\b|mailing\w*|texts?\b|texting|call(?:s|ing)?\b|phon\w+|contact\w*|messag\w*|"
    r"writ\w+|spam\w*|communicat\w*|newsletters?|correspond\w*|sending|reaching\s+out|hear(?:ing)?\s+from)"
)
_ENGLISH: Final = (
    r"\bunsu[bs]\w*|\bopt(?:ed|ing)?[\s-]+(?:me\s+)?out\b|\bcease\s+and\s+desist|"
    rf"\b(?:stop|quit|cease|discontinue|stopped)\b(?:\W+\w+){{0,4}}?\W+{_CONTACT}|"
    rf"\b(?:don't|do\s+not|dont|never|no\s+longer|no\s+more)\b(?:\W+\w+){{0,5}}?\W+{_CONTACT}"
    r"(?:\W+\w+){0,3}?\W+(?:me|us|again|any\s?more|from\s+you|ever|these|this)\b|"
    r"\bno\s+longer\s+(?:wish|want)\b|\b(?:remove|delete)\s+(?:me|us)\b|\btake\s+(?:me|us)\s+off\b|"
    r"\bdo[\s-]not[\s-](?:call|contact|mail|e-?mail)[\s-]+(?:list|register)|\b(?:said|asked|told)\b(?:\W+\w+){0,3}?\W+stop\b|"
    rf"\bnever\s+want\b(?:\W+\w+){{0,5}}?\W+{_CONTACT}|"
    r"\b(?:revoke|withdraw|retract)\b(?:\W+\w+){0,3}?\W+consent\b|\b(?:mailing|contact|e-?mail)\s+list\b|"
    r"\bleave\s+(?:me|us)\s+alone\b|\blose\s+my\s+(?:number|address|e-?mail)\b|\bnot\s+interested\b.{0,40}\bremove\b"
)
_OTHERS: Final = (
    # German, French, Spanish, Portuguese, Italian, Dutch, Polish
    r"\babmeld\w+|\babbestell\w+|\baustrag\w+|\bhör(?:t|en\s+sie)?\s+(?:bitte\s+)?auf\b|"
    r"\bnicht\s+mehr\b.{0,25}\b(?:schreib|kontakt|anruf|anschreib|mail|schick|send)\w*|"
    r"\bkeine\b.{0,25}\b(?:e?-?mails?|anrufe|nachrichten|werbung|newsletter|post)\b|"
    r"\bd[ée]sabonn\w+|\bd[ée]sinscri\w+|\b(?:ne|n')\s*(?:me|nous|m'|plus)\b.{0,25}\b(?:[ée]cri|appel|contact|envoy|recev)\w*|"
    r"\barr[êe]te[zr]?\b.{0,25}\b(?:[ée]cri|appel|contact|envo|mail|message)\w*|\bretire[zr]\b.{0,20}\bliste\b|"
    r"\bno\s+(?:me|nos)\s+(?:env[ií]|mand|escrib|llam|contact)\w*|\b(?:da(?:te|r)?|darme|d[ée]n?me|d[ée])\s+de\s+baja\b|"
    r"\bno\s+m[aá]s\s+(?:correo|mensaje|llamada|email)\w*|\bde(?:jen?|je)\s+de\s+\w+|"
    r"\bn[ãa]o\s+(?:me|nos)\s+(?:envi|mand|lig|escrev|contat)\w*|\b(?:parem?|pare)\s+de\b|\bdescadastr\w+|"
    r"\bnon\s+(?:mi\s+|ci\s+)?(?:scriv|chiam|contatt|mand|invi)\w*|\bbasta\s+(?:con|mail|email|messag)\w*|\bdisiscriv\w*|"
    r"\bcancell\w+\b.{0,20}\b(?:newsletter|lista|iscrizione)\b|"
    r"\bafmeld\w*|\buitschrijv\w*|\bschrijf\s+(?:me|mij|ons)\s+uit|\bstop\s+met\b|\bniet\s+meer\b.{0,20}\b(?:bel|mail|stur|schrijv|contact)\w*|"
    r"\bgeen\b.{0,20}\b(?:e?-?mails?|berichten|nieuwsbrie\w+|telefoontjes)\b|"
    r"\bwypis\w+|\bprzesta[nńć]\w*|\bnie\s+(?:dzwo[nń]|pisz|wysyła|kontakt)\w*"
)
_CUE: Final = re.compile(rf"{_ENGLISH}|{_OTHERS}", re.IGNORECASE)
_ONLY_STOP: Final = re.compile(r"\W*(?:stop|unsubscribe)\W*", re.IGNORECASE)
_STEMS: Final = vocabulary(
    "stop quit ceas discont unsu opt never not n't dont remov delet off list revok withdr retract alone lose "
    "abm abb austr auf keine dés des retir baja no más mas arr dej não nao pare desc non basta disis cancell "
    "afm uits schrijf niet geen wypis przest nie ne n'"
)
"""Without any of these in a text none of the patterns fits; told much sooner than by them."""

_REACH: Final = 40
_REPORTED_WITHIN: Final = 90

_THEIR_OWN: Final = re.compile(
    r"\b(?:our|my|your|the|their)?\s*(?:own|customers?|users?|clients?|subscribers?|recipients?|leads?|visitors?|patients?|"
    r"students?|guests?|contacts|campaigns?|integration|api|webhooks?|workflow|automation)\b",
    re.IGNORECASE,
)
_USAGE: Final = re.compile(r"\s*(?:how|where|can|could)\b.*\b(?:our|my)\b", re.IGNORECASE)
_NEGATED: Final = re.compile(
    r"\b(?:do\s+not|don['’]?t|never|not|no\s+(?:need|reason)|didn['’]?t|did\s+not|wouldn['’]?t|would\s+never|"
    r"nicht|pas)\b"
    r"(?:[^\S\n]+(?:ask|asked|asking|want|wanted|wanting|wish|need|mean|say|saying|going|planning|like|have|be|ever|"
    r"please|really|to|for|you|me|us|i)){0,5}[^\S\n]+$",
    re.IGNORECASE,
)
"""With nothing but linking words up to the opt-out: `I don't want this stop emailing me` is one."""

_REPORTED: Final = re.compile(
    r"(?:\b(?:he|she|they|who|somebody|someone|chef|boss|manager|friend|colleague|customer|client|husband|wife)\b"
    r"(?:[^\S\n]+\w+){0,3}?[^\S\n]+(?:wrote|writes|said|says|told|asked|wants?|möchte|will)\b[^.!?]{0,40})$",
    re.IGNORECASE,
)
"""Somebody else's word; what the writer says to have said is meant."""

_QUOTED: Final = re.compile(r"[\"“”„«‘']\s*$")
_ASKED_OF_US: Final = re.compile(r"\s*(?:did|have|has|had|why\s+did|when\s+did)\b", re.IGNORECASE)
_OF_A_PLAN: Final = re.compile(
    r"[^.!?\n]{0,20}?\b(?:unsubscrib|opt)\w*\b[^.!?\n]{0,20}?\bfrom\s+(?:(?:the|my|your|our|this)\s+)?(?:\w+\s+){0,2}?"
    r"(?:plan|tier|trial|package|licen[cs]e|seat|add-?on)s?\b",
    re.IGNORECASE,
)


def doubtful(text: str, wish: Preference) -> bool:
    """Whether an opt-out is said to be none, is somebody else's word, or is about a plan.

    >>> text = "Please do not remove me from your list"
    >>> doubtful(text, Preference("stop", "email", "", 14, len(text)))
    True
    """
    begun = sentence_start(text, wish.start)
    before = text[begun : wish.start]
    return (
        _NEGATED.search(before) is not None
        or _REPORTED.search(text[max(0, wish.start - _REPORTED_WITHIN) : wish.start]) is not None
        or (_QUOTED.search(before) is not None and re.search(r"[\"”“»’']", text[wish.end :]) is not None)
        or (_ASKED_OF_US.match(text, begun) is not None and _is_asked(text, wish))
        or _OF_A_PLAN.match(text, wish.start) is not None
    )


def _is_asked(text: str, wish: Preference) -> bool:
    mark = re.search(r"[.!?\n]", text[wish.end :])
    return mark is not None and mark[0] == "?"


def unheard(text: str, heard: Sequence[tuple[int, int]]) -> bool:
    """Whether something may be an opt-out where nothing of the kind was heard.

    Args:
        text: The customer's own words.
        heard: Offsets of the wishes that were understood, and of those for somebody else.

    >>> unheard("I asked you to stop", ()), unheard("the export stops at row nine", ())
    (True, False)
    """
    if not text.isascii():
        text = _plain(text)
        if _ONLY_STOP.fullmatch(text):
            return not heard
    lower = text.lower()
    if not any(stem in lower for stem in _STEMS):
        return False
    return any(not any(start < b and a < end for a, b in heard) for start, end in _cues(text))


def _cues(text: str) -> Iterator[tuple[int, int]]:
    """Offsets, and a little on: `don't write to me on Sundays` is a wish for days."""
    for cue in _CUE.finditer(text):
        begun = sentence_start(text, cue.start())
        after = re.search(r"[.!?\n;]", text[cue.end() :])
        ended = cue.end() + after.start() if after else len(text)
        own = _THEIR_OWN.search(text, begun, ended) or _USAGE.match(text, begun, ended)
        if own is None:
            yield cue.start(), min(ended, cue.end() + _REACH)


def _plain(text: str) -> str:
    """Full-width letters as plain ones, and nothing that does not show."""
    made = "".join(c for c in text if unicodedata.category(c) != "Cf").replace("’", "'")
    return made if made.isascii() else unicodedata.normalize("NFKC", made)
