"""Which due effects may start now: each connector within its own limits, each subject in order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from segue.core.ports import Connector
from segue.core.records.context import LedgerRow
from segue.core.units import Instant
from segue.runtime.limits import Line, LineState


@dataclass(slots=True)
class Picked:
    """Effects that may start now, and when limits will let one of the others start."""

    rows: list[LedgerRow] = field(default_factory=list)
    next_at: Instant | None = None

    def later(self, at: Instant) -> None:
        """Note that something may start at `at`."""
        self.next_at = at if self.next_at is None else min(self.next_at, at)


class Lines:
    """The ways to all connectors; one broken connector holds up nobody else's."""

    def __init__(self, connectors: Mapping[str, Connector]) -> None:
        self._lines = {name: Line(name, connector.limits) for name, connector in connectors.items()}
        self._running: dict[str, tuple[str, str]] = {}
        self._waits: dict[str, Instant] = {}

    def closed(self, now: Instant) -> frozenset[str]:
        """Connectors that take no call now: broken, too fast, or with as many calls as they take."""
        return frozenset(
            name for name, line in self._lines.items() if line.is_full or line.ready_at(now) > now
        )

    def broken(self) -> frozenset[str]:
        """Connectors that did not answer lately; only a probe passes."""
        return frozenset(name for name, line in self._lines.items() if line.is_broken)

    def states(self, now: Instant) -> dict[str, LineState]:
        """How the way to each connector is."""
        return {name: line.state(now) for name, line in sorted(self._lines.items())}

    def pick(self, rows: Iterable[LedgerRow], now: Instant) -> Picked:
        """Choose, oldest first, one effect per subject and connector; the chosen count as started."""
        picked = Picked()
        for line in self._lines.values():
            ready_at = line.ready_at(now)
            if ready_at > now and not line.is_full:
                picked.later(ready_at)
        taken = set(self._running.values())
        for row in rows:
            way = (row.effect.connector, row.effect.subject)
            if row.effect.id in self._running or way in taken or _needs_a_human(row):
                continue
            taken.add(way)
            at = self._ready_at(row, now)
            if at is None:
                continue
            if at > now:
                picked.later(at)
                continue
            self._start(row, now)
            picked.rows.append(row)
        return picked

    def wait(self, effect_id: str, until: Instant) -> None:
        """Leave an effect alone until then: another one of its subject goes first."""
        self._waits[effect_id] = until

    def put_back(self, row: LedgerRow) -> None:
        """The effect did not start after all, and says nothing about its connector."""
        self._running.pop(row.effect.id, None)
        if line := self._lines.get(row.effect.connector):
            line.running -= 1

    def end(self, row: LedgerRow, *, reached: bool, now: Instant) -> None:
        """The call ended; `reached` tells whether the other side answered."""
        self._running.pop(row.effect.id, None)
        if line := self._lines.get(row.effect.connector):
            line.end(ok=reached, now=now)

    def _ready_at(self, row: LedgerRow, now: Instant) -> Instant | None:
        """When it may start; None while calls have to end first."""
        if (waits := self._waits.get(row.effect.id)) is not None:
            if waits > now:
                return waits
            del self._waits[row.effect.id]
        line = self._lines.get(row.effect.connector)
        if line is None or (row.state == "pending" and now > row.effect.deadline_at):
            return now  # It will fail without a call.
        return None if line.is_full else line.ready_at(now)

    def _start(self, row: LedgerRow, now: Instant) -> None:
        self._running[row.effect.id] = (row.effect.connector, row.effect.subject)
        if line := self._lines.get(row.effect.connector):
            line.start(now)


def _needs_a_human(row: LedgerRow) -> bool:
    """Whether nothing but a human can tell what became of it."""
    return row.state == "unknown" and (not row.attempts or row.attempts[-1].retry_at is None)
