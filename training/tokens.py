"""`python -m training.tokens`: how token vectors become the fewer numbers that recall keeps.

The principal directions of the token vectors of GoEmotions' training part and of the own-written requests;
nothing of what recall is measured on is read.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.encoder import OnnxTokenEncoder
from segue.graph.recall.vectors import WIDTH
from training import data

TEXTS = 1_500
HIDDEN = 384


def main() -> None:
    """Write `tokens.npz` beside the weights."""
    parser = argparse.ArgumentParser(prog="training.tokens", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("src/segue/encoder/weights"))
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"training: no data at `{asked.data}`; nothing to do")
        return
    told = data.training_texts(asked.data)
    # The encoder wants its file; what is written first turns nothing.
    _write(asked.out, np.zeros(HIDDEN), np.eye(HIDDEN))
    encoder = OnnxTokenEncoder(asked.out)
    texts = [one.text for one in told[:: len(told) // TEXTS]]
    rows = np.concatenate([encoder.layer(text)[1] for text in texts]).astype(np.float64)
    mean = rows.mean(axis=0)
    rows -= mean
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    _, directions = np.linalg.eigh(rows.T @ rows)
    _write(asked.out, mean, directions[:, ::-1][:, :WIDTH])


def _write(folder: Path, mean: NDArray[Any], turned: NDArray[Any]) -> None:
    np.savez(folder / "tokens.npz", mean=mean.astype(np.float16), turned=turned.astype(np.float16))


if __name__ == "__main__":
    main()
