"""Blanks of texts that are no facts: offer, sender, goal, ticket, meeting, the approved answer, the brief."""

from collections.abc import Callable, Mapping
from typing import Any

from segue.core.expr import Value
from segue.core.records.promised import PREDICATE, promises_in
from segue.core.records.signals import Kind
from segue.core.units import PPM, to_datetime
from segue.graph.answering import answered
from segue.planner.brief import brief, due_day
from segue.planner.linking import deep_link, stand_in
from segue.planner.options import Moment, Option
from segue.planner.reading import text

Blanks = Callable[[Moment, Option], Mapping[str, Any]]
_UNKNOWN: tuple[Value | None, ...] = (None, "", ())
_STATES = {"open": "due soon", "broken": "not kept"}


def _sender(moment: Moment, option: Option) -> Mapping[str, Any]:
    sender = moment.playbook.senders.get(option.candidate.sender)
    if sender is None:
        return {}
    address = sender.addresses.get(option.candidate.channel)
    name = sender_name(moment, option)
    return {"name": name, "display": name, "address": address, "brand": sender.brand}


def sender_name(moment: Moment, option: Option) -> str:
    """Who speaks: a representative's own name, else the sender's; empty where nobody does."""
    sender = moment.playbook.senders.get(option.candidate.sender)
    if sender is None:
        return ""
    return (text(option.view, "account.owner") if sender.rep else "") or sender.display


def _offer(moment: Moment, option: Option) -> Mapping[str, Any]:
    offer = moment.playbook.offers.get(option.candidate.offer)
    if offer is None:
        return {}
    percent = f"{offer.percent_ppm * 100 // PPM}%"
    return {
        "name": offer.name,
        "kind": offer.kind,
        "words": offer.words,
        "percent": percent,
        "valid_days": offer.valid_days,
    }


def _goal(_moment: Moment, option: Option) -> Mapping[str, Any]:
    want = option.want
    return {"play": want.play.name, "state": want.state.name, "outcome": want.play.outcome} if want else {}


def _ticket(moment: Moment, _option: Option) -> Mapping[str, Any]:
    body = moment.heard.body
    topic = (
        body.get("topic") or next((i.label for i in moment.percept.intents), None) if moment.percept else None
    )
    subject = str(body.get("subject") or body.get("text") or "")[:120]
    return {"id": body.get("ticket"), "topic": topic or "question", "subject": subject or "A question"}


def _promise(moment: Moment, _option: Option) -> Mapping[str, Any]:
    """The promise that is due, for a colleague."""
    heard = moment.heard
    wanted = heard.body.get("promise") if heard.kind is Kind.PROMISE_DUE else ""
    one = next((one for one in promises_in(moment.context.beginning(PREDICATE)) if one.id == wanted), None)
    if one is None:
        return {}
    what, state = one.what.replace("_", " "), _STATES.get(one.state, one.state)
    return {"what": what, "state": state, "due": due_day(moment, one), "by": one.by, "words": one.words}


def _meeting(moment: Moment, _option: Option) -> Mapping[str, Any]:
    body = moment.heard.body
    return {"id": body.get("meeting"), "starts_at": body.get("starts_at"), "title": body.get("title")}


OWN: Mapping[str, Blanks] = {
    "sender": _sender,
    "offer": _offer,
    "goal": _goal,
    "ticket": _ticket,
    "promise": _promise,
    "meeting": _meeting,
}
"""Root of a blank to its values."""


def bare(moment: Moment, option: Option, name: str) -> str | None:
    """The value of a blank without a dot; None where there is none."""
    of = _BARE.get(name)
    return of(moment, option) if of else None


def still_to_ask(option: Option) -> tuple[str, ...]:
    """The questions of an action whose answers nobody has given yet, in the playbook's order."""
    asks = option.action.asks if option.action is not None else {}
    return tuple(words for fact, words in asks.items() if option.view(fact) in _UNKNOWN)


def approved_answer(moment: Moment, option: Option) -> str | None:
    """The approved answers to the questions of the message, word for word; else one for its intent."""
    if moment.percept is None:
        return None
    language, brand = text(option.view, "person.language", "en"), option.candidate.brand
    pairs = answered(moment.percept, moment.playbook, moment.now, language, brand)
    texts = [answer.text for _, answer in pairs if answer is not None]
    return "\n\n".join(dict.fromkeys(texts)) or _by_intent(moment, language, brand)


def _by_intent(moment: Moment, language: str, brand: str) -> str | None:
    labels = {intent.label for intent in moment.percept.intents} if moment.percept else set()
    today = to_datetime(moment.now).date().isoformat()
    found = [
        answer
        for answer in moment.playbook.answers.values()
        if labels.intersection(answer.questions)
        and answer.brand in {"", brand}
        and (not answer.expires_on or answer.expires_on > today)
    ]
    found.sort(key=lambda answer: (answer.language != language, answer.brand == "", answer.name))
    return found[0].text if found else None


def open_questions(moment: Moment, option: Option) -> tuple[str, ...]:
    """The words of those questions of a message that no approved answer fits."""
    words = moment.heard.body.get("text")
    if moment.percept is None or not isinstance(words, str):
        return ()
    language, brand = text(option.view, "person.language", "en"), option.candidate.brand
    pairs = answered(moment.percept, moment.playbook, moment.now, language, brand)
    return tuple(words[asked.start : asked.end] for asked, answer in pairs if answer is None)


_BARE: Mapping[str, Callable[[Moment, Option], str | None]] = {
    "brand": lambda _, option: option.candidate.brand,
    "question": lambda moment, _: str(moment.heard.body.get("text", "")) or None,
    "answer": approved_answer,
    "asks": lambda _, option: "\n".join(still_to_ask(option)) or None,
    "brief": lambda moment, _: brief(moment),
    "conversation": lambda moment, _: moment.context.person_id or None,
    "link": lambda moment, _: next(iter(moment.playbook.settings.links), None),
    "link_code": stand_in,
    "deep_link": deep_link,
}
"""Blank without a dot to its value."""
