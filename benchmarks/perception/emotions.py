"""GoEmotions, the dev part: macro-F1 over 28 labels, Ekman's six and neutral, and the four groups."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score  # type: ignore[import-untyped]

from benchmarks.perception.figures import percent
from segue.core.records.percepts import EMOTIONS
from segue.encoder import shipped

# The groupings of the GoEmotions paper (Demszky et al., 2020).
_EKMAN = {
    "anger": "anger annoyance disapproval",
    "disgust": "disgust",
    "fear": "fear nervousness",
    "joy": "joy amusement approval excitement gratitude love optimism relief pride admiration desire caring",
    "sadness": "sadness disappointment embarrassment grief remorse",
    "surprise": "surprise realization confusion curiosity",
    "neutral": "neutral",
}
_GROUPS = {
    "positive": "amusement excitement joy love desire optimism caring pride admiration gratitude relief "
    "approval",
    "negative": "fear nervousness remorse embarrassment disappointment sadness grief disgust anger annoyance "
    "disapproval",
    "ambiguous": "realization surprise curiosity confusion",
    "neutral": "neutral",
}

Array = NDArray[Any]


def measure(folder: Path) -> dict[str, Any]:
    """Macro-F1 with the shipped thresholds, which were chosen on the training part."""
    lines = (folder / "emotion" / "goemotions" / "dev.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line]
    wanted = np.zeros((len(rows), len(EMOTIONS)), bool)
    for row, (_, numbers, _) in enumerate(rows):
        wanted[row, [int(number) for number in numbers.split(",")]] = True
    encoder = shipped()
    shown = np.stack([encoder.encode(text).shown for text, _, _ in rows])
    return {
        "goemotions_macro_f1_28": _macro(wanted, shown),
        "goemotions_macro_f1_ekman": _macro(_joined(wanted, _EKMAN), _joined(shown, _EKMAN)),
        "goemotions_macro_f1_group": _macro(_joined(wanted, _GROUPS), _joined(shown, _GROUPS)),
    }


def _joined(each: Array, groups: dict[str, str]) -> Array:
    columns = [[EMOTIONS.index(name) for name in names.split()] for names in groups.values()]
    return np.stack([each[:, column].any(axis=1) for column in columns], axis=1)


def _macro(wanted: Array, shown: Array) -> float:
    return percent(f1_score(wanted, shown, average="macro", zero_division=0))
