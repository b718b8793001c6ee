"""A mail read by a perceiver, for tests of what a text means."""

from segue.core.records.percepts import Percept
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.perception import RulePerceiver


def read_by(perceiver: RulePerceiver, text: str) -> Percept:
    """The percept of a mail with this text."""
    body = {"text": text, "channel": "email"}
    percept = perceiver.perceive(
        Signal("s", "x", "1", Kind.MESSAGE_RECEIVED, (), Instant(0), Instant(0), body)
    )
    assert percept is not None
    return percept
