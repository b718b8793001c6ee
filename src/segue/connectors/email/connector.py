"""E-mail behind the connector port: verb `send` of class U, since SMTP knows no idempotency.

Every attempt of an effect carries the same Message-ID. After a lost answer the mail is looked for by it, in
the connector's own book and in the mailbox of sent mails; where there is none, a human has to tell.
"""

import asyncio
from collections.abc import Mapping

from segue.connectors.email.book import Book
from segue.connectors.email.composing import compose
from segue.connectors.email.mailbox import MAILBOX_ERRORS, Mailbox
from segue.connectors.email.settings import EmailForm, MailboxForm
from segue.connectors.email.signing import Signer
from segue.connectors.email.smtp import send
from segue.core.errors import InputError, RefusedError, RetryError
from segue.core.ids import IdKey
from segue.core.ports import Clock, Limits, Reply, Request
from segue.core.records.effects import EffectClass
from segue.core.units import DAY, Instant

EMAIL = "email"


class EmailConnector:
    """Sends mails.

    Args:
        form: The settings.
        ids: The tenant's id key, for Message-IDs that nobody can forge.
        clock: What mails are dated by.
        book: The connector's own memory.
    """

    name = EMAIL
    verbs: Mapping[str, EffectClass] = {"send": "U"}

    def __init__(self, form: EmailForm, ids: IdKey, clock: Clock, book: Book) -> None:
        self.limits = Limits(per_second=float(form.per_second), burst=max(10, form.per_second), concurrent=4)
        self._form, self._ids, self._clock, self._book = form, ids, clock, book
        self._signer = Signer(form.dkim) if form.dkim is not None else None

    async def perform(self, request: Request) -> Reply:
        """Send the mail of an effect; delivered means that the mail server took responsibility (RFC 5321)."""
        self._check(request)
        known = self._book.sent(request.key)
        if known:
            return Reply(known)
        now = self._clock.now()
        composed = compose(request.key, request.arguments, self._form, self._ids, now)
        self._guard(composed.thread, answers=bool(request.arguments.get("in_reply_to")), now=now)
        raw = self._signed(composed.as_bytes())
        self._book.keep_thread(composed.message_id.strip("<>"), composed.thread, now)
        said = await send(self._form.smtp, composed, raw, copy_to=self._form.copy_to)
        self._book.keep_sent(request.key, composed.message_id, composed.thread, now)
        return Reply(composed.message_id, detail={"said": said})

    async def look_up(self, request: Request) -> Reply | None:
        """Find the mail of an earlier attempt: in the book, else among the mails sent from the mailbox."""
        self._check(request)
        known = self._book.sent(request.key)
        if known:
            return Reply(known)
        mailbox = self._form.imap
        if mailbox is None:
            raise RefusedError("without a mailbox nobody can tell whether the mail was sent")
        composed = compose(request.key, request.arguments, self._form, self._ids, self._clock.now())
        try:
            found = await asyncio.to_thread(_found, mailbox, composed.message_id)
        except MAILBOX_ERRORS as error:
            raise RetryError(f"cannot look into the mailbox: {type(error).__name__}: {error}") from error
        return Reply(composed.message_id) if found else None

    def _check(self, request: Request) -> None:
        if request.verb not in self.verbs:
            raise RefusedError(f"{self.name} has no verb `{request.verb}`")

    def _guard(self, thread: str, *, answers: bool, now: Instant) -> None:
        """The last line against mail loops, whatever woke the answer."""
        if answers and self._book.sent_since(thread, Instant(now - DAY)) >= self._form.loop_limit:
            raise RefusedError(f"loop: this thread had {self._form.loop_limit} automatic answers in a day")

    def _signed(self, raw: bytes) -> bytes:
        if self._signer is None:
            return raw
        try:
            return self._signer.sign(raw)
        except InputError as error:
            raise RetryError(str(error)) from error


def _found(form: MailboxForm, message_id: str) -> bool:
    mailbox = Mailbox(form)
    try:
        mailbox.connect()
        folders = dict.fromkeys((mailbox.sent_folder(), form.folder))
        return any(mailbox.has(folder, message_id) for folder in folders)
    finally:
        mailbox.close()
