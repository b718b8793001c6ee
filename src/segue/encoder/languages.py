"""The language of a text by py3langid, which is loaded when the first text is not plainly English."""

from functools import lru_cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from segue.core.errors import MissingError
from segue.core.units import PPM

KNOWN = (
    "ar bg ca cs da de el en es et fi fr he hi hr hu id it ja ko lt lv nl nn no pl pt ro ru sk sl sr sv th "
    "tr uk vi zh"
)
"""Languages that are told apart: of a hundred more a short English text would be called one by chance."""

_READ = 240
_STEP = 1_000
_FILE = "data/model.npz.xz"


class ShippedLanguages:
    """The model that py3langid ships, behind perception's port `Languages`.

    Raises:
        MissingError: The package is not there.
    """

    def __init__(self) -> None:
        spec = find_spec("py3langid")
        if spec is None or spec.origin is None:
            raise MissingError("py3langid is not installed: pip install py3langid")
        self._file = Path(spec.origin).parent / _FILE
        self._loaded: Any = None
        self._model = ""

    @property
    def model(self) -> str:
        """Hash of the model's file and of the languages that are told apart."""
        if not self._model:
            made = blake2b(self._file.read_bytes(), digest_size=16)
            made.update(KNOWN.encode())
            self._model = made.hexdigest()
        return self._model

    def likely(self, text: str) -> tuple[str, int, int]:
        """The likeliest language, its probability and that of English; of a long text the beginning tells."""
        model = self._loaded or self._load()
        # Half of a surrogate pair is no text that can be read.
        plain = " ".join(text[: 4 * _READ].split())[:_READ].encode("utf-8", "replace").decode("utf-8")
        found = model.rank(plain)
        english = next(p for language, p in found if language == "en")
        language, p = found[0]
        # Rounded, so that the last bits of a machine's arithmetic change nothing.
        return language, round(p * PPM / _STEP) * _STEP, round(english * PPM / _STEP) * _STEP

    def _load(self) -> Any:  # noqa: ANN401 - the package has no types
        # Loading takes 0.4 s, and most commands never read a text.
        from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]  # noqa: PLC0415

        model = LanguageIdentifier.from_modelpath(str(self._file), norm_probs=True)
        model.set_languages(KNOWN.split())
        self._loaded = model
        return model


@lru_cache(maxsize=1)
def shipped_languages() -> ShippedLanguages:
    """The model that ships; one for the whole process."""
    return ShippedLanguages()
