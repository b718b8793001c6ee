"""How perception is scored: paired differences with an interval, calibration error, refusals."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def percent(share: float) -> float:
    """A share as per cent with two places."""
    return round(100 * float(share), 2)


def ahead(differences: Array) -> dict[str, float]:
    """Mean and 95% interval of a difference that was measured on the same texts in every draw.

    Args:
        differences: Shape (draws, texts); a text's draws are averaged first: they depend.
    """
    each = differences.mean(axis=0)
    half = 1.96 * each.std(ddof=1) / np.sqrt(len(each))
    mean = each.mean()
    return {"": percent(mean), "_low": percent(mean - half), "_high": percent(mean + half)}


def ece(p: Array, right: Array) -> float:
    """Expected calibration error over ten equal bins."""
    bins = np.minimum((p * 10).astype(int), 9)
    return float(
        sum(abs(right[bins == b].mean() - p[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins))
    )


def f1_ahead(counts: Array, others: Array, draws: int = 1_000) -> dict[str, float]:
    """Difference of micro-F1 with a bootstrap interval over texts.

    Args:
        counts: Per text: hits, told, wanted; shape (texts, 3).
        others: The same of the baseline.
        draws: How many resamples.
    """
    rng = np.random.default_rng(0)
    found = []
    for _ in range(draws):
        rows = rng.integers(len(counts), size=len(counts))
        found.append(micro_f1(counts[rows]) - micro_f1(others[rows]))
    low, high = np.quantile(found, [0.025, 0.975])
    return {
        "": percent(micro_f1(counts) - micro_f1(others)),
        "_low": percent(float(low)),
        "_high": percent(float(high)),
    }


def micro_f1(counts: Array) -> float:
    """Micro-F1 of hits, told and wanted."""
    hits, told, wanted = counts.sum(axis=0)
    return float(2 * hits / (told + wanted))
