"""Access: which key a caller shows, however its client sends it, and what that key may do."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from segue.api.problems import Refusal
from segue.core.ports import Clock
from segue.core.units import MINUTE, SECOND, Instant
from segue.stores.doors import ApiKey, ApiKeys, Scope

_KEPT_FOR = SECOND
_KEPT = 1_000
_CHALLENGE = {"www-authenticate": 'Bearer realm="segue", Basic realm="segue"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: id and name of a key, and what it may do."""

    id: str
    name: str
    scopes: tuple[str, ...]


class Access:
    """Checks keys; keeps what it found for a second, so that a batch costs no look-up and a revocation bites.

    Args:
        keys: The home's keys.
        clock: The system's clock: keys live in real time, also where a home tells a story.
    """

    def __init__(self, keys: ApiKeys, clock: Clock) -> None:
        self._keys, self._clock = keys, clock
        self._known: dict[str, tuple[Instant, ApiKey | None]] = {}
        self._used: dict[str, Instant] = {}

    def caller(self, text: str, scope: Scope) -> Caller:
        """Who shows this key, if it may do what is asked.

        Raises:
            Refusal: 401 no good key, 403 a key without the scope.
        """
        key = self._find(text) if text else None
        if key is None:
            raise unauthenticated(text)
        if scope not in key.scopes:
            held = ", ".join(key.scopes)
            raise Refusal(403, "forbidden", f"this needs a key with scope `{scope}`; this one has {held}")
        return Caller(key.id, key.name, key.scopes)

    def is_news(self, caller: Caller) -> bool:
        """Whether it is time to write down that a key was used: once a minute."""
        now = self._clock.now()
        if now - self._used.get(caller.id, 0) < MINUTE:
            return False
        self._used[caller.id] = now
        return True

    def write_use(self, caller: Caller) -> None:
        """Write down that a key was used."""
        self._keys.used(caller.id, self._clock.now())

    def _find(self, text: str) -> ApiKey | None:
        now = self._clock.now()
        known = self._known.get(text)
        if known is not None and now - known[0] < _KEPT_FOR:
            key = known[1]
            return key if key is not None and key.opens(now) else None
        key = self._keys.find(text, now)
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[text] = (now, key)
        return key


def unauthenticated(text: str) -> Refusal:
    """The answer to who shows no key, or one that opens nothing."""
    said = "this key opens nothing; it may be mistyped, revoked or expired" if text else "no API key"
    return Refusal(401, "unauthenticated", f"{said}; send `Authorization: Bearer sk_...`", _CHALLENGE)


def key_in(headers: Mapping[str, str]) -> str:
    """The key a request's headers show: as bearer, or as user name of basic authentication.

    >>> key_in({"authorization": "Bearer sk_1"}), key_in({"authorization": "Basic c2tfMTo="})
    ('sk_1', 'sk_1')
    """
    scheme, _, rest = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(rest.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
