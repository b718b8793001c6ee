"""The doorkeeper: from a request's address, headers and cookies to who asks, or why nobody is let in."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from segue.bootstrap import DoorSettings
from segue.console.visitors import Visitor
from segue.core.errors import InputError
from segue.core.units import Instant
from segue.stores.doors import Sessions, Users

DEMO_USER = "demo"
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
Refusal = Literal["sign_in", "no_users", "unknown_user"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a request tells who asks.

    Attributes:
        peer: Address the connection comes from.
        host: What the `Host` header names.
        scheme: `http` or `https`, as the connection itself has it.
        headers: By lower-case name.
        session: Secret of the session cookie, or empty.
        visit: Secret of the visit cookie, or empty.
    """

    peer: str
    host: str
    scheme: str
    headers: Mapping[str, str]
    session: str = ""
    visit: str = ""


class Doorkeeper:
    """Decides who asks; may be used from any thread.

    Args:
        settings: Which proxies are believed, and what they tell a user by.
        base_url: Where the pages are reached from outside.
        users: Who may sign in.
        sessions: Who is signed in.
        is_demo: Whether the home holds the demo's story.

    Raises:
        InputError: `trusted_proxies` names something that is no address.
    """

    def __init__(
        self, settings: DoorSettings, base_url: str, users: Users, sessions: Sessions, *, is_demo: bool
    ) -> None:
        self._header = settings.trusted_header.lower()
        self._proxies = [_network(item) for item in settings.trusted_proxies]
        self.users, self.sessions = users, sessions
        outside = urlsplit(base_url)
        self._is_https = outside.scheme == "https"
        local = not outside.hostname or outside.hostname in LOOPBACK_NAMES
        self._is_demo = is_demo and local and not settings.hosts and not self._header

    def visitor(self, asked: Asked, now: Instant) -> Visitor | Refusal:
        """Who asks, or why nobody is let in."""
        if self._header and self._is_proxy(asked.peer) and (name := asked.headers.get(self._header, "")):
            user = self.users.find(name)
            if user is None:
                return "unknown_user"
            return Visitor(user.name, user.role, user.owner, asked.visit, "proxy")
        if asked.session and (session := self.sessions.find(asked.session, now)):
            user = self.users.find(session.user)
            if user is not None:
                return Visitor(user.name, user.role, user.owner, asked.session, "session")
        if not self.users.is_empty():
            return "sign_in"
        if self._is_demo and _is_local(asked):
            return Visitor(DEMO_USER, "admin", "", asked.visit, "demo")
        return "no_users"

    def is_secure(self, asked: Asked) -> bool:
        """Whether the browser speaks TLS, so that cookies may say so."""
        if asked.scheme == "https" or self._is_https:
            return True
        told = asked.headers.get("x-forwarded-proto", "")
        return self._is_proxy(asked.peer) and told.rpartition(",")[2].strip() == "https"

    def address(self, asked: Asked) -> str:
        """Where guesses come from: behind a trusted proxy, what that proxy says last."""
        told = asked.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return told[:60] if told and self._is_proxy(asked.peer) else asked.peer

    def _is_proxy(self, peer: str) -> bool:
        address = _address(peer)
        return address is not None and any(address in network for network in self._proxies)


def _is_local(asked: Asked) -> bool:
    """Whether somebody on this machine asks, by one of its own names, and nobody passed it on."""
    address = _address(asked.peer)
    named = urlsplit(f"//{asked.host}").hostname if _is_plain(asked.host) else None
    near = address is not None and address.is_loopback and named in LOOPBACK_NAMES
    return near and not any(name in asked.headers for name in _PASSED_ON)


def _is_plain(host: str) -> bool:
    return host.replace("[::1]", "").replace(".", "").replace(":", "").isalnum() or host.startswith("[::1]")


def _address(peer: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise InputError(
            f"trusted_proxies: `{text[:60]}` is no address; write `10.0.0.5` or `10.0.0.0/24`"
        ) from error
