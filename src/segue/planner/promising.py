"""Promises in a step: what the company's side said is read, and each promise sets what wakes it."""

import re
from collections.abc import Iterator
from typing import Final

from segue import graph
from segue.core.ids import derive, uniform
from segue.core.records.context import Context
from segue.core.records.effects import Timer
from segue.core.records.memory import Fact, Message
from segue.core.records.percepts import Percept, Promise
from segue.core.records.playbook import Playbook, Settings
from segue.core.records.promised import DEEDS, PREDICATE, TIMER, WAITS, Promised, promises_in
from segue.core.records.signals import Kind, Signal
from segue.core.units import PPM, SECOND, Instant
from segue.graph import DUE, SOON, Memory, Ours
from segue.perception import pledges
from segue.planner.options import Moment

_SPEAKS_AHEAD: Final = re.compile(
    r"(?:'|\u2019)ll\b|\b(?:will|shall|going to|promise|won(?:'|\u2019)t|no more)\b", re.IGNORECASE
)
_QUARTER: Final = 4


def promised(
    signal: Signal, percept: Percept | None, known: Context, playbook: Playbook, memory: Memory
) -> tuple[Fact, ...]:
    """What a signal changes on the ledger of promises.

    The words of colleagues, of a transcript's other side and of Segue's own messages are read by rules alone,
    which is a pure function of the words that the signal holds.
    """
    ours = [Ours(promise, item.by) for item in memory.messages if _is_ours(item) for promise in _read(item)]
    return graph.promised(signal, percept, known, playbook, memory, ours)


def _is_ours(message: Message) -> bool:
    """Whether somebody speaks for the company: no tool that writes to many, and no note without a speaker."""
    return message.direction == "out" and message.by != "note" and not message.by.startswith("tool:")


def _read(message: Message) -> tuple[Promise, ...]:
    return pledges(message.text) if _SPEAKS_AHEAD.search(message.text) else ()


def wakes(moment: Moment) -> tuple[Timer, ...]:
    """Timers of promises that are new, and of those that were reminded of and are due next."""
    return tuple(_wakes(moment))


def _wakes(moment: Moment) -> Iterator[Timer]:
    for one in promises_in(moment.memory.facts):
        if one.is_open and (timer := _timer(moment, one, soon=True)) is not None:
            yield timer
    signal = moment.signal
    if signal.kind is Kind.PROMISE_DUE and signal.body.get("about") == SOON:
        for one in promises_in(moment.context.beginning(PREDICATE)):
            if one.id == signal.body.get("promise") and one.is_open:
                timer = _timer(moment, one, soon=False)
                yield from (timer,) if timer is not None else ()


def asleep(moment: Moment) -> tuple[str, ...]:
    """Timers of promises that have ended."""
    return tuple(_id(one) for one in promises_in(moment.memory.facts) if not one.is_open)


def _timer(moment: Moment, one: Promised, *, soon: bool) -> Timer | None:
    """The next wake-up of a promise; none where it was said without a time, or the time is long past."""
    settings = moment.playbook.settings
    if not one.due_at:
        return None
    about, at = DUE, _over_at(one, settings)
    if soon and one.who == "company" and one.what in DEEDS:
        lead = min(settings.promise_remind_s * SECOND, (one.due_at - moment.now) // _QUARTER)
        about, at = (SOON, one.due_at - lead) if lead > 0 else (about, at)
    if at <= moment.now:
        return None
    body = {"promise": one.id, "about": about}
    return Timer(_id(one), TIMER, one.subject, Instant(at), moment.signal.id, body)


def _over_at(one: Promised, settings: Settings) -> int:
    """When it is broken, or was waited for; what many wait for is not released as a burst."""
    if one.what in WAITS:
        return one.due_at + uniform(one.id, TIMER) * settings.spread_s * SECOND // PPM
    return one.due_at + settings.promise_grace_s * SECOND


def _id(one: Promised) -> str:
    return derive(TIMER, one.id)
