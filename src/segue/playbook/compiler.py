"""Compiles expressions and checks references of one load, adding every problem at its place."""

from collections.abc import Iterable
from typing import Any

from segue.core.errors import InputError, PlaybookError
from segue.core.expr import Compiled, FactSchema, Type, parse_expr
from segue.core.money import Money, Rates
from segue.playbook.problems import nearest
from segue.playbook.sections import Entry
from segue.playbook.yamlfile import Path


class Compiler:
    """The facts, rates and problems of one load.

    Args:
        schema: The facts that expressions may name.
        rates: Rates into the reporting currency.
        problems: Everything wrong so far; added to.
        broken: Facts whose own entry is wrong: what names them is not wrong for that.
    """

    def __init__(
        self,
        schema: FactSchema,
        rates: Rates,
        problems: list[PlaybookError],
        broken: frozenset[str] = frozenset(),
    ) -> None:
        self.schema, self.rates, self.problems, self.broken = schema, rates, problems, broken

    def expression(self, entry: Entry[Any], path: Path, text: str, expect: Type = Type.BOOL) -> Compiled:
        """Compile an expression; a faulty one is a problem, and `0` or `false` stands in for it."""
        place = entry.document.place((*entry.path, *path))
        try:
            return parse_expr(
                text,
                self.schema,
                expect=expect,
                file=entry.document.file,
                line=place.line,
                column=place.column,
                convert=lambda amount, currency: self.rates.to_micro(Money(amount, currency)),
            )
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

    def wrong(self, entry: Entry[Any], path: Path, message: str, hint: str | None = None) -> None:
        """Add a problem."""
        self.problems.append(entry.error(path, message, hint))
