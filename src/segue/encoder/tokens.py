"""Token vectors of the shipped model: what its last layer holds of each word, in fewer numbers."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.core.records.meaning import TokenMeaning
from segue.encoder.files import MODEL, TOKENIZER, WEIGHTS, hash_of, opened, plain, present

LAYER = "encoder.layer.5.output.out"
"""Name of the last layer's output within the model's graph."""

_TURNED = "tokens.npz"
_FILES = (MODEL, TOKENIZER, _TURNED)
_GRAPH, _OUTPUT, _NAME = 7, 12, 1


class OnnxTokenEncoder:
    """The model in a folder, behind the port `segue.core.token_encoder`; loaded when a text is read.

    Args:
        folder: Where `encoder.onnx`, `tokenizer.json` and `tokens.npz` are.

    Raises:
        MissingError: One of the files is not there.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self._folder = present(folder, _FILES)
        self._loaded: tuple[Any, Any, Any, Any] | None = None
        self._model = ""

    @property
    def model(self) -> str:
        """Hash of the model's files."""
        self._model = self._model or hash_of(self._folder, _FILES)
        return self._model

    def tokens(self, text: str) -> TokenMeaning:
        """Read one text; what goes beyond 128 word pieces is left out."""
        pieces, layer = self.layer(text)
        _, _, mean, turned = self._loaded or self._load()
        vectors = _unit(_unit(layer - mean) @ turned)
        return TokenMeaning(pieces, vectors.astype(np.float32))

    def layer(self, text: str) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        """The pieces of a text and what the last layer holds of each, before it is turned."""
        tokenizer, session, _, _ = self._loaded or self._load()
        read = tokenizer.encode(plain(text))
        found = session.run([LAYER], {"ids": np.array([read.ids], np.int32)})[0][0]
        return tuple(read.tokens[1:-1]), found[1:-1]

    def _load(self) -> tuple[Any, Any, Any, Any]:
        model = told_too((self._folder / MODEL).read_bytes(), LAYER)
        tokenizer, session = opened(self._folder, model)
        with np.load(self._folder / _TURNED) as kept:
            mean, turned = kept["mean"].astype(np.float32), kept["turned"].astype(np.float32)
        self._loaded = (tokenizer, session, mean, turned)
        return self._loaded


def told_too(model: bytes, name: str) -> bytes:
    """A model that gives one more of its inner values.

    Protocol buffers merge what is written twice, so the output is written behind the model: no library that
    builds graphs is needed at run time, and the file itself stays as it is.
    """
    return model + _field(_GRAPH, _field(_OUTPUT, _field(_NAME, name.encode())))


def _field(number: int, content: bytes) -> bytes:
    return bytes((number << 3 | 2, len(content))) + content


def _unit(rows: Any) -> Any:  # noqa: ANN401 - arrays of the runtime, which has no types
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
