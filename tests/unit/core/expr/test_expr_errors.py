"""Every mistake is located and says what to write instead."""

import pytest

from segue.core.errors import InputError
from segue.core.expr import ExprError, FactDecl, FactSchema, Type, World, parse_expr

SCHEMA = FactSchema.of(
    FactDecl("account.health", Type.INT),
    FactDecl("account.arr", Type.MONEY),
    FactDecl("account.renews_at", Type.INSTANT),
    FactDecl("goal.left", Type.DURATION),
    FactDecl("percept.p_cancel", Type.PPM),
    FactDecl("person.country", Type.TEXT),
    FactDecl("person.tags", Type.TEXT_LIST),
    FactDecl("person.vip", Type.BOOL, World.CLOSED, default=False),
)

MONEY_HINT = 'write money in minor units, such as `money(50000, "EUR")`'
CALL_HINT = 'write `money(50000, "EUR")`: minor units, then the ISO currency'
NUMBER_HINT = "numbers look like `60`, `0.35` (up to six decimals), `3d`, `12h` or `30m`"
PPM_HINT = "write a probability with a point, such as `0.35`"
DURATION_HINT = "write a duration with its unit, such as `3d`"
TRUTH_HINT = "compare it with something"
LITERALS_HINT = "compare facts one by one"


def rates(amount_minor: int, currency: str) -> int:
    if currency != "EUR":
        raise InputError(f"no rate from `{currency}`")
    return amount_minor * 1_000_000


def error_of(text: str, *, expect: Type | None = None) -> ExprError:
    with pytest.raises(ExprError) as caught:
        parse_expr(text, SCHEMA, expect=expect, file="p.yaml", line=12, convert=rates)
    return caught.value


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("", 1, "expression is empty", None),
        (" \t", 1, "expression is empty", None),
        ("acount.health < 1", 1, "unknown fact `acount.health`", "did you mean `account.health`?"),
        ("1 < health", 5, "unknown fact `health`", "did you mean `account.health`?"),
        ("'ü😀' == zebra.stripes", 9, "unknown fact `zebra.stripes`", None),
        ("account.health = 3", 16, "unexpected `=`", "did you mean `==`?"),
        ("person.vip && person.vip", 12, "unexpected `&&`", "write `and`"),
        ("!person.vip", 1, "unexpected `!`", "write `not`"),
        ("account.health / 2 < 3", 16, "unexpected `/`", "write `//`, which rounds down"),
        ("account.health ** 2", 16, "unexpected `**`", "multiply instead"),
        ("person.country == “DE”", 19, "unexpected `“`", "use straight quotes"),
        ("person.vip is true", 12, "unexpected `is`", "write `==`"),
        ("lambda: 1", 1, "unexpected `lambda`", None),
        ("1 if person.vip else 2", 3, "unexpected `if`", None),
        ("account.health < ", 17, "the expression ends too early", None),
        ("account.health < (3", 18, "bracket `(` is never closed", None),
        ("account.health < 3)", 19, "cannot read the expression at `)`", None),
        ("account.health < 3 4", 20, "cannot read the expression at `4`", None),
        ("'a'in person.tags", 4, "missing space or operator before `in`", None),
        ("b'a' == 'a'", 2, "missing space or operator before `'a'`", None),
        ("person.country in ['a' 'b']", 20, "cannot read the expression at `'a'`", None),
        ("account.health < 60", 1, "expected money, found bool", MONEY_HINT),
        ("person.vip and account.health", 16, "`and` needs true or false, found int", TRUTH_HINT),
        ("not account.health", 5, "`not` needs true or false, found int", TRUTH_HINT),
        ("percept.p_cancel > 1", 20, "cannot compare ppm with int", PPM_HINT),
        ("goal.left > 3", 13, "cannot compare duration with int", DURATION_HINT),
        ("account.arr > 3", 15, "cannot compare money with int", MONEY_HINT),
        ("person.country < 'a'", 18, "text has no `<`", None),
        ("person.tags == person.tags", 16, "list[text] has no `==`", "ask with `in`"),
        ("person.country in 'DE'", 19, "`in` needs a list, found text", 'write `["a", "b"]` or a list fact'),
        ("1 in person.tags", 1, "a list[text] holds text, not int", None),
        ("person.tags in person.tags", 1, "list[text] cannot stand left of `in`", None),
        ("person.country in [1]", 20, "cannot compare text with int", None),
        ("person.country in [person.country]", 20, "a list in brackets holds literals only", LITERALS_HINT),
        ("'a' in person.tags == true", 1, "`in` stands alone in a comparison", "join the two with `and`"),
        ("[1, 2] == 1", 1, "this form is not part of the language", "lists stand right of `in`"),
        ("account.health[0]", 1, "this form is not part of the language", None),
        ("person.country + 'a' == 'b'", 1, "cannot compute text `+` text", None),
        ("account.arr * account.arr > 0", 1, "cannot compute money `*` money", MONEY_HINT),
        ("-person.country == 'a'", 1, "text takes no sign", None),
        ("+account.health == 1", 1, "int takes no sign", None),
        ("007 == account.health", 1, "unreadable number `007`", NUMBER_HINT),
        ("account.health < 0x1f", 18, "unreadable number `0x1f`", NUMBER_HINT),
        ("account.health < 9223372036854775808", 18, "number `9223372036854775808` is too large", None),
        ("open('x') == 1", 1, "the only call is `money`", CALL_HINT),
        ("account.arr > money(5)", 15, "the only call is `money`", CALL_HINT),
        ("account.arr > money(5, 'QQQ')", 24, "cannot convert `QQQ`: no rate from `QQQ`", None),
        ("account.arr > money(99000000000000, 'EUR')", 15, "amount `99000000000000` is too large", None),
        ("__import__('os').system('x')", 17, "unexpected `.`", None),
    ],
)  # fmt: skip
def test_a_mistake_is_located(text: str, column: int, message: str, hint: str | None) -> None:
    expect = Type.MONEY if message.startswith("expected") else None

    error = error_of(text, expect=expect)

    assert (error.message, error.column, error.hint) == (message, column, hint)
    assert (error.file, error.line, error.code) == ("p.yaml", 12, "expression")


def test_lines_are_counted_within_the_file() -> None:
    error = error_of("person.vip and\n  person.vipp")

    assert (error.line, error.column) == (13, 3)


def test_the_column_in_the_file_is_counted_from_where_the_text_begins() -> None:
    with pytest.raises(ExprError) as caught:
        parse_expr("1 <", SCHEMA, line=3, column=7)

    assert (caught.value.line, caught.value.column) == (3, 10)


def test_money_needs_rates() -> None:
    with pytest.raises(ExprError, match="no exchange rates"):
        parse_expr("account.arr > money(5, 'EUR')", SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000 + ")" * 1_000,
        "not " * 400 + "person.vip",
        "-" * 1_900 + "1",
        "1" + "+1" * 900,
        "1" * 1_999,
        "'" + "a" * 1_998,
        '"' + "\\" * 1_900,
        "[" * 999,
        "a." * 999 + "a",
        "x" * 100_000,
        "1" + " + 1" * 200,
        "1 == (" * 38 + "1" + ")" * 38,
    ],
)
def test_hostile_text_is_refused_at_once(text: str) -> None:
    error_of(text)


def test_deep_chains_of_comparisons_stay_small() -> None:
    text = "person.vip == (" * 35 + "person.vip == person.vip" + ") == person.vip" * 35

    assert parse_expr(text, SCHEMA)({"person.vip": True}.get) is True
