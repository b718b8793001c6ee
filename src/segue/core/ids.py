"""Ids are derived, never drawn: keyed hashes of what a thing is made of."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from segue.core.encoding import nfc

_SIZE = 16
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_SHIFTS = range(120, -1, -10)


def _join(parts: tuple[str, ...]) -> bytes:
    return b"".join([len(raw).to_bytes(4, "big") + raw for raw in [part.encode() for part in parts]])


def derive(*parts: str) -> str:
    """Derive an unkeyed id from parts that are ids already; 26 lower-case base32hex characters.

    >>> derive("a", "bc") == derive("ab", "c")
    False
    """
    return _name(blake2b(_join(parts), digest_size=_SIZE).digest())


def uniform(*parts: str) -> int:
    """Draw a uniform number in [0, 1,000,000) from a hash of `parts`: the same parts, the same draw.

    >>> 0 <= uniform("signal", "explore") < 1_000_000
    True
    """
    return int.from_bytes(blake2b(_join(parts), digest_size=8).digest(), "big") * 1_000_000 >> 64


def _name(raw: bytes) -> str:
    r"""Write 16 bytes in lower-case base32hex (RFC 4648), without padding; ten bits at a time.

    >>> _name(bytes(15) + b"\x07")
    '0000000000000000000000000s'
    """
    bits = int.from_bytes(raw, "big") << 2
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])


@dataclass(frozen=True, slots=True)
class IdKey:
    """The tenant's id key: never rotated, apart from the encryption keys, fixed in demo and tests.

    Args:
        secret: 16 to 64 bytes.
    """

    secret: bytes

    def signal_id(self, source: str, source_id: str) -> str:
        """Id of a signal: its dedupe key, hashed."""
        return self._derive("signal", nfc(source), nfc(source_id))

    def profile_id(self, source: str, identifier: str) -> str:
        """Id of a profile: one source's view of one identifier."""
        return self._derive("profile", nfc(source), identifier)

    def account_id(self, identifier: str) -> str:
        """Id of an account, from the first account identifier that named it."""
        return self._derive("account", identifier)

    def identifier_hash(self, identifier: str) -> str:
        """What is stored of an identifier in place of its value."""
        return self._derive("identifier", identifier)

    def mark(self, purpose: str, *parts: str) -> str:
        """Keyed hash of parts for one purpose, for a link for instance: only who has the key can make it."""
        return self._derive("mark", purpose, *parts)

    def _derive(self, *parts: str) -> str:
        return _keyed(self.secret, parts)


@lru_cache(maxsize=8_192)
def _keyed(secret: bytes, parts: tuple[str, ...]) -> str:
    """A keyed hash; a signal's identifiers are asked for at its acceptance, in its step, and by its like."""
    return _name(blake2b(_join(parts), digest_size=_SIZE, key=secret).digest())
