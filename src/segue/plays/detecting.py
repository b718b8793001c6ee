"""Detect: what the detectors make of one signal, on counters and facts that already hold it."""

from collections.abc import Mapping
from typing import cast

from segue.core.facts import Root, believed, facts_of, subjects
from segue.core.ids import uniform
from segue.core.records.context import TENANT, Context
from segue.core.records.memory import Fact
from segue.core.records.playbook import Detector, Playbook
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, HOUR, PPM, Instant
from segue.core.zones import local_day
from segue.plays import silence
from segue.plays.calendar import quiet_days
from segue.plays.counters import counters_of, day_of
from segue.plays.found import Detected, Fired, TimerSet
from segue.plays.usage import find_drop

SPREAD_HOURS = 6
_UPDATES = {Kind.PROFILE_UPDATED: "person", Kind.ACCOUNT_UPDATED: "account"}


def detect(signal: Signal, context: Context, playbook: Playbook) -> Detected:
    """Find what a signal means for the detectors.

    A history signal never fires; it sets a timer only where that is due in the future, so that a date or an
    absence which history told of is not forgotten.

    Args:
        signal: What happened.
        context: What is known, with this signal's facts and counts applied.
        playbook: The detectors.
    """
    if signal.kind is Kind.TIMER_FIRED:
        return _came_due(signal, context, playbook)
    moved = counters_of(signal)
    found = Detected()
    for detector in playbook.detectors.values():
        if detector.type == "date_near":
            found += _dated(detector, signal, context, playbook)
        elif detector.type == "human_silent":
            found += silence.begun(detector, signal, context)
        elif detector.counter in moved and (subject := _subject(detector, context)):
            if detector.type == "absence":
                found += _heard(detector, subject, signal, context)
            elif not signal.history:
                found += _counted(detector, subject, signal, context, playbook)
    return found


def _counted(
    detector: Detector, subject: str, signal: Signal, context: Context, playbook: Playbook
) -> Detected:
    day = day_of(signal, context, playbook)
    settings = detector.settings
    late = local_day(context.now, "UTC") - day
    reach = settings["window_days"] if detector.type == "usage_dropped" else settings["days"]
    if late > reach or _fired_lately(detector, day, context):
        return Detected()
    own = _counts(detector, context)
    if detector.type == "count":
        total = sum(own.get(past, 0) for past in range(day - settings["days"] + 1, day + 1))
        numbers = {"count": total} if total >= settings["at_least"] else None
    else:
        everyone = context.counts.get((TENANT, detector.counter), {})
        drop = find_drop(own, everyone, day, quiet_days(context, playbook), settings)
        numbers = drop.numbers if drop else None
    return Detected((_fired(detector, subject, numbers, day, signal),)) if numbers else Detected()


def _fired(detector: Detector, subject: str, numbers: Mapping[str, int], day: int, signal: Signal) -> Fired:
    """A finding, with the fact that keeps it from being found again too soon."""
    lately = Fact(
        subject=subject,
        predicate=f"detector.{detector.name}",
        value=day,
        valid_from=signal.occurred_at,
        trust="verified",
        signal_id=signal.id,
    )
    return Fired(detector.name, numbers, subject, (lately,))


def _fired_lately(detector: Detector, day: int, context: Context) -> bool:
    days = (fact.value for fact in facts_of(context, _root(detector), f"detector.{detector.name}"))
    return any(abs(day - last) < detector.settings["again_days"] for last in days)


def _counts(detector: Detector, context: Context) -> dict[int, int]:
    """Counts by day, over all profiles of the person."""
    total: dict[int, int] = {}
    for subject in sorted(subjects(context, _root(detector))):
        for day, count in context.counts.get((subject, detector.counter), {}).items():
            total[day] = total.get(day, 0) + count
    return total


def _heard(detector: Detector, subject: str, signal: Signal, context: Context) -> Detected:
    """Something happened: absence begins again, unless an event of that day or later was told of before."""
    if signal.kind is Kind.USAGE_RECORDED and signal.body.get("count") == 0:
        return Detected()
    first_day = signal.occurred_at // DAY + 1
    due_at = Instant((first_day + detector.settings["days"]) * DAY + _spread(detector, subject))
    later = any(
        timer.kind == "absence"
        and timer.subject == subject
        and timer.body.get("detector") == detector.name
        and timer.due_at >= due_at
        for timer in context.timers
    )
    if later or due_at <= context.now:
        return Detected()
    return Detected(timers=(TimerSet("absence", detector.name, subject, due_at),))


def _dated(detector: Detector, signal: Signal, context: Context, playbook: Playbook) -> Detected:
    """A date was told: wake when it is near, at once where it is near already."""
    told = signal.body.get("facts", {})
    if _UPDATES.get(signal.kind) != detector.scope or _predicate(detector, playbook) not in told:
        return Detected()
    date_at, subject = _date(detector, context, playbook), _subject(detector, context)
    if date_at is None or date_at <= context.now or not subject:
        return Detected()
    due_at = Instant(date_at - detector.settings["days"] * DAY + _spread(detector, subject))
    if due_at <= context.now and signal.history:
        return Detected()
    due_at = max(due_at, context.now)
    return Detected(timers=(TimerSet("date", detector.name, subject, due_at, {"date": date_at}),))


def _spread(detector: Detector, subject: str) -> int:
    """Up to six hours, by a hash: what becomes due on one day does not become due at once."""
    return uniform(detector.name, subject) * SPREAD_HOURS * HOUR // PPM


def _came_due(signal: Signal, context: Context, playbook: Playbook) -> Detected:
    """A detector's timer fired; a date counts only if it still stands."""
    detector = playbook.detectors.get(str(signal.body.get("detector", "")))
    kind = signal.body.get("timer_kind")
    if detector is None:
        return Detected()
    if kind == "absence" and detector.type == "absence":
        return Detected((Fired(detector.name, {"days": detector.settings["days"]}, signal.subject),))
    if kind == silence.SILENCE and detector.type == "human_silent":
        return silence.over(detector, signal, context)
    if kind == "date" and detector.type == "date_near":
        date_at = _date(detector, context, playbook)
        if date_at is not None and date_at == signal.body.get("date"):
            days = (date_at - context.now) // DAY
            return Detected((Fired(detector.name, {"days": days}, signal.subject),))
    return Detected()


def _predicate(detector: Detector, playbook: Playbook) -> str:
    return playbook.facts[detector.fact].predicate


def _date(detector: Detector, context: Context, playbook: Playbook) -> int | None:
    fact = believed(context, _root(detector), _predicate(detector, playbook))
    return fact.value if fact is not None and isinstance(fact.value, int) else None


def _subject(detector: Detector, context: Context) -> str:
    if detector.scope == "account":
        return f"account:{context.account_id}" if context.account_id else ""
    return f"profile:{context.profile_id}" if context.profile_id else ""


def _root(detector: Detector) -> Root:
    return cast("Root", detector.scope)
