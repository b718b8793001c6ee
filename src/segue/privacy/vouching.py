"""Vouching: how a website tells who its visitor is, so that nobody can say it of himself.

The site's server signs the visitor's user id and address with a secret it shares with Segue; the browser only
carries the signature. What is not signed is a claim and links nothing.
"""

import hashlib
import hmac
from dataclasses import dataclass

from segue.core.ids import IdKey

_LONGEST = 320


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a site vouches for; at least one of the two is there.

    Attributes:
        user: The site's own id of the user.
        email: The user's address.
    """

    user: str = ""
    email: str = ""

    @property
    def key(self) -> str:
        """What tells two of them apart: the user id where there is one."""
        return f"user:{self.user}" if self.user else f"email:{self.email.casefold()}"

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The identifiers that are now exact links."""
        named = (("user", self.user), ("email", self.email))
        return tuple(f"{namespace}:{value}" for namespace, value in named if value)


def site_secret(ids: IdKey, origin: str, version: int = 1) -> str:
    """The secret that one website signs with; another version makes the one before worthless.

    Args:
        ids: The tenant's id key.
        origin: For example `https://www.example.com`.
        version: Counts up when a secret was lost.
    """
    halves = (ids.mark("site-secret", origin, str(version), half) for half in ("first", "second"))
    return "".join(halves)


def signature(secret: str, user: str, email: str = "") -> str:
    """Sign who a visitor is: hex HMAC-SHA256 over user id, line feed, e-mail address.

    >>> signature("secret", "42", "ann@x.io")[:8]
    '17d1f301'
    """
    told = f"{user}\n{email}".encode()
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()


def vouched(secret: str, user: str, email: str, signed: str) -> Vouched | None:
    """Whom a signature vouches for; None where it is missing, forged or over something else.

    >>> vouched("secret", "42", "", signature("secret", "42"))
    Vouched(user='42', email='')
    >>> vouched("secret", "43", "", signature("secret", "42"))
    """
    if not (user or email) or "\n" in user or max(len(user), len(email)) > _LONGEST or not signed.isascii():
        return None
    if not hmac.compare_digest(signature(secret, user, email), signed.strip().lower()):
        return None
    return Vouched(user, email)
