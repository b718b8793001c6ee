"""Reports about mails that were sent: bounces (RFC 3464), complaints (RFC 5965), receipts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from segue.perception.mail.decoding import decode
from segue.perception.mail.tree import blocks, content, header, inside, leaves, media_type, parameter

if TYPE_CHECKING:
    from email.message import Message

Severity = Literal["hard", "soft"]

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
_NOBODY_THERE = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox|address)|does not exist|doesn't exist|"
    r"invalid (?:recipient|mailbox|address)|unknown recipient|recipient unknown|"
    r"mailbox (?:not found|unavailable)|no mailbox here|address rejected: (?:undeliverable|unknown)|"
    r"account (?:has been )?(?:disabled|closed)",
    re.IGNORECASE,
)
_DEAD = re.compile(r"5\.1\.(?!7$|8$)\d+|5\.2\.1")
"""Codes of RFC 3463 that speak of the recipient's address, or say that its mailbox is disabled."""

_TEXT_AT_MOST = 20_000
_LEAVES_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back.

    Attributes:
        severity: `hard` where the address takes no mail at all; `soft` where this mail did not get through.
        status: Enhanced status code such as `5.1.1`, or a plain one such as `550`; empty where none is told.
        reason: What the mail server said, at most 300 characters.
    """

    severity: Severity
    status: str
    reason: str


def bounce_of(message: "Message[str, str]", *, by_mail_system: bool) -> Bounce | None:
    """The bounce that a mail reports, or None; a report of success is none.

    Args:
        message: The mail.
        by_mail_system: Whether a mail server wrote it: only then is a bounce without a report believed.
    """
    if _is_report(message, "delivery-status"):
        told = [_bounce(block) for block in _recipients(message)]
        found = [item for item in told if item is not None]
        return next((item for item in found if item.severity == "hard"), next(iter(found), None))
    return _told_in_words(message) if by_mail_system else None


def complaint_of(message: "Message[str, str]") -> str:
    """What kind of complaint a mail reports, such as `abuse` or `opt-out`; empty where it is none."""
    if not _is_report(message, "feedback-report"):
        return ""
    for part in inside(message, "message/feedback-report"):
        for block in blocks(part):
            kind = header(block, "feedback-type").lower()
            if kind:
                return "" if kind == "not-spam" else kind[:40]
    return "abuse"


def is_dead(said: str) -> bool:
    """Whether a mail server's refusal of a recipient says that the address takes no mail at all.

    >>> is_dead("550 5.1.1 User unknown"), is_dead("554 5.7.1 Relay access denied")
    (True, False)
    """
    return _severity(_status(said), said) == "hard"


def is_receipt(message: "Message[str, str]") -> bool:
    """Whether it only tells that a mail arrived or was opened."""
    return _is_report(message, "disposition-notification") or _is_report(message, "delivery-status")


def reported(message: "Message[str, str]") -> Iterator[str]:
    """Texts of a report in which the Message-ID of the mail it speaks of may stand, the surest first."""
    for part in inside(message, "message/rfc822", "message/global", "message/global-headers"):
        for block in blocks(part):
            yield header(block, "message-id")
    for part in inside(message, "text/rfc822-headers"):
        yield decode(content(part))[:_TEXT_AT_MOST]
    for part in inside(message, "message/delivery-status", "message/feedback-report"):
        for block in blocks(part):
            yield header(block, "original-envelope-id")
    for leaf in islice(leaves(message), _LEAVES_AT_MOST):
        yield leaf.text[:_TEXT_AT_MOST]


def _is_report(message: "Message[str, str]", kind: str) -> bool:
    if media_type(message) != "multipart/report":
        return False
    declared = parameter(message, "report-type").lower()
    return declared == kind or (not declared and any(True for _ in inside(message, f"message/{kind}")))


def _recipients(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    for part in inside(message, "message/delivery-status", "message/global-delivery-status"):
        yield from (block for block in blocks(part) if header(block, "action") or header(block, "status"))


def _bounce(block: "Message[str, str]") -> Bounce | None:
    action = header(block, "action").lower()
    said = header(block, "diagnostic-code").partition(";")[2].strip()
    status = _status(header(block, "status")) or _status(said)
    if action in {"delivered", "relayed", "expanded"} or status.startswith("2"):
        return None
    reason = said or header(block, "status")
    if action == "delayed" or status.startswith("4"):
        return Bounce("soft", status, reason[:300])
    return Bounce(_severity(status, reason), status or _code(said), reason[:300])


def _told_in_words(message: "Message[str, str]") -> Bounce | None:
    """A bounce of a mail server that writes no report."""
    text = next((leaf.text for leaf in leaves(message) if leaf.type.startswith("text/")), "")[:_TEXT_AT_MOST]
    status = _status(text) or _code(text)
    if not status and not _NOBODY_THERE.search(text):
        return None
    line = next((line for line in text.splitlines() if status in line or _NOBODY_THERE.search(line)), "")
    severity: Severity = "soft" if status.startswith("4") else _severity(status, line)
    return Bounce(severity, status, line.strip()[:300])


def _severity(status: str, reason: str) -> Severity:
    """Whether the address is dead: the words of a server count where its number speaks of something else."""
    return "hard" if _NOBODY_THERE.search(reason) or _DEAD.fullmatch(status) else "soft"


def _status(text: str) -> str:
    found = _STATUS.search(text)
    return found[0] if found else ""


def _code(text: str) -> str:
    found = _CODE.search(text)
    return found[0] if found else ""
