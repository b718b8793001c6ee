"""Compiles how identifiers link people: the defaults, as far as `identity` says nothing else."""

import re
from dataclasses import replace
from typing import Final

from segue.core.records.identity import IdentityRules, NamespaceRule
from segue.core.units import SECOND
from segue.playbook.authored import NamespacePart, SettingsFile
from segue.playbook.compiler import Compiler
from segue.playbook.problems import nearest
from segue.playbook.sections import Entry

_NAMESPACE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


def identity_rules(entry: Entry[SettingsFile], compiler: Compiler) -> IdentityRules:
    """Compile `identity` of `settings.yaml`; a namespace keeps the default of every key that is left out."""
    form, rules = entry.form.identity, IdentityRules()
    namespaces = dict(rules.namespaces)
    for name, part in form.namespaces.items():
        path = ("identity", "namespaces", name)
        if not _NAMESPACE.fullmatch(name):
            hint = nearest(name, namespaces) or "write lower-case letters, digits and `_`"
            compiler.wrong(entry, path, f"`{name[:40]}` is no namespace", hint)
        namespaces[name] = _rule(rules.of(name), part)
    for index, pattern in enumerate(form.blocked):
        namespace, colon, value = pattern.partition(":")
        if not (colon and namespace and value.strip("* ")):
            hint = "write it like `email:qa-*@acme.io`"
            compiler.wrong(entry, ("identity", "blocked", index), f"`{pattern[:60]}` blocks too much", hint)
    return replace(
        rules,
        namespaces=namespaces,
        blocked=tuple(form.blocked),
        recycled=form.recycled * SECOND,
        code_lasts=form.code_lasts * SECOND,
        code_attempts=form.code_attempts,
    )


def _rule(rule: NamespaceRule, part: NamespacePart) -> NamespaceRule:
    changed = {
        "rank": part.rank,
        "per_person": part.per_person,
        "window": None if part.within is None else part.within * SECOND,
        "people": part.people,
        "claimed": part.claimed,
    }
    return replace(rule, **{name: value for name, value in changed.items() if value is not None})  # type: ignore[arg-type]
