"""Readings: what a language model read in a message, in closed lists, numbers and offsets alone."""

from typing import Final, Literal, get_args

from segue.core.records.record import Record

Mood = Literal["urgent", "curious", "excited", "confused", "frustrated", "angry", "calm"]
MOODS: Final[tuple[Mood, ...]] = get_args(Mood)
"""Moods of a percept."""

CONNECTOR: Final = "llm"
VERB: Final = "read"
READ_AGAIN: Final = "read_again"
"""Action of the effect that asks for a reading."""

SHOWN_AT_MOST: Final = 8
"""Intents that are taken from one reading."""


class ReadIntent(Record, frozen=True):
    """An intent that was read.

    Attributes:
        label: Of the playbook's intents, or `opt_out`; anything else is dropped.
        sure: Whether the model said that it is; else it only thinks so.
        start: First character of the words that say so, in what the customer wrote.
        end: Character after the last.
    """

    label: str
    sure: bool
    start: int
    end: int


class Reading(Record, frozen=True):
    """What was read.

    Attributes:
        intents: At most eight are taken.
        sentiment: From -1,000,000 (very bad) to 1,000,000 (very good).
        mood: One of `MOODS`.
        language: ISO 639-1, or empty.
        model: Name of the model, and the version of what it was asked.
    """

    intents: tuple[ReadIntent, ...] = ()
    sentiment: int = 0
    mood: Mood = "calm"
    language: str = ""
    model: str = ""


class Spent(Record, frozen=True):
    """What a reading cost.

    Attributes:
        requests: Requests that were sent.
        input_tokens: As the server counted; estimated where it did not say.
        output_tokens: The same of what it wrote.
        micro: By the prices in the playbook, in micro-units.
    """

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    micro: int = 0

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.input_tokens + self.output_tokens
