"""Memory: recall on public conversations, answers as of any pair of instants, and reads of a big home.

Without the public data, what needs them is left out and told.
"""

import os
import sys
from pathlib import Path
from typing import Any

# Before numpy is loaded: CPU time is what is measured, and threads that wait for each other use it up.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.memory import as_of, big, locomo
from benchmarks.report import Bar, report

DATA = Path("../shared/data")

BARS = (
    Bar("turn_r10_crossfitted", ">=", 0.84),
    Bar("session_r5_crossfitted", ">=", 0.90),
    Bar("turn_r10_fixed_words", ">=", 0.78),
    Bar("session_r5_fixed_words", ">=", 0.88),
    Bar("query_cpu_ms", "<=", 10.0),
    Bar("query_cpu_ms_product_tokens", "<=", 10.0),
    Bar("token_bytes_most", "<=", 2_048),
    Bar("as_of_wrong", "<=", 0),
    Bar("context_cpu_us_p50", "<=", 80),
    Bar("identifier_cpu_us_p50", "<=", 15),
)


def measure(*, quick: bool) -> dict[str, Any]:
    """Measure; `quick` reads one conversation, fits nothing, and fills a small home."""
    figures = _told(locomo.measure(DATA, quick=quick)) | _told(as_of.measure(quick=quick))
    figures |= _told(big.measure(quick=quick))
    return report("memory", figures, tuple(bar for bar in BARS if bar.figure in figures))


def _told(figures: dict[str, Any]) -> dict[str, Any]:
    """Show a part's figures as soon as they are there."""
    sys.stderr.write(f"{figures}\n")
    return figures
