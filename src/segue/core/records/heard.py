"""Heard: a message with its meaning, carried along until there is something to be done about it."""

from typing import Any

import msgspec

from segue.core.encoding import encode
from segue.core.records.percepts import Percept
from segue.core.records.signals import Signal

_FIELD, _FIRST = "heard", "first_reading"


class Heard(msgspec.Struct, frozen=True, omit_defaults=True):
    """A signal that is decided on later than it came, with what its words mean."""

    signal: Signal
    percept: Percept | None = None


def carrying(signal: Signal, percept: Percept | None) -> dict[str, Any]:
    """What goes into the body of a later signal, so that it is decided as if this one came again."""
    return {_FIELD: msgspec.json.decode(encode(Heard(signal, percept)))}


def is_read_again(signal: Signal) -> bool:
    """Whether a signal tells what a second reading of the message it carries understood."""
    return _FIRST in signal.body


def read_again(signal: Signal, first: Percept, better: Percept) -> dict[str, Any]:
    """What goes into the body of the signal that tells of a second reading.

    Args:
        signal: The message.
        first: What was understood at first.
        better: What is understood now.
    """
    return {_FIRST: first.decision, **carrying(signal, better)}


def is_understood_now(signal: Signal) -> bool:
    """Whether a second reading understood what the first did not."""
    heard = carried(signal) if is_read_again(signal) else None
    if heard is None or heard.percept is None:
        return False
    return heard.percept.decision in {"accept", "escalate"} and heard.percept.decision != signal.body[_FIRST]


def carried(signal: Signal) -> Heard | None:
    """What a signal carries, if it carries anything."""
    kept = signal.body.get(_FIELD)
    return msgspec.convert(kept, Heard) if kept is not None else None
