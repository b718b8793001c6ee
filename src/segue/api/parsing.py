"""Parsing a body: strict JSON, numbers kept exactly, and no depth that a stack could feel."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import msgspec

from segue.api.problems import Refusal

MAX_DEPTH = 64
"""Levels a document may nest; a signal's own body holds half of them."""

MAX_PARTS = 50_000
"""Lists and objects that a document may hold: twenty for each event of the largest batch."""

_HALF_AN_EMOJI = re.compile(rb"\\u[dD][89a-fA-F]")

_NO_BRACKETS = bytes(char for char in range(256) if char not in b'[]{}"')
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def parse(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Parse JSON (RFC 8259); numbers with a fraction or an exponent become `Decimal`.

    Raises:
        Refusal: 400, it is not JSON, or is nested deeper than 64 levels; 413, it holds more than 50,000 lists
            and objects, each of which takes far more memory than it has bytes.

    >>> parse(b'{"p": 1.10, "n": 3}')
    {'p': Decimal('1.10'), 'n': 3}
    """
    brackets = _brackets(raw)
    if _is_deep(brackets):
        raise Refusal(400, "not_json", f"the JSON is nested deeper than {MAX_DEPTH} levels")
    if len(brackets) > 2 * MAX_PARTS:
        raise Refusal(
            413, "too_large", f"the JSON holds more than {MAX_PARTS:,} lists and objects; send less"
        )
    try:
        return _DECODER.decode(raw)
    except (msgspec.DecodeError, InvalidOperation, UnicodeDecodeError) as error:
        return _again(raw, error)


def _brackets(raw: bytes) -> bytes:
    r"""The brackets of a document, those inside its texts left out.

    >>> _brackets(b'{"a[": [1, {}], "\\"]": 2}')
    b'{[{}]}'
    """
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(raw.translate(None, _NO_BRACKETS).split(b'"')[::2])


def _is_deep(left: bytes) -> bool:
    """Whether brackets nest too deep: innermost pairs are taken out, a level at a time, without recursion.

    >>> _is_deep(b"[" * 65 + b"]" * 65), _is_deep(b"[" * 64 + b"]" * 64)
    (True, False)
    """
    for _ in range(MAX_DEPTH):
        before, left = left, left.replace(b"[]", b"").replace(b"{}", b"")
        if left == before:
            return len(left) > MAX_DEPTH  # brackets without a partner
    return bool(left)


def _again(raw: bytes, error: Exception) -> Any:  # noqa: ANN401 - any JSON value
    """Read once more what the strict reader refused: half an emoji is valid JSON, but no text.

    What holds such a text is refused later and alone, not together with everything that came beside it.
    """
    if not _HALF_AN_EMOJI.search(raw):
        raise Refusal(400, "not_json", f"the body is not JSON: {error}") from error
    try:
        return json.loads(raw.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, InvalidOperation, RecursionError):
        raise Refusal(400, "not_json", f"the body is not JSON: {error}") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
