"""Files of a model in a folder: are they there, their hash, and how onnxruntime and tokenizers open them."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from segue.core.errors import MissingError

WEIGHTS = Path(__file__).parent / "weights"
MODEL, TOKENIZER = "encoder.onnx", "tokenizer.json"

TOKENS_AT_MOST = 128
"""Word pieces of a text that are read; the rest of a longer one is not."""

_CUT = 4_000

_UNFUSED = ["SkipLayerNormFusion", "BiasGeluFusion"]
"""On CPU these operators of onnxruntime are slower than what they stand for: a text costs a sixth more."""


def present(folder: Path, names: Sequence[str]) -> Path:
    """The folder, where all files are in it.

    Raises:
        MissingError: One of the files is not there.
    """
    for name in names:
        if not (folder / name).is_file():
            raise MissingError(f"the encoder has no file `{name}` in `{folder}`")
    return folder


def hash_of(folder: Path, names: Sequence[str]) -> str:
    """Hash of files, which names the model they are."""
    made = blake2b(digest_size=16)
    for name in names:
        made.update((folder / name).read_bytes())
    return made.hexdigest()


def plain(text: str) -> str:
    """What a tokenizer is given of a text.

    Blanked quotes are white space; half of a surrogate pair is no text that a tokenizer takes.
    """
    return " ".join(text[:_CUT].split()).encode("utf-8", "replace").decode("utf-8")


def opened(folder: Path, model: bytes | str) -> tuple[Any, Any]:
    """The tokenizer of a folder, and a session of one thread, because the caller has one lane.

    Args:
        folder: Where the tokenizer's file is.
        model: The model's file or its bytes.
    """
    # Importing these costs 0.1 s, and most commands never read a text.
    from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = InferenceSession(
        model, options, providers=["CPUExecutionProvider"], disabled_optimizers=_UNFUSED
    )
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    # The base model's tokenizer pads to 128, which would make every text as slow as a long one.
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS_AT_MOST)
    return tokenizer, session
