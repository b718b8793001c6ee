"""The memory card: each thing known of a person with its source, how sure it is, and how to correct it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from segue.bootstrap.keeping import FOR_EVER, Kept, kept_of
from segue.bootstrap.promised import standing
from segue.bootstrap.readings import Readings, Recalled
from segue.core.predicates import PREDICATES, Group, Predicate, Tell, faded, predicate_of
from segue.core.records.memory import Fact, Trust
from segue.core.records.playbook import FactSource, Playbook
from segue.core.records.promised import PREDICATE, promised_of
from segue.core.records.signals import Signal
from segue.core.units import PPM, Instant, to_instant
from segue.graph import correctable, disclosure

GROUPS: Final[Mapping[Group, str]] = {
    "who": "Who they are",
    "preferences": "How they want to be reached",
    "promises": "Promises",
    "told": "What they told us",
    "moods": "Mood",
    "private": "Private",
    "accounts": "Their account",
    "opt_outs": "Consent and opt-outs",
    "other": "Everything else",
}
"""The groups of a card in order, with their titles."""

_OF_RECORD = "change it in `{source}`: its next update replaces this"
_OF_WORDS = "say it anew here, or let a message say otherwise"
_OF_HUMAN = "say it anew here"
_OF_CONSENT = "send `consent.changed`, or let them choose on the preference page"
_FORGET_ONLY = "have it forgotten here"
_NOWHERE = "it ends with what it tells of"
_ANYBODYS_PPM = 500_000
"""Confidence in a fact of record that anybody could have told (assumed)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is known.

    Attributes:
        subject: `profile` or `account`.
        source, source_id: The signal it came from; empty where that was erased.
        words: The words it was read in, or why a human set it, if any.
        state: Of a promise how it stands: `open`, `overdue`, `kept`, `broken`, `withdrawn`; else empty. Its
            value is the instant it is due at (0: no time was said), its qualifier what was promised.
        correct: What to do where it is wrong.
        group: One of `GROUPS`.
        title: What it is, for people.
        signal_id: Id of the signal it came from.
        confidence_ppm: How sure it is still, after what fades has faded.
        tell: Who may be told of it.
        may: What can be done with it here: `correct`, `forget`.
    """

    subject: str
    predicate: str
    qualifier: str
    value: Any
    trust: Trust
    valid_from: Instant
    valid_to: Instant | None
    source: str
    source_id: str
    words: str
    correct: str
    state: str = ""
    group: Group = "other"
    title: str = ""
    signal_id: str = ""
    confidence_ppm: int = PPM
    tell: Tell = "person"
    may: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemoryCard:
    """What is known of a person, by group, what was recalled where something was asked, and for how long."""

    person_id: str
    items: tuple[Item, ...]
    recalled: tuple[Recalled, ...] = ()
    kept: Kept = FOR_EVER


@dataclass(frozen=True, slots=True)
class Look:
    """What items are told by: the instant looked at, and the playbook, where one is in force."""

    at: Instant
    playbook: Playbook | None = None

    def declared(self, fact: Fact) -> FactSource | None:
        """What the playbook declares of a fact."""
        root = "account" if _is_of_account(fact) else "person"
        return self.playbook.facts.get(f"{root}.{fact.predicate}") if self.playbook is not None else None


def memory_card(
    readings: Readings,
    who: str,
    ask: str = "",
    *,
    k: int = 10,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    playbook: Playbook | None = None,
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
        kept = kept_of(view, reader, readings.ids, readings.rules())
    look = Look(newest if as_of is None else to_instant(as_of), playbook)
    items = items_of(view.facts, sources, look)
    return MemoryCard(view.person_id, items, tuple(recalled), kept)


def items_of(facts: tuple[Fact, ...], sources: Mapping[str, Signal | None], look: Look) -> tuple[Item, ...]:
    """Facts as items, in the order of the groups.

    Args:
        facts: What is known.
        sources: The signals they came from, by id; None for one that is gone.
        look: What they are told by.
    """
    moods = {(fact.signal_id, fact.subject): fact.value for fact in facts if fact.predicate == "mood_ppm"}
    order = list(GROUPS)
    found = [
        _item(fact, sources.get(fact.signal_id), look, moods.get((fact.signal_id, fact.subject)))
        for fact in facts
        if fact.value is not None
    ]
    return tuple(
        sorted(found, key=lambda i: (order.index(i.group), i.predicate, i.qualifier, i.trust, i.valid_from))
    )


def _item(fact: Fact, source: Signal | None, look: Look, mood_ppm: object) -> Item:
    name = source.source if source is not None else ""
    promise = promised_of(fact) if fact.predicate.startswith(PREDICATE) else None
    declared = predicate_of(fact.predicate, of_account=_is_of_account(fact))
    may = _may(fact, look)
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
        correct=_correct(fact, source, may),
        state=standing(promise, look.at) if promise else "",
        group=declared.group,
        title=_title(fact, declared),
        signal_id=fact.signal_id,
        confidence_ppm=_confidence(fact, look.at, mood_ppm),
        tell=disclosure.tell_of(fact, look.declared(fact)),
        may=may,
    )


def _title(fact: Fact, declared: Predicate) -> str:
    """What an item is called; a consent by its channel as well."""
    if fact.predicate.startswith("consent.") or not declared.title:
        return fact.predicate.replace(".", " ").replace("_", " ")
    return declared.title


def _is_of_account(fact: Fact) -> bool:
    return fact.subject.startswith("account:")


def _may(fact: Fact, look: Look) -> tuple[str, ...]:
    """What a human may do here; without a playbook at hand only what every playbook has."""
    if fact.predicate.startswith(("consent.", "promise.")):
        return ()
    known = fact.predicate in PREDICATES and not _is_of_account(fact)
    if look.playbook is not None:
        known = known or fact.predicate in correctable(
            look.playbook, "account" if _is_of_account(fact) else "person"
        )
    if not known:
        return ()
    only_forget = predicate_of(fact.predicate).group in {"moods", "private"} or fact.predicate == "away_until"
    return ("forget",) if only_forget else ("correct", "forget")


def _correct(fact: Fact, source: Signal | None, may: tuple[str, ...]) -> str:
    if fact.predicate.startswith("consent."):
        return _OF_CONSENT
    if fact.trust == "verified" and source is not None:
        is_human = source.kind == "memory.corrected"
        return _OF_HUMAN if is_human else _OF_RECORD.format(source=source.source)
    if not may:
        return _NOWHERE
    return _OF_WORDS if "correct" in may else _FORGET_ONLY


def _confidence(fact: Fact, at: Instant, mood_ppm: object) -> int:
    """How sure a fact is after `at - valid_from`: what is not said again fades."""
    declared = predicate_of(fact.predicate, of_account=_is_of_account(fact))
    sure = PPM
    if fact.trust == "claimed":
        sure = declared.trusted_ppm if fact.predicate in PREDICATES or fact.words else _ANYBODYS_PPM
    if fact.predicate == "mood" and isinstance(mood_ppm, int):
        sure = mood_ppm
    return faded(sure, at - fact.valid_from, declared.half_life)
