"""A transport that reads no endless reply: what is longer than a reading can be is cut off."""

from collections.abc import AsyncIterator
from typing import Final

import httpx2

LONGEST: Final = 128 * 1024
"""Bytes of a reply."""


class TooLongError(Exception):
    """A reply was longer than any reading is."""


class _Capped(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for chunk in self._stream:
            length += len(chunk)
            if length > LONGEST:
                raise TooLongError(f"the reply is longer than {LONGEST // 1024} KB")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


class CappedTransport(httpx2.AsyncHTTPTransport):
    """Sends requests; replies come unpacked, so that a small one cannot become a large one."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        request.headers["accept-encoding"] = "identity"
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise TooLongError("the reply is packed, although that was not asked for")
        stream = response.stream
        if isinstance(stream, httpx2.AsyncByteStream):
            response.stream = _Capped(stream)
        return response
