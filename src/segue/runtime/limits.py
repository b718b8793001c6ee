"""What a connector takes: a token bucket and a circuit breaker, both on the clock port.

ADR: pyrate-limiter reads the wall clock and sleeps by itself, so it cannot run on a virtual clock; these two
are pure functions of the instants they are told.
"""

from dataclasses import dataclass

from segue.core.ports import Limits
from segue.core.units import MINUTE, SECOND, Instant
from segue.runtime.backoff import wait_for

OPENS_AFTER = 5
_LONGEST_OPEN = 5 * MINUTE
_FIRST_OPEN_STEP = 3


class TokenBucket:
    """Calls per second with a burst.

    >>> bucket = TokenBucket(per_second=1.0, burst=1)
    >>> bucket.take(Instant(0))
    >>> bucket.ready_at(Instant(0))
    1000000
    """

    def __init__(self, per_second: float, burst: int) -> None:
        self._interval = max(1, round(SECOND / per_second))
        self._burst = burst
        self._full_at = Instant(0)

    def ready_at(self, now: Instant) -> Instant:
        """When the next call may start: `now`, or later."""
        return Instant(max(now, self._full_at - (self._burst - 1) * self._interval))

    def take(self, now: Instant) -> None:
        """Use one token."""
        self._full_at = Instant(max(self._full_at, now) + self._interval)


class Breaker:
    """Opens after five failures in a row; then one probe at a time tells whether to close again.

    Args:
        name: The connector's, for a steady jitter.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._failures = 0
        self._open_until = Instant(0)

    @property
    def is_open(self) -> bool:
        """Whether only a probe may pass."""
        return self._failures >= OPENS_AFTER

    def ready_at(self, now: Instant) -> Instant:
        """When the next call may start: `now` while closed, else when a probe is due."""
        return max(now, self._open_until) if self.is_open else now

    def record(self, *, ok: bool, now: Instant) -> None:
        """Count how a call went; a refusal is an answer and counts as ok."""
        if ok:
            self._failures = 0
            return
        self._failures += 1
        if self.is_open:
            step = self._failures - OPENS_AFTER + _FIRST_OPEN_STEP
            self._open_until = Instant(now + min(wait_for(step, "breaker", self._name), _LONGEST_OPEN))


@dataclass(frozen=True, slots=True)
class LineState:
    """How the way to one connector is.

    Attributes:
        is_open: Whether its breaker is open: calls failed in a row, and only a probe may pass.
        probe_at: When the next probe is due, while it is open.
        running: Calls under way.
    """

    is_open: bool
    probe_at: Instant | None
    running: int


class Line:
    """The way to one connector: its limits, its breaker, and how many calls are under way."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._bucket = TokenBucket(limits.per_second, limits.burst)
        self._breaker = Breaker(name)
        self._concurrent = limits.concurrent
        self.running = 0

    @property
    def is_full(self) -> bool:
        """Whether a call has to end before another may start."""
        return self.running >= (1 if self._breaker.is_open else self._concurrent)

    @property
    def is_broken(self) -> bool:
        """Whether the breaker is open."""
        return self._breaker.is_open

    def ready_at(self, now: Instant) -> Instant:
        """When limits and breaker let the next call start."""
        return max(self._bucket.ready_at(now), self._breaker.ready_at(now))

    def state(self, now: Instant) -> LineState:
        """How it is, for those who look on."""
        is_open = self._breaker.is_open
        return LineState(is_open, self._breaker.ready_at(now) if is_open else None, self.running)

    def start(self, now: Instant) -> None:
        """A call starts."""
        self.running += 1
        self._bucket.take(now)

    def end(self, *, ok: bool, now: Instant) -> None:
        """A call ended."""
        self.running -= 1
        self._breaker.record(ok=ok, now=now)
