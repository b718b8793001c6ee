"""Answers as of random (valid, recorded) pairs over random histories, against a naive oracle.

The oracle keeps every assertion in the order it was recorded and, at each question, folds those recorded
until then: of equal starts the higher signal id stands, and each holds until its own end or the next start.
"""

import random
from collections.abc import Sequence
from typing import Any

from benchmarks.company import IDS
from segue.core.records.events import Stepped
from segue.core.records.memory import Fact, Links
from segue.core.units import Instant
from segue.stores import SqliteStore

HISTORIES, PAIRS, FACTS = 20, 50, 60
LAST = 1_000
_PREDICATES = ("plan", "health", "owner")


def measure(*, quick: bool) -> dict[str, Any]:
    """How many of the pairs the store answers as the oracle does; `quick` takes a tenth of the histories."""
    rng = random.Random(11)  # noqa: S311 - drawn histories, no secrets
    wrong = pairs = 0
    for _ in range(HISTORIES // 10 if quick else HISTORIES):
        facts = [_fact(rng, number) for number in range(FACTS)]
        store = _recorded(facts)
        for _ in range(PAIRS):
            at, known = rng.randrange(LAST + 50), rng.randrange(FACTS + 1)
            pairs += 1
            wrong += _answer(store, at, known) != _oracle(facts[:known], at)
        store.close()
    return {"as_of_pairs": pairs, "as_of_wrong": wrong}


def _fact(rng: random.Random, number: int) -> Fact:
    starts = Instant(rng.randrange(LAST))
    ends = Instant(starts + rng.randrange(LAST // 2)) if rng.random() < 0.3 else None
    return Fact(
        "profile:p",
        rng.choice(_PREDICATES),
        None if rng.random() < 0.1 else rng.randrange(100),
        starts,
        "claimed" if rng.random() < 0.5 else "verified",
        f"s{rng.randrange(10**9):09}-{number}",
        qualifier=rng.choice(("", "q")),
        valid_to=ends,
    )


def _recorded(facts: Sequence[Fact]) -> SqliteStore:
    store = SqliteStore.open(None, master_key=bytes(32), ids=IDS)
    links = Links(profile_id="p", person_id="p", is_new=True)
    with store.write() as unit:
        unit.record(Stepped("step", Instant(LAST), "person:p", "profile:p", links))
        for number, fact in enumerate(facts, start=1):
            now = Instant(LAST + number)
            unit.record(Stepped(f"step{number}", now, "person:p", "profile:p", links, facts=(fact,)))
    return store


def _answer(store: SqliteStore, at: int, known: int) -> dict[tuple[str, str, str], Any]:
    with store.read() as reader:
        view = reader.person("p", as_of=Instant(at), known_at=Instant(LAST + known))
    assert view is not None
    return {(fact.predicate, fact.qualifier, fact.trust): fact.value for fact in view.facts}


def _oracle(facts: Sequence[Fact], at: int) -> dict[tuple[str, str, str], Any]:
    standing: dict[tuple[str, str, str], dict[int, Fact]] = {}
    for fact in facts:
        starts = standing.setdefault((fact.predicate, fact.qualifier, fact.trust), {})
        other = starts.get(fact.valid_from)
        if other is None or fact.signal_id >= other.signal_id:
            starts[fact.valid_from] = fact
    found: dict[tuple[str, str, str], Any] = {}
    for key, starts in standing.items():
        last = max((start for start in starts if start <= at), default=None)
        if last is None:
            continue
        fact = starts[last]
        if fact.value is not None and (fact.valid_to is None or at < fact.valid_to):
            found[key] = fact.value
    return found
