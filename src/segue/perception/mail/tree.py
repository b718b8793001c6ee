"""The tree of a mail: headers and parts of any bytes, however broken, deep or long."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from itertools import islice

from segue.perception.mail.decoding import decode, header_text

READ_AT_MOST = 2_000_000
"""Bytes of a mail that are looked at; attachments beyond are not named."""

_HEAD_AT_MOST = 200_000
_PART_AT_MOST = 400_000
_PARTS_AT_MOST = 200
_BROKEN = (AttributeError, IndexError, LookupError, RecursionError, TypeError, ValueError)
"""What Python's own parser trips over where a mail is broken: it was written for mails that are not."""

_NESTED_AT_MOST = 30
_MARKS_AT_MOST = 2_000
_CONTENT_HEADER_AT_MOST = 1_000
_CONTENT_HEADER = re.compile(rb"^(content-[a-z-]{1,30}:)((?:.*\n[ \t])*.*)$", re.IGNORECASE | re.MULTILINE)
_NESTING = re.compile(rb"boundary[ \t]*=|content-type:[ \t\n]*message/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the tree.

    Attributes:
        type: Media type, lower case, such as `text/plain`.
        name: File name; empty where it has none.
        attached: Whether it is meant to be saved and not read.
        flowed: Whether its lines are wrapped softly (RFC 3676).
        raw: Its decoded bytes, at most 400,000.
        size: How many decoded bytes it has in all.
    """

    type: str
    name: str
    attached: bool
    flowed: bool
    raw: bytes
    size: int
    charset: str

    @property
    def text(self) -> str:
        """Its bytes as text."""
        return decode(self.raw, self.charset)


def parse(raw: bytes) -> "Message[str, str]":
    """Read any bytes as a mail; what is nested too deep or cut in too many parts is read as one text."""
    raw = raw[:READ_AT_MOST].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    head, gap, rest = raw.partition(b"\n\n")
    raw = head[:_HEAD_AT_MOST] + gap + rest
    raw = _CONTENT_HEADER.sub(_shortened, raw)
    nested = sum(1 for _ in islice(_NESTING.finditer(raw), _NESTED_AT_MOST + 1))
    flat = nested > _NESTED_AT_MOST or raw.count(b"\n--") > _MARKS_AT_MOST
    parser = BytesParser(policy=compat32)
    try:
        return parser.parsebytes(raw, headersonly=flat)
    except _BROKEN:
        return parser.parsebytes(b"\n" + raw, headersonly=True)


def header(message: "Message[str, str]", name: str) -> str:
    r"""The first value of a header, decoded; empty where there is none.

    >>> header(parse(b"Subject: Hello\n\nText"), "subject")
    'Hello'
    """
    return next(iter(headers(message, name)), "")


def headers(message: "Message[str, str]", name: str) -> list[str]:
    """All values of a header, decoded; at most twenty."""
    wanted = name.lower()
    found = (str(value) for key, value in message.raw_items() if key.lower() == wanted)
    return [header_text(value) for value in islice(found, 20)]


def media_type(message: "Message[str, str]") -> str:
    """Media type of a mail or part."""
    return message.get_content_type().lower()


def parameter(message: "Message[str, str]", name: str, of: str = "content-type") -> str:
    """A parameter of a content header, such as `charset`; empty where there is none or it cannot be read."""
    try:
        found = message.get_param(name, "", of)
    except _BROKEN:
        return ""
    if isinstance(found, tuple):  # RFC 2231: charset, language, value
        return header_text(decode(found[2].encode("latin-1", "replace"), found[0] or ""))
    return header_text(str(found or ""))


def inside(message: "Message[str, str]", *types: str) -> Iterator["Message[str, str]"]:
    """Parts of these media types at any depth, the mail itself included."""
    return (part for part in islice(message.walk(), _PARTS_AT_MOST) if media_type(part) in types)


def leaves(message: "Message[str, str]") -> Iterator[Part]:
    """Its parts that hold something; a forwarded mail counts as one attachment and is not entered."""
    waiting = [message]
    for _ in range(_PARTS_AT_MOST):
        if not waiting:
            return
        part = waiting.pop()
        if not part.is_multipart():
            yield _leaf(part)
        elif media_type(part).startswith("message/"):
            yield Part(media_type(part), _name(part) or "message", True, False, b"", 0, "")  # noqa: FBT003
        else:
            waiting.extend(reversed(blocks(part)))


def blocks(part: "Message[str, str]") -> list["Message[str, str]"]:
    """The mails and groups of fields inside a part; none where it holds plain bytes."""
    payload = part.get_payload() if part.is_multipart() else None
    if not isinstance(payload, list):
        return []
    return [block for block in payload[:_PARTS_AT_MOST] if isinstance(block, Message)]


def content(part: "Message[str, str]") -> bytes:
    """The decoded bytes of a leaf."""
    try:
        found = part.get_payload(decode=True)
    except _BROKEN:
        return b""
    return found if isinstance(found, bytes) else b""


def _leaf(part: "Message[str, str]") -> Part:
    raw = content(part)
    disposition = header(part, "content-disposition").partition(";")[0].strip().lower()
    name = _name(part)
    kind = media_type(part)
    return Part(
        type=kind,
        name=name,
        attached=disposition == "attachment" or (bool(name) and disposition != "inline"),
        flowed=parameter(part, "format").lower() == "flowed",
        raw=raw[:_PART_AT_MOST],
        size=len(raw),
        charset=parameter(part, "charset"),
    )


def _name(part: "Message[str, str]") -> str:
    return (parameter(part, "filename", "content-disposition") or parameter(part, "name"))[:200]


def _shortened(found: "re.Match[bytes]") -> bytes:
    """A content header that is longer than any real one is cut: reading its parameters takes time squared."""
    name, value = found[1], found[2]
    if len(value) <= _CONTENT_HEADER_AT_MOST:
        return found[0]
    return name + value[:_CONTENT_HEADER_AT_MOST].replace(b"\n", b" ")
