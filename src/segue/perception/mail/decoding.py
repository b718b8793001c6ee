"""Text out of bytes: charsets that lie, words encoded in headers, and the limits that keep both quick."""

import codecs
from email.errors import HeaderParseError
from email.header import decode_header

HEADER_AT_MOST = 4_000
"""Characters of a header's value that are read: RFC 5322 allows 998 in a line, and a few folded lines."""

_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
"""Codecs that no mail program writes, that are slow on long input, or that make half characters."""


def decode(raw: bytes, charset: str = "") -> str:
    r"""Read bytes in the charset they claim, else in UTF-8, else in Windows-1252; it never fails.

    >>> decode(b"gr\xfc\xdfe", "no-such-charset"), decode("grüße".encode(), "ascii")
    ('grüße', 'grüße')
    """
    for name in (charset, "utf-8"):
        text = _decoded(raw, name)
        if text is not None:
            return text
    return whole_characters(raw.decode("cp1252", "replace"))


def whole_characters(text: str) -> str:
    r"""Replace half characters (lone surrogates), which nothing can store.

    >>> whole_characters("a\ud800")
    'a?'
    """
    return text.encode("utf-8", "replace").decode()


def header_text(value: str) -> str:
    """Read a header's value: unfolded, its encoded words decoded, raw eight-bit text understood.

    >>> header_text("=?utf-8?q?Gr=C3=BC=C3=9Fe?= von Ann")
    'Grüße von Ann'
    """
    value = value[:HEADER_AT_MOST]
    plain = value if value.isascii() else decode(value.encode("utf-8", "surrogateescape"))
    try:
        pieces = decode_header(plain) if "=?" in plain else []
    except (HeaderParseError, ValueError, LookupError):
        pieces = []
    if pieces:
        plain = "".join(_piece(piece, charset) for piece, charset in pieces)
    return " ".join(whole_characters(plain).split())


def _piece(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    return decode(piece, charset or "")


def _decoded(raw: bytes, charset: str) -> str | None:
    name = charset.strip().strip("\"'").lower()
    try:
        if not name or codecs.lookup(name).name in _NO_CHARSETS:
            return None
        return whole_characters(raw.decode(name))
    except (LookupError, ValueError):
        return None
