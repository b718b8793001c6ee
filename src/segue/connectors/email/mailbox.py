"""A mailbox over IMAP, blocking: looked at without marking, moving or deleting anything."""

import contextlib
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, date, datetime

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]
from imapclient.exceptions import IMAPClientError  # type: ignore[import-untyped]

from segue.connectors.email.secret import Secret
from segue.connectors.email.settings import MailboxForm
from segue.core.errors import InputError
from segue.perception.mail.tree import READ_AT_MOST

MAILBOX_ERRORS = (IMAPClientError, OSError, ValueError, InputError)
"""What goes wrong with a mailbox: refused, lost, talking nonsense, or a secret that is missing."""

CONNECT_S = 15.0
READ_S = 60.0
_SENT_FLAG = rb"\Sent"


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder as it was found: UIDVALIDITY, and the UID its next mail will get."""

    validity: int
    next_uid: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail, at most two million bytes of it, and when the server got it."""

    uid: int
    raw: bytes
    at: datetime


class Mailbox:
    """One connection; called from one thread, except for `abort`.

    Args:
        form: Server, login and folder.
    """

    def __init__(self, form: MailboxForm) -> None:
        self._form = form
        self._client: IMAPClient | None = None

    def connect(self) -> None:
        """Connect, secure the connection and log in."""
        form, context = self._form, None
        if form.security != "plain":
            context = ssl.create_default_context(cafile=form.ca_file or None)
        self._client = client = IMAPClient(
            form.host,
            form.port,
            ssl=form.security == "tls",
            ssl_context=context if form.security == "tls" else None,
            timeout=SocketTimeout(connect=CONNECT_S, read=READ_S),
        )
        client.normalise_times = False
        if form.security == "starttls":
            client.starttls(ssl_context=context)
        if form.token is not None:
            client.oauth2_login(form.user, Secret(form.token).read())
        elif form.password is not None:
            client.login(form.user, Secret(form.password).read())

    def open(self, folder: str) -> Opened:
        """Select a folder for reading only (EXAMINE): even a look leaves no mark."""
        found = self._connected.select_folder(folder, readonly=True)
        return Opened(int(found[b"UIDVALIDITY"]), int(found.get(b"UIDNEXT", 0)))

    def newer(self, uid: int) -> list[int]:
        """UIDs above a UID, lowest first."""
        found = self._connected.search(["UID", f"{uid + 1}:*"])
        # `*` is the last mail, however low its UID is.
        return sorted(int(item) for item in found if item > uid)

    def since(self, day: date) -> list[int]:
        """UIDs of mails that came on or after a day, lowest first."""
        return sorted(int(item) for item in self._connected.search(["SINCE", day]))

    def fetch(self, uid: int) -> Fetched | None:
        """One mail, unmarked; None where it was removed meanwhile."""
        wanted = [f"BODY.PEEK[]<0.{READ_AT_MOST}>", "INTERNALDATE"]
        found = self._connected.fetch([uid], wanted).get(uid)
        raw = next((value for name, value in (found or {}).items() if name.startswith(b"BODY[]")), None)
        if not found or not isinstance(raw, bytes):
            return None
        at = found.get(b"INTERNALDATE")
        moment = at if isinstance(at, datetime) and at.tzinfo is not None else datetime.fromtimestamp(0, UTC)
        return Fetched(uid, raw, moment.astimezone(UTC))

    @property
    def tells_of_news(self) -> bool:
        """Whether the server can tell of news by itself (IDLE, RFC 2177)."""
        return bool(self._connected.has_capability("IDLE"))

    def wait(self, seconds: float) -> None:
        """Return when the server tells of news, or after so long."""
        client = self._connected
        client.idle()
        try:
            client.idle_check(timeout=seconds)
        finally:
            client.idle_done()

    def refresh(self) -> bool:
        """Ask for news; True where the server tells of mails that it did not tell of before."""
        _, told = self._connected.noop()
        return any(b"EXISTS" in item for item in told)

    def sent_folder(self) -> str:
        """Folder of sent mails: as the settings name it, else as the server marks it, else `Sent`."""
        found = self._form.sent or self._connected.find_special_folder(_SENT_FLAG)
        return str(found or "Sent")

    def has(self, folder: str, message_id: str) -> bool:
        """Whether a folder holds a mail with this Message-ID; a folder that is not there holds none."""
        try:
            self._connected.select_folder(folder, readonly=True)
        except IMAPClientError:
            if self._connected.folder_exists(folder):
                raise
            return False
        return bool(self._connected.search(["HEADER", "Message-ID", message_id]))

    def abort(self) -> None:
        """End whatever it waits for, from any thread."""
        client = self._client
        if client is not None:
            with contextlib.suppress(OSError, AttributeError):
                client.socket().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection; what goes wrong now matters to nobody."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(IMAPClientError, OSError, AttributeError):
                client.shutdown()

    @property
    def _connected(self) -> IMAPClient:
        if self._client is None:
            raise OSError("the mailbox is closed")
        return self._client
