"""Promises: what the customer says they will do, or that the company said it would, with due times."""

import re
from collections.abc import Iterator
from typing import Literal

from segue.core.records.percepts import Promise
from segue.perception.skeleton import Skeleton
from segue.perception.tokens import vocabulary

_SELF = re.compile(
    r" (?:i'll|we'll|ill|(?:i|we) (?:will|shall)|(?:i'm|i am|we're|we are) going to|"
    r"(?<![^ ] )let (?:me|us)(?! know)|(?:i|"
    r"we) promise(?: to| that (?:i|we)"
    r" will| (?:i|we) will)?|(?:i|we) can(?= (?:get you|(?:send|share|forward|call|pay|"
    r"sign)[^,]*#[cd]))|(?:my|our) (?:\w+ ){1,2}will|"
    r"(?<![^ ] )(?:sure |ok |okay |yes |, )*will"
    r"(?! (?:you|it|this|that|the|there|your|my|our|they|he|she)\b)) (?!not |never |only )"
)
_LEAD = re.compile(
    r"(?:(?:also|then|definitely|surely|gladly|certainly|just|probably|again|properly|try to|"
    r"be able to|make sure to|"
    r"happily|personally|now|will|we will|i will) )*"
)
_DEED = re.compile(
    "|".join(
        rf"(?P<{what}>(?:{pattern})(?= |$))"
        for what, pattern in (
            (
                "reply",
                (
                    r"(?:get|come|report|write) back|let (?:you|u) (?:all )?know|reply|respond|revert|"
                    r"tell you|update you|"
                    r"give you (?:an? |my |our )?(?:\w+ )?(?:update|answer|feedback|response|decision|heads)|"
                    r"answer|be in touch|"
                    r"be back in touch|drop you a (?:line|note)|write (?:to )?you|confirm|"
                    r"keep you posted|inform you|"
                    r"have (?:an|the|our|my|some) (?:answer|feedback|response|reply)"
                ),
            ),
            (
                "call",
                r"(?:call|ring|phone|dial)(?= (?:you|u|back|in|again|on|#|at))|give you a (?:call|ring|buzz)",
            ),
            (
                "send",
                (
                    r"send|forward|e?mail|share|deliver|shoot|get you|provide|submit|upload|ship|"
                    r"hand (?:over|in)|"
                    r"return (?:the|our|your|it|them|my|a)"
                ),
            ),
            ("pay", r"pay|transfer|settle|wire|remit|get (?:\w+ ){1,3}paid|make the payment"),
            (
                "decide",
                (
                    r"decide|make (?:a|the|our|my) (?:\w+ )?decision|have (?:the|a|our|my) (?:\w+ )?decision|"
                    r"think about|"
                    r"think it over|consider|come to a decision|make up (?:my|our) mind"
                ),
            ),
            ("sign", r"sign|countersign"),
            ("meet", r"join|be there|attend|meet|show up|see you"),
            ("do", r"fix|sort|take care|handle|look into"),
        )
    )
)
_NOUNS = {
    "call": "call",
    "payment": "pay",
    "money": "pay",
    "transfer": "pay",
    "feedback": "reply",
    "answer": "reply",
    "reply": "reply",
    "response": "reply",
    "update": "reply",
    "comments": "reply",
    "decision": "decide",
    "contract": "send",
    "documents": "send",
    "order": "send",
    "form": "send",
    "file": "send",
    "email": "send",
}
_ANNOUNCED = re.compile(
    r" (?:(?:you'll|you will) (?:have|receive|hear)|(?:you can |you may )?expect|(?=payment)) ?(?:my|"
    r"our|the|an?)? ?"
    rf"(?:\w+ )??(?P<noun>{'|'.join(_NOUNS)})(?: will go out| will be made)? "
)
_PAYMENT = re.compile(r" (?:the |our )?payment (?:will|is going to) (?:go out|be made|arrive|be sent) ")
_HEARD = re.compile(r" (?:you'll|you will) hear (?:back )?from (?:me|us) ")
_THEIRS = re.compile(
    r"(?P<who>(?: [^ ,#]+){0,3}?) (?P<verb>promised|assured|guaranteed|committed|agreed|swore|"
    r"offered to|offered|told|"
    r"said|say|wanted to|were going to|was supposed to|were supposed to|according to \w+) "
)
_SURE = frozenset(
    {
        "promised", "assured", "guaranteed", "committed", "agreed", "swore", "offered to", "wanted to",
        "were going to", "was supposed to", "were supposed to"
    }
)  # fmt: skip
_FUTURE = re.compile(r" (?:would|will|\w+'d|\w+'ll|going to) ")
_OWN_SUBJECT = re.compile(r" (?:i|we|my \w+|our \w+|my \w+ \w+)$")
_COMPANY: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile(rf" (?:{pattern})(?= )"))
    for what, pattern in (
        ("call", r"call|phone|ring|call back|callback"),
        ("reply", r"get back|be in touch|reply|answer|respond|let (?:me|us) know|update (?:me|us)|response"),
        (
            "send",
            (
                r"send|ship|deliver|delivering|delivered|receive(?! (?:an? |the |my |"
                r"our )?(?:\w+ )?(?:refund|credit|money))|forward|e?mail|provide|sent"
            ),
        ),
        ("pay", r"refund|credit|money|pay|reimburse|refunded|credited"),
        (
            "do",
            r"fix|fixed|fixing|look into|ready|resolve|resolved|sort|repair|check|discount|done|technician",
        ),
    )
)
_Who = Literal["customer", "company"]
_SPOKEN: tuple[tuple[_Who, str, str], ...] = (
    ("customer", "call", r" (?:ich rufe|wir rufen) (?:sie|dich|euch|ihnen)"),
    ("customer", "reply", r" (?:ich melde mich|wir melden uns|je reviens vers vous|le respondo)"),
    ("customer", "pay", r" (?:ich|wir) (?:überweisen?|zahlen?|bezahlen?)"),
    ("customer", "send", r" (?:ich|wir) (?:schicken?|senden?) (?:ihnen|dir|euch)"),
    ("customer", "call", r" (?:je (?:vous|te) (?:rappelle|appelle)|(?:le|les|te) llamo|la chiamo)"),
    ("customer", "send", r" (?:je (?:vous|te) envoie|(?:le|les|te) envío|le invio|ik stuur u)"),
    (
        "company",
        "call",
        (
            r" (?:sie (?:wollten|haben|hatten)|vous (?:aviez|avez)|ustedes? (?:dijo|prometió|"
            r"prometieron))"
            r"(?=.* (?:zurückrufen|anrufen|zurückzurufen|rappeler|appeler|llamar|llamarme) )"
        ),
    ),
    (
        "company",
        "send",
        (
            r" (?:sie (?:wollten|haben|hatten)|vous (?:aviez|avez)|ustedes? (?:dijo|prometió|"
            r"prometieron))"
            r"(?=.* (?:versprochen|promis|prometi\w+|wollten) .*(?:schicken|senden|envoyer|enviar) )"
        ),
    ),
)
_LAWYERS = vocabulary(
    "lawyer lawyers attorney attorneys solicitor solicitors barrister barristers counsel police court "
    "ombudsman regulator"
)
_LAWYER = r"(?:lawyers?|attorneys?|solicitors?|barristers?|legal counsel|police|court|ombudsman|regulator) "
_THREATENS = re.compile(
    rf" (?:(?:my|our) (?:\w+ )?{_LAWYER}will (?!send|sign)|"
    rf"(?:to|call|ring|phone|meet) (?:(?:my|our|the|a) )?{_LAWYER}|see you in court )"
)
_FOREIGN = tuple((who, what, re.compile(pattern)) for who, what, pattern in _SPOKEN)
_GIVEN = vocabulary("ill will shall going promise let can")
_ANNOUNCES = frozenset(_NOUNS) | {"hear"}
_SPEAKS = vocabulary(
    "promised assured guaranteed committed agreed swore offered told said say wanted were was according"
)
_FOREIGN_TRIGGERS = vocabulary("ich wir je sie vous usted ustedes le les la te ik")
_CONDITIONS = vocabulary("if unless wenn falls si")
_CONDITION = re.compile(r" (?:if|unless|wenn|falls|si) ")
_JOINT = re.compile(r" (?:and|then) | , (?:and |then )?")
_TIME = re.compile(r"#[cd](\d+)")
_ORDINAL = re.compile(r" \d{1,2}(?:st|nd|rd|th) ")
"""A day of a month that is not named: it is no time that could be told, and no other is meant."""


def promises(skeleton: Skeleton) -> Iterator[Promise]:
    """Promises of one sentence, those that hang on a condition left out."""
    said = skeleton.said
    found: list[Promise] = []
    speaks = not _SPEAKS.isdisjoint(said)
    if not _GIVEN.isdisjoint(said) or "'ll " in skeleton.text:
        found += _given(skeleton, speaks=speaks)
    if not _ANNOUNCES.isdisjoint(said):
        found += _announced(skeleton)
    if speaks:
        found += _received(skeleton)
    if not _FOREIGN_TRIGGERS.isdisjoint(said):
        found += _foreign(skeleton)
    sure = [one for one in found if one.what != "do" or one.due or len(found) == 1 or one.who == "company"]
    yield from sorted(sure, key=lambda one: one.start)


def _given(skeleton: Skeleton, *, speaks: bool) -> Iterator[Promise]:
    text = skeleton.text
    heads = [*_SELF.finditer(text)]
    theirs = [found.start() for found in _THEIRS.finditer(text)] if heads and speaks else []
    conditional = not _CONDITIONS.isdisjoint(skeleton.said)
    marks = sorted([*(head.start() for head in heads), *theirs, len(text)])
    for head in heads:
        if conditional and _CONDITION.search(text, 0, head.start() + 1):
            continue
        stop = next(mark for mark in marks if mark > head.start())
        yield from _clause(skeleton, head, stop)


def _clause(skeleton: Skeleton, head: re.Match[str], stop: int) -> Iterator[Promise]:
    """Each joint of a clause that begins with a deed is a promise; a time serves its joint, or the clause."""
    text = skeleton.text
    begin = head.end()
    joints = [*_JOINT.finditer(text, begin - 1, stop)]
    edges = [begin, *(joint.end() for joint in joints)]
    ends = [*(joint.start() for joint in joints), stop]
    for first, last in zip(edges, ends, strict=True):
        lead = _LEAD.match(text, first)
        at = lead.end() if lead else first
        deed = _DEED.match(text, at, max(last, at))
        what = deed.lastgroup if deed else None
        if what and not _threatens(skeleton, head.start(), last + 1):
            due = _due(skeleton, first, last)
            if not due and _ORDINAL.search(text, first, last) is None:
                due = _due(skeleton, _part(text, head.start()), last)
            yield _promise(skeleton, "customer", what, due, (head.start(), last))


def _threatens(skeleton: Skeleton, first: int, last: int) -> bool:
    if _LAWYERS.isdisjoint(skeleton.said):
        return False
    return _THREATENS.search(skeleton.text, first, last) is not None


def _part(text: str, place: int) -> int:
    """Where the part of the sentence begins that holds this place."""
    return text.rfind(" ,", 0, place + 1) + 1


def _due(skeleton: Skeleton, first: int, last: int) -> str:
    found = _TIME.search(skeleton.text, first, last)
    return skeleton.times[int(found[1])].code if found else ""


def _announced(skeleton: Skeleton) -> Iterator[Promise]:
    text = skeleton.text
    if found := _HEARD.search(text):
        yield _promise(skeleton, "customer", "reply", _due(skeleton, found.start(), len(text)), found.span())
    elif found := _PAYMENT.search(text):
        yield _promise(skeleton, "customer", "pay", _due(skeleton, found.start(), len(text)), found.span())
    elif (found := _ANNOUNCED.search(text)) and _CONDITION.search(text) is None:
        due = _due(skeleton, found.start(), len(text))
        yield _promise(skeleton, "customer", _NOUNS[found["noun"]], due, found.span())


def _received(skeleton: Skeleton) -> Iterator[Promise]:
    text = skeleton.text
    for found in _THEIRS.finditer(text):
        if _OWN_SUBJECT.search(found["who"]):
            continue
        stop = next((head.start() for head in _SELF.finditer(text, found.end())), len(text))
        tail = text[found.end() - 1 : stop]
        sure = found["verb"] in _SURE
        if not sure and not _FUTURE.search(f"{tail} ") and not found["verb"].startswith("according"):
            continue
        deeds = [(hit.start(), what) for what, deed in _COMPANY if (hit := deed.search(f"{tail} "))]
        if deeds or (sure and found["verb"] in {"promised", "guaranteed"}):
            what = min(deeds)[1] if deeds else "do"
            yield _promise(
                skeleton, "company", what, _due(skeleton, found.end() - 1, stop), (found.start("verb"), stop)
            )
            return


def _foreign(skeleton: Skeleton) -> Iterator[Promise]:
    for who, what, pattern in _FOREIGN:
        if found := pattern.search(skeleton.text):
            yield _promise(skeleton, who, what, _due(skeleton, 0, len(skeleton.text)), found.span())
            return


def _promise(skeleton: Skeleton, who: _Who, what: str, due: str, place: tuple[int, int]) -> Promise:
    start, end = skeleton.between(*place)
    return Promise(who, what, due, "", start, end)
