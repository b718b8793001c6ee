"""Timers: a durable wake-up that has come due is put into the inbox as a signal of its own."""

from segue.core.ports import Unit
from segue.core.records.effects import Timer
from segue.core.records.promised import TIMER as PROMISE
from segue.core.records.signals import Kind
from segue.core.units import Instant
from segue.runtime.admission import Draft, own
from segue.runtime.stepping import lane_of, subject_links_of
from segue.runtime.tenant import Tenant

BATCH = 256
SOURCE = "segue.timer"


class Timers:
    """Fires due timers; synchronous, called by the one writer."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def next_at(self) -> Instant | None:
        """When the earliest timer is due."""
        with self._tenant.store.read() as reader:
            return reader.next_timer_at()

    def fire_due(self, limit: int = BATCH) -> int:
        """Turn timers due by now into signals, earliest first; returns how many.

        One that came due before a restore is decided on as of now: what it was set for is long past.
        """
        tenant, now = self._tenant, self._tenant.time.now()
        due_at = self.next_at()
        if due_at is None or due_at > now:
            return 0
        with tenant.store.write() as unit:
            timers = unit.due_timers(now, limit)
            restoration = unit.restoration()
            for timer in timers:
                came_due_unseen = restoration is not None and timer.due_at <= restoration.at
                self._fire(unit, timer, now if came_due_unseen else timer.due_at)
            tenant.hook("before_timer_commit")
        tenant.hook("after_timer_commit")
        return len(timers)

    def _fire(self, unit: Unit, timer: Timer, due_at: Instant) -> None:
        links = subject_links_of(unit, self._tenant.mind, timer.subject)
        at = Instant(max(due_at, unit.lane_now(lane_of(unit, links))))
        if unit.accept(self._draft(timer).received(at)) != "accepted":
            # The same timer was set again for the same instant by a later signal: that makes it another one.
            unit.accept(self._draft(timer, f":{timer.signal_id}").received(at))

    def _draft(self, timer: Timer, suffix: str = "") -> Draft:
        return own(
            self._tenant.ids,
            Kind.PROMISE_DUE if timer.kind == PROMISE else Kind.TIMER_FIRED,
            SOURCE,
            f"{timer.id}:{timer.due_at}{suffix}",
            body={**timer.body, "timer": timer.id, "timer_kind": timer.kind},
            subject=timer.subject,
            occurred_at=timer.due_at,
            trigger=timer.signal_id,
        )
