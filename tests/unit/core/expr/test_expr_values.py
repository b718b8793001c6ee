"""What expressions mean: one row of a table is one rule of the language."""

import pytest

from segue.core.expr import (
    Compiled,
    FactDecl,
    FactSchema,
    Type,
    Value,
    World,
    matches_permitting,
    matches_restricting,
    parse_expr,
)

SCHEMA = FactSchema.of(
    FactDecl("account.health", Type.INT),
    FactDecl("account.arr", Type.MONEY),
    FactDecl("account.renews_at", Type.INSTANT),
    FactDecl("account.signed_at", Type.INSTANT),
    FactDecl("action.purpose", Type.TEXT),
    FactDecl("consent.sms", Type.BOOL),
    FactDecl("consent.email", Type.BOOL),
    FactDecl("goal.left", Type.DURATION),
    FactDecl("percept.p_cancel", Type.PPM),
    FactDecl("person.country", Type.TEXT),
    FactDecl("person.tags", Type.TEXT_LIST),
    FactDecl("person.open_tickets", Type.TEXT_LIST, World.CLOSED, ()),
    FactDecl("person.touches", Type.INT, World.CLOSED, 0),
    FactDecl("person.vip", Type.BOOL, World.CLOSED, default=False),
)
DAY_S = 86_400
KNOWN: dict[str, Value] = {
    "account.health": 40,
    "account.arr": 5_000_000_000_000,
    "account.renews_at": 20 * DAY_S * 1_000_000,
    "account.signed_at": 10 * DAY_S * 1_000_000,
    "action.purpose": "commercial",
    "consent.sms": True,
    "goal.left": 2 * DAY_S,
    "percept.p_cancel": 350_000,
    "person.country": "DE",
    "person.tags": ["beta", "edu"],
    "person.open_tickets": ("billing",),
    "person.touches": 3,
    "person.vip": True,
}


def euros(amount_minor: int, currency: str) -> int:
    return amount_minor * {"EUR": 1_000_000, "JPY": 600_000}[currency]


def compiled(text: str, expect: Type | None = None) -> Compiled:
    return parse_expr(text, SCHEMA, expect=expect, convert=euros)


def nothing(name: str) -> None:
    """Nothing is on record."""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("account.health < 60", True),
        ("account.health >= 60", False),
        ("0 < account.health < 41 < 42", True),
        ("0 < account.health < 40", False),
        ("account.health != 40", False),
        ('action.purpose == "commercial" and "billing" in person.open_tickets', True),
        ("person.country in ['DE', 'FR']", True),
        ("person.country not in ['DE', 'FR']", False),
        ("person.country in []", False),
        ("account.health in [-40, 40]", True),
        ("-account.health in [-40]", True),
        ('person.country in person.tags or "edu" in person.tags', True),
        ("not consent.sms", False),
        ("consent.sms == true and person.vip == True", True),
        ("not not false", False),
        ("account.health + 2 * 3 - (1 + 1)", 44),
        ("-account.health // 7", -6),
        ("account.health % 7", 5),
        ("1_000 + 1", 1_001),
        ("percept.p_cancel >= 0.35", True),
        ("percept.p_cancel > 0", True),
        ("percept.p_cancel * 2", 700_000),
        ("percept.p_cancel // 0.1", 3),
        ("0.350001 > percept.p_cancel", True),
        ("goal.left == 48h and goal.left > 2d - 30m", True),
        ("goal.left // 1d", 2),
        ("account.renews_at - account.signed_at == 10d", True),
        ("account.signed_at + 10d == account.renews_at", True),
        ("10d + account.signed_at == account.renews_at", True),
        ("account.renews_at - 10d == account.signed_at", True),
        ('account.arr == money(5000000, "EUR")', True),
        ('account.arr > money(8333333, "JPY")', True),
        ("account.arr > 0", True),
        ("account.arr * 0.2", 1_000_000_000_000),
        ('"it\'s \\"x\\" \\\\"', 'it\'s "x" \\'),
        ("'ü' == 'ü' and account.health < 60", True),
        ("\n  account.health\n  < 60\n", True),
    ],
)
def test_known_facts_give_a_value(text: str, value: Value) -> None:
    assert compiled(text)(KNOWN.get) == value


@pytest.mark.parametrize(
    ("text", "value", "unknown"),
    [
        ("consent.sms", None, ("consent.sms",)),
        ("not consent.sms", None, ("consent.sms",)),
        ("consent.sms and false", False, ()),
        ("false and consent.sms", False, ()),
        ("consent.sms and true", None, ("consent.sms",)),
        ("true and consent.sms", None, ("consent.sms",)),
        ("consent.sms or true", True, ()),
        ("true or consent.sms", True, ()),
        ("consent.sms or false", None, ("consent.sms",)),
        ("consent.sms and consent.email and false", False, ()),
        ("consent.sms and consent.email and true", None, ("consent.email", "consent.sms")),
        ("account.health < 60", None, ("account.health",)),
        ("1 < 0 < account.health", False, ()),
        ("account.health < 1 < 0", False, ()),
        ("0 < 1 < account.health", None, ("account.health",)),
        ("account.health + 1 == 2", None, ("account.health",)),
        ("-account.health", None, ("account.health",)),
        ("person.country in ['DE']", None, ("person.country",)),
        ("'edu' in person.tags", None, ("person.tags",)),
        ("'billing' in person.open_tickets", False, ()),
        ("person.touches + 1", 1, ()),
        ("person.vip", False, ()),
        ("1 // person.touches", None, ()),
        ("1 % person.touches == 1 or true", True, ()),
        ("1 // 0", None, ()),
        ("9_000_000_000_000_000_000 + 9_000_000_000_000_000_000", None, ()),
        ("9_000_000_000_000_000_000 * 9_000_000_000_000_000_000 > 0", None, ()),
    ],
)
def test_missing_facts_are_unknown_only_where_they_matter(
    text: str, value: Value | None, unknown: tuple[str, ...]
) -> None:
    rule = compiled(text)

    assert repr(rule(nothing)) == repr(value)
    assert rule.explain(nothing) == unknown


def test_facts_are_read_only_as_far_as_needed() -> None:
    read: list[str] = []

    def env(name: str) -> Value | None:
        read.append(name)
        return KNOWN.get(name)

    assert compiled("account.health > 60 and consent.sms or person.vip")(env) is True

    assert read == ["account.health", "person.vip"]


def test_names_type_and_source_are_told() -> None:
    rule = compiled("person.touches + 1 < account.health and person.touches < 9", expect=Type.BOOL)

    assert rule.names == {"person.touches", "account.health"}
    assert rule.type is Type.BOOL
    assert rule.source == "person.touches + 1 < account.health and person.touches < 9"


def test_zero_may_stand_where_money_is_expected() -> None:
    assert compiled("0", expect=Type.MONEY).type is Type.MONEY


def test_unknown_restricts_and_does_not_permit() -> None:
    assert [matches_restricting(v) for v in (True, None, False)] == [True, True, False]
    assert [matches_permitting(v) for v in (True, None, False)] == [True, False, False]


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        (Type.BOOL, True, 1),
        (Type.INT, 1, True),
        (Type.PPM, 1, 0.5),
        (Type.TEXT, "a", 1),
        (Type.TEXT_LIST, ("a",), "a"),
        (Type.TEXT_LIST, [], [1]),
    ],
)
def test_values_are_checked_at_the_edge(type_: Type, good: object, bad: object) -> None:
    assert type_.accepts(good)
    assert not type_.accepts(bad)


@pytest.mark.parametrize(
    ("name", "world", "default"),
    [
        ("health", World.OPEN, None),
        ("account.is", World.OPEN, None),
        ("account.health", World.OPEN, 3),
        ("account.health", World.CLOSED, None),
        ("account.health", World.CLOSED, "x"),
    ],
)
def test_declarations_that_contradict_themselves_are_refused(
    name: str, world: World, default: Value | None
) -> None:
    with pytest.raises(ValueError, match="fact"):
        FactDecl(name, Type.INT, world, default)


def test_a_fact_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        FactSchema.of(FactDecl("a.b", Type.INT), FactDecl("a.b", Type.TEXT))
