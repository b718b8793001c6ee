"""Reading compiled expressions and facts through a view."""

from segue.core.expr import Compiled, Lookup, matches_permitting


def holds(expression: Compiled, view: Lookup) -> bool:
    """Whether a permitting expression is known to be true; unknown does not permit."""
    return matches_permitting(expression(view))


def number(expression: Compiled, view: Lookup) -> int | None:
    """The integer an expression gives (money, instant, duration, int), or None where unknown."""
    value = expression(view)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text(view: Lookup, name: str, otherwise: str = "") -> str:
    """A text fact, or `otherwise` where it is unknown."""
    value = view(name)
    return value if isinstance(value, str) and value else otherwise
