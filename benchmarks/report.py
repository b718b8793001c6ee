"""What every benchmark prints: figures, and the bars they are held against."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from operator import ge, le
from typing import Any, Literal

_OPERATORS = {">=": ge, "<=": le}


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure's target, from the issue that named it."""

    figure: str
    op: Literal[">=", "<="]
    target: float

    def held(self, figures: Mapping[str, Any]) -> dict[str, Any]:
        """The bar beside the measured value."""
        value = figures[self.figure]
        met = _OPERATORS[self.op](value, self.target)
        return {"figure": self.figure, "op": self.op, "target": self.target, "value": value, "met": met}


def report(name: str, figures: Mapping[str, Any], bars: tuple[Bar, ...]) -> dict[str, Any]:
    """The one object a benchmark prints; the load tells how much of the machine others used meanwhile."""
    figures = {**figures, "load_average_5m": round(os.getloadavg()[1], 2), "cores": os.cpu_count()}
    return {"name": name, "figures": figures, "bars": [bar.held(figures) for bar in bars]}


def percentile(values: list[float], share: float) -> float:
    """Nearest-rank percentile; `share` in [0, 1].

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    rank = max(0, min(len(ordered) - 1, -(-int(share * 1_000_000) * len(ordered) // 1_000_000) - 1))
    return ordered[rank]
