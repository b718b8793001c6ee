"""Which counters a signal moves, on which calendar day, and whose they are."""

from datetime import date

from segue.core.facts import Root, believed
from segue.core.records.context import Context
from segue.core.records.playbook import Playbook
from segue.core.records.signals import INTERNAL_KINDS, Kind, Signal
from segue.core.zones import local_day, zone

_ROOTS: tuple[Root, ...] = ("person", "account")


def counters_of(signal: Signal) -> frozenset[str]:
    """Name the counters that a signal adds to.

    >>> from segue.core.units import Instant
    >>> body = {"path": "/pricing"}
    >>> signal = Signal("s", "web", "1", Kind.PAGE_VIEWED, (), Instant(0), Instant(0), body)
    >>> sorted(counters_of(signal))
    ['page:/pricing', 'signal:page.viewed']
    """
    if signal.kind is Kind.USAGE_RECORDED:
        metric = signal.body.get("metric", "usage")
        return frozenset({"usage"} if metric == "usage" else {"usage", f"usage:{metric}"})
    if signal.kind in INTERNAL_KINDS:
        return frozenset()
    own = {f"signal:{signal.kind}"}
    if signal.kind is Kind.PAGE_VIEWED:
        own.add(f"page:{signal.body.get('path', '')}")
    if signal.kind is Kind.EVENT_TRACKED:
        own.add(f"event:{signal.body.get('event', '')}")
    return frozenset(own)


def day_of(signal: Signal, context: Context, playbook: Playbook) -> int:
    """Calendar day a signal counts for, an ordinal: said by its body, else the day where the person is."""
    found = (believed(context, root, "time_zone") for root in _ROOTS)
    names = [str(fact.value) for fact in found if fact is not None and zone(str(fact.value)) is not None]
    name = names[0] if names else playbook.settings.default_zone
    return said_day(signal) or local_day(signal.occurred_at, name)


def said_day(signal: Signal) -> int | None:
    """Day that the body of a usage signal names, or None."""
    try:
        return date.fromisoformat(str(signal.body["day"])).toordinal()
    except (KeyError, ValueError):
        return None
