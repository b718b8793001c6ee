"""Which types may be added, multiplied and divided, and the integer formula for each pair."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from segue.core.expr.schema import Type

Rule: TypeAlias = tuple[Type, str]
"""Type of the result, and its formula over `{l}` and `{r}`."""

_UNITS: Final = (Type.PPM, Type.MONEY, Type.DURATION)


def _rules() -> Iterator[tuple[tuple[Type, str, Type], Rule]]:
    for op in ("+", "-", "*", "//", "%"):
        yield (Type.INT, op, Type.INT), (Type.INT, f"{{l}} {op} {{r}}")
    for unit in _UNITS:
        yield (unit, "+", unit), (unit, "{l} + {r}")
        yield (unit, "-", unit), (unit, "{l} - {r}")
        yield (unit, "*", Type.INT), (unit, "{l} * {r}")
        yield (Type.INT, "*", unit), (unit, "{l} * {r}")
        yield (unit, "//", Type.INT), (unit, "{l} // {r}")
        yield (unit, "//", unit), (Type.INT, "{l} // {r}")
    yield (Type.MONEY, "*", Type.PPM), (Type.MONEY, "{l} * {r} // 1000000")
    yield (Type.PPM, "*", Type.MONEY), (Type.MONEY, "{l} * {r} // 1000000")
    yield (Type.INSTANT, "-", Type.INSTANT), (Type.DURATION, "({l} - {r}) // 1000000")
    yield (Type.INSTANT, "+", Type.DURATION), (Type.INSTANT, "{l} + {r} * 1000000")
    yield (Type.DURATION, "+", Type.INSTANT), (Type.INSTANT, "{l} * 1000000 + {r}")
    yield (Type.INSTANT, "-", Type.DURATION), (Type.INSTANT, "{l} - {r} * 1000000")


RULES: Final[dict[tuple[Type, str, Type], Rule]] = dict(_rules())
"""By left type, operator and right type; division and `%` round down, as Python does."""

NEGATABLE: Final = frozenset({Type.INT, *_UNITS})
ORDERED: Final = frozenset({Type.INT, Type.INSTANT, *_UNITS})
EQUATABLE: Final = ORDERED | {Type.BOOL, Type.TEXT}
