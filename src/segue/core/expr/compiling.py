"""From checked tree to Python function: straight-line code that keeps three-valued logic and reads lazily.

The generated source holds operators, local names, `env(...)` and `repr` of checked literals; nothing that
an author wrote reaches the compiler as code.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias, assert_never

from segue.core.expr.arithmetic import RULES
from segue.core.expr.lexing import INT_LIMIT
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
from segue.core.expr.schema import Value, World

Lookup: TypeAlias = Callable[[str], Value | None]
"""Value of a fact by full name, None where it is not on record; `dict.get` is one."""

Evaluate: TypeAlias = Callable[[Lookup], Value | None]

_RANGE: Final = f"-{INT_LIMIT} < {{t}} < {INT_LIMIT}"


class _Part(NamedTuple):
    """A Python expression without side effects, and whether it can be None (then it is a local name)."""

    text: str
    nullable: bool


def compile_tree(tree: Node) -> Evaluate:
    """Compile a checked tree to a function of a lookup."""
    emitter = _Emitter()
    emitter.put(f"return {emitter.emit(tree).text}")
    source = "def evaluate(env):\n" + "\n".join(emitter.lines)
    namespace: dict[str, Evaluate] = {}
    exec(compile(source, "<segue expression>", "exec"), {"__builtins__": {}}, namespace)  # noqa: S102  the tree is checked
    return namespace["evaluate"]


class _Emitter:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.indent = 1
        self.locals = 0

    def put(self, line: str) -> None:
        self.lines.append(" " * self.indent + line)

    def fresh(self, text: str) -> str:
        self.locals += 1
        self.put(f"t{self.locals} = {text}")
        return f"t{self.locals}"

    def part(self, text: str, *operands: _Part) -> _Part:
        """Compute `text` unless one of its operands is unknown."""
        unknown = " or ".join(f"{operand.text} is None" for operand in operands if operand.nullable)
        if unknown:
            return _Part(self.fresh(f"None if {unknown} else {text}"), nullable=True)
        return _Part(f"({text})", nullable=False)

    def emit(self, node: Node) -> _Part:
        match node:
            case Literal():
                return _Part(repr(node.value), nullable=False)
            case Fact():
                return self.fact(node)
            case Not():
                operand = self.emit(node.operand)
                return self.part(f"not {operand.text}", operand)
            case Negation():
                operand = self.emit(node.operand)
                return self.part(f"-{operand.text}", operand)
            case Junction():
                return self.junction(node)
            case Comparison():
                return self.comparison(node)
            case Membership():
                return self.membership(node)
            case Arithmetic():
                return self.arithmetic(node)
            case _:
                assert_never(node)

    def fact(self, node: Fact) -> _Part:
        decl = node.decl
        local = self.fresh(f"env({decl.name!r})")
        if decl.world is World.CLOSED:
            default = (
                decl.default if isinstance(decl.default, bool | int | str) else tuple(decl.default or ())
            )
            self.put(f"if {local} is None: {local} = {default!r}")
        return _Part(local, nullable=decl.world is World.OPEN)

    def junction(self, node: Junction) -> _Part:
        """Stop at the operand that decides; an unknown one does not decide, but clouds the rest."""
        decides, goes_on = ("False", "True") if node.op == "and" else ("True", "False")
        first = self.emit(node.operands[0])
        result, nullable = self.fresh(first.text), first.nullable
        depth = self.indent
        for operand in node.operands[1:]:
            self.put(f"if {result} is not {decides}:")
            self.indent += 1
            part = self.emit(operand)
            if nullable:
                local = self.fresh(part.text)
                self.put(f"if {local} is not {goes_on}: {result} = {local}")
            else:
                self.put(f"{result} = {part.text}")
            nullable = nullable or part.nullable
            self.indent = depth
        return _Part(result, nullable)

    def comparison(self, node: Comparison) -> _Part:
        parts = [self.emit(operand) for operand in node.operands]
        # Operands between two signs are used twice: named, so that nested chains stay linear.
        parts[1:-1] = [_Part(self.fresh(part.text), part.nullable) for part in parts[1:-1]]
        pairs = [
            self.part(f"{left.text} {op} {right.text}", left, right)
            for op, left, right in zip(node.ops, parts[:-1], parts[1:], strict=True)
        ]
        nullable = any(pair.nullable for pair in pairs)
        if len(pairs) == 1 or not nullable:
            return _Part(
                pairs[0].text if len(pairs) == 1 else f"({' and '.join(p.text for p in pairs)})", nullable
            )
        result = self.fresh(pairs[0].text)
        for pair in pairs[1:]:
            self.put(f"if {result} is not False and {pair.text} is not True: {result} = {pair.text}")
        return _Part(result, nullable=True)

    def membership(self, node: Membership) -> _Part:
        item = self.emit(node.item)
        if isinstance(node.among, tuple):
            values = ", ".join(repr(literal.value) for literal in node.among)
            return self.part(f"{item.text} in " + (f"{{{values}}}" if values else "()"), item)
        among = self.emit(node.among)
        return self.part(f"{item.text} in {among.text}", item, among)

    def arithmetic(self, node: Arithmetic) -> _Part:
        left, right = self.emit(node.left), self.emit(node.right)
        _, formula = RULES[node.left.type, node.op, node.right.type]
        known = [f"{part.text} is not None" for part in (left, right) if part.nullable]
        if node.op in {"//", "%"}:
            known.append(f"{right.text} != 0")
        result = self.fresh("None")
        self.put(f"if {' and '.join(known) or 'True'}:")
        self.put(f" {result} = {formula.format(l=left.text, r=right.text)}")
        self.put(f" if not {_RANGE.format(t=result)}: {result} = None")
        return _Part(result, nullable=True)
