"""A mail server on loopback that does what a test tells it: SMTP in, IMAP out, and faults on demand."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from email.message import Message

LOGIN = ("segue", "secret")


@dataclass(slots=True)
class Taken:
    """A mail that the server took, with its envelope."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def mail(self) -> "Message[str, str]":
        return BytesParser().parsebytes(self.raw)


@dataclass(slots=True)
class Stored:
    uid: int
    raw: bytes
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(slots=True)
class MailServer:
    """What the server holds and how it behaves.

    Attributes:
        fault: What goes wrong with the next mail: an answer such as `451 later` at `rcpt:`, `mail:` or
            `data:`, `lose_reply` (taken, but the answer is lost), `reset` (lost before it is taken).
        keeps_sent: Whether what is sent appears in the folder of sent mails.
        idles: Whether IMAP offers IDLE.
        utf8: Whether SMTP takes addresses beyond ASCII.
        token: An OAuth token that it accepts.
    """

    smtp_port: int = 0
    imap_port: int = 0
    taken: list[Taken] = field(default_factory=list)
    folders: dict[str, list[Stored]] = field(default_factory=lambda: {"INBOX": [], "Sent": []})
    validity: int = 1
    fault: str = ""
    keeps_sent: bool = True
    idles: bool = True
    utf8: bool = True
    token: str = ""
    refuses_login: bool = False
    is_down: bool = False
    commands: list[str] = field(default_factory=list)
    _uid: int = 100
    _news: list[asyncio.Event] = field(default_factory=list)
    _open: dict[asyncio.StreamWriter, "asyncio.Task[Any] | None"] = field(default_factory=dict)

    def deliver(self, raw: bytes, folder: str = "INBOX") -> int:
        """Put a mail into a folder, and tell whoever listens."""
        self._uid += 1
        self.folders[folder].append(Stored(self._uid, raw))
        for event in self._news:
            event.set()
        return self._uid

    def drop_connections(self) -> None:
        for writer in list(self._open):
            writer.close()

    async def stop(self) -> None:
        self.is_down = True
        self.drop_connections()
        tasks = [task for task in self._open.values() if task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)

    def serving(self, handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._open[writer] = asyncio.current_task()
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await handler(reader, writer)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            del self._open[writer]

        return handle

    def take_fault(self, *places: str) -> str:
        """The fault that is due at one of these places, once."""
        if self.fault.partition(":")[0] in places or self.fault in places:
            found, self.fault = self.fault, ""
            return found.partition(":")[2].strip() or found
        return ""

    # --- SMTP -------------------------------------------------------------------------------------------

    async def smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        say = _sayer(writer)
        if self.is_down:
            return
        await say("220 mx.test ESMTP")
        sender, recipients = "", list[str]()
        while line := (await reader.readline()).decode("utf-8", "replace").rstrip("\r\n"):
            verb = line[:4].upper()
            self.commands.append(line)
            if verb == "EHLO":
                extensions = [
                    "mx.test",
                    "AUTH PLAIN LOGIN XOAUTH2",
                    *(["SMTPUTF8"] if self.utf8 else []),
                    "8BITMIME",
                ]
                await say("\r\n".join(f"250-{item}" for item in extensions) + "\r\n250 SIZE 10000000")
            elif verb == "AUTH":
                await say("235 welcome" if self._lets_in(line) else "535 5.7.8 no")
            elif verb == "MAIL":
                sender, recipients = _address(line), []
                await say(self.take_fault("mail") or "250 ok")
            elif verb == "RCPT":
                recipients.append(_address(line))
                await say(self.take_fault("rcpt") or "250 ok")
            elif verb == "DATA":
                await say("354 go on")
                if not await self._data(reader, say, Taken(sender, list(recipients), b"")):
                    return
            elif verb == "QUIT":
                await say("221 bye")
                return
            else:
                await say("250 ok")

    async def _data(self, reader: asyncio.StreamReader, say: Any, taken: Taken) -> bool:
        raw = await reader.readuntil(b"\r\n.\r\n")
        taken.raw = re.sub(rb"(?m)^\.\.", b".", raw[:-3])
        if self.take_fault("reset"):
            return False
        answer = self.take_fault("data")
        if not answer:
            self.taken.append(taken)
            if self.keeps_sent:
                self.deliver(taken.raw, "Sent")
        if self.take_fault("lose_reply"):
            return False
        await say(answer or "250 2.0.0 queued as 1")
        return True

    def _lets_in(self, line: str) -> bool:
        words = line.split()
        given = base64.b64decode(words[2]).decode() if len(words) > 2 else ""
        if words[1] == "XOAUTH2":
            return bool(self.token) and f"Bearer {self.token}" in given
        return not self.refuses_login and tuple(given.split("\0")[1:]) == LOGIN

    # --- IMAP -------------------------------------------------------------------------------------------

    async def imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        say = _sayer(writer)
        if self.is_down:
            return
        await say("* OK ready")
        folder, told, before = "INBOX", 0, 0
        while line := (await reader.readline()).decode("utf-8", "replace").rstrip("\r\n"):
            self.commands.append(line)
            tag, _, command = line.partition(" ")
            verb = command.upper().removeprefix("UID ").split(" ")[0]
            if verb == "EXAMINE":
                folder = command.split(" ", 1)[1].strip('"')
            if verb in {"IDLE", "NOOP", "EXAMINE"}:
                told, before = len(self.folders.get(folder, [])), told
            if verb == "IDLE":
                await self._idle(reader, say, tag, folder, before)
                told = len(self.folders[folder])
                continue
            if verb == "NOOP" and told > before:
                await say(f"* {told} EXISTS")
            if verb == "AUTHENTICATE":
                await say("+ ")
                given = base64.b64decode((await reader.readline()).strip()).decode()
                welcome = bool(self.token) and f"Bearer {self.token}" in given
                await say(f"{tag} {'OK in' if welcome else 'NO out'}")
                continue
            for answer in self._answers(verb, command, folder):
                await say(answer)
            await say(f"{tag} {self._verdict(verb, folder)}")
            if verb == "LOGOUT":
                return

    def _verdict(self, verb: str, folder: str) -> str:
        if verb == "LOGIN" and self.refuses_login:
            return "NO [AUTHENTICATIONFAILED] no"
        return "OK done" if verb != "EXAMINE" or folder in self.folders else "NO no such folder"

    def _answers(self, verb: str, command: str, folder: str) -> list[bytes | str]:
        held = self.folders.get(folder, [])
        match verb:
            case "CAPABILITY":
                return [f"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SPECIAL-USE{' IDLE' if self.idles else ''}"]
            case "EXAMINE":
                return [
                    f"* {len(held)} EXISTS",
                    f"* OK [UIDVALIDITY {self.validity}] valid",
                    f"* OK [UIDNEXT {self._uid + 1}] next",
                ]
            case "LIST":
                return [f'* LIST ({chr(92)}Sent) "/" "{name}"' for name in self.folders if name == "Sent"]
            case "SEARCH":
                return [" ".join(["* SEARCH", *(str(item.uid) for item in held if _fits(item, command))])]
            case "FETCH":
                wanted = int(command.split(" ")[2])
                return [_fetched(n, item) for n, item in enumerate(held, 1) if item.uid == wanted]
            case _:
                return []

    async def _idle(
        self, reader: asyncio.StreamReader, say: Any, tag: str, folder: str, told_of: int
    ) -> None:
        news = asyncio.Event()
        if len(self.folders[folder]) > told_of:
            news.set()
        self._news.append(news)
        await say("+ idling")
        done = asyncio.create_task(reader.readline())
        told = asyncio.create_task(news.wait())
        await asyncio.wait({done, told}, return_when=asyncio.FIRST_COMPLETED)
        if told.done():
            await say(f"* {len(self.folders[folder])} EXISTS")
        told.cancel()
        self._news.remove(news)
        if await done:
            await say(f"{tag} OK idled")


@asynccontextmanager
async def a_mail_server() -> AsyncIterator[MailServer]:
    """A server on free ports of loopback, gone when the block ends."""
    server = MailServer()
    smtp = await asyncio.start_server(server.serving(server.smtp), "127.0.0.1", 0)
    imap = await asyncio.start_server(server.serving(server.imap), "127.0.0.1", 0)
    server.smtp_port, server.imap_port = (item.sockets[0].getsockname()[1] for item in (smtp, imap))
    try:
        yield server
    finally:
        smtp.close()
        imap.close()
        await server.stop()


def _sayer(writer: asyncio.StreamWriter) -> Callable[[bytes | str], Any]:
    async def say(line: bytes | str) -> None:
        writer.write((line.encode() if isinstance(line, str) else line) + b"\r\n")
        await writer.drain()

    return say


def _address(line: str) -> str:
    found = re.search(r"<([^>]*)>", line)
    return found[1] if found else ""


def _fits(item: Stored, command: str) -> bool:
    if above := re.search(r"UID (\d+):\*", command.removeprefix("UID SEARCH ")):
        return item.uid >= int(above[1])
    if wanted := re.search(r'HEADER "?Message-ID"? "?([^"\s]+)"?', command):
        return wanted[1].encode() in item.raw
    return True


def _fetched(number: int, item: Stored) -> bytes:
    at = item.at.strftime('"%d-%b-%Y %H:%M:%S +0000"')
    head = f"* {number} FETCH (UID {item.uid} INTERNALDATE {at} BODY[]<0> {{{len(item.raw)}}}\r\n"
    return head.encode() + item.raw + b")"
