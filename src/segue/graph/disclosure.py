"""Who may be told of a fact: by what it is about, whose word it is, and what the playbook says.

A fact that one contact told is theirs: it stands with their profile, goes to colleagues of ours and back to
themselves, and to no other contact of the account. What an account's system of record says may be told to all
of its contacts. What is private is told to nobody; whoever is handed the message itself reads it there.
"""

from segue.core.predicates import Tell, predicate_of
from segue.core.records.memory import Fact
from segue.core.records.playbook import FactSource


def tell_of(fact: Fact, declared: FactSource | None = None) -> Tell:
    """Who may be told of a fact.

    Args:
        fact: What is known.
        declared: What the playbook declares of it, where it does; its `tell` is believed, but for what is
            private by nature.

    >>> tell_of(Fact("profile:ann", "team_size", 40, 0, "claimed", "s1"))
    'person'
    >>> tell_of(Fact("profile:ann", "sensitive.health", True, 0, "claimed", "s1"))
    'nobody'
    """
    of_account = fact.subject.startswith("account:")
    own = predicate_of(fact.predicate, of_account=of_account)
    if own.sensitive or (declared is not None and declared.sensitive):
        return "nobody"
    if declared is not None and declared.tell:
        return declared.tell
    if of_account and fact.trust == "claimed":
        return "staff"
    return own.tell


def is_private(fact: Fact, declared: FactSource | None = None) -> bool:
    """Whether a fact is told to nobody."""
    return tell_of(fact, declared) == "nobody"
