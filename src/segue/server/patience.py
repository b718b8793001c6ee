"""How long the server waits for a client that is slow to send its headers; of bodies `api.body` knows."""

import asyncio
from typing import cast

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEADERS_S = 10.0
"""So long the headers of a request may take from the first byte on, and a new connection may stay silent."""


class PatientProtocol(H11Protocol):
    """Uvicorn's protocol, which waits forever for headers, with an end to it."""

    _limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Begin to wait."""
        super().connection_made(transport)
        self._limit = self.loop.call_later(HEADERS_S, self.transport.close)

    def data_received(self, data: bytes) -> None:
        """Wait on while no request is being worked on."""
        super().data_received(data)
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle is not None and not cycle.response_complete:
            self._wait_no_more()
        elif self._limit is None:
            self._limit = self.loop.call_later(HEADERS_S, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait_no_more(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
