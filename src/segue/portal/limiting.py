"""Limits on what one visitor or one address may ask for: a bucket of tokens for each, on the clock port."""

from collections import OrderedDict
from dataclasses import dataclass

from segue.core.ports import Clock
from segue.core.units import SECOND

MOST_BUCKETS = 20_000
"""Buckets kept; the one unused for longest goes first. An attacker with more addresses needs other means."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: int


class Limiter:
    """A token bucket per key.

    Args:
        clock: Where time comes from.
        burst: How much may come at once.
        per_minute: How much may come in the long run.
    """

    def __init__(self, clock: Clock, *, burst: int, per_minute: int) -> None:
        self._clock = clock
        self._burst = burst
        self._per_s = per_minute / 60
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_s(self, key: str) -> int:
        """Take one token of a key; 0 where there was one, else after how many seconds there is."""
        now = self._clock.now()
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + max(0, now - bucket.at) / SECOND * self._per_s)
        bucket.at = now
        self._buckets[key] = bucket
        while len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return max(1, round((1 - bucket.tokens) / self._per_s))

    def give_back(self, key: str) -> None:
        """Give a token back that was taken for nothing."""
        bucket = self._buckets.get(key)
        if bucket is not None:
            bucket.tokens = min(self._burst, bucket.tokens + 1)
