"""After a restore: what may have gone out since the backup is asked about before anything is sent."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from segue.core.errors import AmbiguousError
from segue.core.ports import Reader, Restoration, Unit
from segue.core.records.context import LedgerRow
from segue.core.records.effects import Attempt
from segue.core.records.events import Attempted, Restored
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.runtime.settling import AFTER_RESTORE, Answer, Call, conclude, is_doubted

_ALL = 2**31


def mark_restored(unit: Unit, at: Instant, backup: str) -> int:
    """Record a restore: every effect that could have gone out by now becomes `unknown`, to be looked up.

    Args:
        unit: The write transaction.
        at: When, not before the log's newest instant.
        backup: Id of the backup.

    Returns:
        How many effects were marked.
    """
    doubted = [*unit.open_attempts(), *unit.due_effects(at, _ALL)]
    for row in doubted:
        unit.record(Attempted(_doubt(row, at), row.effect.subject))
    unit.record(Restored(at, backup))
    return len(doubted)


def _doubt(row: LedgerRow, at: Instant) -> Attempt:
    """An attempt of which nobody knows: the one that was under way, or one that may have been made since."""
    if row.attempts and not row.attempts[-1].state:
        attempt = row.attempts[-1]
    else:
        attempt = Attempt(row.effect.id, row.attempts[-1].number + 1 if row.attempts else 1, at)
    lost = conclude(Call(replace(row, state="unknown"), attempt), Answer(error=AmbiguousError("")), at)
    return msgspec.structs.replace(lost, detail=AFTER_RESTORE, retry_at=at)


class Doubts:
    """What a restore left in doubt, and the rule for what is decided after it; empty where there was none."""

    def __init__(self) -> None:
        self._restoration: Restoration | None = None
        self._to_ask: dict[str, str] = {}

    def load(self, reader: Reader) -> None:
        """Read what is in doubt; told once, at the start: a restore happens while nothing runs."""
        self._restoration = reader.restoration()
        if self._restoration is not None:
            rows = reader.due_effects(self._restoration.at, _ALL)
            self._to_ask = {row.effect.id: row.effect.connector for row in rows if is_doubted(row)}

    def first(self, rows: Sequence[LedgerRow], broken: frozenset[str]) -> Sequence[LedgerRow]:
        """The rows that may start: nothing is sent until all that is in doubt has been asked about.

        What a connector that does not answer knows is not waited for; it is asked when it answers again.
        """
        if not any(connector not in broken for connector in self._to_ask.values()):
            return rows
        return [row for row in rows if row.effect.id in self._to_ask]

    def asked(self, effect_id: str) -> None:
        """Somebody was asked about it, or only a human can tell."""
        self._to_ask.pop(effect_id, None)

    def has(self, effect_id: str) -> bool:
        """Whether nobody has been asked about it yet."""
        return effect_id in self._to_ask

    def may_have_gone(self, reader: Reader, row: LedgerRow) -> bool:
        """Whether an effect may have gone out before the restore, and has to be looked up first.

        Ids of effects derive from what led to them, so what a timer, a signal or an approval leads to after
        a restore goes by the key it went by in the time that was lost.
        """
        restoration = self._restoration
        if restoration is None:
            return False
        since = (attempt for attempt in row.attempts if attempt.started_at >= restoration.at)
        if any(attempt.state == "pending" for attempt in since):
            return False  # A look-up told that it is not there.
        if reader.effect_position(row.effect.id) < restoration.seq:
            return row.state == "unknown"  # What could not be due before is pending still.
        cause = reader.signal(row.effect.signal_id)
        return cause is None or _since(reader, cause) <= restoration.at


def _since(reader: Reader, cause: Signal) -> Instant:
    """Since when the cause could have had its effect; an approval could be given once it was asked for."""
    if cause.kind is not Kind.APPROVAL_GIVEN:
        return cause.occurred_at
    asked = (
        item.asked_at for item in reader.approvals(status="given") if item.id == cause.body.get("approval")
    )
    return next(asked, Instant(0))
