"""Expiring: what is left of an event when a class of data in it has been kept for long enough.

Words go; that something happened, when, to whom, and what was decided on it by which rule stays. Prose is any
text of more than one word: addresses, ids, names of kinds and times are none.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeAlias

from msgspec.structs import replace

from segue.core.records.decisions import Decision
from segue.core.records.effects import Approval, Attempt, Effect, Timer
from segue.core.records.events import Attempted, DeadLettered, Event, Perceived, Received, Stepped
from segue.core.records.memory import Fact, Message
from segue.core.records.percepts import Percept
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant

DataClass: TypeAlias = Literal["messages", "percepts", "page_views"]
DATA_CLASSES: Final[tuple[DataClass, ...]] = ("messages", "percepts", "page_views")
"""What may be given an end: words of messages and all that was written of them, what they were read to mean,
and what was looked at. Who is who, facts, consent, decisions and the ledger are kept."""

Cuts: TypeAlias = Mapping[str, Instant]
"""What was recorded before this instant goes, by class."""

_LOOKED_AT = frozenset({Kind.PAGE_VIEWED, Kind.LINK_CLICKED, Kind.MAIL_OPENED})
_SPOKEN = frozenset(
    {
        Kind.MESSAGE_RECEIVED,
        Kind.MESSAGE_SENT,
        Kind.MESSAGE_BOUNCED,
        Kind.CALL_TRANSCRIBED,
        Kind.MEETING_NOTED,
        Kind.FORM_SUBMITTED,
        Kind.TICKET_OPENED,
        Kind.TICKET_SOLVED,
        Kind.LLM_ANSWERED,
    }
)
_COUNTED_AS = ("page:",)
"""Beginnings of the names of counters that tell what was looked at."""
_WORDED = frozenset(
    [
        "text",
        "turns",
        "subject",
        "html",
        "heard",
        "words",
        "why",
        "note",
        "brief",
        "title",
        "summary",
        "answer",
        "question",
        "reason",
    ]
)
_KEPT = frozenset({"channel", "direction", "thread", "brand", "by", "purpose", "ticket", "state", "form"})


def expired(event: Event, at: Instant, cuts: Cuts, digest: Callable[[Signal], str]) -> Event:
    """What is left of an event; the same one where nothing in it goes.

    Args:
        event: Any event of the log.
        at: When it was recorded.
        cuts: What goes.
        digest: What a signal's source said, so that the same signal sent again is known again.
    """
    spoken, looked = at < cuts.get("messages", 0), at < cuts.get("page_views", 0)
    if isinstance(event, Received):
        return replace(event, signal=_signal(event.signal, digest, spoken=spoken, looked=looked))
    if isinstance(event, DeadLettered):
        error = "" if spoken else event.error
        signal = _signal(event.signal, digest, spoken=spoken, looked=looked)
        return replace(event, signal=signal, error=error)
    if isinstance(event, Perceived) and (spoken or at < cuts.get("percepts", 0)):
        return replace(event, percept=Percept(event.percept.model), recalled=(), recalled_by="")
    if isinstance(event, Attempted) and spoken:
        return replace(event, attempt=_attempt(event.attempt))
    if isinstance(event, Stepped) and (spoken or looked):
        return _stepped(event, digest, spoken=spoken, looked=looked)
    return event


def item_of(
    name: str, digest: Callable[[Signal], str], *, spoken: bool, looked: bool
) -> Callable[[Any], Any]:
    """What is left of one item of a field of a step, such as `messages`; used where it stands in a part."""
    if name == "derived":
        return lambda item: _signal(item, digest, spoken=spoken, looked=looked)
    return _ITEMS.get(name, _same) if spoken else _same


def bare(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """A value without prose.

    >>> bare({"to": "ann@x.io", "text": "Hello", "why": ["two words", "one"]})
    {'to': 'ann@x.io'}
    >>> bare(["two words", "one"])
    ['', 'one']
    """
    if isinstance(value, str):
        return "" if len(value.split()) > 1 else value
    if isinstance(value, Mapping):
        return {key: bare(item) for key, item in value.items() if key not in _WORDED}
    if isinstance(value, list | tuple):
        return [bare(item) for item in value]
    return value


def _signal(signal: Signal, digest: Callable[[Signal], str], *, spoken: bool, looked: bool) -> Signal:
    if signal.expired:
        return signal
    body: dict[str, Any] = signal.body
    if looked and signal.kind in _LOOKED_AT:
        body = {}
    elif spoken and signal.kind in _SPOKEN:
        body = {key: bare(value) for key, value in body.items() if key in _KEPT}
    elif spoken and signal.kind not in _OF_RECORD:
        body = bare(body)
    return signal if body == signal.body else replace(signal, body=body, expired=digest(signal))


_OF_RECORD = _LOOKED_AT | {
    Kind.PROFILE_UPDATED,
    Kind.ACCOUNT_UPDATED,
    Kind.USAGE_RECORDED,
    Kind.CONSENT_CHANGED,
    Kind.OUTCOME_REACHED,
    Kind.IDENTITY_MERGE,
    Kind.IDENTITY_SPLIT,
    Kind.CONTROL_CHANGED,
}


def _stepped(event: Stepped, digest: Callable[[Signal], str], *, spoken: bool, looked: bool) -> Stepped:
    changed: dict[str, Any] = {}
    for name in (*_ITEMS, "derived"):
        items = getattr(event, name, ())
        if items:
            left = item_of(name, digest, spoken=spoken, looked=looked)
            changed[name] = tuple(left(item) for item in items)
    if looked:
        changed["counts"] = tuple(count for count in event.counts if not count.name.startswith(_COUNTED_AS))
    if event.decision is not None and spoken:
        changed["decision"] = _decision(event.decision)
    return replace(event, **changed)


def _message(message: Message) -> Message:
    return replace(message, text="", subject="")


def _fact(fact: Fact) -> Fact:
    return replace(fact, words="")


def _effect(effect: Effect) -> Effect:
    return replace(effect, arguments=bare(effect.arguments))


def _approval(approval: Approval) -> Approval:
    return replace(approval, effects=tuple(_effect(effect) for effect in approval.effects))


def _timer(timer: Timer) -> Timer:
    return replace(timer, body=bare(timer.body))


def _attempt(attempt: Attempt) -> Attempt:
    return replace(attempt, detail=bare(attempt.detail), reply=bare(attempt.reply))


def _decision(decision: Decision) -> Decision:
    considered = tuple(
        replace(item, candidate=replace(item.candidate, arguments=bare(item.candidate.arguments)))
        for item in decision.considered
    )
    return replace(decision, considered=considered)


def _same(item: Any) -> Any:  # noqa: ANN401 - any item
    return item


_ITEMS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "messages": _message,
    "facts": _fact,
    "effects": _effect,
    "approvals": _approval,
    "timers": _timer,
    "arguments": bare,
}
