"""Wishes to be left alone until a time, and absences: `ask me in March`, `out of office until 5 January`."""

import re
from collections.abc import Iterator

from segue.core.records.percepts import Preference
from segue.perception.skeleton import Skeleton
from segue.perception.tokens import NEGATIONS, vocabulary

_AGAIN = (
    r"(?:ask|ping|nudge|remind|try|check with) (?:me|us)|(?:ask|try|talk|speak|chat|write|call|"
    r"contact|connect) again|"
    r"(?:get|come|circle) back(?: to (?:me|us))?|check (?:back|in)|follow up|reach (?:back )?out|"
    r"revisit|reconnect|"
    r"touch base|call (?:me|us) (?:back|again)|write (?:to )?(?:me|us)? ?again|contact (?:me|"
    r"us) (?:again|in|after)|"
    r"pick (?:this|it|that) up|(?:let's|lets) (?:talk|speak|meet|chat|wait)|not (?:now|right now|"
    r"yet)|too early|"
    r"not (?:a|the|an) (?:good|right|best|ideal) (?:time|moment)|bad time|"
    r"call back|(?:need|want) a (?:break|pause|rest)|try (?:later|in)|maybe later|melden sie sich|melde dich|"
    r"sprechen wir|"
    r"fragen sie|nicht jetzt|revenez|rappelez moi|recontactez|pas maintenant|vuelva a|vuelvan a|"
    r"contácteme|ahora no|"
    r"richiamate|ricontattatemi|non ora|bel me terug|niet nu|nie teraz"
)
_LATER = re.compile(rf" (?:{_AGAIN})(?= )[^#]*(?:#[cw]\d+[^#]*)?#d(?P<t>\d+)")
_UNTIL = (
    r"(?:until|till|til|before|bis|vor|jusqu'à|jusqu'en|jusqu'au|hasta|antes de|fino a|tot|do)"
    r"(?: (?:the|after|zum|el|we've had our|our|my|la|le))*(?: (?!#)[^, ]+){0,4}?"
)
_QUIET = (
    r"(?:(?:don't|do not|no need to|please no|never|not|nicht|ne|no|nothing)(?: [^,# ]+){0,6}?"
    r"|hold off|hold on|snooze(?: me)?|wait|give (?:us|me)|pause|leave (?:me|us) alone|stay quiet|be quiet)"
)
_HELD = re.compile(rf" {_QUIET}(?: [^,# ]+){{0,3}}? {_UNTIL} #d(?P<t>\d+)")
_MATTER = re.compile(
    r" (?!(?:i|we|you|it|this|that|everything|and) )[^ ,#]+ "
    r"(?:can|could|will|may|might|must|has to|have to|had to)$"
)
"""Before `wait`: something that waits, such as `the export can`, is no wish that we do."""
_LET_US = re.compile(r" (?:let's|lets) (?!wait)")
_SOON = re.compile(r"wd|h\+|i\+|w\+[01]|d\+(?:\d|1[0-3])(?!\d)|.*T")
"""`Let's meet on Wednesday` proposes a time; `let's talk in March` puts off."""
_THEN = re.compile(
    r"#d(?P<t>\d+) .*(?:don't|do not|not|no need|no|nothing)(?: [^ ]+){0,5} (?:until|till|before) then "
)
_PARKED = re.compile(
    r" (?:(?:leave|park|hold|postpone|shelve|table|delay)(?: (?!#)[^ ,]+){0,3}?|"
    r"put(?: [^ ,#]+){1,3} (?:on hold|"
    r"on ice|off|aside|back)|(?:swamped|busy|tied up|flat out|overloaded|snowed under)) "
    r"(?:until|till|til|to|for)(?: [^#]{1,40})? #d(?P<t>\d+)"
)
_NOT_YET = re.compile(
    r" (?:won't|will not|can't|cannot|don't|do not|wouldn't)(?: [^ ,#]+){0,3}? (?:look|decide|talk|"
    r"discuss|deal|"
    r"think|have (?:\w+ )?(?:time|budget|money|capacity|resources)|get to|consider|speak|meet|"
    r"be able)(?: [^ ,#]+){0,5}? "
    r"(?:before|until|till)(?: the)? #d(?P<t>\d+)"
)
_MOVED = re.compile(
    r" (?:speak|talk|discuss|chat|look|revisit|come back)(?: [^ ,#]+){0,4}?(?: after(?: the)? #d(?P<t>\d+)|"
    r" #d(?P<u>\d+) (?:instead|again|rather))"
)
_NOT_BEFORE = re.compile(r" not (?:before|until|till)(?: the)? #d(?P<t>\d+)")
_UNTIL_THEN = re.compile(
    r" (?:nothing|no decision|no budget|no money)(?: [^ ,#]+){0,6} (?:until|till|before) #d(?P<t>\d+)|"
    r" (?:until|till) (?:the )?#d(?P<u>\d+) .*(?:try|ask|call|contact|write|talk|ping|reach|come back)"
    r"(?: \w+){0,2} (?:then|afterwards|after that|after) |"
    r"^ (?:maybe|perhaps|possibly|rather|better|probably) (?:in |again )?#d(?P<v>\d+) $"
)
_WAITS = NEGATIONS | vocabulary("hold snooze wait give pause leave stay be ne nothing cannot do")
_CUES = _WAITS | vocabulary(
    "ask ping nudge remind try check talk speak chat write call contact connect get come circle follow "
    "reach revisit reconnect touch pick let's lets meet too need want maybe later bad good melden melde "
    "sprechen fragen revenez rappelez recontactez recontactez-moi vuelva vuelvan contácteme ahora "
    "richiamate ricontattatemi bel park hold postpone shelve table delay put swamped busy tied flat "
    "overloaded snowed look discuss until till perhaps possibly rather better probably then nothing "
    "before vor bis hasta"
)
_PARKS = vocabulary(
    "leave park hold postpone shelve table delay put swamped busy tied flat overloaded snowed"
)
_THENS = vocabulary("nothing no until till maybe perhaps possibly rather better probably")
_MOVES = vocabulary("speak talk discuss chat look revisit come")
_LATERS = vocabulary(
    "ask ping nudge remind try check talk speak chat write call contact connect get come circle follow "
    "reach revisit reconnect touch pick let's lets not too bad need want maybe melden melde sprechen "
    "fragen nicht revenez rappelez recontactez pas vuelva vuelvan contácteme ahora richiamate "
    "ricontattatemi non bel niet nie"
)
"""A pattern is looked for where one of its words is."""

_IN_TOUCH = vocabulary("talk speak meet discuss chat call write contact happy reach")
_TOUCHED = re.compile(
    r" (?:contact|call|write|email|mail|text|message|ping|chase|bother|reach|disturb|messages|emails|"
    r"calls|mails|"
    r"kontaktieren|anrufen|schreiben|melden|contacter|appeler|écrire|llamar|escribir|contactar)"
)
_OWN_ACT = re.compile(
    r" (?:i'll|we'll|ill|i will|we will|i shall|we shall|i can|you said|you promised|promised|said|"
    r"you'd|told|let me) "
)
_BACK = re.compile(
    r" (?:(?:until|till|til|bis|bis zum|hasta|hasta el|jusqu'au|jusqu'à|fino al|tot|do)|"
    r"(?:be|am|i'm|are|,|and|office|leave|holiday|vacation) back(?: in the office| at work|"
    r" again)?(?: on| in)?|"
    r"(?<![^ ] )back(?: in the office)?(?: on| in)?|returns?(?: on| to the office on)?|returning(?: on)?|ab|"
    r"from #d\d+ (?:to|until|till)|von #d\d+ bis)(?: (?:the|zum|dem|el|le|den))? #d(?P<t>\d+)"
)
_ABSENT = re.compile(
    r" (?:out of (?:the )?office|on (?:\w+ )?(?:leave|vacation|holidays?)|away|travelling|traveling|"
    r"absent|absence|"
    r"auto reply|automatic reply|back in the office|urlaub|nicht im büro|nicht erreichbar|abwesend|"
    r"fuera de la oficina|ausente|fuori ufficio|afwezig|vakantie|congé|vacances|poza biurem) "
)


def pauses(skeleton: Skeleton) -> Iterator[Preference]:
    """Wishes of one sentence to be left alone until a time: kind `pause_until`, value a code of a time."""
    text = skeleton.text
    if "#d" not in text or _CUES.isdisjoint(skeleton.said):
        return
    waits = not _WAITS.isdisjoint(skeleton.said)
    held = _HELD.search(text) if waits else None
    if held is not None and not _ABSENT.search(text) and _is_quiet(text, held):
        yield _pause(skeleton, held)
        return
    if "then" in skeleton.said and (then := _THEN.search(text)):
        yield _pause(skeleton, then)
        return
    parked = _parked(skeleton)
    if parked is not None and not _ABSENT.search(text):
        yield _pause(skeleton, parked)
        return
    later = _later(skeleton)
    if later is not None and _OWN_ACT.search(text) is None:
        found = _pause(skeleton, later)
        if not (_LET_US.match(later[0]) and _SOON.match(str(found.value))):
            yield found


def _parked(skeleton: Skeleton) -> re.Match[str] | None:
    """A matter put off; each pattern is looked for where one of its words is."""
    text, said = skeleton.text, skeleton.said
    parked = None if _PARKS.isdisjoint(said) else _PARKED.search(text)
    if parked is None and not _THENS.isdisjoint(said):
        parked = _UNTIL_THEN.search(text)
    if parked is None and not NEGATIONS.isdisjoint(said):
        parked = _NOT_YET.search(text)
    if parked is None and not _IN_TOUCH.isdisjoint(said):
        parked = _NOT_BEFORE.search(text)
    return parked


def _later(skeleton: Skeleton) -> re.Match[str] | None:
    """Being in touch put off."""
    later = None if _LATERS.isdisjoint(skeleton.said) else _LATER.search(skeleton.text)
    if later is None and not _MOVES.isdisjoint(skeleton.said):
        later = _MOVED.search(skeleton.text)
    return later


def _is_quiet(text: str, held: re.Match[str]) -> bool:
    """Told to wait, or not to be in touch: `don't pay before Friday` is neither."""
    words = held[0]
    if words.startswith(" wait ") and _MATTER.search(text, 0, held.start()):
        return False
    return _TOUCHED.search(words) is not None or words.split(maxsplit=1)[0] in {
        "hold",
        "snooze",
        "wait",
        "give",
        "pause",
        "leave",
    }


def _pause(skeleton: Skeleton, found: re.Match[str]) -> Preference:
    start, end = skeleton.span(found)
    number = next(value for value in found.groups() if value is not None)
    return Preference("pause_until", skeleton.times[int(number)].code, "", start, end)


def away(sentences: list[Skeleton]) -> str:
    """Until when somebody is out of office, as a code of a time; empty where nothing says so."""
    if not any(_ABSENT.search(skeleton.text) for skeleton in sentences):
        return ""
    for skeleton in sentences:
        if "#d" in skeleton.text and (found := _BACK.search(skeleton.text)):
            return skeleton.time(found).code
    return ""
