"""Builders for the tests of plays: a small playbook, signals and contexts around them."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from segue.core.expr import FactDecl, FactSchema, Type, parse_expr
from segue.core.money import Rates
from segue.core.records.context import Context
from segue.core.records.memory import Links
from segue.core.records.playbook import Detector, FactSource, Listener, Play, Playbook, Settings, State
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant, to_instant

SCHEMA = FactSchema.of(FactDecl("account.health", Type.INT), FactDecl("person.known", Type.BOOL))


def at(text: str) -> Instant:
    return to_instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


NOW = at("2026-10-26T09:00")


def a_signal(kind: Kind, *, occurred_at: Instant = NOW, received_at: Instant = NOW, **fields: Any) -> Signal:
    defaults: dict[str, Any] = {
        "id": "s1",
        "source": "test",
        "source_id": "1",
        "identifiers": (),
        "occurred_at": occurred_at,
        "received_at": received_at,
    }
    return Signal(kind=kind, **(defaults | fields))


def a_play(name: str, *listen: Listener, **fields: Any) -> Play:
    defaults: dict[str, Any] = {
        "scope": "account",
        "outcome": "won",
        "value": parse_expr("0", SCHEMA, expect=Type.MONEY),
        "by": None,
        "states": (State("first", parse_expr("true", SCHEMA), 100_000),),
        "audience": parse_expr("true", SCHEMA),
        "actions": (),
        "autonomy": "auto",
    }
    return Play(name=name, listen=listen, **(defaults | fields))


def a_listener(trigger: Any, *names: str, when: str = "", max_age_s: int = 86_400) -> Listener:
    return Listener(trigger, frozenset(names), max_age_s, parse_expr(when, SCHEMA) if when else None)


def a_playbook(
    *plays: Play, detectors: tuple[Detector, ...] = (), facts: tuple[FactSource, ...] = ()
) -> Playbook:
    rates = Rates("EUR", "2026-10-01", {"USD": Fraction(9, 10)})
    return Playbook(
        hash="h",
        settings=Settings("t", ("acme",), rates, "Europe/Berlin", "DE", 0),
        schema=SCHEMA,
        facts={source.name: source for source in facts},
        plays={play.name: play for play in plays},
        actions={},
        policies=(),
        detectors={detector.name: detector for detector in detectors},
        offers={},
        senders={},
        answers={},
        templates={},
        outcomes={},
        caps=(),
        windows=(),
    )


def a_context(**fields: Any) -> Context:
    defaults: dict[str, Any] = {
        "now": NOW,
        "position": 1,
        "lane": "account:A",
        "links": Links(profile_id="p", person_id="p", account_id="A"),
        "person_id": "p",
        "profile_id": "p",
        "profile_ids": ("p",),
        "account_id": "A",
    }
    return Context(**(defaults | fields))
