"""Who holds a conversation: a colleague who claimed it, one who writes in it, else Segue."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from segue.core.records.memory import Fact
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant

SEGUE: Final = "segue"
CONVERSATION: Final = "conversation."
"""What the predicates begin with of facts that say who holds a conversation."""

CLAIMED: Final = "conversation.claimed_by"
"""Predicate of a claim: it holds until it is handed back; the role is its qualifier."""

WROTE: Final = "conversation.written_by"
"""Predicate of a colleague's own message: it holds the conversation for a while, and then fades."""

HELD: Final = "conversation.held_by"
"""Predicate of a hold on an account or a person: nothing of Segue's until it ends."""

ROLES: Final = ("support", "success", "account_executive")
"""Roles by default, those first that go before the others."""


class Holder(NamedTuple):
    """A colleague who holds a conversation.

    Attributes:
        role: As the playbook orders them; empty where nobody said.
        claimed: True where it was claimed, False where a message of theirs holds it.
        until: When it ends by itself, or None.
    """

    by: str
    role: str
    claimed: bool
    since: Instant
    until: Instant | None
    signal_id: str


def holders(facts: Iterable[Fact], subjects: Collection[str], order: Sequence[str]) -> tuple[Holder, ...]:
    """All who hold the conversation of some subjects; the first of them owns it.

    Roles go by the order, one without a role or of an unknown one comes last; then a claim goes before a
    message, and who came later before who came earlier.
    """
    found = [
        Holder(
            str(fact.value),
            fact.qualifier,
            fact.predicate == CLAIMED,
            fact.valid_from,
            fact.valid_to,
            fact.signal_id,
        )
        for fact in facts
        if fact.predicate in {CLAIMED, WROTE} and fact.subject in subjects and fact.value is not None
    ]
    ranks = {role: rank for rank, role in enumerate(order)}
    found.sort(key=lambda one: (ranks.get(one.role, len(ranks)), not one.claimed, -one.since, one.signal_id))
    return tuple(found)


def hold(facts: Iterable[Fact], subjects: Collection[str]) -> Holder | None:
    """The hold that lasts longest; one without an end lasts longer than any."""
    found = [
        Holder(
            str(fact.value),
            "",
            claimed=True,
            since=fact.valid_from,
            until=fact.valid_to,
            signal_id=fact.signal_id,
        )
        for fact in facts
        if fact.predicate == HELD and fact.subject in subjects and fact.value is not None
    ]
    return max(found, key=lambda one: (one.until is None, one.until or 0, one.signal_id), default=None)


def is_colleague(by: str) -> bool:
    """Whether a speaker is somebody of the company, and no tool.

    >>> is_colleague("rep:anna"), is_colleague("tool:mailer"), is_colleague("segue")
    (True, False, False)
    """
    return by.startswith("rep:")


def takes_over(signal: Signal) -> bool:
    """Whether a colleague takes a conversation by a signal: claims it, or writes in it themselves."""
    if signal.history:
        return False
    if signal.kind is Kind.CONVERSATION_CLAIMED:
        return True
    return signal.kind is Kind.MESSAGE_SENT and is_colleague(str(signal.body.get("by", "")))
