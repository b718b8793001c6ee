"""Compiles expressions and checks references of one load, adding every problem at its place."""

from collections.abc import Iterable, Mapping
from typing import Any

from segue.core.errors import InputError, PlaybookError
from segue.core.expr import Compiled, FactSchema, Type, parse_expr
from segue.core.money import Money, Rates
from segue.core.records.playbook import FactSource
from segue.playbook.disclosing import HINT, private_names
from segue.playbook.problems import nearest
from segue.playbook.sections import Entry
from segue.playbook.yamlfile import Path

_NONE: Mapping[str, FactSource] = {}


class Compiler:
    """The facts, rates and problems of one load.

    Args:
        schema: The facts that expressions may name.
        rates: Rates into the reporting currency.
        problems: Everything wrong so far; added to.
        broken: Facts whose own entry is wrong: what names them is not wrong for that.
        facts: Where facts come from, by full name; says which of them are private.
    """

    def __init__(
        self,
        schema: FactSchema,
        rates: Rates,
        problems: list[PlaybookError],
        broken: frozenset[str] = frozenset(),
        facts: Mapping[str, FactSource] = _NONE,
    ) -> None:
        self.schema, self.rates, self.problems, self.broken = schema, rates, problems, broken
        self.facts, self.private = facts, private_names(facts)

    def expression(
        self,
        entry: Entry[Any],
        path: Path,
        text: str,
        expect: Type = Type.BOOL,
        *,
        may_be_private: bool = False,
    ) -> Compiled:
        """Compile an expression; a faulty one is a problem, and `0` or `false` stands in for it.

        What is private may be asked for where that can only hold something back: whom a play is for, what is
        offered, what it costs and how it is scored never depends on it.
        """
        place = entry.document.place((*entry.path, *path))
        try:
            found = parse_expr(
                text,
                self.schema,
                expect=expect,
                file=entry.document.file,
                line=place.line,
                column=place.column,
                convert=lambda amount, currency: self.rates.to_micro(Money(amount, currency)),
            )
            if not may_be_private:
                self.public(entry, path, found.names)
            return found
        except PlaybookError as error:
            if not any(name in text for name in self.broken):
                self.problems.append(error)
            return parse_expr("false", self.schema)

    def optional(
        self, entry: Entry[Any], path: Path, text: str | None, expect: Type = Type.BOOL
    ) -> Compiled | None:
        """Compile an expression that may be left out."""
        return None if text is None else self.expression(entry, path, text, expect)

    def micro(self, entry: Entry[Any], path: Path, amount: Money | None) -> int:
        """Convert an amount to micro-units of the reporting currency; None is nothing."""
        if amount is None:
            return 0
        try:
            return self.rates.to_micro(amount)
        except InputError as error:
            self.problems.append(entry.error(path, str(error), "add it to `rates` in `settings.yaml`"))
            return 0

    def known(self, entry: Entry[Any], path: Path, kind: str, name: str, pool: Iterable[str]) -> bool:
        """Check that a name refers to something; an empty name refers to nothing and is fine."""
        names = frozenset(pool)
        if not name or name in names:
            return True
        self.problems.append(entry.error(path, f"unknown {kind} `{name}`", nearest(name, names)))
        return False

    def public(self, entry: Entry[Any], path: Path, names: Iterable[str]) -> None:
        """Refuse what is private, at its place."""
        for name in sorted(self.private.intersection(names)):
            self.wrong(entry, path, f"fact `{name}` is private and decides nothing here", HINT)

    def wrong(self, entry: Entry[Any], path: Path, message: str, hint: str | None = None) -> None:
        """Add a problem."""
        self.problems.append(entry.error(path, message, hint))
