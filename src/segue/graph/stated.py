"""From what customers state about themselves to facts: `claimed`, of their own profile, with their words."""

from decimal import Decimal
from typing import Any

from segue.core.facts import believed
from segue.core.money import exponent
from segue.core.predicates import TOLD, TOOL, ends_at, predicate_of
from segue.core.records.memory import Fact
from segue.core.records.percepts import Statement
from segue.core.when import span_of
from segue.graph.memory import Arrival
from segue.graph.places import zone_name

_MOST = 10**9
"""Largest amount taken in, in major units: sums and scores of such stay within 64 bits."""

_LATEST = "decides_by"
"""A time that is meant to its end: `by Friday`."""


def stated(arrival: Arrival, one: Statement) -> tuple[Fact, ...]:
    """The fact of a statement; none where its value says nothing here.

    What is said of the company stands with whoever said it: another contact may see it otherwise, and is not
    told of it.
    """
    declared = predicate_of(one.kind)
    if one.kind not in TOLD and not declared.sensitive:
        return ()
    qualifier, value = "", _value(arrival, one)
    if one.kind == TOOL:
        qualifier = str(one.value).casefold()
        if qualifier in _own_names(arrival):
            return ()
        value = None if one.ended else one.value
    elif value is None:
        return ()
    subject = f"profile:{arrival.profile_id}"
    until = ends_at(one.kind, arrival.at)
    kept = arrival.fact(
        subject,
        one.kind,
        value,
        qualifier=qualifier,
        trust="claimed",
        valid_to=until,
        words=one.words,
    )
    return (kept,)


def _value(arrival: Arrival, one: Statement) -> Any:  # noqa: ANN401 - a value of the predicate's type
    match predicate_of(one.kind).type:
        case "bool":
            return True
        case "money":
            return _amount(arrival, str(one.value))
        case "instant":
            zone = zone_name(arrival.context, arrival.playbook.settings)
            span = span_of(str(one.value), arrival.at, zone)
            return None if span is None else span.end if one.kind == _LATEST else span.start
        case _:
            return one.value


def _amount(arrival: Arrival, written: str) -> Any:  # noqa: ANN401 - money, or a number
    """In minor units of the currency that was named, else of the account's; a number where none is known."""
    named, _, number = written.rpartition(" ")
    fact = believed(arrival.context, "account", "currency")
    currency = named or (str(fact.value) if fact is not None and fact.value else "")
    amount = Decimal(number)
    if amount > _MOST:
        return None
    if not currency:
        return int(amount)
    return {"amount": int(amount * 10 ** exponent(currency)), "currency": currency}


def _own_names(arrival: Arrival) -> frozenset[str]:
    """Our own products are no tools of theirs."""
    settings = arrival.playbook.settings
    return frozenset(name.casefold() for name in (*settings.brands, settings.tenant))
