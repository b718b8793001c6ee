"""From a mail to the one signal it is, or to the word for why it is none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from segue.core.ids import IdKey, derive
from segue.core.records.signals import Kind, NewSignal
from segue.perception.mail import Mail, effect_of, spoken
from segue.privacy.links import verify

TEXT_BYTES = 90_000
"""Most bytes of JSON that a text takes; own words and the whole of it both fit into a body."""

CHANNEL = "email"
CLOCK_OFF_BY = timedelta(days=7)
"""A mail's own date says when it was written, unless it is further from its arrival than this.

It tells nothing about consent: what takes that back holds from its arrival, by the mail server's clock.
"""

_WITHIN = timedelta(seconds=1, microseconds=-1)
"""The mail server tells the second a mail arrived in; what was consented to in that second came before."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail with what only the mailbox knows of it.

    Attributes:
        mailbox: Name of the mailbox, the signal's source.
        at: When the mail server got it, aware.
        digest: Hash of its bytes, the dedupe key where it has no Message-ID.
        thread: Key of its thread; empty: found by its references.
        subject: `profile:ID` of whom a report or a signed link speaks; empty where nobody is known.
        is_known: Whether its sender is somebody on record.
        loops: Whether its thread had all the automatic exchanges of a day.
        brand: Brand that the mailbox belongs to; empty speaks for all.
        history: Whether it came before Segue listened.
    """

    mail: Mail
    mailbox: str
    at: datetime
    digest: str
    thread: str = ""
    subject: str = ""
    is_known: bool = False
    loops: bool = False
    brand: str = ""
    history: bool = False


def thread_of(mail: Mail, ids: IdKey) -> str:
    """Key of a mail's thread, from the mail alone: the effect that began it, else its root, else itself.

    >>> from segue.perception.mail import read_mail
    >>> key = IdKey(b"0123456789abcdef")
    >>> thread_of(read_mail(b"References: <root@x.io> <next@x.io>", key), key)
    'root@x.io'
    """
    root = mail.references[0] if mail.references else mail.message_id
    return effect_of(ids, [f"{root} "]) or root


def subject_of_token(ids: IdKey, token: str) -> str:
    """`profile:ID` that a signed unsubscribe token speaks of, or empty."""
    link = verify(ids, token)
    return f"profile:{link.profile_id}" if link is not None else ""


def signal_of(arrived: Arrived, ids: IdKey) -> NewSignal | str:
    """The signal that a mail is, or the word under which it is counted where it is none.

    `own` came back as it was sent; `receipt` tells nothing; `foreign` is a report about a mail that is not
    ours; `unknown` was written by somebody who is on no record, and nothing of it is kept.
    """
    mail = arrived.mail
    match mail.kind:
        case "own" | "receipt":
            return mail.kind
        case "bounce" | "complaint":
            if not (mail.effect and arrived.subject):
                return "foreign"
            return _about_effect(arrived)
        case "unsubscribe":
            return _withdrawal(arrived, ids)
        case "message":
            return _message(arrived, ids) if arrived.is_known and mail.sender else "unknown"


def _about_effect(arrived: Arrived) -> NewSignal:
    mail = arrived.mail
    body: dict[str, Any] = {"channel": CHANNEL, "effect": mail.effect}
    if mail.kind == "complaint":
        return _signal(
            arrived, Kind.OUTCOME_REACHED, {**body, "outcome": "complaint"}, subject=arrived.subject
        )
    bounce = mail.bounce
    if bounce is not None:
        body |= {"severity": bounce.severity, "status": bounce.status, "reason": bounce.reason}
    return _signal(arrived, Kind.MESSAGE_BOUNCED, body, subject=arrived.subject)


def _withdrawal(arrived: Arrived, ids: IdKey) -> NewSignal | str:
    """A signed token says who and from which brand; without one the sender is only claimed."""
    link = verify(ids, arrived.mail.token)
    body: dict[str, Any] = {"channel": CHANNEL, "state": "withdrawn", "basis": "unsubscribe by mail"}
    if link is not None:
        body |= {"channel": link.channel, "brand": link.brand, "purpose": link.purpose}
        return _signal(arrived, Kind.CONSENT_CHANGED, body, subject=f"profile:{link.profile_id}")
    if not (arrived.is_known and arrived.mail.sender):
        return "unknown"
    body |= {"brand": arrived.brand, "trust": "claimed"}
    return _signal(arrived, Kind.CONSENT_CHANGED, body)


def _message(arrived: Arrived, ids: IdKey) -> NewSignal:
    mail, text = arrived.mail, spoken(arrived.mail)
    body: dict[str, Any] = {
        "channel": CHANNEL,
        "text": _cut(text),
        "whole": _cut(mail.text) if mail.text.strip() != text else "",
        "subject": mail.subject,
        "brand": arrived.brand,
        "message_id": mail.message_id,
        "references": list(mail.references),
        "thread": arrived.thread or thread_of(mail, ids),
        "attachments": [
            {"name": item.name, "type": item.type, "bytes": item.size} for item in mail.attachments
        ],
        "automatic": mail.automatic or ("loop" if arrived.loops else ""),
    }
    return _signal(arrived, Kind.MESSAGE_RECEIVED, body)


def _signal(arrived: Arrived, kind: Kind, body: dict[str, Any], *, subject: str = "") -> NewSignal:
    mail = arrived.mail
    written = mail.sent_at if kind is Kind.MESSAGE_RECEIVED else arrived.at + _WITHIN
    honest = written is not None and abs(written - arrived.at) <= CLOCK_OFF_BY
    return NewSignal(
        source=arrived.mailbox,
        source_id=derive("mail", mail.message_id) if mail.message_id else f"digest:{arrived.digest}",
        kind=kind.value,
        identifiers=() if subject else (f"email:{mail.sender}",),
        occurred_at=written if honest and written is not None else arrived.at,
        body={name: value for name, value in body.items() if value},
        history=arrived.history,
        subject=subject,
    )


def _cut(text: str) -> str:
    """As much of a text as fits; what JSON must escape counts as it is written."""
    while (size := len(msgspec.json.encode(text))) > TEXT_BYTES:
        text = text[: max(1, len(text) * TEXT_BYTES // (size + 1))]
    return text
