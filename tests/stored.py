"""Linking with a store: a house in memory that reads what the product reads, and folds what links say."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from segue.core.records.events import Stepped
from segue.core.records.identity import IdentityRules, Web
from segue.core.records.memory import Links
from segue.core.records.signals import Signal
from segue.core.units import Instant
from segue.identity import judge, link
from segue.stores import SqliteStore, SqliteUnit
from tests.people import IDS, hashed


class House:
    """Links what it is told."""

    def __init__(self, store: SqliteStore, rules: IdentityRules) -> None:
        self.store, self._rules = store, rules
        self._number = 0

    def see(self, signal: Signal) -> Links:
        """Take in one signal."""
        return self.see_all([signal])[0]

    def see_all(self, signals: Iterable[Signal]) -> list[Links]:
        """Take signals in, in one commit."""
        with self.store.write() as unit:
            return [self._seen(unit, signal) for signal in signals]

    def say(self, word: Signal) -> Links:
        """Take in a human's word."""
        with self.store.write() as unit:
            web = unit.web([*word.body["one"], *word.body["other"]])
            return self._fold(unit, judge(word, web, self._rules))

    def web(self, *identifiers: str) -> Web:
        """What is read of the evidence that hangs together with identifiers."""
        with self.store.read() as reader:
            return reader.web([hashed(name) for name in identifiers])

    def person(self, identifier: str) -> str:
        """The person an identifier leads to, or empty."""
        with self.store.read() as reader:
            return reader.find_person(hashed(identifier)) or ""

    def members(self, identifier: str) -> set[str]:
        """Every profile of the person an identifier leads to."""
        with self.store.read() as reader:
            view = reader.person(self.person(identifier), as_of=None, known_at=None)
        return set(view.profile_ids) if view else set()

    def _seen(self, unit: SqliteUnit, signal: Signal) -> Links:
        people = signal.person_identifiers
        nodes = [IDS.profile_id(signal.source, people[0]), *(hashed(name) for name in people)]
        web = unit.web(nodes, claims=signal.trust == "claimed")
        return self._fold(unit, link(signal, web, {}, IDS, self._rules))

    def _fold(self, unit: SqliteUnit, links: Links) -> Links:
        self._number += 1
        unit.record(Stepped(f"s{self._number}", Instant(self._number), "tenant", "tenant", links))
        return links


@contextmanager
def a_house(rules: IdentityRules) -> Iterator[House]:
    """A house with nobody in it."""
    store = SqliteStore.open(None, master_key=bytes(32), ids=IDS)
    try:
        yield House(store, rules)
    finally:
        store.close()
