"""Wishes about channels that need a grammar: `can we move this to WhatsApp?`, `no calls at work`."""

import re
from collections.abc import Iterator

from segue.core.records.percepts import Preference
from segue.perception.skeleton import Skeleton

_NAMES = {
    "whatsapp": r"whats ?app(?: messages?)?",
    "sms": r"sms|texts?(?: messages?)?",
    "email": r"e?mails?|correos?",
    "phone": r"(?:tele)?phone(?: calls?)?|calls?|ring|anrufe?|appels?|llamadas?|telefon|téléphone|teléfono",
    "chat": r"chat",
}
_NAMED = re.compile(rf" (?:{'|'.join(_NAMES.values())}|calling|phoning|ringing) ")
_ANY = "|".join(f"(?P<{channel}>{names})" for channel, names in _NAMES.items())
_CHANNEL = rf"(?:the |an? |my |your |long )*(?:{_ANY})"
_BY = r"(?:by|via|on|over|through|per|par|por|in|to|using|with)"
_LIKED = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf" {_BY} {_CHANNEL} (?:only|please|instead|going forward|from now on|in future|bitte|svp|"
            rf", please|, thanks)"
        ),
        rf"^ (?:please |pls |use |just )?{_CHANNEL} (?:only|, (?:please|and please)|please)",
        (
            rf" {_CHANNEL} (?:is|works|would be) (?:the |much |far )?(?:quick|fast|best|easi|better|good|"
            rf"fine|ideal|prefer)"
        ),
        (
            rf" (?:move|take|keep|switch|continue|shift|do) (?:this|it|that|things|everything|"
            rf"over)?(?: over)? ?(?:to|on|by|via)"
            rf" {_CHANNEL} "
        ),
        rf" (?:preferred|favourite|best|easiest) (?:channel|way|option|contact)(?: \w+){{0,4}}? {_CHANNEL} ",
        (
            rf" (?:faster|quicker|better|easier|sooner)(?: (?:an?|answer|reply|response|reached|to|reach|"
            rf"me|get))* {_BY}"
            rf" {_CHANNEL} "
        ),
        rf" better {_BY} {_CHANNEL} ",
        rf" (?:send|drop|give|shoot) me {_CHANNEL}(?: \w+){{0,3}}? (?:rather|instead)",
        (
            rf" (?:prefer|rather|préfère|prefiero|preferisco|prefiro)(?: (?!than|over|not|"
            rf"#)[^, ]+){{0,5}}? {_CHANNEL} "
        ),
        rf" (?:write|contact|reach|message|answer) (?:to )?me {_BY} {_CHANNEL} (?:only|please|instead|,)",
    )
)
_AVOIDED = tuple(
    re.compile(pattern)
    for pattern in (
        rf" no {_CHANNEL} (?:,|please|thanks|pls) ?(?!#)",
        (
            rf" (?:i|we) (?:can't|don't|never|hardly|rarely|do not|seldom) (?:\w+ )??(?:take|read|use|"
            rf"answer|pick up|check|have|"
            rf"like|open|want) {_CHANNEL}(?! (?:app|integration|you sent|from))"
        ),
        rf" not allowed to use {_CHANNEL} ",
        rf" pas {_CHANNEL} s'il",
        rf" {_CHANNEL} (?:is|are) (?:pointless|useless|no good|a waste|private|not an option)",
        r" (?P<phone2>calling|phoning|ringing) (?:me )?is (?:pointless|useless|no good|a waste|no use)",
        (
            rf" (?:don't|do not|never) (?:contact|reach|message|write to|"
            rf"send) me(?: anything)? {_BY} {_CHANNEL} (?!before|after|#)"
        ),
    )
)
_LIST = re.compile(
    r" (?:removed?|take|taken|delete[d]?) (?:me |us )?(?:from|off) (?:your|the) (?P<n>call|calling|"
    r"phone|text|sms) list"
)
_ABOUT_US = re.compile(r" (?:is|does|do|did|are|how|what|where|when|why|which|who) ")
_ASKED = re.compile(r"^(?: please)? (?:can|could|would|may|shall) (?:we|you|i) ")


def channel_wishes(text: str, skeleton: Skeleton) -> Iterator[Preference]:
    """Wishes of one sentence about channels; a question about the company's channels is none."""
    sentence = skeleton.text
    if _NAMED.search(sentence) is None:
        return
    if found := _LIST.search(sentence):
        channel = "sms" if found["n"] in {"text", "sms"} else "phone"
        yield Preference("stop", channel, "", *skeleton.span(found))
        return
    if _is_question(text, skeleton) and not _ASKED.match(sentence):
        return
    for kind, patterns in (("avoid_channel", _AVOIDED), ("channel", _LIKED)):
        for pattern in patterns:
            if (found := pattern.search(sentence)) and (channel := _channel(found)):
                yield Preference(kind, channel, "", *skeleton.span(found))
                break


def _is_question(text: str, skeleton: Skeleton) -> bool:
    end = skeleton.tokens.ends[skeleton.after - 1]
    asks = text[end : end + 3].lstrip().startswith("?")
    return asks or _ABOUT_US.match(skeleton.text) is not None


def _channel(found: re.Match[str]) -> str:
    named = {name: value for name, value in found.groupdict().items() if value}
    return next((name.rstrip("2") for name in named), "")
