"""Which of several values of one predicate is believed (DESIGN, section 2, `fact`)."""

from collections.abc import Iterable, Iterator
from typing import Literal

from segue.core.records.context import TENANT, Context
from segue.core.records.memory import Fact

Root = Literal["person", "account", "tenant"]
"""Whose facts a name speaks of: all profiles of the person, the account, or the tenant."""


def subjects(context: Context, root: Root) -> frozenset[str]:
    """List the subjects that hold the facts of a root.

    >>> from segue.core.records.memory import Links
    >>> sorted(subjects(Context(now=0, position=0, lane="", links=Links(), profile_ids=("b", "a")), "person"))
    ['profile:a', 'profile:b']
    """
    if root == "person":
        return context.own
    if root == "account":
        return frozenset({f"account:{context.account_id}"} if context.account_id else ())
    return frozenset({TENANT})


def facts_of(context: Context, root: Root, predicate: str) -> Iterator[Fact]:
    """Yield the facts of one predicate, whatever their qualifier and trust."""
    told = context.by_predicate.get(predicate)
    if not told:
        return
    about = subjects(context, root)
    for fact in told:
        if fact.subject in about and fact.value is not None:
            yield fact


def believed(context: Context, root: Root, predicate: str) -> Fact | None:
    """Find the believed fact of a single-valued predicate."""
    return best(fact for fact in facts_of(context, root, predicate) if not fact.qualifier)


def best(facts: Iterable[Fact]) -> Fact | None:
    """Choose: verified, then later valid time, then higher signal id, then lower profile id."""
    found: Fact | None = None
    for fact in facts:
        if found is None or beats(fact, found):
            found = fact
    return found


def beats(fact: Fact, other: Fact) -> bool:
    """Whether a fact is believed rather than another of the same predicate."""
    mine = (fact.trust == "verified", fact.valid_from, fact.signal_id)
    theirs = (other.trust == "verified", other.valid_from, other.signal_id)
    return mine > theirs or (mine == theirs and fact.subject < other.subject)
