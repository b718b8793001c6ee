"""Builders of records with sensible defaults: Ann of Acme, on a Monday morning in March 2026.

Whatever a test does not speak of is left to the builder; every field can be given by name.
"""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from typing import Any

from segue.core.expr import Compiled, FactDecl, FactSchema, Type, World, parse_expr
from segue.core.money import Rates
from segue.core.records.context import Context, LedgerRow
from segue.core.records.decisions import Candidate
from segue.core.records.effects import Effect
from segue.core.records.memory import Exposure, Fact, Goal, Links, Message
from segue.core.records.playbook import (
    FactSource,
    OutcomeKind,
    Play,
    Playbook,
    Policy,
    Settings,
    State,
    Window,
)
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant, to_instant
from segue.graph import DERIVED as GRAPH_DERIVED
from segue.graph import outcome_facts
from segue.policy import DERIVED as POLICY_DERIVED

DERIVED = {**GRAPH_DERIVED, **POLICY_DERIVED}
ANN = "profile:ann"
ACME = "account:acme"


def instant(text: str) -> Instant:
    """Read an ISO 8601 time with offset."""
    return to_instant(datetime.fromisoformat(text))


NOW = instant("2026-03-02T09:00:00Z")

SOURCES = (
    *(
        FactSource(f"person.{name}", "stored", name, "text")
        for name in ("name", "email", "phone", "role", "time_zone", "country", "region", "brand", "language")
    ),
    *(FactSource(f"account.{name}", "stored", name, "text") for name in ("name", "plan", "owner", "country")),
    FactSource("account.time_zone", "stored", "time_zone", "text"),
    FactSource("account.region", "stored", "region", "text"),
    FactSource("account.arr", "stored", "arr", "money"),
    FactSource("account.health", "stored", "health", "int"),
    FactSource("account.churn", "stored", "churn", "ppm"),
    FactSource("account.renews_at", "stored", "renews_at", "instant"),
    FactSource("account.tags", "stored", "tags", "list"),
    FactSource("person.pricing_views", "counted", "pricing_views", "int", "page:/pricing", 7),
)
OUTCOMES = (
    OutcomeKind("renewal_saved", harm=False, scope="account"),
    OutcomeKind("demo_booked", harm=False, scope="person"),
    OutcomeKind("complaint", harm=True, scope="person", harm_micro=5_000_000_000),
)
SETTINGS = Settings(
    tenant="demo",
    brands=("acme",),
    rates=Rates("EUR", "2026-01-01", {"USD": Fraction(9, 10), "JPY": Fraction(6, 1000)}),
    default_zone="Europe/Berlin",
    default_country="DE",
    attention_micro=1_000_000,
)


def a_schema(
    sources: Iterable[FactSource] = SOURCES, outcomes: Iterable[OutcomeKind] = OUTCOMES
) -> FactSchema:
    """Everything expressions may name: stored and counted facts, derived ones, outcomes."""
    own = []
    for source in sources:
        type_ = Type.TEXT_LIST if source.type == "list" else Type(source.type)
        if source.gathering == "counted":
            own.append(FactDecl(source.name, type_, World.CLOSED, 0))
        else:
            own.append(FactDecl(source.name, type_))
    consent = FactDecl("consent.sms", Type.BOOL)
    derived = [fact.decl for fact in {**DERIVED, **outcome_facts(o.name for o in outcomes)}.values()]
    return FactSchema.of(*own, *derived, consent)


def expr(text: str, schema: FactSchema | None = None) -> Compiled:
    """Compile an expression against the builders' facts."""
    return parse_expr(text, schema or a_schema())


def a_play(name: str = "renewal-rescue", **fields: Any) -> Play:
    """A play for accounts whose renewal is at risk."""
    given: dict[str, Any] = {
        "name": name,
        "scope": "account",
        "outcome": "renewal_saved",
        "value": expr("account.arr"),
        "by": expr("account.renews_at"),
        "states": (State("at_risk", expr("account.health < 60"), 300_000),),
        "listen": (),
        "audience": expr("account.health < 60"),
        "actions": (),
        "autonomy": "approve",
    }
    return Play(**{**given, **fields})


def a_playbook(**fields: Any) -> Playbook:
    """A playbook with the builders' facts and outcomes, one play for renewals and one for demos."""
    sources = fields.pop("sources", SOURCES)
    demo = a_play("book-demo", scope="person", outcome="demo_booked")
    given: dict[str, Any] = {
        "hash": "playbook",
        "settings": SETTINGS,
        "schema": a_schema(sources),
        "facts": {source.name: source for source in sources},
        "plays": {play.name: play for play in (a_play(), demo)},
        "actions": {},
        "policies": (),
        "detectors": {},
        "offers": {},
        "senders": {},
        "answers": {},
        "templates": {},
        "outcomes": {kind.name: kind for kind in OUTCOMES},
        "caps": (),
        "windows": (),
    }
    return Playbook(**{**given, **fields})


def a_policy(name: str, when: str, then: str = "forbid", *, until: str = "", **fields: Any) -> Policy:
    """A policy whose expressions are given as text."""
    given: dict[str, Any] = {
        "name": name,
        "when": expr(when),
        "then": then,
        "why": f"because of {name}",
        "source": "house rule",
        "until": expr(until) if until else None,
    }
    return Policy(**{**given, **fields})


def a_window(country: str = "*", hours: tuple[int, int] | None = (480, 1260), **fields: Any) -> Window:
    """Contact hours that are the same on every day of the week; minutes after midnight."""
    given: dict[str, Any] = {
        "country": country,
        "region": "*",
        "channels": frozenset({"email", "sms", "whatsapp"}),
        "purposes": frozenset({"commercial"}),
        "hours": (hours,) * 7,
        "on_holidays": True,
    }
    return Window(**{**given, **fields})


def a_signal(kind: Kind | str, body: dict[str, Any] | None = None, **fields: Any) -> Signal:
    """A signal that happened and arrived just now."""
    given: dict[str, Any] = {
        "id": "s1",
        "source": "crm",
        "source_id": "1",
        "kind": Kind(kind),
        "identifiers": ("email:ann@acme.test",),
        "occurred_at": NOW,
        "received_at": NOW,
        "body": body or {},
    }
    return Signal(**{**given, **fields})


def a_fact(predicate: str, value: Any, subject: str = ANN, **fields: Any) -> Fact:
    """A verified fact about Ann that has held for an hour."""
    given: dict[str, Any] = {
        "subject": subject,
        "predicate": predicate,
        "value": value,
        "valid_from": NOW - 3_600_000_000,
        "trust": "verified",
        "signal_id": "s0",
    }
    return Fact(**{**given, **fields})


def a_context(*facts: Fact, **fields: Any) -> Context:
    """What is known of Ann, who has one profile and works at Acme."""
    given: dict[str, Any] = {
        "now": NOW,
        "position": 1,
        "lane": ACME,
        "links": Links(profile_id="ann", person_id="ann", account_id="acme"),
        "person_id": "ann",
        "profile_id": "ann",
        "account_id": "acme",
        "profile_ids": ("ann",),
        "facts": facts,
    }
    return Context(**{**given, **fields})


def a_goal(play: str = "renewal-rescue", subject: str = ACME, **fields: Any) -> Goal:
    """An open goal."""
    given: dict[str, Any] = {
        "id": "g1",
        "play": play,
        "subject": subject,
        "opened_at": NOW - 86_400_000_000,
        "state": "at_risk",
        "status": "open",
        "value_micro": 1_000_000,
        "signal_id": "s0",
    }
    return Goal(**{**given, **fields})


def a_message(id_: str = "m1", **fields: Any) -> Message:
    """A message Ann wrote by e-mail."""
    given: dict[str, Any] = {
        "id": id_,
        "thread": "t1",
        "profile_id": "ann",
        "channel": "email",
        "direction": "in",
        "by": "customer",
        "text": "Hello",
        "at": NOW,
        "signal_id": "s0",
    }
    return Message(**{**given, **fields})


def an_exposure(id_: str = "e1", **fields: Any) -> Exposure:
    """A commercial e-mail that Ann was sent."""
    given: dict[str, Any] = {
        "id": id_,
        "profile_id": "ann",
        "at": NOW,
        "channel": "email",
        "purpose": "commercial",
        "by": "tool:mailer",
        "signal_id": "s0",
    }
    return Exposure(**{**given, **fields})


def a_candidate(action: str = "offer_upgrade", **fields: Any) -> Candidate:
    """A commercial e-mail that may go out now."""
    given: dict[str, Any] = {
        "id": "c1",
        "action": action,
        "purpose": "commercial",
        "at": NOW,
        "profile_id": "ann",
        "channel": "email",
        "connector": "mail",
        "verb": "send",
        "brand": "acme",
    }
    return Candidate(**{**given, **fields})


def a_ledger_row(state: str = "sent", **fields: Any) -> LedgerRow:
    """An e-mail of Segue's own to Ann, with its ledger state."""
    given: dict[str, Any] = {
        "id": "f1",
        "decision_id": "d1",
        "signal_id": "s0",
        "index": 0,
        "connector": "mail",
        "verb": "send",
        "effect_class": "K",
        "arguments": {"text": "Hi Ann", "subject": "Training"},
        "not_before": NOW,
        "deadline_at": NOW + 86_400_000_000,
        "subject": ANN,
        "action": "offer_training",
        "purpose": "commercial",
        "profile_id": "ann",
        "account_id": "acme",
        "channel": "email",
        "brand": "acme",
    }
    row: dict[str, Any] = {"effect": Effect(**{**given, **fields}), "state": state}
    return LedgerRow(**row)
