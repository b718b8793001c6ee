"""Addresses of last resort: where no other is on record, an identifier says where somebody is reached."""

from collections.abc import Iterable, Iterator

from segue.core.records.memory import Fact
from segue.core.records.signals import INTERNAL_KINDS
from segue.graph.memory import Arrival

_ADDRESSES = ("email", "phone")
"""Namespaces whose values are addresses, and the facts that hold them."""


def claimed_addresses(arrival: Arrival, told: Iterable[Fact]) -> Iterator[Fact]:
    """Facts `email` and `phone`, `claimed`, of a person known by such an identifier alone.

    Args:
        arrival: The signal that names them.
        told: Facts the signal brings itself; what it says of an address stands.
    """
    signal, context = arrival.signal, arrival.context
    if signal.kind in INTERNAL_KINDS or not context.profile_id:
        return
    for namespace in _ADDRESSES:
        address = _address(arrival, namespace)
        if address and not _on_record(arrival, namespace, told):
            yield arrival.fact(f"profile:{context.profile_id}", namespace, address, trust="claimed")


def _address(arrival: Arrival, namespace: str) -> str:
    """The first identifier of a namespace; one telephone of a switchboard takes no messages."""
    if f"person.{namespace}" not in arrival.playbook.facts:
        return ""
    named = (item.partition(":") for item in arrival.signal.person_identifiers)
    return next((value for name, _, value in named if name == namespace and ";ext=" not in value), "")


def _on_record(arrival: Arrival, predicate: str, told: Iterable[Fact]) -> bool:
    """Whether a fact says where they are reached, under any profile of the person."""
    context = arrival.context
    mine = f"profile:{context.profile_id}"
    known = (fact for fact in context.by_predicate.get(predicate, ()) if fact.value is not None)
    return any(fact.subject == mine or fact.subject in context.own for fact in known) or any(
        (fact.subject, fact.predicate) == (mine, predicate) for fact in told
    )
