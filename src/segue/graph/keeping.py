"""The promise ledger: what one signal adds to it, keeps, breaks and withdraws; each promise ends once."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from segue.core.records.context import Context
from segue.core.records.memory import Fact
from segue.core.records.percepts import Percept
from segue.core.records.playbook import Playbook
from segue.core.records.promised import AWAY, PREDICATE, QUIET, WAITS, Promised, PromiseState, promises_in
from segue.core.records.signals import Kind, Signal
from segue.core.units import SECOND, Instant
from segue.graph.bodies import Body
from segue.graph.memory import Arrival, Memory
from segue.graph.promising import Ours, made

DUE, SOON = "due", "soon"
"""What the wake-up of a promise is for: it is due, or a colleague is told that it will be."""

_TALKED = frozenset({"call", "reply", "decide", "meet"})
_THEIRS: Mapping[Kind, frozenset[str]] = {
    Kind.MESSAGE_RECEIVED: frozenset({"reply", "decide"}),
    Kind.FORM_SUBMITTED: frozenset({"reply", "send"}),
    Kind.CALL_TRANSCRIBED: _TALKED,
    Kind.MEETING_NOTED: _TALKED,
    Kind.MEETING_BOOKED: frozenset({"call", "meet"}),
}
"""What a customer has done by a signal of a kind."""

_OURS: Mapping[Kind, frozenset[str]] = {
    Kind.CALL_TRANSCRIBED: frozenset({"call", "reply"}),
    Kind.MEETING_NOTED: frozenset({"call", "reply", "meet"}),
    Kind.TICKET_SOLVED: frozenset({"do"}),
}
_EVENTS: Mapping[str, tuple[str, str]] = {
    "paid": ("customer", "pay"),
    "payment_received": ("customer", "pay"),
    "invoice_paid": ("customer", "pay"),
    "signed": ("customer", "sign"),
    "contract_signed": ("customer", "sign"),
    "refunded": ("company", "pay"),
    "credited": ("company", "pay"),
}
"""Names of events and outcomes that tell that something was paid or signed, and by whom."""


def promised(
    signal: Signal,
    percept: Percept | None,
    context: Context,
    playbook: Playbook,
    memory: Memory,
    ours: Sequence[Ours] = (),
) -> tuple[Fact, ...]:
    """What a signal changes on the ledger, as facts.

    Args:
        signal: What happened.
        percept: What its text means, if it has one.
        context: What was known before.
        playbook: Holds how long past its time a promise may still be kept.
        memory: What the signal adds to memory besides.
        ours: Promises that were read in the words of the company's side.

    Raises:
        SignalError: A promise that was handed back has the wrong shape.
    """
    known = owed(context)
    if not (known or ours or percept is not None or signal.kind is Kind.CONVERSATION_RELEASED):
        return ()  # as with most signals
    arrival = Arrival(signal, percept, context, playbook, Body(signal))
    new = made(arrival, ours)
    if not new and not known:
        return ()
    new = tuple(one for one in new if not _repeats(one, known))
    ended = _ended(arrival, memory, known, new)
    return tuple(one.fact() for one in (*new, *ended))


def owed(context: Context) -> tuple[Promised, ...]:
    """Promises of and to the person that are open, the oldest first."""
    told = promises_in(context.beginning(PREDICATE))
    found = (one for one in told if one.subject in context.own and one.is_open)
    return tuple(sorted(found, key=lambda one: (one.said_at, one.id)))


def _repeats(one: Promised, known: Iterable[Promised]) -> bool:
    """Whether it is owed already: the same again, or again without a time, or as it was said before that."""
    alike = (held for held in known if (held.who, held.what) == (one.who, one.what))
    return any(one.due_at in {0, held.due_at} or held.said_at > one.said_at for held in alike)


def _ended(
    arrival: Arrival, memory: Memory, known: tuple[Promised, ...], new: tuple[Promised, ...]
) -> list[Promised]:
    grace = arrival.playbook.settings.promise_grace_s * SECOND
    done = _done(arrival, memory)
    again = {(one.who, one.what) for one in new}
    due = arrival.signal.body.get("promise") if arrival.signal.kind is Kind.PROMISE_DUE else ""
    found: list[Promised] = []
    for one in known:
        if one.id == due:
            state = _came_due(arrival, one, grace)
        elif one.said_at >= arrival.at:
            continue  # what was told late, of a time before it was promised, ends nothing
        elif (one.who, one.what) in again or _is_over(arrival, one):
            state = "withdrawn"
        else:
            state = _state(one, done, arrival.at, grace)
        if state != "open":
            found.append(replace(one, state=state, at=arrival.at, signal_id=arrival.signal.id))
    return found


def _came_due(arrival: Arrival, one: Promised, grace: int) -> PromiseState:
    """Its time has come: who was only to wait has waited, who was to do something has not."""
    if arrival.signal.body.get("about") != DUE:
        return "open"
    return one.state_at(max(arrival.at, arrival.context.now), grace)


def _is_over(arrival: Arrival, one: Promised) -> bool:
    """Whoever writes is back, and whoever opts out is not asked again."""
    signal, percept = arrival.signal, arrival.percept
    if signal.kind is not Kind.MESSAGE_RECEIVED or signal.automatic or percept is None:
        return False
    if one.what == AWAY:
        return not percept.has("out_of_office")
    return one.what in WAITS and one.who == "customer" and any(w.kind == "stop" for w in percept.preferences)


def _state(one: Promised, done: frozenset[tuple[str, str]], at: Instant, grace: int) -> PromiseState:
    if (one.who, one.what) not in done:
        return "open"
    if one.what == QUIET:
        return "broken" if at < one.due_at else "open"
    return "kept" if not one.due_at or at < one.due_at + grace else "broken"


def _done(arrival: Arrival, memory: Memory) -> frozenset[tuple[str, str]]:
    """Who has done what, by this signal."""
    signal, percept = arrival.signal, arrival.percept
    found = {("company", what) for what in _OURS.get(signal.kind, ())}
    if not signal.automatic and (percept is None or not percept.has("out_of_office")):
        found |= {("customer", what) for what in _THEIRS.get(signal.kind, ())}
        found |= _handed_in(signal)
    if signal.kind in {Kind.EVENT_TRACKED, Kind.OUTCOME_REACHED}:
        named = _EVENTS.get(str(signal.body.get("event") or signal.body.get("outcome") or ""))
        found |= {named} if named else set()
    return frozenset(found | _touched(memory))


def _handed_in(signal: Signal) -> set[tuple[str, str]]:
    """A message with a file brings what was to be sent; one by phone is a call."""
    if signal.kind is not Kind.MESSAGE_RECEIVED:
        return set()
    sent = {("customer", "send")} if signal.body.get("attachments") else set()
    return sent | ({("customer", "call")} if signal.body.get("channel") == "phone" else set())


def _touched(memory: Memory) -> set[tuple[str, str]]:
    """What a touch keeps: a colleague's own words, or a message of Segue's that sells nothing."""
    found: set[tuple[str, str]] = set()
    for touch in memory.exposures:
        if touch.purpose == "commercial":
            found.add(("company", QUIET))
        if touch.by.startswith("rep:") or (touch.by == "segue" and touch.purpose == "service"):
            found |= {("company", "reply"), ("company", "send")}
            found |= {("company", "call")} if touch.channel == "phone" else set()
    return found
