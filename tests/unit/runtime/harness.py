"""A runtime on fakes and a virtual clock."""

from typing import Any

from segue.core.records.events import Attempted
from segue.core.records.signals import NewSignal
from segue.runtime.admission import Accepted, admit
from segue.runtime.clock import VirtualClock
from segue.runtime.parts import Parts
from segue.runtime.tenant import Mind
from segue.runtime.virtual import VirtualDriver
from tests.unit.runtime.fakes import IDS, START, FakeConnector, FakeStore, a_mind, a_tenant, after


class Rig:
    """One tenant, wired up."""

    def __init__(self, mind: Mind | None = None, *connectors: FakeConnector, **more: Any) -> None:
        self.clock: VirtualClock = more.pop("clock", None) or VirtualClock(START)
        self.store: FakeStore = more.pop("store", None) or FakeStore()
        self.lines: list[tuple[str, Any]] = []
        deadline_s = more.pop("deadline_s", 30.0)
        self.tenant = a_tenant(
            mind or a_mind(),
            self.clock,
            store=self.store,
            note=lambda event, fields: self.lines.append((event, fields)),
            **more,
        )
        self.parts = Parts.of(self.tenant, {item.name: item for item in connectors}, deadline_s=deadline_s)
        self.driver = VirtualDriver(self.parts, self.clock)

    async def submit(self, *signals: NewSignal) -> list[Accepted]:
        drafts = [admit(signal, self.tenant.mind, IDS, self.tenant.time.now()) for signal in signals]
        return await self.driver.submit(drafts)

    async def settle(self, seconds: float = 0.0) -> None:
        await self.driver.settle(after(seconds))

    @property
    def states(self) -> list[str]:
        return [row.state for row in self.store.state.effects.values()]

    @property
    def attempts(self) -> list[str]:
        """States of attempts as they ended, in the order of the log."""
        ends = [event.attempt for event in self.store.state.log if isinstance(event, Attempted)]
        return [attempt.state for attempt in ends if attempt.state]

    def signals(self, kind: str) -> list[dict[str, Any]]:
        """Bodies of accepted signals of one kind, in the order of receipt."""
        return [signal.body for signal in self.store.state.signals.values() if signal.kind == kind]
