"""Who is who: linking against an adversary, unmerging, and what fuzzy matching would propose."""

from typing import Any

from benchmarks.identity import linking, proposals
from benchmarks.report import Bar, report

BARS = (
    Bar("people", ">=", 20_000),
    Bar("contradicted_merges", "<=", 0),
    Bar("identifiable_pairs_found", ">=", 0.95),
    Bar("unmerge_round_trips_unequal", "<=", 0),
)


def measure(*, quick: bool) -> dict[str, Any]:
    """Measure; `quick` takes a tenth of the people."""
    figures = linking.figures(people=2_000 if quick else 20_000)
    figures |= proposals.figures(quick=quick)
    return report("identity", figures, BARS)
