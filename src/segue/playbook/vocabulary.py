"""The facts that a playbook's expressions may name: derived ones of the house, and the playbook's own."""

from collections.abc import Mapping

from segue import graph, policy, privacy
from segue.core.errors import PlaybookError
from segue.core.expr import FactDecl, FactSchema, Type, World
from segue.core.money import Rates
from segue.core.records.binding import DerivedFacts
from segue.core.records.playbook import FactSource
from segue.core.records.signals import Kind
from segue.playbook.authored import FactEntry
from segue.playbook.given import to_value
from segue.playbook.problems import nearest
from segue.playbook.sections import Entry, Written

DERIVED: DerivedFacts = {**graph.DERIVED, **policy.DERIVED, **privacy.DERIVED}
"""Derived facts that every playbook has; `outcome.NAME` is added for each of its outcomes."""

_ROOTS = ("person", "account")
_COUNTERS = ("usage", "page", "event", "signal")


def vocabulary(
    written: Written, rates: Rates, problems: list[PlaybookError]
) -> tuple[FactSchema, Mapping[str, FactSource]]:
    """Merge the playbook's facts with the derived ones; what does not fit is added to `problems`."""
    derived = {**DERIVED, **graph.outcome_facts(sorted(written.outcomes.names))}
    decls = {name: fact.decl for name, fact in derived.items()}
    sources = {
        name: FactSource(name, "derived", name.partition(".")[2], _short(decl.type))
        for name, decl in decls.items()
    }
    for entry in written.facts.entries:
        try:
            decl = _declared(entry, rates)
            sources[entry.name] = _source(entry)
        except ValueError as error:
            message, _, hint = str(error).partition("; ")
            problems.append(entry.error((), message, hint or None, at_key=True))
            continue
        decls[entry.name] = decl
    return FactSchema(decls), sources


def counter_problem(counter: str) -> str | None:
    """Say what is wrong with a counter's name, or None.

    >>> counter_problem("signal:mail.opend")
    'unknown signal kind `mail.opend`; did you mean `mail.opened`?'
    """
    family, _, name = counter.partition(":")
    if family not in _COUNTERS or (family != "usage" and not name):
        known = "`usage`, `usage:METRIC`, `page:/PATH`, `event:NAME` or `signal:KIND`"
        return f"unknown counter `{counter}`; write {known}"
    if family == "signal" and name not in {kind.value for kind in Kind}:
        hint = nearest(name, (kind.value for kind in Kind))
        return f"unknown signal kind `{name}`" + (f"; {hint}" if hint else "")
    return None


def _declared(entry: Entry[FactEntry], rates: Rates) -> FactDecl:
    name, form = entry.name, entry.form
    if name in DERIVED:
        raise ValueError(f"fact `{name}` is derived by Segue; remove it, or choose another name")
    if name.partition(".")[0] not in _ROOTS:
        raise ValueError(
            f"fact `{name}` is neither of a person nor of an account; write `person.…` or `account.…`"
        )
    type_ = Type.TEXT_LIST if form.type == "list" else Type(form.type)
    if form.counter:
        if type_ is not Type.INT or not form.days:
            raise ValueError(f"counted fact `{name}` needs `type: int` and `days`")
        if problem := counter_problem(form.counter):
            raise ValueError(problem)
        return FactDecl(name, type_, World.CLOSED, 0, form.doc)
    if form.days:
        raise ValueError(f"fact `{name}` has `days` but no `counter`; add the counter")
    if form.default is None:
        return FactDecl(name, type_, World.OPEN, None, form.doc)
    return FactDecl(name, type_, World.CLOSED, to_value(type_, form.default, rates), form.doc)


def _source(entry: Entry[FactEntry]) -> FactSource:
    form = entry.form
    predicate = form.predicate or entry.name.partition(".")[2]
    if form.counter:
        return FactSource(entry.name, "counted", predicate, form.type, form.counter, form.days)
    return FactSource(entry.name, "stored", predicate, form.type, tell=form.tell, sensitive=form.sensitive)


def _short(type_: Type) -> str:
    return "list" if type_ is Type.TEXT_LIST else type_.value
