"""Compiles `retention` of the settings: how long classes of data are kept, and whose data is held."""

from segue.core.errors import SignalError
from segue.identity import normalise_all
from segue.playbook.authored import RetentionPart, SettingsFile
from segue.playbook.compiler import Compiler
from segue.playbook.sections import Entry


def kept_for(form: RetentionPart) -> dict[str, int]:
    """How long each class of data is kept, in seconds, where it is not kept for ever."""
    named = {"messages": form.messages, "percepts": form.percepts, "page_views": form.page_views}
    return {name: kept_s for name, kept_s in named.items() if kept_s is not None}


def held(entry: Entry[SettingsFile], compiler: Compiler) -> tuple[str, ...]:
    """Identifiers of people whose data is held; a mistyped one would let go what it should hold."""
    found: list[str] = []
    for index, identifier in enumerate(entry.form.retention.hold):
        try:
            spelt = normalise_all([identifier], entry.form.default_country or None)
        except SignalError:
            spelt = ()
        if not spelt:
            where = ("retention", "hold", index)
            compiler.wrong(
                entry, where, f"`{identifier[:60]}` names nobody", "write it like `email:ann@x.io`"
            )
        found += spelt
    return tuple(found)
