"""The shell on the system's clock: one writer thread, and a task each for signals, timers, dispatch."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from segue.core.errors import AmbiguousError, BusyError, SegueError, StorageError
from segue.core.units import SECOND, Instant
from segue.runtime.admission import Accepted, Draft
from segue.runtime.parts import Parts
from segue.runtime.retaining import EVERY_S
from segue.runtime.settling import Answer, Call
from segue.runtime.steps import Batch
from segue.runtime.waiting import Waiting

P = ParamSpec("P")
T = TypeVar("T")

STOP_S = 10.0
"""How long a graceful stop waits for steps, and then for running calls, in seconds."""

_LOOK_AGAIN_S = 1.0
_STORAGE_WAIT_S = 0.5
_POLL_S = 0.005
_TASKS = ("signals", "timers", "dispatch", "vectors", "retention")


class LiveDriver:
    """Runs the parts beside the caller.

    Group commit needs no waiting: while one commit runs, what arrives gathers for the next.
    """

    def __init__(self, parts: Parts, *, stop_s: float = STOP_S) -> None:
        self._parts = parts
        self._stop_s = stop_s
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="segue-writer")
        self._waiting = Waiting()
        self._waiters: dict[str, list[asyncio.Future[None]]] = {}
        self._calls: dict[asyncio.Task[Answer], Call] = {}
        self._wake = {name: asyncio.Event() for name in _TASKS}
        self._resting: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    @property
    def is_running(self) -> bool:
        """Whether it takes signals in."""
        return self._is_alive() and not self._stopping

    async def start(self) -> None:
        """Settle what a crash left open, then take up work."""
        await self._write(self._parts.dispatcher.recover)
        for name, loop in (
            ("signals", self._take_up),
            ("timers", self._fire),
            ("dispatch", self._dispatch),
            ("vectors", self._read_words),
            ("retention", self._retain),
        ):
            self._tasks.append(asyncio.create_task(self._forever(name, loop), name=f"segue-{name}"))

    async def stop(self) -> None:
        """Take in nothing more, step what was accepted, wait for running calls, then end.

        A long backlog is not waited for: what is not stepped in time stays in the inbox for the next start.
        """
        self._stopping = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rested({"signals"}), self._stop_s)
        if self._calls:
            await asyncio.wait(self._calls, timeout=self._stop_s)
        for task in (*self._tasks, *self._calls):
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*self._calls, return_exceptions=True)
        self._fail_waiting(BusyError("the runtime has stopped"))
        try:
            await self._write(self._end_calls, list(self._calls.items()))
        finally:
            self._writer.shutdown()
        for outcome in ended:
            if isinstance(outcome, Exception):
                raise outcome

    async def submit(self, drafts: Sequence[Draft]) -> list[Accepted]:
        """Accept drafts; they are on disk when it returns.

        Raises:
            BusyError: It is stopping, or too much waits; nothing was accepted.
        """
        if not self.is_running:
            raise BusyError("the runtime is stopping")
        accepted = self._waiting.add(drafts)
        self._wake["signals"].set()
        return [receipt for receipts in await asyncio.gather(*accepted) for receipt in receipts]

    async def submit_and_step(self, draft: Draft) -> Accepted:
        """Accept one draft and return when it has been stepped or laid aside."""
        stepped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(draft.id, []).append(stepped)
        try:
            (receipt,) = await self.submit([draft])
            if receipt.state == "accepted":
                await stepped
        finally:
            others = [waiter for waiter in self._waiters.pop(draft.id, ()) if waiter is not stepped]
            if others:
                self._waiters[draft.id] = others
        return receipt

    async def settle(self, until: Instant | None = None) -> None:
        """Return when nothing is left to do now, and `until` has come."""
        clock = self._parts.tenant.clock
        while until is not None and (left := until - clock.now()) > 0 and self._is_alive():
            await clock.sleep(min(left / SECOND, _LOOK_AGAIN_S))
        await self._rested(set(self._wake), calls=True)
        for task in self._tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def call(self, function: Callable[[], T]) -> T:
        """Run a function that writes in the one writer, then take up what it left pending."""
        done = await self._write(function)
        self._wake["signals"].set()
        return done

    # --- the tasks ------------------------------------------------------------------------------------

    async def _forever(self, name: str, turn: Callable[[], Coroutine[Any, Any, float | None]]) -> None:
        """Take turns; a turn says how long to rest unless woken. A full disk is waited out."""
        event = self._wake[name]
        try:
            while True:
                event.clear()
                try:
                    rest_s = await turn()
                except StorageError:
                    rest_s = _STORAGE_WAIT_S
                if rest_s == 0:
                    continue
                self._resting.add(name)
                await _wait(event, rest_s)
                self._resting.discard(name)
        except Exception as error:
            self._fail_waiting(
                error if isinstance(error, SegueError) else BusyError(f"the runtime broke: {error}")
            )
            raise

    async def _take_up(self) -> float | None:
        """Accept what waits and step what is pending, in one commit."""
        taken, began = self._waiting.take(), self._parts.tenant.clock.now()
        drafts = [draft for part in taken for draft in part.drafts]
        try:
            receipts, batch = await self._write(self._parts.steps.take_up, self._parts.inbox, drafts)
        except Exception as error:
            for part in taken:
                if not part.accepted.done():  # whoever submitted may have been cancelled meanwhile
                    part.accepted.set_exception(error)
            if taken:
                return 0
            raise
        for part in taken:
            if not part.accepted.done():
                part.accepted.set_result(receipts[: len(part.drafts)])
            receipts = receipts[len(part.drafts) :]
        self._waiting.took(self._parts.tenant.clock.now() - began)
        self._stepped(batch)
        return 0 if taken or batch.handled else None

    def _stepped(self, batch: Batch) -> None:
        """Tell those who wait for a step, and wake what it gave work to."""
        for signal_id in batch.handled:
            for waiter in self._waiters.pop(signal_id, ()):
                if not waiter.done():
                    waiter.set_result(None)
        if batch.handled:
            self._wake["vectors"].set()
        if batch.timers:
            self._wake["timers"].set()
        if batch.effects:
            self._wake["dispatch"].set()

    async def _fire(self) -> float | None:
        if await self._write(self._parts.timers.fire_due):
            self._wake["signals"].set()
            return 0
        return self._until(self._parts.timers.next_at())

    async def _dispatch(self) -> float | None:
        done = [(task, call) for task, call in self._calls.items() if task.done()]
        if done:
            await self._write(self._end_calls, done)
            for task, _ in done:
                del self._calls[task]
            self._wake["signals"].set()
        if self._stopping:
            return None
        calls, moved = await self._write(self._parts.dispatcher.begin_due)
        for call in calls:
            task = asyncio.create_task(self._parts.dispatcher.perform(call))
            task.add_done_callback(lambda _: self._wake["dispatch"].set())
            self._calls[task] = call
        if moved:
            self._wake["signals"].set()
        if done or calls:
            return 0
        return self._until(self._parts.dispatcher.next_at())

    async def _read_words(self) -> float | None:
        """Make token vectors of a few messages, and give way while signals wait."""
        if self._stopping:
            return None
        if "signals" not in self._at_rest():
            await asyncio.sleep(_POLL_S)
        found = await asyncio.to_thread(self._parts.vectors.read_some)
        if found is None:
            return None
        await self._write(self._parts.vectors.keep, *found)
        return 0

    async def _retain(self) -> float | None:
        """Let go of what was kept for long enough, at the start and once a day."""
        if not self._stopping:
            await self._write(self._parts.retaining.run)
        return EVERY_S

    # --- small parts ----------------------------------------------------------------------------------

    def _end_calls(self, ended: Sequence[tuple["asyncio.Task[Answer]", Call]]) -> None:
        stopped = Answer(error=AmbiguousError("stopped before the reply came"))
        answers = [(call, stopped if task.cancelled() else task.result()) for task, call in ended]
        if answers:
            self._parts.dispatcher.end(answers)

    async def _write(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run in the one writer thread."""
        job = self._writer.submit(function, *args, **kwargs)
        return await asyncio.shield(asyncio.wrap_future(job))

    def _until(self, at: Instant | None) -> float:
        if at is None:
            return _LOOK_AGAIN_S
        left_s = (at - self._parts.tenant.clock.now()) / SECOND
        return min(max(left_s, _POLL_S), _LOOK_AGAIN_S)

    async def _rested(self, names: set[str], *, calls: bool = False) -> None:
        # Rest is a state of three tasks at once, which no single event tells.
        while self._is_alive() and ((calls and self._calls) or not names <= self._at_rest()):  # noqa: ASYNC110
            await asyncio.sleep(_POLL_S)

    def _at_rest(self) -> set[str]:
        return {name for name in self._resting if not self._wake[name].is_set()}

    def _is_alive(self) -> bool:
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    def _fail_waiting(self, error: SegueError) -> None:
        """Nobody waits forever for what will not come."""
        futures: list[asyncio.Future[Any]] = [*self._waiting.clear()]
        futures += [waiter for waiters in self._waiters.values() for waiter in waiters]
        for future in futures:
            if not future.done():
                future.set_exception(error)


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
