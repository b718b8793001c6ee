"""Heard: a message with its meaning, carried along until there is something to be done about it."""

from typing import Any

import msgspec

from segue.core.encoding import encode
from segue.core.records.percepts import Percept
from segue.core.records.signals import Signal

_FIELD = "heard"


class Heard(msgspec.Struct, frozen=True, omit_defaults=True):
    """A signal that is decided on later than it came, with what its words mean."""

    signal: Signal
    percept: Percept | None = None


def carrying(signal: Signal, percept: Percept | None) -> dict[str, Any]:
    """What goes into the body of a later signal, so that it is decided as if this one came again."""
    return {_FIELD: msgspec.json.decode(encode(Heard(signal, percept)))}


def carried(signal: Signal) -> Heard | None:
    """What a signal carries, if it carries anything."""
    kept = signal.body.get(_FIELD)
    return msgspec.convert(kept, Heard) if kept is not None else None
