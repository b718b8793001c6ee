import zlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from segue.stores.crypto import seal, unseal

CIPHER = AESGCM(bytes(32))
EVENT = b'{"signal":{"identifiers":["crm:1"],"kind":"page.viewed","source_id":"s"},"type":"received"}'


@pytest.mark.parametrize("payload", [b"", b"{}", EVENT * 2, EVENT * 40, bytes(range(256)) * 100])
def test_what_was_sealed_comes_back(payload: bytes) -> None:
    assert unseal(CIPHER, 7, 0, seal(CIPHER, 7, 0, payload)) == payload


def test_a_longer_event_is_sealed_smaller_than_it_is() -> None:
    assert len(seal(CIPHER, 7, 0, EVENT * 6)) < len(EVENT * 2)


def test_a_short_event_is_not_worth_compressing() -> None:
    assert len(seal(CIPHER, 7, 0, EVENT)) >= len(EVENT)


def test_what_an_earlier_version_compressed_without_words_is_still_read() -> None:
    nonce = bytes(12)
    sealed = nonce + CIPHER.encrypt(nonce, b"\x01" + zlib.compress(EVENT), b"7.0")

    assert unseal(CIPHER, 7, 0, sealed) == EVENT
