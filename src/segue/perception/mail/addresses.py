"""Addresses and ids in headers: the one who writes, those written to, and the mails a mail refers to."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from segue.perception.mail.tree import header, headers

if TYPE_CHECKING:
    from email.message import Message


ID_AT_MOST = 250
REFERENCES_AT_MOST = 20

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,253}")
_ID = re.compile(r"<([^<>\s]{1,250})>")
_QUOTED = re.compile(r"\"[^\"]*\"")


def sender_of(message: "Message[str, str]") -> str:
    """The address in From, lower case; empty where there is none, or more than one.

    A name that looks like an address is no address.

    >>> from segue.perception.mail.tree import parse
    >>> sender_of(parse(b'From: "boss@x.io" <ann@X.io>'))
    'ann@x.io'
    """
    found = headers(message, "from")
    if len(found) != 1:
        return ""
    bracketed = _in_brackets(found[0])
    addresses = bracketed or _ADDRESS.findall(_QUOTED.sub("", found[0]))
    return addresses[0].lower() if len(addresses) == 1 else ""


def recipients_of(message: "Message[str, str]") -> tuple[str, ...]:
    """Every address the mail was written or delivered to, lower case."""
    names = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
    values = (value for name in names for value in headers(message, name))
    return tuple(dict.fromkeys(found.lower() for value in values for found in _ADDRESS.findall(value)))


def message_id_of(message: "Message[str, str]") -> str:
    """The Message-ID without its brackets; empty where there is none."""
    value = header(message, "message-id")
    found = _ID.search(value)
    return found[1] if found else value.strip("<> ").partition(" ")[0][:ID_AT_MOST]


def references_of(message: "Message[str, str]") -> tuple[str, ...]:
    """Ids of the mails it follows, oldest first: the root and the newest where there are many."""
    values = [*headers(message, "references"), *headers(message, "in-reply-to")]
    ids = tuple(dict.fromkeys(_ids(values)))
    if len(ids) <= REFERENCES_AT_MOST:
        return ids
    return (ids[0], *ids[1 - REFERENCES_AT_MOST :])


def sent_at(message: "Message[str, str]") -> datetime | None:
    """When it says it was written, aware; None where that cannot be read."""
    try:
        moment = parsedate_to_datetime(header(message, "date"))
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _ids(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from _ID.findall(value)


def _in_brackets(value: str) -> list[str]:
    found = [_ADDRESS.fullmatch(item) for item in _ID.findall(_QUOTED.sub("", value))]
    return [item[0] for item in found if item is not None]
