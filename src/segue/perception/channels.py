"""Wishes about channels that need a grammar: `can we move this to WhatsApp?`, `no calls at work`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from segue.core.records.percepts import Preference
from segue.perception.skeleton import Skeleton
from segue.perception.tokens import vocabulary

_NAMES = {
    "whatsapp": r"whats ?app(?: messages?)?",
    "sms": r"sms|texts?(?: messages?)?|text messaging",
    "email": r"e?mails?|correos?",
    "phone": r"(?:tele)?phone(?: calls?)?|calls?|ring|anrufe?|appels?|llamadas?|telefon|téléphone|teléfono",
    "chat": r"chat",
}
_VERBS = {
    "whatsapp": r"whatsapp(?:ing|ed)?",
    "sms": r"text(?:ing|ed)?",
    "email": r"e?mail(?:ing|ed)?",
    "phone": r"(?:call|phon|ring)(?:ing|ed|e)?|rung",
}
_NAMED = vocabulary(
    "hear verteiler newsletter "
    "whatsapp whats sms text texts texting texted email emails emailing emailed mail mails mailing correo "
    "correos phone phoned telephone call calls called ring rung anruf anrufe appel appels llamada "
    "llamadas telefon téléphone teléfono chat calling phoning ringing whatsapping rufen ruf rufe appelez "
    "appelle llamen llames llame newsletter newsletters list number communication communications contact "
    "mailings"
)
_ANY = "|".join(f"(?P<{channel}>{names})" for channel, names in _NAMES.items())
_VERB = "|".join(f"(?P<{channel}>{names})" for channel, names in _VERBS.items())
_EITHER = "|".join(
    f"(?P<{channel}>{names}|{_VERBS.get(channel, names)})" for channel, names in _NAMES.items()
)
_CHANNEL = rf"(?:the |an? |my |your |long |any |all |these |those )*(?:{_ANY})"
_BY = r"(?:by|via|on|over|through|per|par|por|in|to|using|with|über)"
_ONE = r"[^ ,#]+"
_NOT = r"(?:don't|do not|never|please not|not)"
_PART = r"(?:template|integration|app|editor|field|widget|module|gateway|number|feature|plan|you sent)"
_LATER = r"(?! (?:before|after|until|till|on #|at #|#|earlier|later|past|between))"


class _Rule(NamedTuple):
    """A pattern, the words of which one has to be there, and whether it speaks of a channel by its noun."""

    words: frozenset[str]
    pattern: re.Pattern[str]
    noun: bool


def _rules(*written: tuple[str, str]) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(vocabulary(words), re.compile(pattern), _ANY in pattern and _VERB not in pattern)
        for words, pattern in written
    )


_NOUN = re.compile(
    rf" (?:{'|'.join(_NAMES.values())}|newsletters?|mailings?) (?!(?:me|us|you|back|him|her|them|this) )"
)
_LIKED = _rules(
    (
        "only please instead going now future bitte svp thanks",
        (
            rf" {_BY} {_CHANNEL} (?:only|please|instead|going forward|from now on|in future|bitte|svp|"
            rf", please|, thanks)"
        ),
    ),
    ("only please pls", rf"^ (?:please |pls |use |just )?{_CHANNEL} (?:only|, (?:please|and please)|please)"),
    (
        "is works would",
        (
            rf" {_CHANNEL} (?:is|works|would be) (?:the |much |far )?(?:quick|fast|best|easi|better|good|"
            rf"fine|ideal|prefer)"
        ),
    ),
    (
        "move take keep switch continue shift do put discuss handle",
        (
            r" (?:move|take|keep|switch|continue|shift|do|put|discuss|handle)(?: me| us)? ?(?:this|"
            r"it|that|things|"
            rf"everything|over)?(?: over)? ?(?:to|on|by|via|over)"
            rf" {_CHANNEL} "
        ),
    ),
    (
        "preferred favourite best easiest",
        rf" (?:preferred|favourite|best|easiest) (?:channel|way|option|contact)(?: \w+){{0,6}}? {_CHANNEL} ",
    ),
    (
        "faster quicker better easier sooner fastest quickest best easiest",
        (
            r" (?:faster|quicker|better|easier|sooner|fastest|quickest|best|easiest)(?: (?:an?|"
            r"answer|reply|response|reached|to|reach|"
            rf"me|get))* {_BY}"
            rf" {_CHANNEL} "
        ),
    ),
    ("better besser mejor mieux meglio", rf" (?:better|besser|mejor|mieux|meglio) {_BY} {_CHANNEL} "),
    (
        "appreciate prefer",
        rf" (?:appreciate|prefer)(?: (?!than|over|not|#){_ONE}){{0,3}}? {_CHANNEL} (?!{_PART})",
    ),
    ("rather instead", rf" {_CHANNEL} (?:rather than|instead of) "),
    ("feel", r" feel free to (?:(?P<sms>text|sms)|(?P<whatsapp>whatsapp)|(?P<email>e?mail)) (?:me|us) "),
    (
        "send drop give shoot",
        r" (?:send|drop|give|shoot) (?:me|us) an? (?:(?P<sms>sms|text)|(?P<whatsapp>whatsapp)) ",
    ),
    ("use", rf"(?:^| so| please| just|,| then) use {_CHANNEL} (?:$|,|for|to reach|to contact|instead)"),
    ("please", rf" please (?:send|forward|give)(?: (?!#|not){_ONE}){{1,5}}? (?:by|via|per) {_CHANNEL} "),
    ("rather instead", rf" (?:send|drop|give|shoot) me {_CHANNEL}(?: \w+){{0,3}}? (?:rather|instead)"),
    ("just better simply rather", rf" (?:just|better|simply|rather) (?:send|drop|give|shoot) me {_CHANNEL} "),
    (
        "prefer preferably preferirei rather préfère prefiero preferisco prefiro plutôt lieber am liever",
        (
            rf" (?:prefer\w*|rather|préfère|prefiero|preferisco|prefiro|plutôt|lieber|am besten|liever)"
            rf"(?: (?!than|over|not|#){_ONE}){{0,5}}? (?:eine |ein )?{_CHANNEL} "
        ),
    ),
    (
        "write contact reach message answer",
        rf" (?:write|contact|reach|message|answer) (?:to )?me {_BY} {_CHANNEL} (?:only|please|instead|,)",
    ),
    (
        "please kindly let's lets like could can",
        (
            r" (?:please|kindly|let's|lets|like to|could we|can we|could you|"
            rf"can you)(?: (?!#){_ONE}){{0,3}}? "
            rf"(?:contacted|reached|contact|reach|reply|respond|continue|talk|speak|use)"
            rf"(?: (?!#|not){_ONE}){{0,3}}?(?: {_BY})? {_CHANNEL} (?!{_PART})"
        ),
    ),
    ("everything all", rf" (?:everything|it all) (?:to|by|via) {_CHANNEL} "),
    (
        "person guy type fan user",
        rf" (?:i'm|i am|we're) (?:more of )?(?:a|an|rather a) {_CHANNEL} (?:person|guy|type|fan|user) ",
    ),
    ("only", rf" i only (?:read|check|use|answer|have) {_CHANNEL} "),
    (
        "me us",
        r"(?:^| please| just| better| you can| but) (?:(?P<sms>text|sms)|(?P<whatsapp>whatsapp)) (?:me|us) ",
    ),
    ("just better simply", rf"^ (?:please )?(?:just|better|simply) (?:{_VERB}) (?:me|us) "),
    ("mind", rf" (?:would|do) you mind (?:{_VERB}) (?:me|us) "),
    ("rather instead", rf" (?:{_VERB}) (?:me|us)(?: {_ONE})? (?:rather than|instead of) "),
)
_AVOIDED = _rules(
    ("no", rf" no {_CHANNEL} (?:,|please|thanks|pls) ?(?!#|until|before|after)"),
    (
        "can't don't never hardly rarely do seldom cannot",
        (
            r" (?:i|we) (?:can't|don't|never|hardly|rarely|do not|seldom|"
            rf"cannot) (?:{_ONE} ){{0,2}}?(?:take|read|use|"
            rf"answer|pick up|check|have|like|open|want|do)(?: (?:talking|speaking|being|to talk|to be|on|"
            rf"by|called|using))* {_CHANNEL}(?! (?:from|{_PART})){_LATER}"
        ),
    ),
    ("use", rf" {_NOT} use {_CHANNEL} (?!{_PART})"),
    (
        "no kein keine keinen sin geen nessun nessuna",
        (
            rf"(?:^| so| please| and|,) (?:no|keine?n?|sin|geen|nessuna?) {_CHANNEL} (?:$|,|bitte|"
            r"por favor|svp|graag)"
        ),
    ),
    ("have", rf" (?:i|we) have no {_CHANNEL} (?!{_PART})"),
    ("me us", rf" {_CHANNEL} (?:\w+ )?(?:stress|annoy|bother|disturb|scare)e?s? (?:me|us) "),
    (
        "hate dislike stand loathe can't",
        rf" (?:hate|dislike|can't stand|loathe)(?: {_ONE}){{0,3}}? {_CHANNEL} (?!{_PART})",
    ),
    ("allowed", rf" not allowed to (?:{_ONE} )?(?:use|receive|take|read|answer) {_CHANNEL} "),
    ("pas", rf" pas {_CHANNEL} s'il"),
    (
        "is are",
        (
            rf" {_CHANNEL} (?:is|are) (?:of )?(?:pointless|useless|no (?:good|use|help|option)|"
            r"a waste|private|"
            rf"not (?:an option|allowed|possible|for me|permitted))"
        ),
    ),
    (
        "isn't aren't",
        (
            rf" {_CHANNEL} (?:isn't|aren't) (?:an option|allowed|possible|for me|permitted|any (?:good|"
            r"use)|convenient)"
        ),
    ),
    (
        "doesn't don't does do",
        (
            rf" {_CHANNEL} (?:doesn't|don't|does not|do not) (?:really |quite )?(?:work|"
            r"suit)(?: well)?(?: for)? (?:me|us) "
        ),
    ),
    ("is", r" (?P<phone>calling|phoning|ringing) (?:me )?is (?:pointless|useless|no good|a waste|no use)"),
    (
        "don't do never",
        (
            rf" (?:don't|do not|never) (?:contact|reach|message|write to|"
            rf"send) me(?: anything)? {_BY} {_CHANNEL} (?!before|after|#)"
        ),
    ),
    (
        "avoid refrain need spare",
        (
            r" (?:avoid|refrain from|no need for|spare me)(?: (?:using|the|your|any|me|"
            rf"of))* (?:{_EITHER}){_LATER}(?: | me)"
        ),
    ),
    (
        "not",
        (
            rf" (?:rather|prefer|please|best)(?: {_ONE})?? not (?:to )?(?:be |get )?(?:{_VERB})"
            rf"(?: me| us)?{_LATER} (?!{_PART})"
        ),
    ),
    (
        "don't do never not",
        rf"(?:^| please| and|,|you) {_NOT} (?:{_VERB})(?: me| us)? (?:,|$|at work|at the office)",
    ),
    (
        "but except",
        (
            r" (?:anything|everything|any way|whatever|any channel) (?:, )?(?:but|except)(?: by| via|"
            rf" for)? {_CHANNEL} "
        ),
    ),
    ("rufen ruf rufe", r" (?:rufen|ruf|rufe) (?:(?:sie|mich|uns|bitte) )+nicht (?P<phone>an) "),
    ("ne", r" ne (?:(?:m'|nous )?(?P<phone>appelez|appelle|téléphonez)) (?:moi )?pas (?!avant|après|#)"),
    ("no", r" no (?:me|nos) (?P<phone>llamen|llames|llame) (?!antes|después|#)"),
)
_NEWS = r"(?:newsletters?|mailings?|mailing lists?)"
_MAILS = rf"(?:{_ANY}|(?P<news>{_NEWS}))"
_STOPPED = _rules(
    (
        "stop quit cease end",
        (
            r"(?<!don't)(?<!not)(?<!never) (?:stop|quit|cease|end)"
            rf"(?: (?:all|any|with|the|your|these|those|of|sending|me|us))* {_MAILS} "
        ),
    ),
    (
        "enough fed done had",
        rf" (?:enough|fed up|done|had it) (?:with|of)(?: (?:all|the|your|these|those|of))* {_MAILS} ",
    ),
    (
        "don't do no",
        (
            rf" (?:don't|do not|no longer)(?: {_ONE})?? (?:want|wish|like|care)(?: {_ONE}){{0,3}}? "
            rf"(?:any more|more|receive|get|your|for)(?: {_ONE}){{0,3}}? {_MAILS} (?!{_PART})"
        ),
    ),
    ("quit stop cease", rf" (?:quit|stop|cease) (?:{_VERB}) (?:me|us|here|this number|my) "),
    (
        "don't do never",
        (
            rf" (?:don't|do not|never)(?: ever)? (?:{_VERB})(?: (?:me|us|here|this number|my {_ONE}))*"
            rf" (?:again|any ?more|ever)(?: again)? "
        ),
    ),
    ("lose", r" lose my (?P<phone>number) "),
    ("no", rf" (?:no further|no more|no additional) {_MAILS} (?!(?:(?:on|after|before|until|till|past) )?#)"),
    ("stop", rf" {_MAILS}(?: {_ONE}){{0,3}} , (?:so |and )?(?:please )?stop (?:$|,|it|this|that)"),
    (
        "don't do never",
        (
            r" (?P<all>(?:don't|do not|never) (?:want|wish|care) to (?:hear|be contacted))(?: (?:from|"
            r"by) (?:you|anyone))"
        ),
    ),
    (
        "streichen nehmen löschen entfernen",
        (
            r" (?:streichen|nehmen|löschen|entfernen) sie (?:mich|uns) (?:aus|von) (?P<news>(?:dem|der|"
            r"ihrem|ihrer) \w+) "
        ),
    ),
    ("dejen deje", rf" (?:dejen?|deje) de \w+ {_MAILS} "),
    (
        "removed remove deleted delete take taken strike drop want get unsubscribe",
        (
            r" (?:removed?|deleted?|take|taken|strike|drop|want|get|unsubscribe)(?: (?!from|"
            r"off)[^ ,#]+){0,3}? (?:from|off|out of)"
            r"(?: (?:your|the|this|that|all|these|of))* (?:(?P<phone>call|calling|phone)|"
            r"(?P<sms>text|sms)|\w+)?? ?"
            rf"(?:(?P<news>{_NEWS})|lists?) "
        ),
    ),
    ("cease stop end", r" (?P<all>(?:cease|stop|end) (?:all |any )?(?:communications?|contact)) "),
)
_ALL_RULES = tuple(
    (kind, rule)
    for kind, rules in (("stop", _STOPPED), ("avoid_channel", _AVOIDED), ("channel", _LIKED))
    for rule in rules
)
_BY_WORD: dict[str, list[int]] = {}
for _place, (_, _rule) in enumerate(_ALL_RULES):
    for _word in _rule.words:
        _BY_WORD.setdefault(_word, []).append(_place)
"""Which rules a word may be one of: a sentence is looked at by these alone."""

_ABOUT_US = re.compile(r" (?:is|does|do(?! not )|did|are|how|what|where|when|why|which|who) ")
_ASKED = re.compile(r"^(?: please)? (?:can|could|would|may|shall) (?:we|you|i) ")
_OF_OTHERS = vocabulary(
    "customers users clients subscribers recipients leads visitors patients students guests"
)


def channel_wishes(text: str, skeleton: Skeleton, channel: str = "") -> Iterator[Preference]:
    """Wishes of one sentence about channels; a question about the company's channels is none.

    Args:
        text: The customer's own words.
        skeleton: The sentence.
        channel: Channel of the message, which a list without a name is of.
    """
    sentence = skeleton.text
    if _NAMED.isdisjoint(skeleton.said) or is_of_others(skeleton):
        return
    wanted = sorted({place for word in skeleton.said if (places := _BY_WORD.get(word)) for place in places})
    if not wanted or (_is_question(text, skeleton) and not _ASKED.match(sentence)):
        return
    noun = any(_ALL_RULES[place][1].noun for place in wanted) and _NOUN.search(sentence) is not None
    for place in wanted:
        kind, rule = _ALL_RULES[place]
        if rule.noun and not noun:
            continue
        for found in [*rule.pattern.finditer(sentence)][-1:]:
            yield Preference(kind, _channel(found, channel), "", *skeleton.span(found))


def is_of_others(skeleton: Skeleton) -> bool:
    """Whether a sentence speaks of the customer's own customers, whose wishes are not theirs."""
    return not _OF_OTHERS.isdisjoint(skeleton.said)


def _is_question(text: str, skeleton: Skeleton) -> bool:
    end = skeleton.tokens.ends[skeleton.after - 1]
    asks = text[end : end + 3].lstrip().startswith("?")
    return asks or _ABOUT_US.match(skeleton.text) is not None


def _channel(found: re.Match[str], channel: str) -> str:
    named = next((name for name, value in found.groupdict().items() if value), "")
    return "email" if named == "news" else named or channel or "all"
