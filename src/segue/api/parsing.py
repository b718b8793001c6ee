"""Parsing a body: strict JSON, numbers kept exactly, and no depth that a stack could feel."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import msgspec

from segue.api.problems import Refusal

MAX_DEPTH = 64
"""Levels a document may nest; a signal's own body holds half of them."""

_NO_BRACKETS = bytes(char for char in range(256) if char not in b'[]{}"')
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def parse(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Parse JSON (RFC 8259); numbers with a fraction or an exponent become `Decimal`.

    Raises:
        Refusal: 400, it is not JSON, or is nested deeper than 64 levels.

    >>> parse(b'{"p": 1.10, "n": 3}')
    {'p': Decimal('1.10'), 'n': 3}
    """
    if _is_deep(raw):
        raise Refusal(400, "not_json", f"the JSON is nested deeper than {MAX_DEPTH} levels")
    try:
        return _DECODER.decode(raw)
    except (msgspec.DecodeError, InvalidOperation, UnicodeDecodeError) as error:
        return _again(raw, error)


def _is_deep(raw: bytes) -> bool:
    """Whether brackets nest too deep: innermost pairs are taken out, a level at a time, without recursion.

    >>> _is_deep(b"[" * 65 + b"]" * 65), _is_deep(b"[" * 64 + b"]" * 64), _is_deep(b'["' + b"[" * 999 + b'"]')
    (True, False, False)
    """
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside = raw.translate(None, _NO_BRACKETS).split(b'"')[::2]
    left = b"".join(outside)
    for _ in range(MAX_DEPTH):
        before, left = left, left.replace(b"[]", b"").replace(b"{}", b"")
        if left == before:
            return len(left) > MAX_DEPTH  # brackets without a partner
    return bool(left)


def _again(raw: bytes, error: Exception) -> Any:  # noqa: ANN401 - any JSON value
    """Read once more what the strict reader refused: half an emoji is valid JSON, but no text.

    What holds such a text is refused later and alone, not together with everything that came beside it.
    """
    try:
        return json.loads(raw.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, InvalidOperation, RecursionError):
        raise Refusal(400, "not_json", f"the body is not JSON: {error}") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
