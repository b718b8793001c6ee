"""Promises that a signal makes: the customer's in their words, ours in what we said or were handed back."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from segue.core.ids import derive
from segue.core.records.percepts import Percept, Promise
from segue.core.records.promised import ASK_AGAIN, AWAY, GIVEN, Promised, Promiser
from segue.core.records.signals import Kind
from segue.core.units import Instant
from segue.core.when import is_code
from segue.graph.memory import Arrival
from segue.graph.perceived import due_of, until_of

AT_MOST = 20
"""Promises that are kept of one signal."""

_OF_OTHERS = frozenset({Kind.MESSAGE_SENT, Kind.EFFECT_SETTLED})


class Ours(NamedTuple):
    """A promise read in what somebody of the company said."""

    promise: Promise
    by: str


def made(arrival: Arrival, ours: Sequence[Ours] = ()) -> tuple[Promised, ...]:
    """Promises of one signal, each with its due instant where the person is; one of each kind and due time.

    Args:
        arrival: The signal with what its words mean.
        ours: What was read in the words of the company's side.

    Raises:
        SignalError: A promise that was handed back has the wrong shape.
    """
    if not arrival.context.profile_id:
        return ()
    found: dict[tuple[str, str, int], Promised] = {}
    for one in (*_theirs(arrival), *_said(arrival, ours), *_handed_back(arrival)):
        found.setdefault((one.who, one.what, one.due_at), one)
    return tuple(found.values())[:AT_MOST]


def _theirs(arrival: Arrival) -> Iterator[Promised]:
    percept = arrival.percept
    if percept is None or arrival.signal.kind in _OF_OTHERS:
        return
    for n, promise in enumerate(percept.promises):
        yield _promised(arrival, promise.who, promise.what, due_of(arrival, promise.due), n, promise.words)
    yield from _asked_for(arrival, percept)


def _asked_for(arrival: Arrival, percept: Percept) -> Iterator[Promised]:
    """To be asked again later, and to be away until a day."""
    for n, wish in enumerate(percept.preferences):
        if wish.kind == "pause_until" and (until := until_of(arrival, str(wish.value))):
            yield _promised(arrival, "customer", ASK_AGAIN, until, n, wish.words)
    if percept.away_until and (until := until_of(arrival, percept.away_until)):
        yield _promised(arrival, "customer", AWAY, until, 0)


def _said(arrival: Arrival, ours: Sequence[Ours]) -> Iterator[Promised]:
    for n, (promise, by) in enumerate(ours):
        yield _promised(
            arrival, "company", promise.what, due_of(arrival, promise.due), n, promise.words, by=by
        )


def _handed_back(arrival: Arrival) -> Iterator[Promised]:
    """What a colleague promised the customer and leaves to Segue."""
    body = arrival.body
    if arrival.signal.kind is not Kind.CONVERSATION_RELEASED or not body.has("promise"):
        return
    told = body.mapping("promise")
    what = told.get("what")
    if what not in GIVEN:
        raise body.error("promise.what", f"must be one of `{'`, `'.join(GIVEN)}`, not `{str(what)[:60]}`")
    words = told.get("words", "")
    if not isinstance(words, str):
        raise body.error("promise.words", "must be text")
    by = body.optional("by", f"tool:{arrival.signal.source}")
    due_at = _due(arrival, told.get("due"))
    yield _promised(arrival, "company", str(what), due_at, 0, words, by=by, handed_back=True)


def _due(arrival: Arrival, told: Any) -> Instant:  # noqa: ANN401 - a field of a body
    """A time with its offset, or a code of a time."""
    if told is None:
        return Instant(0)
    if isinstance(told, str) and is_code(told):
        return due_of(arrival, told)
    return arrival.body.moment("promise.due", told)


def _promised(
    arrival: Arrival,
    who: Promiser,
    what: str,
    due_at: int,
    n: int,
    words: str = "",
    *,
    by: str = "",
    handed_back: bool = False,
) -> Promised:
    signal = arrival.signal
    return Promised(
        id=derive("promise", signal.id, who, what, str(n)),
        who=who,
        what=what,
        state="open",
        due_at=Instant(due_at),
        said_at=arrival.at,
        said_in=signal.id,
        subject=f"profile:{arrival.profile_id}",
        by=by or "customer",
        at=arrival.at,
        signal_id=signal.id,
        words=words,
        handed_back=handed_back,
    )
