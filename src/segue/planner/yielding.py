"""Yielding: a colleague takes a conversation, and what Segue was about to say in it is withdrawn."""

from collections.abc import Collection
from typing import NamedTuple

from msgspec.structs import replace

from segue.core.ids import derive
from segue.core.records.context import LedgerRow
from segue.core.records.effects import Approval, EffectChange, Reservation
from segue.core.records.ownership import takes_over
from segue.planner.options import Moment
from segue.planner.superseding import released
from segue.planner.telling import TELL, reminder_id

_TALK = frozenset({"commercial", "service"})
"""Purposes that talk over a colleague; what is mandatory goes out all the same."""


class Yielded(NamedTuple):
    """What is withdrawn.

    Attributes:
        changes: Messages that had not left.
        approvals: Drafts that nobody had decided on.
        timers: Ids of their timers.
    """

    changes: tuple[EffectChange, ...] = ()
    approvals: tuple[Approval, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    timers: tuple[str, ...] = ()


def yielded(moment: Moment) -> Yielded:
    """What is withdrawn because a colleague has taken the conversation."""
    if not takes_over(moment.signal):
        return Yielded()
    by = str(moment.signal.body.get("by", "a colleague"))
    because = f"{by} has taken the conversation over"
    own = _whose(moment)
    rows = [row for row in moment.context.ledger if _waits(row) and row.effect.profile_id in own]
    drafts = [one for one in moment.context.approvals if _is_draft_to(one, own)]
    needless = {one.id for one in drafts}
    told = [row for row in moment.context.ledger if _tells(row, needless)]
    kept = [*(row.effect for row in rows), *(effect for one in drafts for effect in one.effects)]
    return Yielded(
        changes=(
            *(EffectChange(row.effect.id, "cancelled", because) for row in rows),
            *(EffectChange(row.effect.id, "cancelled", because) for row in told),
        ),
        approvals=tuple(replace(one, status="expired", by=by, because=because) for one in drafts),
        reservations=released(moment.context, {name for effect in kept for name in effect.reservations}),
        timers=tuple(name for one in drafts for name in (derive("expire", one.id), reminder_id(one.id))),
    )


def _whose(moment: Moment) -> frozenset[str]:
    """The person's profiles; where a whole account was claimed, those of everybody there."""
    own = frozenset(moment.context.profile_ids)
    if moment.known.profile_ids:
        return own
    return own | {name for contact in moment.context.contacts for name in contact.profile_ids}


def _waits(row: LedgerRow) -> bool:
    """Whether a message or an invitation can still be kept in: it has not left, and is not leaving."""
    effect = row.effect
    untried = row.state == "pending" and all(attempt.state == "retry" for attempt in row.attempts)
    return untried and effect.purpose in _TALK


def _is_draft_to(approval: Approval, own: Collection[str]) -> bool:
    effect = approval.effects[0]
    return approval.status == "pending" and effect.purpose in _TALK and effect.profile_id in own


def _tells(row: LedgerRow, approvals: Collection[str]) -> bool:
    """Whether an effect would still tell a colleague of a draft that is withdrawn."""
    untried = row.state == "pending" and all(attempt.state == "retry" for attempt in row.attempts)
    return untried and row.effect.action == TELL and row.effect.arguments.get("about") in approvals
