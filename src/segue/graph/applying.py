"""The context as it would be loaded after a step's writes, without a store."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from segue.core.records.context import Context
from segue.core.records.memory import Count, Exposure, Fact, Message
from segue.core.units import DAY, Instant
from segue.graph.memory import Memory

MESSAGES_KEPT = 20
EXPOSURES_KEPT = 50
EXPOSURE_DAYS = 35

_Dated = TypeVar("_Dated", Message, Exposure)


def apply(context: Context, memory: Memory) -> Context:
    """Show a context with the memory of its signal in it.

    Facts are revised by key and shown only while valid at `context.now`; messages and exposures are newest
    first, one per id, up to what a context holds; counts are added.
    """
    touches = context.exposures
    if memory.exposures:
        since = context.now - EXPOSURE_DAYS * DAY
        touches = _newest(context.exposures, memory.exposures, EXPOSURES_KEPT)
        touches = tuple(touch for touch in touches if touch.at >= since)
    return replace(
        context,
        facts=_revised(context.facts, memory.facts, context.now) if memory.facts else context.facts,
        messages=_newest(context.messages, memory.messages, MESSAGES_KEPT)
        if memory.messages
        else context.messages,
        exposures=touches,
        counts=_added(context.counts, memory.counts) if memory.counts else context.counts,
    )


def _revised(known: Iterable[Fact], new: Iterable[Fact], now: Instant) -> tuple[Fact, ...]:
    """One value per subject, predicate, qualifier and trust: the one that became true last, up to now."""
    current = {(f.subject, f.predicate, f.qualifier, f.trust): f for f in known}
    for fact in new:
        if fact.valid_from > now:
            continue
        key = (fact.subject, fact.predicate, fact.qualifier, fact.trust)
        held = current.get(key)
        if held is None or (fact.valid_from, fact.signal_id) >= (held.valid_from, held.signal_id):
            current[key] = fact
    return tuple(
        fact
        for fact in current.values()
        if fact.value is not None and (fact.valid_to is None or fact.valid_to > now)
    )


def _newest(known: Iterable[_Dated], new: Iterable[_Dated], keep: int) -> tuple[_Dated, ...]:
    by_id: dict[str, _Dated] = {}
    for items in (known, new):
        by_id.update((item.id, item) for item in items)
    return tuple(sorted(by_id.values(), key=lambda item: (-item.at, item.id)))[:keep]


def _added(
    known: Mapping[tuple[str, str], Mapping[int, int]], new: Iterable[Count]
) -> dict[tuple[str, str], Mapping[int, int]]:
    counts = dict(known)
    for count in new:
        days = counts.get((count.subject, count.name), {})
        counts[count.subject, count.name] = {**days, count.day: days.get(count.day, 0) + count.add}
    return counts
