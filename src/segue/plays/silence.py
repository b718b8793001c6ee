"""Silence of a colleague: a conversation was handed over or claimed, and for days nobody has answered."""

from collections.abc import Iterator
from typing import Final

from segue.core.facts import subjects
from segue.core.records.context import Context
from segue.core.records.ownership import CLAIMED, WROTE, is_colleague
from segue.core.records.playbook import Detector
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, Instant
from segue.plays.found import Detected, Fired, TimerSet

SILENCE: Final = "silence"
"""Kind of the timer that looks whether somebody has answered."""

_HAND_OVER: Final = "hand_over"
_DONE: Final = frozenset({"sent", "delivered"})


def begun(detector: Detector, signal: Signal, context: Context) -> Detected:
    """The wait begins when a conversation is handed over or claimed, and anew when its holder writes.

    Where a colleague has it and nobody waits yet, it begins when the customer writes.
    """
    if signal.history or not context.profile_ids or not _begins(signal, context):
        return Detected()
    due_at = Instant(signal.occurred_at + detector.settings["days"] * DAY)
    if due_at <= context.now:
        return Detected()
    body = {"since": signal.occurred_at}
    return Detected(timers=(TimerSet("silence", detector.name, _subject(context), due_at, body),))


def over(detector: Detector, signal: Signal, context: Context) -> Detected:
    """It has lasted: found, unless a colleague has touched the person since."""
    since = signal.body.get("since")
    if not isinstance(since, int) or any(at > since for at in _touched(context)):
        return Detected()
    return Detected((Fired(detector.name, {"days": detector.settings["days"]}, _subject(context)),))


def _begins(signal: Signal, context: Context) -> bool:
    match signal.kind:
        case Kind.CONVERSATION_CLAIMED:
            return True
        case Kind.EFFECT_SETTLED:
            return signal.body.get("state") in _DONE and _was_handed(signal, context)
        case Kind.MESSAGE_SENT:
            return is_colleague(str(signal.body.get("by", ""))) and _is_held(context, CLAIMED)
        case Kind.MESSAGE_RECEIVED:
            waits = any(timer.kind == SILENCE for timer in context.timers)
            return not signal.automatic and not waits and _is_held(context, CLAIMED, WROTE)
        case _:
            return False


def _was_handed(signal: Signal, context: Context) -> bool:
    wanted = signal.body.get("effect")
    return any(row.effect.id == wanted and row.effect.verb == _HAND_OVER for row in context.ledger)


def _is_held(context: Context, *by: str) -> bool:
    about = subjects(context, "person") | subjects(context, "account")
    return any(fact.predicate in by and fact.subject in about for fact in context.facts)


def _touched(context: Context) -> Iterator[int]:
    yield from (touch.at for touch in context.exposures if is_colleague(touch.by))
    yield from (item.at for item in context.messages if is_colleague(item.by))


def _subject(context: Context) -> str:
    """One for all profiles of the person, so that the wait that begins anew takes the place of the first."""
    return f"profile:{context.profile_ids[0]}"
