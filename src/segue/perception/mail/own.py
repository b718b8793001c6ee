"""Segue's own mails, known again by their Message-ID: the effect's key and a mark that nobody can forge."""

import hmac
import re
from collections.abc import Iterable

from segue.core.ids import IdKey

_PURPOSE = "mail"
_MARK = 12
"""Characters of the mark: 60 bits, which a guess at a mail server does not find."""

_OWN = re.compile(rf"(?<![0-9a-z])([0-9a-z]{{1,40}})\.([0-9a-v]{{{_MARK}}})(?=@)", re.IGNORECASE)


def own_local_part(ids: IdKey, key: str) -> str:
    """What stands before the `@` of a mail's Message-ID, and behind the `+` of the address it bounces to."""
    return f"{key}.{ids.mark(_PURPOSE, key)[:_MARK]}"


def message_id(ids: IdKey, key: str, domain: str) -> str:
    """The Message-ID of the mail an effect sends: the same on every retry.

    >>> effect_of(IdKey(b"0123456789abcdef"), [message_id(IdKey(b"0123456789abcdef"), "k1", "x.io")])
    'k1'
    """
    return f"<{own_local_part(ids, key)}@{domain}>"


def effect_of(ids: IdKey, texts: Iterable[str]) -> str:
    """The key of the first own mail that a text names, or empty; what this tenant did not make is none."""
    for text in texts:
        for key, mark in _OWN.findall(text):
            if hmac.compare_digest(ids.mark(_PURPOSE, key.lower())[:_MARK], mark.lower()):
                return str(key).lower()
    return ""
