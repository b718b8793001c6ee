"""The one canonical encoding: sorted keys, no floats, instants as integers; hashes are taken over it."""

import math
import unicodedata
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import msgspec

from segue.core.errors import InputError

MAX_DEPTH = 32
MAX_DIGITS = 1_000
_ENCODER = msgspec.json.Encoder(order="sorted")
_INT_LIMIT = 2**63
_MAX_BITS = 3_321


def encode(record: object) -> bytes:
    """Encode a record to canonical bytes: equal records give equal bytes on every machine.

    >>> encode({"b": 1, "a": [True, None]})
    b'{"a":[true,null],"b":1}'
    """
    return _ENCODER.encode(record)


def digest(record: object, *, size: int = 32) -> str:
    """Hex BLAKE2b of the canonical encoding.

    >>> digest({"a": 1}, size=4) == digest({"a": 1}, size=4)
    True
    """
    return blake2b(encode(record), digest_size=size).hexdigest()


def canonical_value(value: object, depth: int = 0) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Make a foreign payload recordable: floats become decimal text, keys NFC, text stays as it is.

    Raises:
        InputError: Deeper than 32 levels, a key that is no text or is said twice, a number of more than
            1,000 digits, or a value that JSON does not have.

    >>> canonical_value({"p": 0.1, "n": 3})
    {'p': '0.1', 'n': 3}
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return value if -_INT_LIMIT <= value < _INT_LIMIT else _long(value)
    if isinstance(value, float | Decimal):
        return _number(value)
    if depth >= MAX_DEPTH:
        msg = f"nested deeper than {MAX_DEPTH} levels"
        raise InputError(msg)
    if isinstance(value, dict):
        return _mapping(value, depth)
    if isinstance(value, list | tuple):
        return [canonical_value(item, depth + 1) for item in value]
    msg = f"a value of type `{type(value).__name__}` has no JSON form"
    raise InputError(msg)


def nfc(text: str) -> str:
    """Normalise an identifier or a key to NFC.

    >>> len(nfc("e" + chr(0x301)))
    1
    """
    return text if text.isascii() else unicodedata.normalize("NFC", _text(text))


def _text(value: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError as error:
        msg = f"text holds a lone surrogate at character {error.start}"
        raise InputError(msg) from error
    return value


def _mapping(value: dict[Any, object], depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            msg = f"a key of type `{type(key).__name__}`, where keys are texts"
            raise InputError(msg)
        name = nfc(key)
        if name in made:
            msg = f"key `{name[:60]}` is said twice, written in two ways"
            raise InputError(msg)
        made[name] = canonical_value(item, depth + 1)
    return made


def _long(value: int) -> str:
    if value.bit_length() > _MAX_BITS:
        msg = f"a number of more than {MAX_DIGITS:,} digits"
        raise InputError(msg)
    return str(value)


def _number(value: float | Decimal) -> str:
    text = repr(value) if isinstance(value, float) else str(value)
    if not (math.isfinite(value) if isinstance(value, float) else value.is_finite()):
        msg = f"`{text[:60]}` is not a number"
        raise InputError(msg)
    if len(text) > MAX_DIGITS:
        msg = f"a number of more than {MAX_DIGITS:,} digits"
        raise InputError(msg)
    return text
