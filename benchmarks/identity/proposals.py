"""Placeholder."""


def figures(*, quick: bool) -> dict[str, object]:
    """Nothing yet."""
    del quick
    return {}
