"""The memory card: each thing known of a person with its source, and how to correct it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segue.bootstrap.promised import standing
from segue.bootstrap.readings import Readings, Recalled
from segue.core.records.memory import Fact
from segue.core.records.promised import PREDICATE, promised_of
from segue.core.records.signals import Signal
from segue.core.units import Instant, to_instant

_OF_RECORD = "change it in `{source}`: its next update replaces this"
_OF_WORDS = "send `profile.updated` with another value, or a message that says otherwise"
_OF_CONSENT = "send `consent.changed`"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is known.

    Attributes:
        subject: `profile` or `account`.
        source, source_id: The signal it came from; empty where that was erased.
        words: The words it was read in, if any.
        state: Of a promise how it stands: `open`, `overdue`, `kept`, `broken`, `withdrawn`; else empty. Its
            value is the instant it is due at (0: no time was said), its qualifier what was promised.
        correct: What to do where it is wrong.
    """

    subject: str
    predicate: str
    qualifier: str
    value: Any
    trust: str
    valid_from: Instant
    valid_to: Instant | None
    source: str
    source_id: str
    words: str
    correct: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class MemoryCard:
    """What is known of a person, and what was recalled where something was asked."""

    person_id: str
    items: tuple[Item, ...]
    recalled: tuple[Recalled, ...] = ()


def memory_card(
    readings: Readings,
    who: str,
    ask: str = "",
    *,
    k: int = 10,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> MemoryCard:
    """What is known of a person at a pair of instants; with `ask` also the messages that answer it.

    Raises:
        MissingError: Nobody is known by `who`.
    """
    view = readings.person(who, as_of=as_of, known_at=known_at)
    recalled = readings.recall(who, ask, k) if ask else []
    with readings.store.read() as reader:
        sources = {fact.signal_id: reader.signal(fact.signal_id) for fact in view.facts}
        newest = reader.newest_at()
    at = newest if as_of is None else to_instant(as_of)
    items = [_item(fact, sources[fact.signal_id], at) for fact in view.facts]
    return MemoryCard(view.person_id, tuple(items), tuple(recalled))


def _item(fact: Fact, source: Signal | None, at: Instant) -> Item:
    name = source.source if source is not None else ""
    promise = promised_of(fact) if fact.predicate.startswith(PREDICATE) else None
    return Item(
        subject=fact.subject.partition(":")[0],
        predicate=fact.predicate,
        qualifier=promise.what if promise else fact.qualifier,
        value=promise.due_at if promise else fact.value,
        trust=fact.trust,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        source=name,
        source_id=source.source_id if source is not None else "",
        words=fact.words,
        correct=_correct(fact, name),
        state=standing(promise, at) if promise else "",
    )


def _correct(fact: Fact, source: str) -> str:
    if fact.predicate.startswith("consent."):
        return _OF_CONSENT
    return _OF_RECORD.format(source=source) if fact.trust == "verified" and source else _OF_WORDS
