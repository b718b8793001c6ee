"""The models that ship: a sentence encoder in int8, one text at a time, and one that tells languages."""

from segue.encoder.cached import CachedEncoder
from segue.encoder.languages import ShippedLanguages, shipped_languages
from segue.encoder.onnx import OnnxEncoder, shipped
from segue.encoder.tokens import OnnxTokenEncoder

__all__ = [
    "CachedEncoder",
    "OnnxEncoder",
    "OnnxTokenEncoder",
    "ShippedLanguages",
    "shipped",
    "shipped_languages",
]
