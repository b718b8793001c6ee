"""The shell on a virtual clock: does all that is due in one fixed order, then moves the clock on."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from segue.core.errors import AmbiguousError
from segue.core.units import Instant
from segue.runtime.admission import Accepted, Draft
from segue.runtime.clock import VirtualClock
from segue.runtime.parts import Parts
from segue.runtime.settling import Answer, Call

T = TypeVar("T")

_INBOX_BATCH = 256
_TURNS = 20
_PATIENCE = 2_000


class VirtualDriver:
    """Runs the parts in the caller's own task: the same signals give the same decisions, always.

    Calls to connectors run side by side, but what they answered at one instant is committed in the order
    in which their effects were begun.
    """

    def __init__(self, parts: Parts, clock: VirtualClock) -> None:
        self._parts = parts
        self._clock = clock
        self._calls: dict[asyncio.Task[Answer], Call] = {}
        self._stopped = False

    @property
    def is_running(self) -> bool:
        """Whether it takes signals in."""
        return not self._stopped

    async def start(self) -> None:
        """Settle what a crash left open."""
        self._parts.dispatcher.recover()

    async def stop(self) -> None:
        """Step what was accepted; calls still under way on the clock end as ambiguous."""
        self._stopped = True
        self._run_steps()
        await self._rest()
        for task in self._calls:
            task.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        stopped = Answer(error=AmbiguousError("stopped before the reply came"))
        answers = [
            (call, stopped if task.cancelled() else task.result()) for task, call in self._calls.items()
        ]
        self._calls.clear()
        if answers:
            self._parts.dispatcher.end(answers)
            self._run_steps()

    async def submit(self, drafts: Sequence[Draft]) -> list[Accepted]:
        """Accept drafts; they are on disk when it returns."""
        receipts: list[Accepted] = []
        for first in range(0, len(drafts), _INBOX_BATCH):
            receipts += self._parts.inbox.accept_batch(drafts[first : first + _INBOX_BATCH])
        return receipts

    async def submit_and_step(self, draft: Draft) -> Accepted:
        """Accept one draft and step what is pending; the clock stands still."""
        (receipt,) = await self.submit([draft])
        self._run_steps()
        return receipt

    async def settle(self, until: Instant | None = None) -> None:
        """Do all that is due by `until`, and leave the clock there."""
        while True:
            while await self._work():
                pass
            at = self._next_at()
            if until is None or at is None or at > until:
                break
            self._clock.move(at)
        if until is not None:
            self._clock.move(until)

    async def call(self, function: Callable[[], T]) -> T:
        """Run a function that writes; what it leaves pending is stepped when the runtime settles."""
        return function()

    async def _work(self) -> bool:
        """Steps, then timers, then effects; tells whether anything happened."""
        if self._run_steps() or self._parts.timers.fire_due():
            return True
        calls, moved = self._parts.dispatcher.begin_due()
        for call in calls:
            self._calls[asyncio.create_task(self._parts.dispatcher.perform(call))] = call
        await self._rest()
        done = [task for task in self._calls if task.done()]
        if done:
            self._parts.dispatcher.end([(self._calls[task], task.result()) for task in done])
        for task in done:
            del self._calls[task]
        return bool(calls or moved or done)

    def _run_steps(self) -> bool:
        ran = False
        while self._parts.steps.run_batch().handled:
            # Between batches, never beside them: what is recalled hangs on nothing but the signals.
            self._parts.vectors.all()
            ran = True
        return ran

    def _next_at(self) -> Instant | None:
        moments = (self._parts.timers.next_at(), self._parts.dispatcher.next_at(), self._clock.next_wake_at())
        at = min((moment for moment in moments if moment is not None), default=None)
        return None if at is None else max(at, Instant(self._clock.now() + 1))

    async def _rest(self) -> None:
        """Let every task run until it is done or waits for the clock."""
        if not self._calls:
            await asyncio.sleep(0)
            return
        for turn in range(_PATIENCE):
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            if not any(self._is_busy(task, call) for task, call in self._calls.items()):
                return
            # It waits for something real, such as a thread: give that some real time, but not forever.
            await asyncio.sleep(0 if turn == 0 else 0.001)

    def _is_busy(self, task: "asyncio.Task[Answer]", call: Call) -> bool:
        asking = self._parts.dispatcher.asking.get(call.row.effect.id)
        return not task.done() and (asking is None or not self._clock.is_asleep(asking))
