"""Signed links to an approval: what a mail to a colleague leads to; they still have to sign in."""

import hmac

from segue.core.ids import IdKey

_ID_CHARS = 26
_KIND = "segue approval link 1"


def approval_token(ids: IdKey, approval_id: str) -> str:
    """The token of the link `/a/TOKEN` to an approval.

    >>> key = IdKey(b"0123456789abcdef")
    >>> approval_of(key, approval_token(key, "0" * 26)) == "0" * 26
    True
    """
    return approval_id + ids.identifier_hash(f"{_KIND}\n{approval_id}")


def approval_of(ids: IdKey, token: str) -> str | None:
    """The approval a token leads to; None unless this tenant made it and nobody changed it."""
    token = token.strip().lower() if token.isascii() else ""
    approval_id = token[:_ID_CHARS]
    expected = approval_token(ids, approval_id)
    return approval_id if hmac.compare_digest(token, expected) else None
