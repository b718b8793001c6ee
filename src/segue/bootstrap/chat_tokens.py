"""Tokens of the chat: the one a browser keeps, and the short-lived one that opens another device."""

from dataclasses import dataclass

from segue.core.ids import IdKey
from segue.core.units import DAY, MINUTE, SECOND, Instant
from segue.privacy.links import seal, unseal

TOKEN_FOR = 90 * DAY
LINK_FOR = 30 * MINUTE
"""How long a link to another device can be opened."""

_TOKEN, _LINK = "chat-token", "chat-link"
_BY_LINK = "link"


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token opens: the conversation of one visitor, begun here or on another device."""

    visitor: str
    by_link: bool


@dataclass(frozen=True, slots=True)
class ChatTokens:
    """Makes and reads the tokens of one tenant.

    Attributes:
        since: Links that were made before open nothing: the home was restored then.
    """

    ids: IdKey
    since: Instant

    def token(self, visitor: str, now: Instant, *, by_link: bool) -> str:
        """The token a browser shows with everything it says."""
        return seal(self.ids, _TOKEN, visitor, str(now // SECOND), _BY_LINK if by_link else "")

    def read(self, token: str, now: Instant) -> Pass | None:
        """What a token opens; None where it is forged or too old."""
        match unseal(self.ids, _TOKEN, token):
            case (visitor, made_s, by) if now - int(made_s) * SECOND <= TOKEN_FOR:
                return Pass(visitor, by == _BY_LINK)
        return None

    def link(self, visitor: str, now: Instant) -> tuple[str, Instant]:
        """A token that opens the conversation on another device, and until when."""
        until = Instant((now + LINK_FOR) // SECOND * SECOND)
        return seal(self.ids, _LINK, visitor, str(until // SECOND)), until

    def opened(self, link: str, now: Instant) -> Pass | None:
        """What a link opens; None where it is forged or too old."""
        match unseal(self.ids, _LINK, link):
            case (visitor, until_s) if max(now, self.since + LINK_FOR) <= int(until_s) * SECOND:
                return Pass(visitor, by_link=True)
        return None
