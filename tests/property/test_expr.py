"""Compiled expressions agree with a naive interpreter; any text parses or fails cleanly."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from segue.core.expr import ExprError, FactDecl, FactSchema, Type, Value, World, parse_expr

SCHEMA = FactSchema.of(
    FactDecl("n.a", Type.INT),
    FactDecl("n.b", Type.INT),
    FactDecl("n.closed", Type.INT, World.CLOSED, 7),
    FactDecl("b.a", Type.BOOL),
    FactDecl("b.b", Type.BOOL),
    FactDecl("b.closed", Type.BOOL, World.CLOSED, default=False),
    FactDecl("t.a", Type.TEXT),
    FactDecl("l.a", Type.TEXT_LIST),
    FactDecl("l.closed", Type.TEXT_LIST, World.CLOSED, ("x",)),
)
WORDS = ("x", "y", "ü", 'q"')
Env = dict[str, Value]


@dataclass(frozen=True)
class Expr:
    """A text and what it means, written down a second time without any cleverness."""

    text: str
    value: Callable[[Env], Any]


def fact(name: str) -> Expr:
    default = SCHEMA.facts[name].default
    return Expr(name, lambda env: env.get(name, default))


def quoted(word: str) -> str:
    return '"' + word.replace('"', '\\"') + '"'


def strictly(template: str, compute: Callable[..., Any], *parts: Expr) -> Expr:
    def value(env: Env) -> Any:
        values = [part.value(env) for part in parts]
        return None if None in values else compute(*values)

    return Expr(template.format(*(part.text for part in parts)), value)


def within(value: int | None) -> int | None:
    return value if value is not None and -(2**63) < value < 2**63 else None


ARITHMETIC: dict[str, Callable[[int, int], int | None]] = {
    "+": lambda a, b: within(a + b),
    "-": lambda a, b: within(a - b),
    "*": lambda a, b: within(a * b),
    "//": lambda a, b: within(a // b if b else None),
    "%": lambda a, b: a % b if b else None,
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def kleene_and(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def kleene_or(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


def chain(parts: list[Expr], ops: list[str]) -> Expr:
    def value(env: Env) -> bool | None:
        values = [part.value(env) for part in parts]
        pairs = zip(ops, values, values[1:], strict=False)
        return kleene_and([None if a is None or b is None else COMPARE[op](a, b) for op, a, b in pairs])

    text = " ".join(f"{op} ({part.text})" for op, part in zip(["", *ops], parts, strict=True))
    return Expr(text.strip(), value)


def joined(word: str, parts: list[Expr]) -> Expr:
    join = kleene_and if word == "and" else kleene_or
    text = f" {word} ".join(f"({part.text})" for part in parts)
    return Expr(text, lambda env: join([part.value(env) for part in parts]))


def numbers() -> st.SearchStrategy[Expr]:
    literals = st.integers(0, 2**63 - 1).map(lambda n: Expr(str(n), lambda _: n))
    leaves = literals | st.integers(0, 9).map(lambda n: Expr(str(n), lambda _: n))
    leaves |= st.sampled_from(["n.a", "n.b", "n.closed"]).map(fact)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda a: strictly("-({})", lambda x: -x, a), inner),
            st.builds(
                lambda op, a, b: strictly(f"({{}}) {op} ({{}})", ARITHMETIC[op], a, b),
                st.sampled_from(sorted(ARITHMETIC)),
                inner,
                inner,
            ),
        ),
        max_leaves=6,
    )


def memberships() -> st.SearchStrategy[Expr]:
    items = st.sampled_from(WORDS).map(lambda w: Expr(quoted(w).replace("{", "{{"), lambda _: w))
    items |= st.just(fact("t.a"))
    lists = st.sampled_from(["l.a", "l.closed"]).map(fact)
    literal = st.lists(st.sampled_from(WORDS), max_size=3).map(
        lambda words: Expr("[" + ", ".join(map(quoted, words)) + "]", lambda _: tuple(words))
    )
    among = lists | literal
    positive = st.builds(lambda a, b: strictly("{} in {}", lambda x, xs: x in xs, a, b), items, among)
    negative = st.builds(lambda a, b: strictly("{} not in {}", lambda x, xs: x not in xs, a, b), items, among)
    return positive | negative


def truths() -> st.SearchStrategy[Expr]:
    chains = st.lists(numbers(), min_size=2, max_size=4).flatmap(
        lambda parts: st.lists(
            st.sampled_from(sorted(COMPARE)), min_size=len(parts) - 1, max_size=len(parts) - 1
        ).map(lambda ops: chain(parts, ops))
    )
    literals = st.sampled_from([("true", True), ("False", False)]).map(lambda p: Expr(p[0], lambda _: p[1]))
    leaves = st.sampled_from(["b.a", "b.b", "b.closed"]).map(fact) | literals | chains | memberships()
    pairs = st.sampled_from(["==", "!="])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda a: strictly("not ({})", lambda x: not x, a), inner),
            st.builds(joined, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=4)),
            st.builds(lambda a, op, b: chain([a, b, a], [op, "=="]), inner, pairs, inner),
        ),
        max_leaves=8,
    )


ENVS: st.SearchStrategy[Env] = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("n.a", "n.b", "n.closed"), st.integers(-3, 3) | st.integers(1 - 2**63, 2**63 - 1)),
        **dict.fromkeys(("b.a", "b.b", "b.closed"), st.booleans()),
        "t.a": st.sampled_from(WORDS),
        **dict.fromkeys(("l.a", "l.closed"), st.lists(st.sampled_from(WORDS), max_size=3)),
    },
)


@given(numbers() | truths(), st.lists(ENVS, min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_compiled_agrees_with_a_naive_interpreter(expr: Expr, envs: list[Env]) -> None:
    try:
        compiled = parse_expr(expr.text, SCHEMA)
    except ExprError as error:
        assert "split it" in str(error)  # noqa: PT017  only the limits may refuse a well-typed text
        return

    for env in envs:
        value = compiled(env.get)
        assert value == expr.value(env)
        assert type(value) is type(expr.value(env))
        asked = compiled.explain(env.get)
        assert not asked or value is None
        assert all(name in compiled.names and name not in env for name in asked)


ALPHABET = (
    "n.a b.a t.a l.a 1 0 0.5 3d 'x' \"y\" and or not in == < <= + - * // % ( ) [ ] , true False money . = ** "
    "if lambda x.y ; : # \\ ' \" \n \x00 ü ٣"
)
TOKENS = st.sampled_from(ALPHABET.split(" "))


@given(st.text(max_size=200) | st.lists(TOKENS, max_size=40).map(" ".join) | st.lists(TOKENS).map("".join))
@settings(max_examples=500, deadline=2_000)
def test_any_text_parses_or_is_refused_with_a_located_error(text: str) -> None:
    try:
        compiled = parse_expr(text, SCHEMA, line=5)
    except ExprError as error:
        line, column = error.line, error.column
    else:
        value = compiled(lambda _: None)
        assert value is None or compiled.type.accepts(value)
        return

    assert line is not None
    assert 5 <= line <= 5 + text.count("\n")
    assert column is not None
    assert column >= 1
