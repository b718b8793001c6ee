"""Parking: what waits for a human's word, not for an hour, and the signals that say it."""

from segue.core.ids import uniform
from segue.core.records.effects import Timer
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant

KILL_SWITCH = "kill_switch"
"""What everything waits for while the kill switch is on."""

RELEASE = "release"
"""Kind of the timer that goes on releasing what is too much for one step."""

AT_ONCE = 500
"""So many parked timers are released by one step."""

_PARKED = Instant(253_370_764_800_000_000)
"""1 January 9999: later than anything that is due by itself."""


def of_play(play: str) -> str:
    """What waits for a paused play to be resumed."""
    return f"play:{play}"


def parked_at(reason: str) -> Instant:
    """The instant that timers waiting for `reason` are set to, so that they are found by it."""
    return Instant(_PARKED + uniform("parked", reason))


def is_parked(timer: Timer) -> bool:
    """Whether a timer waits for a human's word."""
    return timer.due_at >= _PARKED


def lifted_by(signal: Signal) -> str:
    """What a signal lets go on: the kill switch is off, a play is resumed; or empty."""
    body = signal.body
    if signal.kind is Kind.TIMER_FIRED and body.get("timer_kind") == RELEASE:
        return str(body["waits_for"])
    if signal.kind is not Kind.CONTROL_CHANGED:
        return ""
    if body.get("kill_switch") is False:
        return KILL_SWITCH
    return of_play(str(body["resume"])) if "resume" in body else ""
