"""Percepts: what a message means, each part with a calibrated probability, or an abstention."""

from typing import Final, Literal

import msgspec

Reaction = Literal["accept", "ask", "escalate", "none"]

EMOTIONS: Final = (
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion",
    "curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment", "excitement",
    "fear", "gratitude", "grief", "joy", "love", "nervousness", "optimism",
    "pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral",
)  # fmt: skip
"""The labels of GoEmotions (Demszky et al., 2020), in the order of its files."""


class Intent(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a clause of a message wants; `p_ppm` is calibrated; `nearest` is the evidence."""

    label: str
    p_ppm: int
    start: int = 0
    end: int = 0
    nearest: str = ""


class Preference(msgspec.Struct, frozen=True, omit_defaults=True):
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


class PiiSpan(msgspec.Struct, frozen=True):
    """A span of personal data in a text: offsets, kind and certainty."""

    start: int
    end: int
    kind: str
    score_ppm: int


class Percept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one message means.

    Attributes:
        decision: `accept` act on it, `ask` back, `escalate` to a human, `none` where there was no text.
        sentiment: From -1,000,000 (very bad) to 1,000,000 (very good).
        mood: One of urgent, curious, excited, confused, frustrated, angry, calm.
        mood_ppm: Probability of that mood.
        language: ISO 639-1, or empty when unknown.
        risk: Names of high-risk matters found, such as `legal_threat`.
        human_ppm: Probability that a person, not a scanner, made the signal.
        emotions: Probability of each of `EMOTIONS` in ppm, in that order; empty where no encoder read it.
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
    emotions: tuple[int, ...] = ()

    def has(self, label: str) -> bool:
        """Whether an intent of that label was accepted."""
        return any(intent.label == label for intent in self.intents)
