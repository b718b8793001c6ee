"""Batches of steps: however slow the machine, a batch gets on, and what waits is never taken for nothing."""

from segue.core.units import SECOND, Instant
from segue.runtime.clock import VirtualClock
from tests.unit.runtime.fakes import START, a_signal
from tests.unit.runtime.harness import Rig


class SlowClock(VirtualClock):
    """A clock on which a second passes whenever somebody looks."""

    def now(self) -> Instant:
        self.move(Instant(super().now() + SECOND))
        return super().now()


async def test_a_batch_whose_time_is_over_before_it_begins_still_takes_one() -> None:
    rig = Rig(clock=SlowClock(START))
    await rig.submit(a_signal("1"), a_signal("2"))

    handled = [len(rig.parts.steps.run_batch().handled) for _ in range(3)]

    assert handled == [1, 1, 0]
