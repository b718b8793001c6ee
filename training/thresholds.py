"""`python -m training.thresholds`: from which probability on each emotion counts as shown.

Chosen on the tenth of GoEmotions' training part that was not trained on: the threshold with the best F1 of
each label, after smoothing the curve, because some labels have few examples there.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.encoder import OnnxEncoder
from training import data

TRIED = np.linspace(0.05, 0.70, 66)
SMOOTHED = 7


def chosen(p: NDArray[Any], shown: NDArray[Any]) -> float:
    """The threshold of one label."""
    hits = np.array([((p >= t) & shown).sum() for t in TRIED])
    told = np.array([(p >= t).sum() for t in TRIED])
    f1 = 2 * hits / (told + shown.sum() + 1e-9)
    smooth = np.convolve(np.pad(f1, SMOOTHED // 2, mode="edge"), np.ones(SMOOTHED) / SMOOTHED, "valid")
    return float(TRIED[int(smooth.argmax())])


def main() -> None:
    """Write `emotions.json` beside the weights."""
    parser = argparse.ArgumentParser(prog="training.thresholds", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("src/segue/encoder/weights"))
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"training: no data at `{asked.data}`; nothing to do")
        return
    told = data.held_out(asked.data)
    names = data.emotion_names(asked.data)
    _write(asked.out, dict.fromkeys(names, 0.5))
    encoder = OnnxEncoder(asked.out)
    p = np.stack([encoder.encode(one.text).emotions for one in told])
    shown = np.zeros(p.shape, bool)
    for row, one in enumerate(told):
        shown[row, list(one.emotions or ())] = True
    _write(asked.out, {name: round(chosen(p[:, i], shown[:, i]), 3) for i, name in enumerate(names)})


def _write(folder: Path, thresholds: dict[str, float]) -> None:
    (folder / "emotions.json").write_text(json.dumps(thresholds, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
