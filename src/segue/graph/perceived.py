"""From what a message means to facts: moods fade, wishes stay, consent is not read here.

Times are free of zone in a percept: here they get the person's, and count from when the words were said.
"""

from segue.core.predicates import MOOD_FOR
from segue.core.records.memory import Fact
from segue.core.records.percepts import Percept, Preference
from segue.core.records.signals import Kind
from segue.core.units import DAY, Instant
from segue.core.when import Span, span_of
from segue.graph.memory import Arrival
from segue.graph.places import zone_name
from segue.graph.stated import stated

PAUSE_DAYS = 366
"""The longest pause a person can ask for in passing; more than that is an opt-out."""

_OF_OTHERS = frozenset({Kind.MESSAGE_SENT})
_PLAIN = frozenset({"not_before", "not_after", "channel", "days", "frequency"})


def felt_and_wished(arrival: Arrival) -> tuple[Fact, ...]:
    """Mood, sentiment, wishes, absence and statements that a customer's words told; all of them `claimed`."""
    percept = arrival.percept
    if percept is None or arrival.signal.kind in _OF_OTHERS or not arrival.context.profile_id:
        return ()
    wishes = (fact for wish in percept.preferences for fact in _wish(arrival, wish))
    told = (fact for one in percept.told for fact in stated(arrival, one))
    return (*feelings(arrival, percept), *wishes, *_absence(arrival, percept), *told)


def feelings(arrival: Arrival, percept: Percept) -> tuple[Fact, ...]:
    """A percept without evidence of a mood leaves the last one standing."""
    told_nothing = percept.decision == "none" and percept.mood == "calm"
    if told_nothing or not (percept.mood_ppm or percept.sentiment):
        return ()
    felt: list[tuple[str, int | str]] = [("sentiment", percept.sentiment)]
    if percept.mood_ppm:
        felt += [("mood", percept.mood), ("mood_ppm", percept.mood_ppm)]
    subject, until = f"profile:{arrival.profile_id}", Instant(arrival.at + MOOD_FOR)
    return tuple(arrival.fact(subject, name, value, trust="claimed", valid_to=until) for name, value in felt)


def _wish(arrival: Arrival, wish: Preference) -> tuple[Fact, ...]:
    subject = f"profile:{arrival.profile_id}"
    name, value, qualifier = f"preference.{wish.kind}", wish.value, ""
    if wish.kind == "avoid_channel":
        value, qualifier = True, str(wish.value)
    elif wish.kind == "pause_days":
        name, value = "preference.pause_until", arrival.at + min(int(wish.value), PAUSE_DAYS) * DAY
    elif wish.kind == "pause_until":
        name, value = "preference.pause_until", until_of(arrival, str(wish.value))
        if not value:
            return ()
    elif wish.kind not in _PLAIN:
        return ()
    kept = arrival.fact(subject, name, value, qualifier=qualifier, trust="claimed", words=wish.words)
    if wish.kind != "channel":
        return (kept,)
    # Who asks for a channel no longer avoids it.
    welcome = str(wish.value)
    avoided = any(
        (f.subject, f.predicate, f.qualifier) == (subject, "preference.avoid_channel", welcome)
        for f in arrival.context.facts
    )
    ended = arrival.fact(subject, "preference.avoid_channel", None, qualifier=welcome, trust="claimed")
    return (kept, ended) if avoided else (kept,)


def due_of(arrival: Arrival, code: str) -> Instant:
    """By when something is due that was said with a time; 0 where it was said with none."""
    span = _span(arrival, code)
    return span.end if span else Instant(0)


def _absence(arrival: Arrival, percept: Percept) -> tuple[Fact, ...]:
    """Out of office until a day; who writes themselves is back."""
    subject = f"profile:{arrival.profile_id}"
    if percept.away_until:
        until = until_of(arrival, percept.away_until)
        return (arrival.fact(subject, "away_until", until, trust="claimed"),) if until else ()
    known = any((fact.subject, fact.predicate) == (subject, "away_until") for fact in arrival.context.facts)
    wrote = arrival.signal.kind is Kind.MESSAGE_RECEIVED and not percept.has("out_of_office")
    return (arrival.fact(subject, "away_until", None, trust="claimed"),) if known and wrote else ()


def until_of(arrival: Arrival, code: str) -> int:
    """When a time begins, or ends where it has begun; 0 where it is no time, and never beyond a year."""
    span = _span(arrival, code)
    if span is None:
        return 0
    until = span.start if span.start > arrival.at else span.end
    return min(until, arrival.at + PAUSE_DAYS * DAY)


def _span(arrival: Arrival, code: str) -> Span | None:
    return span_of(code, arrival.at, zone_name(arrival.context, arrival.playbook.settings))
