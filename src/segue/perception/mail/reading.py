"""A mail, read: what kind of thing it is, from whom, in which thread, and whose words it holds."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from segue.core.ids import IdKey
from segue.perception.mail.addresses import (
    message_id_of,
    recipients_of,
    references_of,
    sender_of,
    sent_at,
)
from segue.perception.mail.automatic import automatic_kind, is_mail_system
from segue.perception.mail.body import text_of
from segue.perception.mail.own import effect_of
from segue.perception.mail.quoting import Words, apart
from segue.perception.mail.reports import Bounce, bounce_of, complaint_of, is_receipt, reported
from segue.perception.mail.tree import Part, header, leaves, parse

if TYPE_CHECKING:
    from email.message import Message


MailKind = Literal["message", "unsubscribe", "bounce", "complaint", "receipt", "own"]

SUBJECT_AT_MOST = 500
NO_WORDS = Words("")
_UNSUBSCRIBE = "unsubscribe"
_UNSUBSCRIBE_SUBJECT = re.compile(r"unsubscribe(?:[\s:]+([0-9a-z]{20,}))?$", re.IGNORECASE)
_REPLY_MARK = re.compile(r"^(?:(?:re|aw|sv|antw?|fwd?|wg|tr|rv|odp)\s?(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_ATTACHMENTS_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is attached, by name only.

    Attributes:
        size: Decoded bytes that were seen of it.
    """

    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail is.

    Attributes:
        kind: `receipt` tells nothing worth keeping; `own` is a mail of Segue's that came back as it was sent.
        sender: Address in From, which anybody can write; empty where it cannot be read.
        message_id: Without brackets, as are `references`: the mails it follows, oldest first.
        effect: Key of the effect that sent the mail it reports on or answers; nobody can forge one.
        words: Whose words its text holds; empty for reports.
        text: The whole text.
        automatic: What kind of machine wrote it; empty for a human's.
        token: Signed token of an unsubscribe link that it carries, unchecked.
        complaint: Kind of complaint.
    """

    kind: MailKind
    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    references: tuple[str, ...]
    sent_at: datetime | None
    effect: str = ""
    words: Words = NO_WORDS
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    automatic: str = ""
    token: str = ""
    bounce: Bounce | None = None
    complaint: str = ""


def read_mail(raw: bytes, ids: IdKey) -> Mail:
    """Read any bytes as a mail; it never fails, whatever they are.

    Args:
        raw: The mail as it arrived.
        ids: The tenant's id key, which recognises Segue's own Message-IDs.
    """
    message = parse(raw)
    sender, subject = sender_of(message), header(message, "subject")[:SUBJECT_AT_MOST]
    found = Mail(
        kind="message",
        sender=sender,
        recipients=recipients_of(message),
        subject=subject,
        message_id=message_id_of(message),
        references=references_of(message),
        sent_at=sent_at(message),
        automatic=automatic_kind(message, subject, sender),
    )
    return (
        _own(found, ids) or _report(found, message, ids) or _unsubscribe(found) or _said(found, message, ids)
    )


def spoken(mail: Mail) -> str:
    """What a mail says: its own words, else its subject, else all of it, else what it brings; never empty.

    >>> from segue.core.ids import IdKey
    >>> spoken(read_mail(b"Subject: Re: Please call me", IdKey(b"0123456789abcdef")))
    'Please call me'
    """
    subject = _REPLY_MARK.sub("", mail.subject).strip()
    replies = bool(mail.references) or subject != mail.subject.strip()
    said = (mail.words.own, "" if replies and mail.text.strip() else subject, mail.text.strip())
    brought = ", ".join(item.name for item in mail.attachments if item.name)
    return next((text for text in said if text), f"[attached: {brought}]" if brought else "[no text]")


def _own(mail: Mail, ids: IdKey) -> Mail | None:
    effect = effect_of(ids, [f"{mail.message_id} "])
    return replace(mail, kind="own", effect=effect) if effect else None


def _report(mail: Mail, message: "Message[str, str]", ids: IdKey) -> Mail | None:
    """A bounce, complaint or receipt; whose effect it speaks of is told by our own Message-ID alone."""
    bounce = bounce_of(message, by_mail_system=is_mail_system(mail.sender))
    complaint = complaint_of(message)
    if bounce is None and not complaint:
        return replace(mail, kind="receipt") if is_receipt(message) else None
    effect = effect_of(ids, (*mail.recipients, *reported(message)))
    return replace(
        mail, kind="complaint" if complaint else "bounce", effect=effect, bounce=bounce, complaint=complaint
    )


def _unsubscribe(mail: Mail) -> Mail | None:
    """A mail to the address or with the subject of our List-Unsubscribe (RFC 8058, RFC 2369)."""
    by_subject = _UNSUBSCRIBE_SUBJECT.match(mail.subject)
    by_address = any(item.partition("@")[0] == _UNSUBSCRIBE for item in mail.recipients)
    token = (by_subject[1] or "") if by_subject else ""
    if not (by_subject or by_address) or (mail.automatic and not token):
        return None
    return replace(mail, kind="unsubscribe", token=token)


def _said(mail: Mail, message: "Message[str, str]", ids: IdKey) -> Mail:
    parts = list(leaves(message))
    text = text_of(parts)
    return replace(
        mail,
        effect=effect_of(ids, [f"{item} " for item in reversed(mail.references)]),
        words=apart(text),
        text=text,
        attachments=tuple(
            Attachment(part.name or part.type, part.type, part.size) for part in parts if _is_attached(part)
        )[:_ATTACHMENTS_AT_MOST],
    )


def _is_attached(part: Part) -> bool:
    return part.attached or not part.type.startswith(("text/", "multipart/"))
