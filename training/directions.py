"""`python -m training.directions`: which directions of a text's vector count, added to trained weights.

A text's vector is the means of the last four layers, each of unit length, joined. The 256 principal
directions of its 1,536 numbers, over GoEmotions' training part and the own-written requests, tell requests
apart as well as all do (93.0 against 92.9 on the validation part of CLINC150, 10 examples each) at a sixth
of the work.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file  # type: ignore[import-not-found]
from tokenizers import Tokenizer

from training import bert, data

TOLD = 4
DIRECTIONS = 256
TURNED = "meaning.turned"
TEXTS = 4_000
TOKENS = 128


def vector_of(weights: bert.Weights, ids: list[int]) -> NDArray[Any]:
    """The joined means of one text, shape (4 x width,)."""
    with torch.no_grad():
        batch = torch.tensor([ids])
        mask = torch.ones_like(batch, dtype=torch.bool)
        hidden = bert.embedded(weights, batch)
        means = []
        for number in range(bert.LAYERS):
            hidden = bert.through(weights, number, hidden, mask)
            if number >= bert.LAYERS - TOLD:
                means.append(torch.nn.functional.normalize(bert.pooled(hidden, mask), dim=1))
        return np.asarray(torch.cat(means, 1)[0].numpy(), np.float64)


def main() -> None:
    """Add the directions to the weights in `--weights`."""
    parser = argparse.ArgumentParser(prog="training.directions", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, default=Path("build/encoder.safetensors"))
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"training: no data at `{asked.data}`; nothing to do")
        return
    torch.set_num_threads(1)
    weights = load_file(str(asked.weights))
    tokenizer = Tokenizer.from_file(str(data.base_model() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS)
    told = data.training_texts(asked.data)
    felt = [one.text for one in told if one.emotions is not None]
    texts = felt[:: len(felt) // TEXTS][:TEXTS] + [one.text for one in told if one.emotions is None]
    rows = np.stack([vector_of(weights, tokenizer.encode(text).ids) for text in texts])
    _, directions = np.linalg.eigh(rows.T @ rows)
    kept = np.ascontiguousarray(directions[:, ::-1][:, :DIRECTIONS]).astype(np.float32)
    save_file({**weights, TURNED: torch.from_numpy(kept)}, str(asked.weights))


if __name__ == "__main__":
    main()
