"""The encoder that ships: a small sentence model in int8, run by onnxruntime, one text at a time."""

from segue.encoder.cached import CachedEncoder
from segue.encoder.onnx import OnnxEncoder, shipped
from segue.encoder.tokens import OnnxTokenEncoder

__all__ = ["CachedEncoder", "OnnxEncoder", "OnnxTokenEncoder", "shipped"]
