"""Superseding: a message that was understood on second reading is decided anew, if nothing has left yet."""

from collections.abc import Collection
from typing import NamedTuple

import msgspec

from segue.core.records.context import Context, LedgerRow
from segue.core.records.effects import Approval, EffectChange, Reservation
from segue.core.records.heard import carried, is_understood_now
from segue.core.records.signals import Signal


class Superseded(NamedTuple):
    """What the first decision left open, to be undone if another one takes its place.

    Attributes:
        rows: Its effects, none of which has been tried.
        approval: Its draft, which nobody has decided on.
        timers: Ids of its timers.
    """

    rows: tuple[LedgerRow, ...] = ()
    approval: Approval | None = None
    timers: tuple[str, ...] = ()

    @property
    def reservations(self) -> frozenset[str]:
        """Ids of what it set aside."""
        effects = [row.effect for row in self.rows]
        effects += self.approval.effects if self.approval else ()
        return frozenset(name for effect in effects for name in effect.reservations)

    def changes(self) -> tuple[EffectChange, ...]:
        """Its effects, cancelled."""
        because = "the message was understood on second reading"
        return tuple(EffectChange(row.effect.id, "cancelled", because) for row in self.rows)

    def approvals(self) -> tuple[Approval, ...]:
        """Its draft, put away."""
        return (msgspec.structs.replace(self.approval, status="expired"),) if self.approval else ()


def superseded(signal: Signal, context: Context) -> Superseded | None:
    """What is to be undone; None where the first decision stands.

    It stands where the second reading understood no more, where nothing waited for it, and where an effect
    has left or a colleague has decided meanwhile.
    """
    heard = carried(signal)
    if heard is None or not is_understood_now(signal):
        return None
    row = next((row for row in context.ledger if row.effect.id == signal.body["effect"]), None)
    if row is None or not isinstance(waited := row.effect.arguments.get("waits"), list):
        return None
    rows = tuple(one for one in context.ledger if one.effect.id in waited and _is_untried(one))
    approval = next(iter(context.approvals), None)
    if len(rows) != len(waited) or (approval is not None and approval.status != "pending"):
        return None
    timers = (
        timer.id
        for timer in context.timers
        if _carries(timer.body, heard.signal.id) or (approval and timer.body.get("approval") == approval.id)
    )
    return Superseded(rows, approval, tuple(timers))


def released(context: Context, ids: Collection[str]) -> tuple[Reservation, ...]:
    """Reservations that are free again."""
    rows = (row for row in context.reservations if row.id in ids and row.state == "held")
    return tuple(msgspec.structs.replace(row, state="released") for row in rows)


def _is_untried(row: LedgerRow) -> bool:
    return row.state == "pending" and not row.attempts


def _carries(body: dict[str, object], signal_id: str) -> bool:
    kept = body.get("heard")
    told = kept.get("signal") if isinstance(kept, dict) else None
    return isinstance(told, dict) and told.get("id") == signal_id
