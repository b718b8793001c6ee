"""When an effect is tried again: exponentially later, with a jitter that a hash draws."""

from segue.core.ids import uniform
from segue.core.units import MINUTE, PPM, SECOND, Instant

FIRST = 1 * SECOND
LONGEST = 15 * MINUTE
_DOUBLINGS = 20


def wait_for(attempt: int, *draw: str) -> int:
    """How long to wait after the given attempt, in microseconds: half of it fixed, half drawn.

    The same draw gives the same wait, so a run on a virtual clock can be repeated.

    >>> SECOND // 2 <= wait_for(1, "effect") <= SECOND
    True
    """
    longest = min(FIRST << min(attempt - 1, _DOUBLINGS), LONGEST)
    return longest // 2 + longest // 2 * uniform("backoff", str(attempt), *draw) // PPM


def retry_at(effect_id: str, attempt: int, now: Instant, retry_after_s: float | None) -> Instant:
    """When to try next: as the other side asked (`Retry-After`, in seconds), else by backoff."""
    wait = wait_for(attempt, effect_id)
    if retry_after_s is not None:
        wait = max(round(retry_after_s * SECOND), 1)
    return Instant(now + wait)
