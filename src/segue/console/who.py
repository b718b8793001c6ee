"""Whom a decision is about, by name: from the facts it used, else from what is known of the person now."""

from dataclasses import dataclass

from segue.core.facts import believed
from segue.core.ports import Reader
from segue.core.records.context import Context, Wants
from segue.core.records.decisions import Decision
from segue.core.records.memory import Links
from segue.core.records.signals import Signal


@dataclass(frozen=True, slots=True)
class Who:
    """A person and the account they belong to, as pages name them.

    >>> str(Who("p1", "Ann Lee", "Acme")), str(Who("", "", "Acme")), str(Who("p1a2b3c4d5", "", ""))
    ('Ann Lee of Acme', 'Acme', 'somebody (p1a2b3c4)')
    """

    person_id: str
    name: str
    account: str

    @property
    def short(self) -> str:
        """The name alone."""
        if self.name:
            return self.name
        return f"somebody ({self.person_id[:8]})" if self.person_id else self.account or "the tenant"

    def __str__(self) -> str:
        if self.account and self.account != self.short:
            return f"{self.short} of {self.account}"
        return self.short


def who_of(reader: Reader, decision: Decision, signal: Signal | None) -> Who:
    """Name a decision's person; one bounded read."""
    context = None if signal is None else _context(reader, decision, signal)
    used = {fact.name: fact.value for fact in decision.facts}
    name = _text(used.get("person.name")) or _name(context, "person")
    return Who(decision.person_id, name, _text(used.get("account.name")) or _name(context, "account"))


def _context(reader: Reader, decision: Decision, signal: Signal) -> Context:
    links = Links(
        profile_id=decision.profile_id, person_id=decision.person_id, account_id=decision.account_id
    )
    return reader.context(signal, links, decision.at, Wants())


def _name(context: Context | None, root: str) -> str:
    if context is None:
        return ""
    fact = believed(context, "person" if root == "person" else "account", "name")
    return _text(fact.value) if fact else ""


def _text(held: object) -> str:
    return held if isinstance(held, str) else ""
