"""Perception: what ships beside the untrained base and TF-IDF, on public data, in one run.

Figures in per cent. `ahead_*` are differences of the same texts over three draws, with their 95% interval.
Without the data, or without the base model, what needs them is left out and told.
"""

import os
import sys
from pathlib import Path
from typing import Any

# Before numpy is loaded: CPU time is what is measured, and threads that wait for each other use it up.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks import perception_rules
from benchmarks.perception import base, clinc, emotions, languages, nlupp, speed
from benchmarks.report import Bar, report

DATA = Path("../shared/data")

BARS = (
    Bar("clinc_10_accuracy_ahead_of_base", ">=", 1.0),
    Bar("clinc_10_accuracy_ahead_of_base_low", ">=", 0.0),
    Bar("clinc_10_accuracy", ">=", 92.5),
    Bar("clinc_10_oos_auroc", ">=", 96.5),
    Bar("clinc_10_oos_recall", ">=", 89.5),
    Bar("clinc_10_ece", "<=", 4.0),
    Bar("clinc_10_accuracy_of_surest_80", ">=", 96.5),
    Bar("clinc_full_accuracy", ">=", 95.5),
    Bar("clinc_full_oos_auroc", ">=", 97.5),
    Bar("nlupp_f1_ahead_of_base_low", ">=", 0.0),
    Bar("nlupp_f1_ahead_of_tfidf_low", ">=", 0.0),
    Bar("goemotions_macro_f1_28", ">=", 44.0),
    Bar("goemotions_macro_f1_ekman", ">=", 58.0),
    Bar("goemotions_macro_f1_group", ">=", 66.0),
    Bar("languages_accepted_intents", "<=", 1.0),
    Bar("wishes_f1", ">=", 95.0),
    Bar("promises_f1", ">=", 95.0),
    Bar("times_f1", ">=", 95.0),
    Bar("personal_data_recall", ">=", 97.0),
    Bar("personal_data_precision", ">=", 88.0),
    Bar("tier0_with_wishes_cpu_ms", "<=", 0.3),
    Bar("fit_150_by_10_cpu_s", "<=", 6.0),
    Bar("fit_150_by_10_cached_cpu_s", "<=", 2.5),
    Bar("messages_per_cpu_s", ">=", 350),
    Bar("message_p50_cpu_ms", "<=", 5.0),
    Bar("load_cpu_s", "<=", 1.5),
    Bar("resident_mb", "<=", 400),
)


def measure(*, quick: bool) -> dict[str, Any]:
    """Measure; `quick` takes one draw and leaves the full data out."""
    if not DATA.is_dir():
        return report("perception", {"told": f"no data at `{DATA}`: nothing measured"}, ())
    figures = _told(perception_rules.figures(DATA / "pii" / "presidio_synth_dev.json"))
    figures |= _told(speed.measure(DATA)) | _told(emotions.measure(DATA)) | _told(languages.measure(DATA))
    with base.found() as plain:
        figures |= _told(nlupp.measure(DATA, plain, quick=quick))
        figures |= _told(clinc.measure(DATA, plain, quick=quick))
    return report("perception", figures, tuple(bar for bar in BARS if bar.figure in figures))


def _told(figures: dict[str, Any]) -> dict[str, Any]:
    """Show a part's figures as soon as they are there: the whole takes many minutes."""
    sys.stderr.write(f"{figures}\n")
    return figures
