"""Claims on a conversation: who takes it, by word or by writing, hands it back, or holds an account."""

from collections.abc import Iterator

from segue.core.records.memory import Fact
from segue.core.records.ownership import CLAIMED, HELD, WROTE, is_colleague
from segue.core.units import SECOND, Instant
from segue.graph.memory import Arrival, Memory, facts

_DESKS = frozenset({"helpdesk", "zendesk", "intercom", "freshdesk"})
"""Sources whose people are the first of the playbook's order, where a signal does not say who somebody is."""


def claimed(arrival: Arrival) -> Memory:
    """A human took the conversation over, of a person, or of an account where no person is named."""
    until = arrival.body.instant("until") if arrival.body.has("until") else None
    return facts(
        (arrival.fact(_subject(arrival), CLAIMED, _by(arrival), qualifier=role(arrival), valid_to=until),)
    )


def released(arrival: Arrival) -> Memory:
    """The human handed the conversation back, under whichever profile they had taken it.

    Others who hold it keep it. A tool that names nobody who does speaks for all of them.
    """
    by, named = _by(arrival), arrival.body.optional("role")
    own = {f"profile:{profile}" for profile in arrival.context.profile_ids} | set(arrival.subjects)
    held = [
        fact
        for fact in arrival.context.facts
        if fact.predicate in {CLAIMED, WROTE} and fact.subject in own and fact.value is not None
    ]
    mine = [fact for fact in held if (fact.qualifier == named if named else fact.value == by)]
    return facts(
        arrival.fact(one.subject, one.predicate, None, qualifier=one.qualifier)
        for one in (mine or ([] if is_colleague(by) else held))
    )


def held(arrival: Arrival) -> Memory:
    """An account, or a person who has none, is left alone until a time; without a time the hold is over."""
    account = arrival.context.account_id
    subject = f"account:{account}" if account else _subject(arrival)
    by = arrival.body.text("by")
    if not arrival.body.has("until"):
        return facts((arrival.fact(subject, HELD, None),))
    return facts((arrival.fact(subject, HELD, by, valid_to=arrival.body.instant("until")),))


def writing(arrival: Arrival, by: str) -> Iterator[Fact]:
    """Who writes to a customer themselves has the conversation, for a while."""
    lasts = arrival.playbook.settings.conversation_wrote_s
    if is_colleague(by) and lasts:
        until = Instant(arrival.at + lasts * SECOND)
        yield arrival.fact(
            f"profile:{arrival.profile_id}", WROTE, by, qualifier=role(arrival), valid_to=until
        )


def role(arrival: Arrival) -> str:
    """What somebody is to the customer, as they say; else by the tool they speak through."""
    order = arrival.playbook.settings.conversation_order
    if not order:
        return arrival.body.optional("role")
    default = order[0] if arrival.signal.source in _DESKS else order[-1]
    return arrival.body.choice("role", order, default)


def _by(arrival: Arrival) -> str:
    return arrival.body.optional("by", f"tool:{arrival.signal.source}")


def _subject(arrival: Arrival) -> str:
    return f"profile:{arrival.profile_id}" if arrival.context.profile_id else f"account:{arrival.account_id}"
