"""Signed links: what a link speaks of, sealed with the id key, so that nobody else can make or change one."""

import binascii
import hmac
import re
from base64 import b32hexdecode, b32hexencode
from dataclasses import astuple, dataclass

from segue.core.ids import IdKey

_VERSION = b"\x01"
_MARK = 16
"""Characters of the keyed hash in a token: 80 bits."""

_LONGEST = 1_000
_SUBSCRIPTION = "subscription"
_LEAST = 8
"""Bytes that the first field of a link's token has at least: an id, which is longer."""

_HEAD = 40
"""Characters looked at to tell a token from other letters and digits; the shortest token is longer."""

_RUN = re.compile(rf"0[4-7][0-9a-v]{{{_HEAD - 2},}}", re.ASCII | re.IGNORECASE)
_START = re.compile(rf"(?=(0[4-7][0-9a-v]{{{_HEAD - 2}}}))", re.ASCII | re.IGNORECASE)
_HIDDEN = "[link]"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What somebody may unsubscribe from.

    Attributes:
        profile_id: Profile of the person the message went to.
        brand: Brand that wrote.
        purpose: Purpose of the message, such as `commercial`.
        channel: Channel it went out on.
    """

    profile_id: str
    brand: str
    purpose: str
    channel: str


def sign(ids: IdKey, subscription: Subscription) -> str:
    """Make the token of an unsubscribe link; it never expires and holds no personal data.

    >>> key = IdKey(b"0123456789abcdef")
    >>> verify(key, sign(key, Subscription("p1", "acme", "commercial", "email"))).brand
    'acme'
    """
    return seal(ids, _SUBSCRIPTION, *astuple(subscription))


def verify(ids: IdKey, token: str) -> Subscription | None:
    """Read the token of an unsubscribe link; None unless this tenant made it and nobody changed it."""
    fields = unseal(ids, _SUBSCRIPTION, token)
    return Subscription(*fields) if fields is not None and len(fields) == 4 else None  # noqa: PLR2004 - its fields


def seal(ids: IdKey, kind: str, *fields: str) -> str:
    """Make a token of lower-case base32hex, fit for links, subjects and addresses; its fields can be read.

    Args:
        ids: The tenant's id key.
        kind: What it is for; a token of one kind is no token of another.
        fields: Texts of at most 255 bytes each.
    """
    raw = b"".join(bytes([len(part)]) + part for part in [field.encode() for field in fields])
    return f"{_written(_VERSION + raw)}{ids.mark(kind, *fields)[:_MARK]}"


def unseal(ids: IdKey, kind: str, token: str) -> tuple[str, ...] | None:
    """Read the fields of a token; None unless `seal` made it with this key for this kind.

    Capitals are read as small letters, as mail programs and people change them.

    >>> key = IdKey(b"0123456789abcdef")
    >>> unseal(key, "chat", seal(key, "chat", "v1").upper()), unseal(key, "mail", seal(key, "chat", "v1"))
    (('v1',), None)
    """
    token = token.strip().lower() if token.isascii() and len(token) <= _LONGEST else ""
    fields = _fields(token[:-_MARK])
    if fields is None or not hmac.compare_digest(ids.mark(kind, *fields)[:_MARK], token[-_MARK:]):
        return None
    return fields


def hide_links(text: str) -> str:
    """A text, a page or JSON without tokens: whoever has one may speak as the person it is of.

    What looks like a token is taken for one, whoever made it; a word of the customer may hold one as well.

    >>> token = sign(IdKey(b"0123456789abcdef"), Subscription("9" * 26, "acme", "commercial", "email"))
    >>> hide_links(f"Unsubscribe: https://acme.test/u/{token}.")
    'Unsubscribe: https://acme.test/u/[link].'
    """
    return _RUN.sub(lambda run: _without_token(run[0]), text)


def _without_token(run: str) -> str:
    """Letters and digits up to where a token begins among them."""
    begins = (found.start() for found in _START.finditer(run) if _is_head(found[1]))
    start = next(begins, None)
    return run if start is None else f"{run[:start]}{_HIDDEN}"


def _is_head(written: str) -> bool:
    """Whether a token may begin like this: with its version and a first field of plain characters."""
    raw = b32hexdecode(written.upper())
    field = raw[2 : 2 + raw[1]]
    return raw[:1] == _VERSION and len(field) >= _LEAST and field.isascii() and field.isalnum()


def _fields(written: str) -> tuple[str, ...] | None:
    try:
        raw = b32hexdecode(f"{written.upper()}{'=' * (-len(written) % 8)}")
        if raw[:1] != _VERSION or _written(raw) != written:
            return None
        fields, place = [], 1
        while place < len(raw):
            end = place + 1 + raw[place]
            fields.append(raw[place + 1 : end].decode())
            place = end
    except (binascii.Error, UnicodeDecodeError):
        return None
    return tuple(fields) if place == len(raw) else None


def _written(raw: bytes) -> str:
    return b32hexencode(raw).decode().rstrip("=").lower()
