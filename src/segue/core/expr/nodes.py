"""The checked tree: every node has a type, and nothing in it comes from the author but names and literals."""

from dataclasses import dataclass
from typing import TypeAlias

from segue.core.expr.schema import FactDecl, Type, Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant in the unit of its type."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Fact:
    """A declared fact, looked up when its turn comes."""

    decl: FactDecl

    @property
    def type(self) -> Type:
        """Type of the declaration."""
        return self.decl.type


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary; unknown stays unknown."""

    operand: "Node"
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class Junction:
    """`and` or `or` over two or more operands, read from the left only as far as needed."""

    op: str
    operands: tuple["Node", ...]
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class Comparison:
    """One or more comparisons in a row: `ops[i]` stands between operands `i` and `i + 1`."""

    ops: tuple[str, ...]
    operands: tuple["Node", ...]
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether an item is among literals, or in a list-typed fact."""

    item: "Node"
    among: "tuple[Literal, ...] | Node"
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """An integer operation whose rule (`segue.core.expr.arithmetic`) fits both types."""

    op: str
    left: "Node"
    right: "Node"
    type: Type


@dataclass(frozen=True, slots=True)
class Negation:
    """The number with the other sign."""

    operand: "Node"
    type: Type


Node: TypeAlias = Literal | Fact | Not | Junction | Comparison | Membership | Arithmetic | Negation
