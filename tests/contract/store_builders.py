"""Builders for store tests: signals, steps and decisions with only what a test speaks of."""

from typing import Any

from segue.core.ids import IdKey
from segue.core.records.decisions import Candidate, Considered, Decision
from segue.core.records.effects import Effect, Reservation
from segue.core.records.events import Stepped
from segue.core.records.memory import Fact, Links, Message
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, Instant

IDS = IdKey(b"fixed id key for tests only")
MASTER = bytes(range(32))
NOON = Instant(1_790_000_000_000_000)


def a_signal(source_id: str = "1", **changed: Any) -> Signal:
    values: dict[str, Any] = {
        "id": IDS.signal_id("web", source_id),
        "source": "web",
        "source_id": source_id,
        "kind": Kind.MESSAGE_RECEIVED,
        "identifiers": ("email:ann@x.io",),
        "occurred_at": NOON,
        "received_at": NOON,
        "body": {"channel": "email", "text": "hello"},
    }
    values |= changed
    if "source" in changed:
        values["id"] = changed.get("id", IDS.signal_id(values["source"], source_id))
    return Signal(**values)


def profile_of(signal: Signal) -> str:
    return IDS.profile_id(signal.source, signal.person_identifiers[0])


def first_links(signal: Signal, **changed: Any) -> Links:
    profile_id = profile_of(signal)
    values: dict[str, Any] = {
        "profile_id": profile_id,
        "is_new": True,
        "person_id": profile_id,
        "identifiers": tuple(
            (IDS.identifier_hash(i), i.partition(":")[0]) for i in signal.person_identifiers
        ),
    }
    return Links(**(values | changed))


def a_step(signal: Signal, **changed: Any) -> Stepped:
    links = changed.pop("links", None) or first_links(signal)
    values: dict[str, Any] = {
        "signal_id": signal.id,
        "now": signal.received_at,
        "lane": f"person:{links.person_id}",
        "subject": f"profile:{links.profile_id}",
        "links": links,
        "person_id": links.person_id,
        "profile_id": links.profile_id,
        "account_id": links.account_id,
    }
    return Stepped(**(values | changed))


def a_message(signal: Signal, text: str, number: int = 0, **changed: Any) -> Message:
    values: dict[str, Any] = {
        "id": f"{signal.id}:{number}",
        "thread": "thread",
        "profile_id": profile_of(signal),
        "channel": "email",
        "direction": "in",
        "by": "customer",
        "text": text,
        "at": signal.occurred_at,
        "signal_id": signal.id,
    }
    return Message(**(values | changed))


def a_fact(value: Any, valid_from: int, **changed: Any) -> Fact:
    values: dict[str, Any] = {
        "subject": "account:acme",
        "predicate": "plan",
        "value": value,
        "valid_from": Instant(valid_from),
        "trust": "verified",
        "signal_id": "s",
    }
    return Fact(**(values | changed))


def an_effect(signal: Signal, index: int = 0, **changed: Any) -> Effect:
    values: dict[str, Any] = {
        "id": f"effect-{signal.source_id}-{index}",
        "decision_id": f"decision-{signal.source_id}",
        "signal_id": signal.id,
        "index": index,
        "connector": "email",
        "verb": "send",
        "effect_class": "K",
        "arguments": {"to": "ann@x.io", "text": "draft"},
        "not_before": signal.received_at,
        "deadline_at": Instant(signal.received_at + DAY),
        "subject": f"profile:{profile_of(signal)}",
        "action": "reply",
        "purpose": "service",
        "profile_id": profile_of(signal),
    }
    return Effect(**(values | changed))


def a_decision(signal: Signal, **changed: Any) -> Decision:
    candidate = Candidate(
        id="c1", action="reply", purpose="service", at=signal.received_at, profile_id=profile_of(signal)
    )
    values: dict[str, Any] = {
        "id": f"decision-{signal.source_id}",
        "signal_id": signal.id,
        "index": 0,
        "at": signal.received_at,
        "lane": f"person:{profile_of(signal)}",
        "subject": f"profile:{profile_of(signal)}",
        "question": "next_action",
        "considered": (Considered(candidate),),
        "chosen": "c1",
        "mode": "act",
        "because": "it helps",
        "action": "reply",
        "profile_id": profile_of(signal),
        "person_id": profile_of(signal),
    }
    return Decision(**(values | changed))


def a_reservation(name: str, key: str, **changed: Any) -> Reservation:
    values: dict[str, Any] = {
        "id": name,
        "key": key,
        "amount": 1,
        "limit": 1,
        "state": "held",
        "subject": "tenant",
        "decision_id": f"decision-{name}",
        "at": NOON,
    }
    return Reservation(**(values | changed))
