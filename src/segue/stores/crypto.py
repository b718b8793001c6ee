"""Sealing: AES-256-GCM for events, RFC 3394 key wrap for the keys that seal them."""

import os
import zlib
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from segue.core.errors import IntegrityError
from segue.stores.words import WORDS

KEY_BYTES = 32
_NONCE_BYTES = 12
_COMPRESS_ABOVE = 512
"""Half of all events are shorter: together they would save 200 bytes a signal for 20 us."""

_PLAIN, _ZLIB, _WORDS_1 = b"\x00", b"\x01", b"\x02"
_WINDOW, _MEMORY = -13, 5


def new_key() -> bytes:
    """Draw a 256-bit key."""
    return os.urandom(KEY_BYTES)


def wrap(master_key: bytes, secret: bytes) -> bytes:
    """Wrap a secret by the master key (RFC 3394, with the padding of RFC 5649)."""
    return aes_key_wrap_with_padding(master_key, secret)


def unwrap(master_key: bytes, wrapped: bytes) -> bytes:
    """Unwrap a secret.

    Raises:
        IntegrityError: The master key is another one, or the wrapped bytes are damaged.
    """
    try:
        return aes_key_unwrap_with_padding(master_key, wrapped)
    except InvalidUnwrap as error:
        raise IntegrityError("a stored key does not open with this master key") from error


def seal(cipher: AESGCM, seq: int, part: int, payload: bytes) -> bytes:
    """Compress what is worth it, then encrypt, bound to its place in the log; a fresh nonce each time."""
    marked = _compressed(payload) if len(payload) > _COMPRESS_ABOVE else _PLAIN + payload
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, marked, _place(seq, part))


def _compressed(payload: bytes) -> bytes:
    """Compress with the words events are made of: a small event holds too few to learn them from."""
    made = _ready().copy()
    return _WORDS_1 + made.compress(payload) + made.flush()


@cache
def _ready() -> "zlib._Compress":
    """A compressor that knows the words; copying it is cheaper than teaching them anew."""
    return zlib.compressobj(1, zlib.DEFLATED, _WINDOW, _MEMORY, zdict=WORDS)


def unseal(cipher: AESGCM, seq: int, part: int, sealed: bytes) -> bytes:
    """Decrypt what `seal` made.

    Raises:
        IntegrityError: The bytes were changed, or moved to another place of the log.
    """
    try:
        marked = cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _place(seq, part))
    except InvalidTag as error:
        raise IntegrityError(
            f"event {seq} cannot be decrypted: it was changed or its key is another one"
        ) from error
    mark, rest = marked[:1], marked[1:]
    if mark == _WORDS_1:
        return zlib.decompressobj(_WINDOW, WORDS).decompress(rest)
    return zlib.decompress(rest) if mark == _ZLIB else rest


def _place(seq: int, part: int) -> bytes:
    return b"%d.%d" % (seq, part)
