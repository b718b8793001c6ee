"""Reading a request's body: gzip told by its first bytes, and every limit counted while reading."""

import asyncio
import zlib

from litestar.types import Receive

from segue.api.problems import Refusal

MAX_BYTES = 500 * 1024
"""So much a body may hold once it is decompressed."""

PATIENCE_S = 30.0
"""So long a body may take to arrive."""

_GZIP = b"\x1f\x8b"
_WINDOW = 31  # a gzip header and nothing else


async def read_body(receive: Receive, declared: str, *, most: int = MAX_BYTES) -> bytes:
    """Read a body whole.

    Clients say wrongly how they compress (one sends gzip as a form), so its own first bytes tell.

    Args:
        receive: The ASGI channel.
        declared: The `Content-Length` header, or empty.
        most: Limit in bytes, of what is sent and of what it decompresses to.

    Raises:
        Refusal: 413 too large, 408 too slow, 400 broken gzip or a body that ends early.
    """
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > most:
        raise _too_large(most)
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _read(receive, most)
    except TimeoutError as error:
        detail = f"the body did not arrive within {PATIENCE_S:g} s"
        raise Refusal(408, "slow", detail, {"connection": "close"}) from error


async def _read(receive: Receive, most: int) -> bytes:
    content = _Content(most)
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refusal(400, "cut_off", "the body ended before it was whole")
        content.take(message.get("body", b""))
        if not message.get("more_body", False):
            return content.whole()


class _Content:
    """What has come so far, decompressed."""

    def __init__(self, most: int) -> None:
        self._most, self._sent = most, 0
        self._held = bytearray()
        self._gzip: zlib._Decompress | None = None

    def take(self, part: bytes) -> None:
        self._sent += len(part)
        if self._sent > self._most:
            raise _too_large(self._most)
        if self._gzip is None and len(self._held) + len(part) >= len(_GZIP):
            part, self._held = bytes(self._held) + part, bytearray()
            if part.startswith(_GZIP):
                self._gzip = zlib.decompressobj(_WINDOW)
            else:
                self._gzip = _PLAIN
        if self._gzip is None or self._gzip is _PLAIN:
            self._held += part
        elif part:
            self._held += self._inflated(self._gzip, part)
        if len(self._held) > self._most:
            raise _too_large(self._most)

    def _inflated(self, gzip: "zlib._Decompress", part: bytes) -> bytes:
        try:
            made = gzip.decompress(part, self._most - len(self._held) + 1)
        except zlib.error as error:
            raise Refusal(400, "not_gzip", "the body begins like gzip but is none") from error
        if gzip.unused_data:
            raise Refusal(400, "not_gzip", "bytes follow the end of the gzip body")
        return made

    def whole(self) -> bytes:
        if self._gzip is not None and self._gzip is not _PLAIN and not self._gzip.eof:
            raise Refusal(400, "not_gzip", "the gzip body ends early")
        return bytes(self._held)


_PLAIN = zlib.decompressobj(-15)
"""Stands for a body that is not compressed."""


def _too_large(most: int) -> Refusal:
    return Refusal(413, "too_large", f"the body holds more than {most // 1024:,} KB; send less at once")
