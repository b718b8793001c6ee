"""Guesses of passwords are slowed down: by name and address together, by address, and by name."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from segue.core.units import HOUR, MINUTE, SECOND, Instant

FREE = {"pair": 5, "address": 20, "name": 50}
"""Wrong guesses before the first wait. Of a name alone so many that nobody is easily locked out by others."""

FIRST_WAIT, LONGEST_WAIT = 2 * SECOND, 15 * MINUTE
FORGOTTEN_AFTER = HOUR
_KEPT = 20_000
"""Keys kept at most; the one used longest ago goes first."""


@dataclass(slots=True)
class _Guesses:
    number: int = 0
    last_at: int = 0


class Throttle:
    """Counts guesses; may be used from any thread."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], _Guesses] = OrderedDict()
        self._mutex = threading.Lock()

    def take(self, name: str, address: str, now: Instant) -> int:
        """Count a guess before it is checked, or say how many seconds to wait, without counting it.

        Counted first, so that many at once do not all pass.
        """
        with self._mutex:
            guesses = {kind: self._of(kind, key, now) for kind, key in _keys(name, address)}
            wait = max(_wait(FREE[kind], found, now) for kind, found in guesses.items())
            if wait > 0:
                return -(-wait // SECOND)
            for found in guesses.values():
                found.number, found.last_at = found.number + 1, now
        return 0

    def right(self, name: str, address: str) -> None:
        """The guess was right: it counts for nothing, and the pair is forgotten."""
        with self._mutex:
            for kind, key in _keys(name, address):
                found = self._known.get((kind, key))
                if found is not None:
                    found.number = 0 if kind == "pair" else max(0, found.number - 1)

    def _of(self, kind: str, key: str, now: Instant) -> _Guesses:
        found = self._known.setdefault((kind, key), _Guesses())
        self._known.move_to_end((kind, key))
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        if now - found.last_at > FORGOTTEN_AFTER:
            found.number = 0
        return found


def _keys(name: str, address: str) -> tuple[tuple[str, str], ...]:
    name = name.strip().lower()[:200]
    return ("pair", f"{name}\n{address}"), ("address", address), ("name", name)


def _wait(free: int, found: _Guesses, now: Instant) -> int:
    if found.number < free:
        return 0
    wait = min(FIRST_WAIT << min(found.number - free, 12), LONGEST_WAIT)
    return max(0, found.last_at + wait - now)
