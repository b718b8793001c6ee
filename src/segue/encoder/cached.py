"""Vectors of texts read before, kept in a file, so that the examples of a playbook are read once."""

import os
from hashlib import blake2b
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from segue.core.ports import Encoder
from segue.core.records.meaning import Meaning

_DIGEST = 16


class CachedEncoder:
    """An encoder that keeps what it gave; for examples, of which there are few, not for messages.

    Args:
        encoder: Reads what is not known yet.
        file: Where `save` keeps it; None keeps it in memory only. A file that another model made, or that
            cannot be read, counts as empty.
    """

    def __init__(self, encoder: Encoder, file: Path | None = None) -> None:
        self._encoder = encoder
        self._file = file
        self._known: dict[bytes, Meaning] = {}
        self._fresh = False
        if file is not None and file.is_file():
            self._known = _read(file, encoder.model)

    @property
    def model(self) -> str:
        """Hash of the model's files."""
        return self._encoder.model

    def encode(self, text: str) -> Meaning:
        """Read one text, or remember it."""
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._encoder.encode(text)
            self._fresh = True
        return known

    def save(self) -> None:
        """Write the file if anything is new; nothing happens without one."""
        if self._file is None or not self._fresh:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_suffix(f".{os.getpid()}.part")
        with beside.open("wb") as out:
            np.savez(
                out,
                model=np.array(self.model),
                keys=np.frombuffer(b"".join(self._known), np.uint8).reshape(-1, _DIGEST),
                vectors=np.stack([meaning.vector for meaning in self._known.values()]),
                emotions=np.stack([meaning.emotions for meaning in self._known.values()]),
                shown=np.stack([meaning.shown for meaning in self._known.values()]),
            )
        beside.replace(self._file)
        self._fresh = False


def _read(file: Path, model: str) -> dict[bytes, Meaning]:
    try:
        with np.load(file) as kept:
            if str(kept["model"]) != model:
                return {}
            parts = [kept[name] for name in ("keys", "vectors", "emotions", "shown")]
            return {key.tobytes(): Meaning(*meant) for key, *meant in zip(*parts, strict=True)}
    except (OSError, ValueError, KeyError, BadZipFile):
        return {}
