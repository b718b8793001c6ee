"""The adapters behind the clock port: the system's, one set ahead, and a virtual one that is moved."""

import asyncio
import heapq
import time
from datetime import datetime
from typing import Any

from segue.core.units import SECOND, Instant, to_datetime, to_instant


class SystemClock:
    """The machine's own clock, in UTC."""

    def now(self) -> Instant:
        """Current instant."""
        return Instant(time.time_ns() // 1_000)

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of real time."""
        await asyncio.sleep(max(seconds, 0.0))


class LaterClock:
    """The machine's clock, set ahead so that it goes on from a given instant: for homes that hold a story.

    Args:
        start: Where it stands when it is made; an instant that has passed already sets nothing ahead.
    """

    def __init__(self, start: Instant) -> None:
        self._system = SystemClock()
        self._ahead = max(0, start - self._system.now())

    def now(self) -> Instant:
        """Current instant."""
        return Instant(self._system.now() + self._ahead)

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of real time."""
        await self._system.sleep(seconds)


class VirtualClock:
    """A clock that stands still until it is moved; sleepers wake in the order they are due.

    Args:
        start: Aware datetime it stands at first.
    """

    def __init__(self, start: datetime) -> None:
        self._now = to_instant(start)
        self._order = 0
        self._sleepers: list[tuple[Instant, int, asyncio.Future[None]]] = []
        self._asleep: dict[asyncio.Task[Any], asyncio.Future[None]] = {}

    def now(self) -> Instant:
        """Instant it stands at."""
        return self._now

    @property
    def at(self) -> datetime:
        """Where it stands, as an aware UTC datetime."""
        return to_datetime(self._now)

    async def sleep(self, seconds: float) -> None:
        """Return when the clock has been moved by at least `seconds`."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = Instant(self._now + max(1, round(seconds * SECOND)))
        self._order += 1
        heapq.heappush(self._sleepers, (due, self._order, woken))
        task = asyncio.current_task()
        if task is not None:
            self._asleep[task] = woken
        try:
            await woken
        finally:
            if task is not None:
                self._asleep.pop(task, None)

    def is_asleep(self, task: "asyncio.Task[Any]") -> bool:
        """Whether that task waits for this clock and for nothing else."""
        woken = self._asleep.get(task)
        return woken is not None and not woken.done()

    def next_wake_at(self) -> Instant | None:
        """When the next sleeper is due."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def move(self, to: Instant) -> None:
        """Move forward to `to` and wake whoever is due by then; moving back does nothing."""
        self._now = max(self._now, to)
        while (due := self.next_wake_at()) is not None and due <= self._now:
            _, _, woken = heapq.heappop(self._sleepers)
            woken.set_result(None)
