"""Inlets: each is watched beside the runtime, and one that breaks is started again and stops no other."""

import asyncio
from collections.abc import Iterable

from segue.core.ports import Clock, Inlet, Submit
from segue.runtime.tenant import Note

AGAIN_S = 60.0
"""An inlet that broke is started again so late."""


class Inlets:
    """Runs the inlets of one tenant.

    Args:
        inlets: What to watch.
        clock: What waiting runs on.
        note: Writes a line of the journal.
    """

    def __init__(self, inlets: Iterable[Inlet], clock: Clock, note: Note) -> None:
        self._inlets = tuple(inlets)
        self._clock, self._note = clock, note
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, submit: Submit) -> None:
        """Watch until stopped."""
        self._tasks = [
            asyncio.create_task(self._forever(inlet, submit), name=f"segue-inlet-{inlet.name}")
            for inlet in self._inlets
        ]

    async def stop(self) -> None:
        """End every watch; what was not submitted comes again at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _forever(self, inlet: Inlet, submit: Submit) -> None:
        while True:
            try:
                await inlet.run(submit)
            except Exception as error:  # noqa: BLE001 - an inlet's bug must not end the runtime or another inlet
                fields = {"inlet": inlet.name, "error": f"{type(error).__name__}: {error}"}
                self._note("inlet_broke", fields)
            await self._clock.sleep(AGAIN_S)
