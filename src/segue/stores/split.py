"""Parts: what a step says of another person than its subject is sealed under that person's own key."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from segue.core.ids import IdKey
from segue.core.records.decisions import Decision, FactUsed
from segue.core.records.events import (
    Attempted,
    DeadLettered,
    Event,
    Imported,
    Perceived,
    Received,
    Stepped,
)
from segue.core.records.signals import Signal
from segue.core.units import Instant

TENANT = "tenant"
_SPLIT_FIELDS = (
    "facts",
    "messages",
    "outcomes",
    "exposures",
    "effects",
    "effect_changes",
    "approvals",
    "timers",
    "derived",
)

PERSONAL = frozenset({"person", "consent", "thread", "message", "window", "meeting"})
"""First words of facts that speak of the person a decision is about."""

Parts = dict[str, dict[str, list[tuple[int, Any]]]]
"""Subject to field to (index, item)."""


def signal_subject(signal: Signal, ids: IdKey, account_of: Callable[[str], str | None]) -> str:
    """Whose key seals a signal: its profile's, else its account's, else the tenant's.

    Args:
        signal: The signal.
        ids: The tenant's id key.
        account_of: Account that the hash of an identifier names, or None.
    """
    if signal.subject:
        return signal.subject
    people = signal.person_identifiers
    if people:
        return "profile:" + ids.profile_id(signal.source, people[0])
    identifier = signal.account_identifier
    if not identifier:
        return TENANT
    return "account:" + (account_of(ids.identifier_hash(identifier)) or ids.account_id(identifier))


def event_subject(event: Event, of_signal: Callable[[Signal], str]) -> str:
    """Whose key seals an event."""
    if isinstance(event, Received | DeadLettered):
        return of_signal(event.signal)
    if isinstance(event, Stepped | Perceived | Attempted | Imported):
        return event.subject
    return TENANT


def event_at(event: Event) -> Instant:
    """When an event was recorded, by the clock that its runtime read."""
    if isinstance(event, Received):
        return event.signal.received_at
    if isinstance(event, Stepped):
        return event.now
    if isinstance(event, Attempted):
        return event.attempt.ended_at or event.attempt.started_at
    if isinstance(event, Perceived):
        return Instant(0)
    return event.at


def split(event: Stepped, profile_of_effect: Callable[[str], str]) -> tuple[Stepped, Parts]:
    """Take out of a step what belongs to other profiles than its subject's.

    Args:
        event: The step.
        profile_of_effect: Profile an earlier effect was meant for, or empty.

    Returns:
        What is left, and the parts by subject, each item with its index.
    """
    parts: Parts = {}
    left: dict[str, Any] = {}
    for name in _SPLIT_FIELDS:
        items = getattr(event, name)
        if items:
            kept = _take(event.subject, name, items, parts, profile_of_effect)
            if len(kept) != len(items):
                left[name] = tuple(kept)
    if event.decision is not None:
        decision = _split_decision(event.subject, event.decision, parts)
        if decision is not event.decision:
            left["decision"] = decision
    return (msgspec.structs.replace(event, **left) if left else event), parts


def _split_decision(subject: str, decision: Decision, parts: Parts) -> Decision:
    """Take out the drafts written to, and the facts read of, another person than the step's subject."""
    changed: dict[str, Any] = {}
    considered = list(decision.considered)
    for index, item in enumerate(considered):
        owner = f"profile:{item.candidate.profile_id}"
        if item.candidate.profile_id and item.candidate.arguments and owner != subject:
            _put(parts, owner, "arguments", index, item.candidate.arguments)
            bare = msgspec.structs.replace(item.candidate, arguments={})
            considered[index] = msgspec.structs.replace(item, candidate=bare)
            changed["considered"] = tuple(considered)
    owner = f"profile:{decision.profile_id}"
    if decision.profile_id and owner != subject:
        kept = []
        for index, fact in enumerate(decision.facts):
            if fact.name.partition(".")[0] in PERSONAL:
                _put(parts, owner, "used", index, fact)
            else:
                kept.append(fact)
        if len(kept) != len(decision.facts):
            changed["facts"] = tuple(kept)
    return msgspec.structs.replace(decision, **changed) if changed else decision


def join(event: Stepped, parts: Sequence[Mapping[str, Any]]) -> Stepped:
    """Put the parts that can still be read back in their places."""
    found: dict[str, dict[int, Any]] = {}
    for fields in parts:
        for name, items in fields.items():
            found.setdefault(name, {}).update({int(index): item for index, item in items})
    changed: dict[str, Any] = {}
    arguments, used = found.pop("arguments", {}), found.pop("used", {})
    if event.decision is not None and (arguments or used):
        changed["decision"] = _join_decision(event.decision, arguments, used)
    for name, items in found.items():
        kind = item_types()[name]
        merged = list(getattr(event, name))
        for index in sorted(items):
            merged.insert(index, msgspec.convert(items[index], kind))
        changed[name] = tuple(merged)
    return msgspec.structs.replace(event, **changed) if changed else event


def _join_decision(decision: Decision, arguments: Mapping[int, Any], used: Mapping[int, Any]) -> Decision:
    considered = list(decision.considered)
    for index, value in arguments.items():
        whole = msgspec.structs.replace(considered[index].candidate, arguments=value)
        considered[index] = msgspec.structs.replace(considered[index], candidate=whole)
    facts = list(decision.facts)
    for index in sorted(used):
        facts.insert(index, msgspec.convert(used[index], FactUsed))
    return msgspec.structs.replace(decision, considered=tuple(considered), facts=tuple(facts))


def _take(
    subject: str, name: str, items: tuple[Any, ...], parts: Parts, profile_of_effect: Callable[[str], str]
) -> list[Any]:
    kept = []
    for index, item in enumerate(items):
        owner = _owner(name, item, profile_of_effect)
        if not owner.startswith("profile:") or owner == subject:
            kept.append(item)
        else:
            _put(parts, owner, name, index, item)
    return kept


def _owner(name: str, item: Any, profile_of_effect: Callable[[str], str]) -> str:  # noqa: ANN401 - any record
    if name in {"messages", "exposures", "effects"}:
        return f"profile:{item.profile_id}" if item.profile_id else ""
    if name == "effect_changes":
        profile_id = profile_of_effect(item.effect_id)
        return f"profile:{profile_id}" if profile_id else ""
    if name == "approvals":
        # The draft inside is what must be erased; an approval speaks to one person.
        return next((f"profile:{e.profile_id}" for e in item.effects if e.profile_id), str(item.subject))
    return str(item.subject)


def _put(parts: Parts, subject: str, name: str, index: int, item: Any) -> None:  # noqa: ANN401 - any record
    parts.setdefault(subject, {}).setdefault(name, []).append((index, item))


@cache
def item_types() -> dict[str, Any]:
    """Type of the items of each field that parts may hold."""
    kinds = {field.name: field.type for field in msgspec.structs.fields(Stepped)}
    return {name: kinds[name].__args__[0] for name in _SPLIT_FIELDS}
