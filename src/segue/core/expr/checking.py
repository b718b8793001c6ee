"""From text to checked tree: only whitelisted syntax, declared facts and types that fit."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from segue.core.errors import InputError
from segue.core.expr.arithmetic import EQUATABLE, NEGATABLE, ORDERED, RULES
from segue.core.expr.errors import ExprError
from segue.core.expr.lexing import INT_LIMIT, MAX_DEPTH, lex
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
from segue.core.expr.schema import FactSchema, Type

Convert: TypeAlias = Callable[[int, str], int]
"""Minor units and ISO currency to micro-units of the reporting currency."""

_BINARY: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
_COMPARE: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_UNIT_HINTS: Final = {
    Type.PPM: "write a probability with a point, such as `0.35`",
    Type.MONEY: 'write money in minor units, such as `money(50000, "EUR")`',
    Type.DURATION: "write a duration with its unit, such as `3d`",
    Type.TEXT_LIST: "ask with `in`",
}
_MONEY_FORM: Final = 'write `money(50000, "EUR")`: minor units, then the ISO currency'


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands in its file: `line` and `column` (from 1) of its first character."""

    text: str
    file: str | None
    line: int | None
    column: int

    def error(self, message: str, offset: int, hint: str | None = None) -> ExprError:
        """Make the error located at an offset of the text."""
        before = self.text[:offset]
        newlines = before.count("\n")
        column = offset - before.rfind("\n") if newlines else offset + self.column
        line = self.line if self.line is None else self.line + newlines
        return ExprError(message, file=self.file, line=line, column=column, hint=hint)


def check(place: Place, schema: FactSchema, expect: Type | None, convert: Convert | None) -> Node:
    """Read and type-check an expression.

    Raises:
        ExprError: Located at the first word that cannot be read or does not fit.
    """
    lexed = lex(place.text, place.error)
    start = len(lexed.source) - len(lexed.source.lstrip())
    try:
        root = ast.parse(lexed.source[start:].rstrip(), mode="eval").body
    except SyntaxError as error:
        raise _unreadable(place, error, start) from None
    except (RecursionError, MemoryError):
        raise place.error("nested too deep", start, "split it") from None
    node = _Checker(place, schema, convert, lexed.literals, start).node(root, 0)
    if expect is not None:
        node = _zero_as(node, expect)
        if node.type is not expect:
            raise place.error(f"expected {expect}, found {node.type}", start, _UNIT_HINTS.get(expect))
    return node


def _unreadable(place: Place, error: SyntaxError, start: int) -> ExprError:
    if not error.offset:
        return place.error("the expression ends too early", len(place.text.rstrip()))
    offset = start + error.offset - 1
    if "never closed" in error.msg:
        return place.error(f"bracket `{place.text[offset]}` is never closed", offset)
    return place.error(f"cannot read the expression at `{place.text[offset:].split()[0][:40]}`", offset)


def _zero_as(node: Node, type_: Type) -> Node:
    """Zero needs no unit."""
    unitless = isinstance(node, Literal) and node.type is Type.INT and node.value == 0
    return Literal(0, type_) if unitless and type_ in NEGATABLE else node


@dataclass(frozen=True, slots=True)
class _Checker:
    place: Place
    schema: FactSchema
    convert: Convert | None
    literals: Mapping[int, Literal]
    start: int

    def wrong(self, at: ast.expr, message: str, hint: str | None = None) -> ExprError:
        return self.place.error(message, self.start + at.col_offset, hint)

    def node(self, tree: ast.expr, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.wrong(tree, f"nested more than {MAX_DEPTH} deep", "split it")
        match tree:
            case ast.Constant():
                return self.literals[self.start + tree.col_offset]
            case ast.Name() | ast.Attribute():
                return self.fact(tree)
            case ast.BoolOp():
                return self.junction(tree, depth)
            case ast.UnaryOp():
                return self.unary(tree, depth)
            case ast.BinOp():
                return self.binary(tree, depth)
            case ast.Compare():
                return self.compare(tree, depth)
            case ast.Call():
                return self.money(tree)
            case _:
                hint = "lists stand right of `in`" if isinstance(tree, ast.List) else None
                raise self.wrong(tree, "this form is not part of the language", hint)

    def fact(self, tree: ast.Name | ast.Attribute) -> Fact:
        name = ast.unparse(tree)
        decl = self.schema.facts.get(name)
        if decl is None:
            closest = self.schema.closest(name)
            raise self.wrong(
                tree, f"unknown fact `{name}`", f"did you mean `{closest}`?" if closest else None
            )
        return Fact(decl)

    def truth(self, tree: ast.expr, depth: int, word: str) -> Node:
        node = self.node(tree, depth + 1)
        if node.type is not Type.BOOL:
            raise self.wrong(
                tree, f"`{word}` needs true or false, found {node.type}", "compare it with something"
            )
        return node

    def junction(self, tree: ast.BoolOp, depth: int) -> Node:
        word = "and" if isinstance(tree.op, ast.And) else "or"
        return Junction(word, tuple(self.truth(value, depth, word) for value in tree.values))

    def unary(self, tree: ast.UnaryOp, depth: int) -> Node:
        if isinstance(tree.op, ast.Not):
            return Not(self.truth(tree.operand, depth, "not"))
        node = self.node(tree.operand, depth + 1)
        if node.type not in NEGATABLE or not isinstance(tree.op, ast.USub):
            raise self.wrong(tree, f"{node.type} takes no sign")
        return Negation(node, node.type)

    def binary(self, tree: ast.BinOp, depth: int) -> Node:
        op = _BINARY.get(type(tree.op))
        left, right = self.node(tree.left, depth + 1), self.node(tree.right, depth + 1)
        rule = RULES.get((left.type, op, right.type)) if op else None
        if op is None or rule is None:
            raise self.wrong(
                tree, f"cannot compute {left.type} `{op}` {right.type}", _UNIT_HINTS.get(left.type)
            )
        return Arithmetic(op, left, right, rule[0])

    def compare(self, tree: ast.Compare, depth: int) -> Node:
        if any(isinstance(op, ast.In | ast.NotIn) for op in tree.ops):
            return self.membership(tree, depth)
        trees = [tree.left, *tree.comparators]
        nodes = [self.node(operand, depth + 1) for operand in trees]
        ops = []
        for i, op in enumerate(tree.ops):
            nodes[i] = _zero_as(nodes[i], nodes[i + 1].type)
            nodes[i + 1] = _zero_as(nodes[i + 1], nodes[i].type)
            self.comparable(trees[i + 1], nodes[i], nodes[i + 1], _COMPARE[type(op)])
            ops.append(_COMPARE[type(op)])
        return Comparison(tuple(ops), tuple(nodes))

    def comparable(self, at: ast.expr, left: Node, right: Node, op: str) -> None:
        if left.type is not right.type:
            hint = _UNIT_HINTS.get(left.type, _UNIT_HINTS.get(right.type))
            raise self.wrong(at, f"cannot compare {left.type} with {right.type}", hint)
        if left.type not in (EQUATABLE if op in {"==", "!="} else ORDERED):
            raise self.wrong(at, f"{left.type} has no `{op}`", _UNIT_HINTS.get(left.type))

    def membership(self, tree: ast.Compare, depth: int) -> Node:
        if len(tree.ops) > 1:
            raise self.wrong(tree, "`in` stands alone in a comparison", "join the two with `and`")
        item, right = self.node(tree.left, depth + 1), tree.comparators[0]
        if item.type not in EQUATABLE:
            raise self.wrong(tree.left, f"{item.type} cannot stand left of `in`")
        if isinstance(right, ast.List):
            among: tuple[Literal, ...] | Node = tuple(
                self.member(element, item.type) for element in right.elts
            )
        else:
            among = self.node(right, depth + 1)
            if among.type is not Type.TEXT_LIST:
                raise self.wrong(
                    right, f"`in` needs a list, found {among.type}", 'write `["a", "b"]` or a list fact'
                )
            if item.type is not Type.TEXT:
                raise self.wrong(tree.left, f"a {among.type} holds text, not {item.type}")
        node = Membership(item, among)
        return Not(node) if isinstance(tree.ops[0], ast.NotIn) else node

    def member(self, tree: ast.expr, type_: Type) -> Literal:
        negative = isinstance(tree, ast.UnaryOp)
        node = self.node(tree, 0) if isinstance(tree, ast.Constant | ast.Call | ast.UnaryOp) else None
        if isinstance(node, Negation) and isinstance(node.operand, Literal) and negative:
            operand = node.operand
            node = replace(operand, value=-operand.value) if isinstance(operand.value, int) else None
        node = node and _zero_as(node, type_)
        if not isinstance(node, Literal):
            raise self.wrong(tree, "a list in brackets holds literals only", "compare facts one by one")
        if node.type is not type_:
            raise self.wrong(tree, f"cannot compare {type_} with {node.type}", _UNIT_HINTS.get(type_))
        return node

    def money(self, tree: ast.Call) -> Literal:
        named = isinstance(tree.func, ast.Name) and tree.func.id == "money" and not tree.keywords
        args = [self.literals[self.start + a.col_offset] for a in tree.args if isinstance(a, ast.Constant)]
        match [(literal.type, literal.value) for literal in args]:
            case [(Type.INT, int(amount)), (Type.TEXT, str(currency))] if named and len(args) == len(
                tree.args
            ):
                return Literal(self.micro(tree, amount, currency), Type.MONEY)
            case _:
                raise self.wrong(tree, "the only call is `money`", _MONEY_FORM)

    def micro(self, tree: ast.Call, amount: int, currency: str) -> int:
        if self.convert is None:
            raise self.wrong(tree, "money cannot be compared here: no exchange rates")
        try:
            micro = self.convert(amount, currency)
        except (InputError, LookupError) as error:
            raise self.wrong(tree.args[1], f"cannot convert `{currency}`: {error}") from error
        if abs(micro) >= INT_LIMIT:
            raise self.wrong(tree, f"amount `{amount}` is too large")
        return micro
