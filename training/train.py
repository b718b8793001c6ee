"""`python -m training.train`: teach the base encoder emotions while it keeps its meaning of sentences.

The word embeddings and the three lowest layers stay as they are, so their output is computed once. The upper
three learn two things together: 28 emotions, from the first token and the mean; and to leave the sentence
vectors (means of the last three layers) where the base model has them, on the same texts and on requests.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]
import torch.nn.functional as f  # type: ignore[import-not-found]
from safetensors.torch import save_file  # type: ignore[import-not-found]
from tokenizers import Tokenizer

from training import bert, data

FROZEN = 3
TOKENS = 64
BATCH = 32
EPOCHS = 2
RATE = 1e-4
HEAD_RATE = 5e-4
KEEP = 16.0
DROPOUT = 0.1
EMOTIONS = 28
SEED = 7


class Texts:
    """Tokenised texts, the frozen layers' output and the base model's sentence vectors, by length."""

    def __init__(self, told: list[data.Told], base: bert.Weights, tokenizer: Tokenizer) -> None:
        codes = [code.ids for code in tokenizer.encode_batch([one.text for one in told])]
        order = sorted(range(len(told)), key=lambda index: len(codes[index]))
        self.codes = [codes[index] for index in order]
        self.told = [told[index] for index in order]
        self.hidden: list[Any] = []
        self.means: list[Any] = []
        for first in range(0, len(order), 128):
            self._compute(base, self.codes[first : first + 128])

    def _compute(self, base: bert.Weights, codes: list[list[int]]) -> None:
        with torch.no_grad():
            ids, mask = padded(codes)
            hidden = bert.embedded(base, ids)
            for number in range(FROZEN):
                hidden = bert.through(base, number, hidden, mask)
            self.hidden += [row[: len(code)].half() for row, code in zip(hidden, codes, strict=True)]
            means = []
            for number in range(FROZEN, bert.LAYERS):
                hidden = bert.through(base, number, hidden, mask)
                means.append(bert.pooled(hidden, mask))
            self.means += list(torch.stack(means, 1).half())

    def batches(self, rng: np.random.Generator) -> list[range]:
        """Batches of texts of like length, in a drawn order."""
        starts = np.arange(int(rng.integers(BATCH)) - BATCH + 1, len(self.codes), BATCH)
        rng.shuffle(starts)
        return [range(max(0, int(s)), min(len(self.codes), int(s) + BATCH)) for s in starts if s > -BATCH]


def padded(codes: list[list[int]]) -> tuple[Any, Any]:
    """Ids padded to the longest, and where there is a token."""
    width = max(map(len, codes))
    ids = torch.tensor([code + [0] * (width - len(code)) for code in codes])
    mask = torch.tensor([[True] * len(code) + [False] * (width - len(code)) for code in codes])
    return ids, mask


def fresh_head(seed: int) -> bert.Weights:
    """The emotions' head before training."""
    maker = torch.Generator().manual_seed(seed)
    return {
        "affect.inner.weight": torch.randn(bert.WIDTH, 2 * bert.WIDTH, generator=maker) * 0.03,
        "affect.inner.bias": torch.zeros(bert.WIDTH),
        "affect.outer.weight": torch.randn(EMOTIONS, bert.WIDTH, generator=maker) * 0.03,
        "affect.outer.bias": torch.full((EMOTIONS,), -3.0),
    }


def loss_of(weights: bert.Weights, texts: Texts, batch: range) -> tuple[Any, Any]:
    """Loss of the emotions, and how far the sentence vectors moved (1 - cosine)."""
    _, mask = padded([texts.codes[i] for i in batch])
    hidden = torch.nn.utils.rnn.pad_sequence([texts.hidden[i] for i in batch], batch_first=True).float()
    means = []
    for number in range(FROZEN, bert.LAYERS):
        hidden = bert.through(weights, number, hidden, mask, DROPOUT)
        means.append(bert.pooled(hidden, mask))
    was = torch.stack([texts.means[i] for i in batch]).float()
    moved = (1 - f.cosine_similarity(torch.stack(means, 1), was, dim=2)).mean()
    known = [at for at, i in enumerate(batch) if texts.told[i].emotions is not None]
    if not known:
        return torch.zeros(()), moved
    wanted = torch.zeros(len(known), EMOTIONS)
    for row, at in enumerate(known):
        wanted[row, list(texts.told[batch[at]].emotions or ())] = 1.0
    logits = bert.felt(weights, hidden[known, 0], means[-1][known], DROPOUT)
    return f.binary_cross_entropy_with_logits(logits, wanted, reduction="sum") / len(batch), moved


def train(texts: Texts, base: bert.Weights, out: Path, epochs: int) -> bert.Weights:
    """Train, save after every epoch, and return the weights."""
    tuned = [f"encoder.layer.{number}." for number in range(FROZEN, bert.LAYERS)]
    weights = {**{name: value.clone() for name, value in base.items()}, **fresh_head(SEED)}
    body = [name for name in weights if name.startswith(tuple(tuned))]
    head = [name for name in weights if name.startswith("affect.")]
    for name in body + head:
        weights[name].requires_grad_(requires_grad=True)
    groups = [
        {"params": [weights[n] for n in body], "lr": RATE},
        {"params": [weights[n] for n in head], "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * (len(texts.codes) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [RATE, HEAD_RATE], total_steps=steps + epochs, pct_start=0.1
    )
    rng = np.random.default_rng(SEED)
    started = time.perf_counter()
    for epoch in range(epochs):
        seen: list[tuple[float, float]] = []
        for number, batch in enumerate(texts.batches(rng)):
            emotions, moved = loss_of(weights, texts, batch)
            (emotions + KEEP * moved).backward()
            torch.nn.utils.clip_grad_norm_([weights[n] for n in body + head], 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
            seen.append((float(emotions.detach()), float(moved.detach())))
            if number % 100 == 99:
                lately = np.mean(seen[-100:], axis=0)
                spent_s = time.perf_counter() - started
                told = f"emotions {lately[0]:.3f} moved {lately[1]:.4f} {spent_s:.0f} s"
                print(f"epoch {epoch} step {number + 1} {told}", flush=True)
        save_file({name: value.detach().contiguous() for name, value in weights.items()}, str(out))
    return weights


def main() -> None:
    """Train on `--data` and write the weights to `--out`."""
    parser = argparse.ArgumentParser(prog="training.train", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("build/encoder.safetensors"))
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--sample", type=int, default=0, help="train on this many texts, to see that it works"
    )
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"training: no data at `{asked.data}`; nothing to do")
        return
    torch.manual_seed(SEED)
    torch.set_num_threads(asked.threads)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    folder = data.base_model()
    base = bert.base_weights(folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS)
    told = data.training_texts(asked.data)
    texts = Texts(told[:: max(1, len(told) // asked.sample)] if asked.sample else told, base, tokenizer)
    train(texts, base, asked.out, asked.epochs)


if __name__ == "__main__":
    main()
