"""Parking: what a control stopped waits until a human lifts it, and is then looked at again, spread out."""

from msgspec.structs import replace

from segue.core.ids import derive, uniform
from segue.core.records.context import TENANT
from segue.core.records.effects import Timer
from segue.core.records.parking import AT_ONCE, KILL_SWITCH, RELEASE, lifted_by, of_play, parked_at
from segue.core.units import PPM, SECOND, Instant
from segue.planner.control import killed, paused
from segue.planner.options import Moment

PAUSE_BETWEEN_S = 1


def is_answered(moment: Moment) -> bool:
    """Whether a colleague has written since a message that had to wait."""
    since = moment.heard.occurred_at
    return moment.heard is not moment.signal and any(
        item.direction == "out" and item.by.startswith("rep:") and item.at > since
        for item in moment.context.messages
    )


def released(moment: Moment) -> tuple[Timer, ...]:
    """Timers that were parked for what the signal lifts, spread so that they are no burst.

    Where there are more than one step takes, a timer of the tenant's goes on with the rest.
    """
    reason = lifted_by(moment.signal)
    if not reason or _stands(moment, reason):
        return ()
    due_at = parked_at(reason)
    parked = [timer for timer in moment.context.timers if timer.due_at == due_at]
    spread = moment.playbook.settings.spread_s * SECOND
    freed = tuple(
        replace(timer, due_at=Instant(moment.now + uniform(timer.id, RELEASE) * spread // PPM))
        for timer in parked
        if timer.body.get("waits_for") == reason
    )
    return (*freed, _rest(moment, reason)) if len(parked) >= AT_ONCE else freed


def _stands(moment: Moment, reason: str) -> bool:
    """Whether what was lifted is in force again."""
    if reason == KILL_SWITCH:
        return killed(moment.context)
    return any(paused(moment.context, play) for play in moment.playbook.plays if of_play(play) == reason)


def _rest(moment: Moment, reason: str) -> Timer:
    at = Instant(moment.now + PAUSE_BETWEEN_S * SECOND)
    body = {"waits_for": reason}
    return Timer(derive(RELEASE, reason), RELEASE, TENANT, at, moment.signal.id, body)
