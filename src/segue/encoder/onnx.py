"""Texts to vectors and emotions by the weights in `weights/`; loaded when the first text is read."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from segue.core.records.meaning import Meaning
from segue.core.records.percepts import EMOTIONS
from segue.encoder.files import MODEL, TOKENIZER, WEIGHTS, hash_of, opened, plain, present

_THRESHOLDS = "emotions.json"
_FILES = (MODEL, TOKENIZER, _THRESHOLDS)


class OnnxEncoder:
    """The model in a folder, behind core's port `Encoder`.

    One text at a time: an int8 model scales its inputs by what is in the batch, so a batch would change the
    answer (0.995 cosine).

    Args:
        folder: Where `encoder.onnx`, `tokenizer.json` and `emotions.json` are.

    Raises:
        MissingError: One of the files is not there.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self._folder = present(folder, _FILES)
        self._loaded: tuple[Any, Any, Any] | None = None
        self._model = ""

    @property
    def model(self) -> str:
        """Hash of the model's files."""
        self._model = self._model or hash_of(self._folder, _FILES)
        return self._model

    def encode(self, text: str) -> Meaning:
        """Read one text; what goes beyond 128 word pieces is left out."""
        tokenizer, session, thresholds = self._loaded or self._load()
        ids = np.array([tokenizer.encode(plain(text)).ids], np.int32)
        vectors, logits = session.run(None, {"ids": ids})
        vector = vectors.reshape(-1)
        emotions = 1.0 / (1.0 + np.exp(-logits.reshape(-1).astype(np.float64)))
        return Meaning(vector, emotions, emotions >= thresholds)

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is one of the tokenizer's whole words."""
        tokenizer, _, _ = self._loaded or self._load()
        return tokenizer.token_to_id(word) is not None

    def _load(self) -> tuple[Any, Any, Any]:
        tokenizer, session = opened(self._folder, str(self._folder / MODEL))
        thresholds = json.loads((self._folder / _THRESHOLDS).read_bytes())
        self._loaded = (tokenizer, session, np.array([thresholds[name] for name in EMOTIONS]))
        return self._loaded


@lru_cache(maxsize=1)
def shipped() -> OnnxEncoder:
    """The encoder that ships with the package; one for the whole process."""
    return OnnxEncoder()
