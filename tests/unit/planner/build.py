"""A small playbook for the loop: one commercial play for a person, one service play, one cap, one policy."""

from collections.abc import Mapping
from typing import Any

from segue.core.ids import IdKey
from segue.core.records.events import Stepped
from segue.core.records.playbook import (
    Action,
    Cap,
    Listener,
    Offer,
    Play,
    Playbook,
    Sender,
    State,
    Template,
    Text,
)
from segue.core.records.signals import Kind, Signal
from segue.planner import House, step
from tests.build import ACME, NOW, a_context, a_fact, a_play, a_playbook, a_policy, a_signal, expr

IDS = IdKey(b"0123456789abcdef")
EURO = 100 * 1_000_000


def text(words: str) -> Text:
    return Text(lambda values: words, frozenset())


def a_template(
    name: str = "upgrade", words: str = "Have a look at the bigger plan.", **fields: Any
) -> Template:
    given: dict[str, Any] = {
        "name": name,
        "channel": "email",
        "language": "en",
        "brand": "",
        "subject": lambda values: "The bigger plan",
        "text": lambda values: words,
    }
    return Template(**{**given, **fields})


def an_action(name: str = "offer_upgrade", **fields: Any) -> Action:
    given: dict[str, Any] = {
        "name": name,
        "purpose": "commercial",
        "connector": "channel",
        "verb": "send",
        "effect_class": "K",
        "channel": "email",
        "template": "upgrade",
        "sender": "team",
        "cost_micro": EURO,
        "advance_ppm": {"*": 100_000},
        "opt_out_ppm": 1_000,
    }
    return Action(**{**given, **fields})


def listens(*kinds: Kind, **fields: Any) -> Listener:
    return Listener("signal", frozenset(kind.value for kind in kinds), 86_400, **fields)


def upgrade_play(**fields: Any) -> Play:
    given: dict[str, Any] = {
        "scope": "person",
        "outcome": "demo_booked",
        "value": expr("account.arr"),
        "by": None,
        "states": (State("interested", expr("true"), 100_000),),
        "listen": (listens(Kind.PAGE_VIEWED),),
        "audience": expr("true"),
        "actions": ("offer_upgrade",),
        "autonomy": "auto",
    }
    return a_play("upgrade", **{**given, **fields})


def book(*plays: Play, actions: tuple[Action, ...] = (), **fields: Any) -> Playbook:
    made = actions or (an_action(),)
    given: dict[str, Any] = {
        "plays": {play.name: play for play in plays or (upgrade_play(),)},
        "actions": {action.name: action for action in made},
        "templates": {"upgrade": a_template()},
        "senders": {"team": Sender("team", "acme", "Team Acme", {"email": "team@acme.test"})},
        "caps": (
            Cap("daily", expr('action.purpose == "commercial"'), "person", "day", 1, counts_touches=True),
        ),
        "policies": (a_policy("no-sales-on-tickets", '"billing" in person.open_tickets', hold_for_s=86_400),),
    }
    return a_playbook(**{**given, **fields})


def decide(playbook: Playbook, *facts: Any, signal: Signal | None = None, **context: Any) -> Stepped:
    """Step Ann's page view (or another signal) through the loop."""
    arr = a_fact("arr", {"amount": 100_000, "currency": "EUR"}, subject=ACME)
    known = (a_fact("email", "ann@acme.test"), arr, *facts)
    heard = signal or a_signal(Kind.PAGE_VIEWED, {"path": "/pricing"})
    return step(a_context(*known, **context), heard, None, House(playbook, "engine", IDS))


def an_answering_desk(**fields: Any) -> Playbook:
    """A service play with an answer for e-mail and SMS, where the message is understood."""
    play = upgrade_play(service=True, actions=("answer",), listen=(listens(Kind.MESSAGE_RECEIVED),))
    answer = an_action(
        "answer",
        purpose="service",
        channel="preferred",
        bypass_score=True,
        when=expr('message.decision == "accept"'),
    )
    texts = {"email": a_template(), "sms": a_template(channel="sms", subject=lambda values: "")}
    given: dict[str, Any] = {"actions": (answer,), "caps": (), "templates": texts, "policies": (), **fields}
    return book(play, **given)


def a_discount() -> Mapping[str, Offer]:
    return {"ten": Offer("ten", "discount", "10% off", 100_000, 30)}


__all__ = [
    "EURO",
    "IDS",
    "NOW",
    "a_discount",
    "a_template",
    "an_action",
    "an_answering_desk",
    "book",
    "decide",
    "listens",
    "upgrade_play",
]
