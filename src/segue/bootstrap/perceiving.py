"""`segue.Perceiver`: what messages mean, without a home, with floats for people; and its cache of models."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Self

from segue.bootstrap import given
from segue.core import ports as port
from segue.core.errors import InputError
from segue.core.ports import Encoder
from segue.core.records.percepts import EMOTIONS, Entity, Percept, PiiSpan, Preference, Promise, Statement
from segue.core.records.signals import Kind, Signal
from segue.core.units import PPM, to_instant
from segue.encoder import CachedEncoder, shipped, shipped_languages
from segue.perception import IntentModel, RulePerceiver, TieredPerceiver
from segue.perception.intents import hash_of

_KEPT_AT_MOST = 8
_MODELS: dict[str, IntentModel] = {}
_ONE_FIT = Lock()
_ANY_WORDS = "What does it cost for a team of five?"


def fitted(examples: Mapping[str, Sequence[str]], encoder: Encoder) -> IntentModel:
    """The model of these examples; the last few are kept in memory, because a fit takes about a second."""
    key = hash_of(examples, encoder)
    with _ONE_FIT:  # Whoever comes while it is fitted waits for it and does not do it again.
        if key not in _MODELS:
            while len(_MODELS) >= _KEPT_AT_MOST:
                del _MODELS[next(iter(_MODELS))]
            _MODELS[key] = IntentModel(examples, encoder)
        return _MODELS[key]


def warm_up(perceiver: port.Perceiver) -> None:
    """Have everything loaded and fitted that the first message would wait for; takes about 2 s of CPU."""
    perceiver.perceive(signal_of(Message(_ANY_WORDS)))


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be read.

    Attributes:
        text: What was written or said.
        speaker: Only a `customer`'s words are read; those of `agent`, `rep` or `rep:NAME`
            give an empty percept.
        channel: `email`, `sms`, `whatsapp`, `phone`, `chat`, or empty; like the speaker's in any case.
        occurred_at: When, with a time zone; times in a percept are relative to it.
    """

    text: str
    speaker: str = "customer"
    channel: str = ""
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PerceivedIntent:
    """An accepted intent: label, calibrated probability, the example that is most alike, offsets."""

    label: str
    p: float
    nearest: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PerceivedQuestion:
    """A question: the approved answer that fits, empty where none does well enough, its score, offsets."""

    answer: str
    score: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Perceived:
    """A percept for people: probabilities in [0, 1], sentiment in [-1, 1].

    Attributes:
        decision: `accept`, `ask`, `escalate`, or `none` where there was nothing to read.
        emotions: Probability of each of GoEmotions' 28 labels; empty where the encoder did not read it.
        preferences: Wishes about contact. Times in them, and in promises, have no zone.
        promises: What was promised, by whom, until when.
        questions: The separate questions, in order.
        entities: Times, amounts, telephone numbers, addresses, and names that the playbook lists.
        told: What the customer says of themselves, such as the size of their team.
        away_until: Until when the person is out of office, as a code of `segue.core.when`.
        left_out: Characters of the middle of a long text that were not read.
        record: What the log would hold.
    """

    decision: str
    intents: tuple[PerceivedIntent, ...]
    sentiment: float
    mood: str
    mood_p: float
    emotions: dict[str, float]
    language: str
    preferences: tuple[Preference, ...]
    promises: tuple[Promise, ...]
    questions: tuple[PerceivedQuestion, ...]
    entities: tuple[Entity, ...]
    told: tuple[Statement, ...]
    away_until: str
    pii: tuple[PiiSpan, ...]
    risk: tuple[str, ...]
    left_out: int
    record: Percept

    @classmethod
    def of(cls, record: Percept) -> Self:
        """The public form of a record."""
        return cls(
            record.decision,
            tuple(PerceivedIntent(i.label, i.p_ppm / PPM, i.nearest, i.start, i.end) for i in record.intents),
            record.sentiment / PPM,
            record.mood,
            record.mood_ppm / PPM,
            {name: ppm / PPM for name, ppm in zip(EMOTIONS, record.emotions, strict=False)},
            record.language,
            record.preferences,
            record.promises,
            tuple(PerceivedQuestion(q.answer, q.score_ppm / PPM, q.start, q.end) for q in record.questions),
            record.entities,
            record.told,
            record.away_until,
            record.pii,
            record.risk,
            record.left_out,
            record,
        )


class Perceiver:
    """Reads messages offline: rules, then the encoder that ships.

    Args:
        perceiver: What reads.
        known_names: Names on record, found as personal data.
    """

    def __init__(self, perceiver: port.Perceiver, known_names: Sequence[str] = ()) -> None:
        self._perceiver = perceiver
        self._known_names = given.names(known_names)

    @classmethod
    def from_examples(
        cls,
        intents: Mapping[str, Sequence[str]],
        known_names: Sequence[str] = (),
        cache: Path | str | None = None,
    ) -> Self:
        """Learn intents from 5 to 20 examples each; 150 of 10 take about 5 s of CPU.

        Args:
            intents: Texts by label. A text under several labels makes them independent of each other.
            known_names: Names on record, found as personal data.
            cache: File that keeps the examples' vectors, so that the next time takes a second.

        Raises:
            InputError: A label has fewer than two examples, there are fewer than two labels, or it is no
                texts by label.
        """
        intents, known_names = given.examples(intents), given.names(known_names)
        encoder = CachedEncoder(shipped(), Path(cache) if cache is not None else None)
        model = IntentModel(intents, encoder)
        encoder.save()
        rules = RulePerceiver({}, languages=shipped_languages())
        reading = TieredPerceiver(rules, intents, shipped(), fitted=lambda *_: model, knows=shipped().knows)
        return cls(reading, known_names)

    @property
    def model(self) -> str:
        """Hash of all that a percept depends on besides its message."""
        return self._perceiver.model

    def perceive(self, messages: Iterable[str | Message]) -> list[Perceived]:
        """Read messages, one percept each, in their order.

        Raises:
            InputError: They are no list, or one of them is no message; it says which.
        """
        listed = given.several(messages, "messages", '["I would like a demo"]')
        return [self._read(one, f"messages[{at}]") for at, one in enumerate(listed)]

    def _read(self, one: object, where: str) -> Perceived:
        message = _message(one, where)
        if not given.is_customer(message.speaker, f"{where}.speaker"):
            return Perceived.of(Percept(self.model))
        percept = self._perceiver.perceive(signal_of(message), self._known_names)
        return Perceived.of(percept or Percept(self.model))


def _message(one: object, where: str) -> Message:
    if isinstance(one, str):
        return Message(one)
    if not isinstance(one, Message):
        raise InputError(f"{where}: must be text or a `Message`, not `{type(one).__name__}`; {_hint(one)}")
    return Message(
        given.words(one.text, f"{where}.text"),
        one.speaker,
        given.channel_named(one.channel, f"{where}.channel"),
        given.moment(one.occurred_at, f"{where}.occurred_at"),
    )


def _hint(one: object) -> str:
    if isinstance(one, bytes | bytearray):
        return "decode it first"
    return 'write `Message("I would like a demo")`'


def signal_of(message: Message) -> Signal:
    """A message as the signal that a channel would bring."""
    at = to_instant(message.occurred_at or datetime(1970, 1, 1, tzinfo=UTC))
    return Signal(
        id="perceived",
        source="segue.perceive",
        source_id="perceived",
        kind=Kind.MESSAGE_RECEIVED,
        identifiers=(),
        occurred_at=at,
        received_at=at,
        body={"text": message.text, "channel": message.channel},
    )
