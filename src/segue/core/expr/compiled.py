"""What the rest of Segue holds of an expression: call it, ask its facts, ask why it is unknown."""

from dataclasses import dataclass, field

from segue.core.expr.checking import Convert, Place, check
from segue.core.expr.compiling import Evaluate, Lookup, compile_tree
from segue.core.expr.nodes import (
    Arithmetic,
    Comparison,
    Fact,
    Junction,
    Literal,
    Membership,
    Negation,
    Node,
    Not,
)
from segue.core.expr.schema import FactDecl, FactSchema, Type, Value, World


@dataclass(frozen=True, slots=True)
class Compiled:
    """A checked expression, ready to evaluate.

    Args:
        source: The text as its author wrote it.
        type: Type of the value.
        names: Full names of the facts it may read.
        tree: The checked tree.
        evaluate: The same as calling it, without the cost of the method.
    """

    source: str
    type: Type
    names: frozenset[str]
    tree: Node = field(repr=False)
    evaluate: Evaluate = field(repr=False, compare=False)
    _open: frozenset[str] = field(repr=False, compare=False)

    def __call__(self, env: Lookup) -> Value | None:
        """Evaluate; `env` is asked for a fact only when its turn comes, with values of the declared type.

        Returns:
            The value; None where it is unknown: an open-world fact that it depends on is not on record,
            a division by zero, or a number beyond +-2**63.
        """
        return self.evaluate(env)

    def explain(self, env: Lookup) -> tuple[str, ...]:
        """Name the facts that were missing, sorted, if the value is unknown; nothing if it is known.

        >>> schema = FactSchema.of(FactDecl("consent.sms", Type.BOOL), FactDecl("account.health", Type.INT))
        >>> rule = parse_expr("consent.sms and account.health < 60", schema)
        >>> rule.explain({"account.health": 40}.get), rule.explain({"account.health": 80}.get)
        (('consent.sms',), ())
        """
        unknown: set[str] = set()

        def watched(name: str) -> Value | None:
            value = env(name)
            if value is None and name in self._open:
                unknown.add(name)
            return value

        return tuple(sorted(unknown)) if self.evaluate(watched) is None else ()


def parse_expr(
    text: str,
    schema: FactSchema,
    *,
    expect: Type | None = None,
    file: str | None = None,
    line: int | None = None,
    column: int = 1,
    convert: Convert | None = None,
) -> Compiled:
    """Read, check and compile an expression.

    Args:
        text: The expression; it may run over several lines.
        schema: The facts it may name.
        expect: Type the place needs, or None for any.
        file: File for error messages.
        line: Line of the file on which the text begins, from 1.
        column: Column in which the text begins, from 1.
        convert: Minor units and currency of a `money(...)` literal to micro-units of the reporting
            currency; without it such literals are errors. It may raise `InputError` or `LookupError`.

    Raises:
        ExprError: The text cannot be read or does not fit, located at the offending word.

    >>> schema = FactSchema.of(FactDecl("account.health", Type.INT))
    >>> parse_expr("account.health < 60", schema)({"account.health": 40}.get)
    True
    >>> parse_expr("account.health <", schema, line=12)
    Traceback (most recent call last):
    segue.core.expr.errors.ExprError: line 12 column 17: the expression ends too early
    """
    tree = check(Place(text, file, line, column), schema, expect, convert)
    decls = _facts(tree)
    return Compiled(
        source=text,
        type=tree.type,
        names=frozenset(decl.name for decl in decls),
        tree=tree,
        evaluate=compile_tree(tree),
        _open=frozenset(decl.name for decl in decls if decl.world is World.OPEN),
    )


def matches_restricting(value: Value | None) -> bool:
    """Tell whether a rule that forbids or escalates speaks: unknown counts as yes."""
    return value is not False


def matches_permitting(value: Value | None) -> bool:
    """Tell whether a rule that allows speaks: unknown counts as no."""
    return value is True


def _facts(tree: Node) -> list[FactDecl]:
    match tree:
        case Literal():
            return []
        case Fact():
            return [tree.decl]
        case Not() | Negation():
            children: tuple[Node, ...] = (tree.operand,)
        case Junction() | Comparison():
            children = tree.operands
        case Arithmetic():
            children = (tree.left, tree.right)
        case Membership():
            children = (tree.item,) if isinstance(tree.among, tuple) else (tree.item, tree.among)
    return [decl for child in children for decl in _facts(child)]
