"""Percepts: what a message means, each part with a calibrated probability, or an abstention."""

from typing import Literal

import msgspec

from segue.core.records.record import Record

Reaction = Literal["accept", "ask", "escalate", "none"]


class Intent(Record, frozen=True):
    """What a clause of a message wants; `p_ppm` is calibrated; `nearest` is the evidence."""

    label: str
    p_ppm: int
    start: int = 0
    end: int = 0
    nearest: str = ""


class Preference(Record, frozen=True):
    """A wish about contact, zone-free, with the words it came from.

    Attributes:
        kind: `not_before`, `not_after` (minutes after local midnight), `channel`, `avoid_channel`, `stop`
            (channel name or `all`), `days` (digits 1-7, Monday is 1), `pause_days`, `frequency`.
        value: Integer or text by kind.
        words: The words that said so.
    """

    kind: str
    value: int | str
    words: str
    start: int = 0
    end: int = 0


class PiiSpan(msgspec.Struct, frozen=True, gc=False):
    """A span of personal data in a text: offsets, kind and certainty."""

    start: int
    end: int
    kind: str
    score_ppm: int


class Percept(Record, frozen=True):
    """What one message means.

    Attributes:
        decision: `accept` act on it, `ask` back, `escalate` to a human, `none` where there was no text.
        sentiment: From -1,000,000 (very bad) to 1,000,000 (very good).
        mood: One of urgent, curious, excited, confused, frustrated, angry, calm.
        mood_ppm: Probability of that mood.
        language: ISO 639-1, or empty when unknown.
        risk: Names of high-risk matters found, such as `legal_threat`.
        human_ppm: Probability that a person, not a scanner, made the signal.
        model: Hash of the model (rules and weights) that made it.
    """

    model: str
    decision: Reaction = "none"
    intents: tuple[Intent, ...] = ()
    sentiment: int = 0
    mood: str = "calm"
    mood_ppm: int = 0
    language: str = ""
    preferences: tuple[Preference, ...] = ()
    risk: tuple[str, ...] = ()
    pii: tuple[PiiSpan, ...] = ()
    human_ppm: int = 1_000_000

    def has(self, label: str) -> bool:
        """Whether an intent of that label was accepted."""
        return any(intent.label == label for intent in self.intents)
