"""Percepts: what a message means, each part with a calibrated probability, or an abstention."""

from typing import Final, Literal

import msgspec

from segue.core.records.record import Record

Reaction = Literal["accept", "ask", "escalate", "none"]

EMOTIONS: Final = (
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion",
    "curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment", "excitement",
    "fear", "gratitude", "grief", "joy", "love", "nervousness", "optimism",
    "pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral",
)  # fmt: skip
"""The labels of GoEmotions (Demszky et al., 2020), in the order of its files."""


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
            (channel name or `all`), `days` (digits 1-7, Monday is 1), `pause_until` (a code of
            `segue.core.when`), `frequency` (`1/week`, or `less`); `pause_days` in older logs.
        value: Integer or text by kind.
        words: The words that said so.
    """

    kind: str
    value: int | str
    words: str
    start: int = 0
    end: int = 0


class Promise(Record, frozen=True):
    """Something promised, zone-free, with the words it came from.

    Attributes:
        who: `customer`, or `company` where the customer says what was promised to them.
        what: `call`, `reply`, `send`, `pay`, `decide`, `sign`, `meet` or `do`.
        due: A code of `segue.core.when`, or empty.
        words: The words that said so.
    """

    who: Literal["customer", "company"]
    what: str
    due: str = ""
    words: str = ""
    start: int = 0
    end: int = 0


class Question(Record, frozen=True):
    """A question of a message, and the approved answer that fits it best.

    Attributes:
        start: First character of the question.
        end: Character after the last.
        answer: Name of the approved answer; empty where none fits well enough.
        score_ppm: How well the nearest answer fits, whether it is named or not.
    """

    start: int
    end: int
    answer: str = ""
    score_ppm: int = 0


class Entity(msgspec.Struct, frozen=True, gc=False):
    """Something named, where it stands, and its value in one spelling.

    Attributes:
        kind: `time` (a code of `segue.core.when`), `amount` (`EUR 1200.5`), `phone` (its digits, and a plus
            where there is one), `email`, or a kind that the playbook names.
        value: Its value; of the playbook's kinds the name as the playbook spells it.
    """

    kind: str
    value: str
    start: int
    end: int


class Statement(Record, frozen=True):
    """What the customer says of themselves, zone-free, with the words it came from.

    Attributes:
        kind: A predicate of `segue.core.predicates.TOLD`, or `sensitive.TOPIC`.
        value: Integer or text; an amount is `EUR 20000`, or `20000` where no currency was named; a time is a
            code of `segue.core.when`; 1 where the kind says it all.
        ended: Whether it holds no longer: `we no longer use Trello`.
    """

    kind: str
    value: int | str
    words: str = ""
    start: int = 0
    end: int = 0
    ended: bool = False


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
        emotions: Probability of each of `EMOTIONS` in ppm, in that order; empty where no encoder read it.
        model: Hash of the model (rules and weights) that made it.
        language_ppm: Probability of that language.
        promises: What was promised, by whom, until when.
        questions: The separate questions, in order.
        entities: Times, amounts, telephone numbers, addresses, and names that the playbook lists.
        away_until: Until when the person is out of office, as a code of `segue.core.when`.
        names: Hash of the names on record that were looked for in it; empty where none were.
        told: What the customer says of themselves; none in logs of older versions.
        left_out: Characters of the middle of a long text that were not read.
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
    language_ppm: int = 0
    promises: tuple[Promise, ...] = ()
    questions: tuple[Question, ...] = ()
    entities: tuple[Entity, ...] = ()
    away_until: str = ""
    emotions: tuple[int, ...] = ()
    names: str = ""
    told: tuple[Statement, ...] = ()
    left_out: int = 0

    def has(self, label: str) -> bool:
        """Whether an intent of that label was accepted."""
        return any(intent.label == label for intent in self.intents)
