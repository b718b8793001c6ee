"""What waits to be accepted: live signals before history, and none before its own lane's past."""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from segue.core.errors import BusyError
from segue.runtime.admission import Accepted, Draft

HOLDS = 20_000
"""So many drafts may wait; beyond, whoever hands more in is told to come again."""

HISTORY_HOLDS = 15_000
"""So many of them may be history: a backlog must leave room for what happens now."""

MOST = 256
"""So many drafts are taken at once, or a few more."""

HISTORY_MOST, HISTORY_LEAST = 64, 32
"""So many are history where live ones wait too, and on a slow machine: history never stands still."""

TURN = 200_000
"""Where a turn takes longer than so many microseconds, the next one takes less history: whoever comes during
it waits for its end.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Drafts that were handed in together, and who waits to hear what became of them."""

    drafts: Sequence[Draft]
    accepted: "asyncio.Future[list[Accepted]]"
    is_history: bool

    def names(self, keys: frozenset[str]) -> bool:
        """Whether it is about somebody who is known by one of these."""
        return any(not keys.isdisjoint(_keys(draft)) for draft in self.drafts)


class Waiting:
    """Drafts in the order in which they will be accepted; it belongs to one event loop.

    Nothing here was acknowledged, so the order among what several tools hand in is free, but for a lane: what
    is told of somebody's past is accepted before what happens to them now, as far as identifiers tell.
    """

    def __init__(self) -> None:
        self._live: deque[Part] = deque()
        self._history: deque[Part] = deque()
        self._held = self._held_history = 0
        self._history_most = MOST

    def add(self, drafts: Sequence[Draft]) -> "list[asyncio.Future[list[Accepted]]]":
        """Let drafts wait, together or in parts; they are accepted in their order.

        Raises:
            BusyError: Too much waits; none of them does.
        """
        is_history = all(draft.history for draft in drafts)
        if self._held + len(drafts) > HOLDS:
            raise BusyError(f"more than {HOLDS:,} signals wait to be accepted")
        if is_history and self._held_history + len(drafts) > HISTORY_HOLDS:
            raise BusyError(f"more than {HISTORY_HOLDS:,} signals of history wait to be accepted")
        self._held += len(drafts)
        self._held_history += len(drafts) if is_history else 0
        size, loop = HISTORY_LEAST if is_history else MOST, asyncio.get_running_loop()
        parts = [
            Part(drafts[first : first + size], loop.create_future(), is_history)
            for first in range(0, len(drafts), size)
        ]
        if is_history:
            self._history.extend(parts)
        else:
            self._let_pass_first(drafts)
            self._live.extend(parts)
        return [part.accepted for part in parts]

    def take(self) -> list[Part]:
        """Take what is accepted next; they wait no longer."""
        taken: list[Part] = []
        self._move(self._live, taken, MOST)
        self._move(self._history, taken, min(HISTORY_MOST if taken else MOST, self._history_most))
        return taken

    def took(self, duration: int) -> None:
        """Hear how long a turn was, in microseconds, and take more or less history the next time."""
        if duration > TURN:
            self._history_most = max(HISTORY_LEAST, self._history_most // 2)
        elif 2 * duration < TURN:
            self._history_most = min(MOST, self._history_most * 2)

    def clear(self) -> "list[asyncio.Future[list[Accepted]]]":
        """Let nothing wait any more; gives those who still wait for an answer."""
        parts = [*self._live, *self._history]
        self._live.clear()
        self._history.clear()
        self._held = self._held_history = 0
        return [part.accepted for part in parts]

    def _move(self, waiting: "deque[Part]", taken: list[Part], most: int) -> None:
        moved = 0
        while waiting and moved < most:
            part = waiting.popleft()
            taken.append(part)
            moved += len(part.drafts)
            self._held -= len(part.drafts)
            self._held_history -= len(part.drafts) if part.is_history else 0

    def _let_pass_first(self, drafts: Iterable[Draft]) -> None:
        """Have the history up to the last part about the same people go before live drafts, in its order."""
        if not self._history:
            return
        keys = frozenset(key for draft in drafts for key in _keys(draft))
        last = next((n for n in reversed(range(len(self._history))) if self._history[n].names(keys)), -1)
        for _ in range(last + 1):
            self._live.append(self._history.popleft())


def _keys(draft: Draft) -> tuple[str, ...]:
    return (*draft.identifiers, draft.subject) if draft.subject else draft.identifiers
