"""Texts to vectors and emotions by the weights in `weights/`; loaded when the first text is read."""

import json
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from segue.core.errors import MissingError
from segue.core.records.meaning import Meaning
from segue.core.records.percepts import EMOTIONS

WEIGHTS = Path(__file__).parent / "weights"
TOKENS_AT_MOST = 128
"""Word pieces of a text that are read; the rest of a longer one is not."""

_CUT = 4_000
_FILES = ("encoder.onnx", "tokenizer.json", "emotions.json")


class OnnxEncoder:
    """The model in a folder, behind core's port `Encoder`.

    One text at a time: an int8 model scales its inputs by what is in the batch, so a batch would change the
    answer (0.995 cosine). One thread, because the caller has one lane.

    Args:
        folder: Where `encoder.onnx`, `tokenizer.json` and `emotions.json` are.

    Raises:
        MissingError: One of the files is not there.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        for name in _FILES:
            if not (folder / name).is_file():
                raise MissingError(f"the encoder has no file `{name}` in `{folder}`")
        self._folder = folder
        self._loaded: tuple[Any, Any, Any] | None = None
        self._model = ""

    @property
    def model(self) -> str:
        """Hash of the model's files."""
        if not self._model:
            made = blake2b(digest_size=16)
            for name in _FILES:
                made.update((self._folder / name).read_bytes())
            self._model = made.hexdigest()
        return self._model

    def encode(self, text: str) -> Meaning:
        """Read one text; what goes beyond 128 word pieces is left out."""
        tokenizer, session, thresholds = self._loaded or self._load()
        # Blanked quotes are white space; half of a surrogate pair is no text that a tokenizer takes.
        plain = " ".join(text[:_CUT].split()).encode("utf-8", "replace").decode("utf-8")
        ids = np.array([tokenizer.encode(plain).ids], np.int32)
        means, logits = session.run(None, {"ids": ids})
        layers = means[0] / np.linalg.norm(means[0], axis=1, keepdims=True)
        vector = (layers / np.sqrt(len(layers))).reshape(-1).astype(np.float32)
        emotions = 1.0 / (1.0 + np.exp(-logits.reshape(-1).astype(np.float64)))
        return Meaning(vector, emotions, emotions >= thresholds)

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is one of the tokenizer's whole words."""
        tokenizer, _, _ = self._loaded or self._load()
        return tokenizer.token_to_id(word) is not None

    def _load(self) -> tuple[Any, Any, Any]:
        # Importing these costs 0.1 s, and most commands never read a text.
        from onnxruntime import (  # type: ignore[import-untyped]  # noqa: PLC0415
            InferenceSession,
            SessionOptions,
        )
        from tokenizers import Tokenizer  # noqa: PLC0415

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = str(self._folder / "encoder.onnx")
        session = InferenceSession(model, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        # The base model's tokenizer pads to 128, which would make every text as slow as a long one.
        tokenizer.no_padding()
        tokenizer.enable_truncation(TOKENS_AT_MOST)
        thresholds = json.loads((self._folder / "emotions.json").read_bytes())
        self._loaded = (tokenizer, session, np.array([thresholds[name] for name in EMOTIONS]))
        return self._loaded


@lru_cache(maxsize=1)
def shipped() -> OnnxEncoder:
    """The encoder that ships with the package; one for the whole process."""
    return OnnxEncoder()
