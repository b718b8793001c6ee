"""Who looks at the pages: a user by session or by a trusted proxy, or anybody at the demo on loopback."""

import hmac
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from segue.stores.doors import ROLES, Role, hash_of

How = Literal["session", "proxy", "demo"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who was let in.

    Attributes:
        user: Name that is written where they do something.
        role: What they may do.
        owner: Account executive whose drafts alone they decide on; empty: all.
        secret: What only this browser and the server know; forms are bound to it.
        how: What let them in.
    """

    user: str
    role: Role
    owner: str
    secret: str
    how: How

    def may(self, role: Role) -> bool:
        """Whether they may do what that role may.

        >>> Visitor("anna", "rep", "", "s", "session").may("viewer")
        True
        """
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def token(self) -> str:
        """What every form of this browser must bring back."""
        return token_of(self.secret, self.user)

    @property
    def browser(self) -> bytes:
        """Which browser it is, as reveals name it; the secret cannot be found from it."""
        return hash_of(self.secret)


def token_of(secret: str, user: str) -> str:
    """The token of the forms of one browser and user."""
    key = secret.encode(errors="replace")[:64]
    return blake2b(user.encode(errors="replace"), digest_size=20, key=key, person=b"segue form").hexdigest()


def is_token(given: str, expected: str) -> bool:
    """Whether a form brought the right token; takes the same time for any wrong one."""
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
