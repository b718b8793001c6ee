"""Token vectors of the shipped model: what its last layer holds of each word, in fewer numbers."""

from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.core.errors import MissingError
from segue.core.records.meaning import TokenMeaning
from segue.encoder.onnx import TOKENS_AT_MOST, WEIGHTS

LAYER = "encoder.layer.5.output.out"
"""Name of the last layer's output within the model's graph."""

_FILES = ("encoder.onnx", "tokenizer.json", "tokens.npz")
_CUT = 4_000
_GRAPH, _OUTPUT, _NAME = 7, 12, 1


class OnnxTokenEncoder:
    """The model in a folder, behind the port `segue.core.token_encoder`; loaded when a text is read.

    Args:
        folder: Where `encoder.onnx`, `tokenizer.json` and `tokens.npz` are.

    Raises:
        MissingError: One of the files is not there.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        for name in _FILES:
            if not (folder / name).is_file():
                raise MissingError(f"the encoder has no file `{name}` in `{folder}`")
        self._folder = folder
        self._loaded: tuple[Any, Any, Any, Any] | None = None
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

    def tokens(self, text: str) -> TokenMeaning:
        """Read one text; what goes beyond 128 word pieces is left out."""
        pieces, layer = self.layer(text)
        _, _, mean, turned = self._loaded or self._load()
        vectors = _unit(_unit(layer - mean) @ turned)
        return TokenMeaning(pieces, vectors.astype(np.float32))

    def layer(self, text: str) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        """The pieces of a text and what the last layer holds of each, before it is turned."""
        tokenizer, session, _, _ = self._loaded or self._load()
        read = tokenizer.encode(" ".join(text[:_CUT].split()).encode("utf-8", "replace").decode("utf-8"))
        found = session.run([LAYER], {"ids": np.array([read.ids], np.int32)})[0][0]
        return tuple(read.tokens[1:-1]), found[1:-1]

    def _load(self) -> tuple[Any, Any, Any, Any]:
        # Importing these costs 0.1 s, and most commands never read a text.
        from onnxruntime import (  # type: ignore[import-untyped]  # noqa: PLC0415
            InferenceSession,
            SessionOptions,
        )
        from tokenizers import Tokenizer  # noqa: PLC0415

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = told_too((self._folder / "encoder.onnx").read_bytes(), LAYER)
        session = InferenceSession(model, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(TOKENS_AT_MOST)
        with np.load(self._folder / "tokens.npz") as kept:
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
