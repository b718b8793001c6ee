"""Holds: other tools' requests that wait, and the order in which they are looked at again."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from segue.core.ids import derive
from segue.core.records.effects import Reservation, Timer
from segue.core.records.parking import is_parked
from segue.core.records.signals import Kind, Signal
from segue.planner.options import Moment

HOLD = "hold"
_WAKES = frozenset({Kind.TICKET_SOLVED, Kind.CONSENT_CHANGED, Kind.CONVERSATION_RELEASED})
"""Signals after which requests on hold are looked at again at once."""
_ENDS = frozenset({Kind.GATE_COMMITTED, Kind.GATE_RELEASED})


def request_of(signal: Signal) -> Signal | None:
    """The gate request a signal brings: itself, the one it asks about anew, or the one its timer holds."""
    if signal.kind is Kind.GATE_REQUESTED:
        return replace(signal, id=signal.trigger) if signal.trigger else signal
    if signal.kind is Kind.TIMER_FIRED and signal.body.get("timer_kind") == HOLD:
        held = signal.body["request"]
        return Signal(
            id=held["id"],
            source=held["source"],
            source_id=held["body"]["key"],
            kind=Kind.GATE_REQUESTED,
            identifiers=(),
            occurred_at=signal.occurred_at,
            received_at=signal.received_at,
            body=held["body"],
        )
    return None


def hold_body(moment: Moment, request: Signal) -> Mapping[str, Any]:
    """What the timer of a held request carries: the request, and since when it waits."""
    since = moment.signal.body.get("asked_at", moment.now)
    kept = {"id": request.id, "source": request.source, "body": request.body}
    return {"request": kept, "asked_at": since}


def ended(moment: Moment) -> tuple[str, ...]:
    """The hold of a request that has nothing left to wait for: the tool has sent, or never will."""
    if moment.signal.kind not in _ENDS:
        return ()
    request = moment.house.ids.signal_id(moment.signal.source, str(moment.signal.body["key"]))
    return (derive(HOLD, request),)


def woken(moment: Moment, reservations: tuple[Reservation, ...]) -> tuple[Timer, ...]:
    """Holds that are looked at again at once, the one that waits longest first.

    After a signal that may have removed what spoke against them, and where the step gives room back: else a
    newer request would take it.
    """
    frees = any(row.state == "released" for row in reservations)
    if moment.signal.history or not (frees or moment.signal.kind in _WAKES):
        return ()
    over = ended(moment)
    waiting = [
        timer
        for timer in moment.context.timers
        if timer.kind == HOLD and timer.id not in over and timer.due_at > moment.now and not is_parked(timer)
    ]
    return tuple(sorted(waiting, key=lambda timer: (timer.body.get("asked_at", 0), timer.id)))


def firings(moment: Moment, timers: tuple[Timer, ...]) -> tuple[Signal, ...]:
    """The signals of timers that fire now: derived, so that they are taken up next, in this order."""
    named = [(timer, f"{timer.id}:{moment.signal.id}") for timer in timers]
    return tuple(
        Signal(
            id=moment.house.ids.signal_id("segue.timer", source_id),
            source="segue.timer",
            source_id=source_id,
            kind=Kind.TIMER_FIRED,
            identifiers=(),
            occurred_at=moment.now,
            received_at=moment.now,
            body={**timer.body, "timer": timer.id, "timer_kind": timer.kind},
            subject=timer.subject,
            trigger=timer.signal_id,
        )
        for timer, source_id in named
    )
