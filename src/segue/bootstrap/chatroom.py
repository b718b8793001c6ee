"""The chat room: visitors come in, say something, and go on elsewhere; the web chat in terms of the app.

Doors speak HTTP around it. A visitor is known by a sealed token alone, and by name only where a site vouches.
"""

import asyncio
import re
from dataclasses import dataclass, replace
from typing import Protocol

from segue.bootstrap.app import App
from segue.bootstrap.chat_signals import address, linked, said
from segue.bootstrap.chat_tokens import ChatTokens, Pass
from segue.connectors.webchat import LANGUAGES, Line, Notice, Visitor, WebChat, notice
from segue.core.errors import InputError, MissingError
from segue.core.ids import derive
from segue.core.records.decisions import Decision
from segue.core.records.signals import NewSignal
from segue.core.units import DAY, Instant
from segue.privacy.vouching import site_secret, vouched
from segue.runtime.admission import Accepted

LONGEST = 4_000
"""Longest message, in characters."""

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_CLAIM = 200
_FOLLOW_STEPS = 200
_FOLLOW_S = 0.05


class Vouching(Protocol):
    """The setting that site secrets depend on; `DoorSettings` is one."""

    @property
    def site_secret_version(self) -> int:
        """Counts up when a secret was lost."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What a browser brings when it comes in.

    Attributes:
        origin: Website it stands on.
        brand: Brand of the widget; empty: the tenant's first.
        language: Language of the page or browser, such as `de-AT`.
        token: What it was given the last time, or empty.
        link: Token of a link from another device, or empty.
        user: Who the site says it is, by the site's own id ...
        email: ... and address; both are claims unless signed.
        signature: What the site signed, or empty.
    """

    origin: str
    brand: str = ""
    language: str = ""
    token: str = ""
    link: str = ""
    user: str = ""
    email: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who is in.

    Attributes:
        token: To be shown with everything that follows.
        is_vouched: Whether a site vouched for who it is.
        by_link: Whether the conversation was begun on another device.
    """

    token: str
    visitor: Visitor
    is_vouched: bool
    by_link: bool


class ChatRoom:
    """The web chat of one tenant.

    Args:
        app: The running tenant.
        chat: Its connector, to which replies go.
        settings: Settings of the doors.
    """

    def __init__(self, app: App, chat: WebChat, settings: Vouching) -> None:
        self.app, self.chat = app, chat
        with app.store.read() as reader:
            restored = reader.restoration()
        self._settings, self._tokens = settings, ChatTokens(app.ids, restored.at if restored else Instant(0))
        self._swept_at = Instant(0)

    def secret_of(self, origin: str) -> str:
        """The secret that a website signs its visitors with."""
        return site_secret(self.app.ids, origin, self._settings.site_secret_version)

    async def enter(self, entry: Entry) -> Entered:
        """Let a browser in: to the conversation it may go on with, else to a new one.

        Nobody is let into a conversation by saying who they are: a token or link opens its own conversation,
        and a site's signature that of its user. A conversation of somebody a site vouched for is closed to
        whoever comes without, or with another's.

        Raises:
            InputError: The brand is unknown.
            BusyError: Nothing can be taken in now.
        """
        self._sweep()
        who = vouched(self.secret_of(entry.origin), entry.user, entry.email, entry.signature)
        key = self.app.ids.mark("chat-vouched", who.key) if who else ""
        brand = self._brand(entry.brand)
        found, by_link = self._allowed(entry, brand, key)
        if found is None:
            found, by_link = self._own(brand, key) or self._welcomed(entry, brand, key), False
        elif key and not found.vouched and not by_link:
            self.chat.book.vouch(found.id, key)
            found = replace(found, vouched=key)
        if who and key == found.vouched:
            await self._submit([linked(found, who, self._now())])
        if by_link and entry.link:
            self._say(found, "joined", derive("joined", entry.link))
        token = self._tokens.token(found.id, self._now(), by_link=by_link)
        return Entered(token, found, bool(found.vouched) and found.vouched == key, by_link)

    def visitor(self, token: str) -> Visitor | None:
        """Whose token it is; None where it is forged, too old, or its conversation is forgotten."""
        return self._opens(self._tokens.read(token, self._now()))

    async def say(self, token: str, key: str, text: str) -> tuple[Line, str]:
        """Take in a message; what was said under a key stands, so it may be sent again.

        Returns:
            Its line, and the id of its signal, which is durable.

        Raises:
            MissingError: The token opens no conversation.
            InputError: Key or text cannot be used.
            ConflictError: The key was used with other words.
            BusyError: It cannot be taken in now; send it again.
        """
        visitor = self._let_in(token)
        _check(key, text)
        line = await asyncio.to_thread(self.chat.book.add, visitor.id, key, "visitor", text, self._now())
        told = [said(visitor, line)] if visitor.vouched else [address(visitor, line.at), said(visitor, line)]
        *_, receipt = await self._submit(told)
        self.chat.wake(visitor.id)
        return line, receipt.id

    def link(self, token: str) -> tuple[str, Instant]:
        """The token of a link that opens the conversation on another device, and until when.

        Raises:
            MissingError: The token opens no conversation.
        """
        return self._tokens.link(self._let_in(token).id, self._now())

    async def follow(self, visitor: Visitor, signal_id: str) -> None:
        """Tell the visitor when a human has been asked to take over; returns when it is decided."""
        decision_id = derive("decision", signal_id, "0")
        for _ in range(_FOLLOW_STEPS):
            decision = await asyncio.to_thread(self._decision, decision_id)
            if decision is not None:
                if decision.mode == "act" and decision.choice.candidate.verb == "hand_over":
                    self._say(visitor, "handed", decision_id)
                return
            await asyncio.sleep(_FOLLOW_S)

    def _let_in(self, token: str) -> Visitor:
        visitor = self.visitor(token)
        if visitor is None:
            raise MissingError("this conversation is over; begin a new one")
        return visitor

    # --- who comes in -------------------------------------------------------------------------------------

    def _allowed(self, entry: Entry, brand: str, key: str) -> tuple[Visitor | None, bool]:
        """The conversation that link or token open for this browser, and whether by a link."""
        granted = self._tokens.opened(entry.link, self._now()) or self._tokens.read(entry.token, self._now())
        found = self._opens(granted)
        if granted is None or found is None or found.brand != brand:
            return None, False
        if found.vouched and found.vouched != key and not (granted.by_link and not key):
            return None, False
        return found, granted.by_link

    def _opens(self, granted: Pass | None) -> Visitor | None:
        return self.chat.book.visitor(granted.visitor) if granted else None

    def _own(self, brand: str, key: str) -> Visitor | None:
        return self.chat.book.vouched_for(key, brand) if key else None

    def _welcomed(self, entry: Entry, brand: str, key: str) -> Visitor:
        claims = "" if key else " ".join(item for item in (entry.user, entry.email) if item)
        new = Visitor("", brand, _language(entry.language), key, claims[:_LONGEST_CLAIM])
        ids = self.app.ids
        made = self.chat.book.welcome(new, self._now(), lambda number: ids.mark("chat-visitor", str(number)))
        self._say(made, "ai", "")
        return made

    def _brand(self, named: str) -> str:
        brands = self.app.playbook.settings.brands
        if named and named not in brands:
            raise InputError(f"brand `{named[:60]}` is unknown; there are {', '.join(brands)}")
        return named or brands[0]

    # --- what is told to the app --------------------------------------------------------------------------

    async def _submit(self, signals: list[NewSignal]) -> list[Accepted]:
        receipts = await self.app.submit(signals)
        for receipt in receipts:
            if receipt.state == "refused" and receipt.error is not None:
                raise receipt.error
        return receipts

    def _decision(self, decision_id: str) -> Decision | None:
        with self.app.store.read() as reader:
            receipt = reader.receipt(decision_id)
        return receipt.decision if receipt else None

    def _say(self, visitor: Visitor, name: Notice, about: str) -> None:
        key = f"{name}:{about}" if about else name
        text = notice(name, visitor.language)
        self.chat.book.add(visitor.id, key, "notice", text, self._now())
        self.chat.wake(visitor.id)

    def _sweep(self) -> None:
        """Forget silent conversations, once a day."""
        if self._now() - self._swept_at >= DAY:
            self._swept_at = self._now()
            self.chat.book.sweep(self._now())

    def _now(self) -> Instant:
        return self.app.clock.now()


def _language(wished: str) -> str:
    """The language the chat speaks with somebody who reads `wished`."""
    primary = wished.strip().lower().partition("-")[0]
    return primary if primary in LANGUAGES else LANGUAGES[0]


def _check(key: str, text: str) -> None:
    if not _KEY.fullmatch(key):
        raise InputError("id: write 1 to 64 letters, digits, `-` or `_`")
    if not text.strip() or len(text) > LONGEST:
        raise InputError(f"text: write 1 to {LONGEST:,} characters")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise InputError("text: it holds half a character; write it again")
