"""Suppressions: what is on record of the addresses a step may write to, apart from what their owner said."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select

from segue.core.errors import SegueError
from segue.core.ids import IdKey
from segue.core.records.context import LedgerRow, Suppression
from segue.core.records.memory import Fact
from segue.core.units import Instant
from segue.identity import is_junk, normalise
from segue.privacy import predicate_of, suppression_key
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.reads_lane import LaneReads
from segue.stores.statements import EachStatement, Statement

_I, _P, _S = schema.identifiers.c, schema.profiles.c, schema.suppressions.c
_CHANNELS = {"email": ("email", "all"), "phone": ("sms", "whatsapp", "phone", "all")}
"""Namespace of an address to the channels that reach it."""

_NAMESPACE = {"email": "email", "sms": "phone", "whatsapp": "phone", "phone": "phone"}

_OWN = EachStatement(lambda profile: select(_I.hash, _I.namespace).where(_I.profile_id == profile))
_ANY = Statement(lambda: select(_S.at).limit(1))
_OWNERS = EachStatement(
    lambda key: (
        select(_I.hash, _P.person_id)
        .join(schema.profiles, _P.profile_id == _I.profile_id)
        .where(_I.hash == key)
    )
)
_TOMBSTONES = EachStatement(lambda key: select(_S.hash, _S.at).where(_S.hash == key))
_PROFILES = EachStatement(lambda person: select(_P.person_id, _P.profile_id).where(_P.person_id == person))

_Place = tuple[str, str]
"""Namespace of an address, and the address as it was written; empty for an identifier."""


class Holder(NamedTuple):
    """A person as a step will have them: with the profiles that have rows, and identifiers that are new."""

    person_id: str
    profiles: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]


class Suppressed:
    """Finds what is on record of addresses, over one connection."""

    def __init__(self, db: Db, ids: IdKey) -> None:
        self._db, self._ids, self._lane = db, ids, LaneReads(db)

    def of(
        self, who: Holder, facts: tuple[Fact, ...], named: LedgerRow | None, country: str, now: Instant
    ) -> tuple[Suppression, ...]:
        """What is on record of the addresses of one context.

        Args:
            who: The person.
            facts: All that the context holds.
            named: The effect the signal speaks of; its recipient counts, too.
            country: Default country of phone numbers.
            now: What ended before is not told.
        """
        own = [
            (key, namespace)
            for key, namespace in (*self._db.each(_OWN, who.profiles), *who.identifiers)
            if namespace in _CHANNELS
        ]
        places: dict[str, set[_Place]] = {key: {(namespace, "")} for key, namespace in own}
        for namespace, address in {*_of_facts(facts), *_of_effect(named)}:
            if (key := self._hash(namespace, address, country)) is not None:
                places.setdefault(key, set()).add((namespace, address))
        if not places:
            return ()
        holders = dict.fromkeys((key for key, _ in own), who.person_id)
        others = [key for key in places if key not in holders]
        holders |= dict(self._db.each(_OWNERS, others))
        said = self._consents(sorted({name for name in holders.values() if name != who.person_id}), now)
        buried, found = self._tombstones(places), list[Suppression]()
        for key in sorted(places):
            holder = holders.get(key, "")
            if known := (*said.get(holder, ()), *buried.get(key, ())):
                found += [Suppression(*place, holder, known) for place in sorted(places[key])]
        return tuple(found)

    def _tombstones(self, places: dict[str, set[_Place]]) -> dict[str, list[Fact]]:
        """Opt-outs that outlived those who were erased, by the hash of their address."""
        if self._db.row(_ANY) is None:
            return {}
        keys = {
            suppression_key(key, channel): (key, channel)
            for key, written in places.items()
            for namespace in {namespace for namespace, _ in written}
            for channel in _CHANNELS[namespace]
        }
        found: dict[str, list[Fact]] = {}
        for name, at in sorted(self._db.each(_TOMBSTONES, list(keys))):
            key, channel = keys[name]
            opted_out = Fact("address", predicate_of(channel), "withdrawn", at, "verified", "")
            found.setdefault(key, []).append(opted_out)
        return found

    def _consents(self, persons: list[str], now: Instant) -> dict[str, tuple[Fact, ...]]:
        """What persons said of being written to, who are not the step's own."""
        rows = self._db.each(_PROFILES, persons)
        of = {f"profile:{profile}": person for person, profile in rows}
        said: dict[str, list[Fact]] = {}
        for fact in self._lane.facts(sorted(of), now):
            if fact.predicate.startswith("consent."):
                said.setdefault(of[fact.subject], []).append(fact)
        return {person: tuple(facts) for person, facts in said.items()}

    def _hash(self, namespace: str, address: str, country: str) -> str | None:
        """Hash of an address as an identifier; None where it is none."""
        spelt = _spelt(f"{namespace}:{address}", country)
        return self._ids.identifier_hash(spelt) if spelt else None


@lru_cache(maxsize=8_192)
def _spelt(identifier: str, country: str) -> str:
    """The one spelling of an address; empty where it is none, or nobody's."""
    try:
        spelt = normalise(identifier, country or None)
    except SegueError:
        return ""
    return "" if is_junk(identifier) else spelt


def _of_facts(facts: Iterable[Fact]) -> Iterator[_Place]:
    for fact in facts:
        if (
            fact.predicate in _CHANNELS
            and fact.subject.startswith("profile:")
            and isinstance(fact.value, str)
        ):
            yield fact.predicate, fact.value


def _of_effect(named: LedgerRow | None) -> Iterator[_Place]:
    namespace = _NAMESPACE.get(named.effect.channel) if named is not None else None
    to = named.effect.arguments.get("to") if named is not None else None
    if namespace is not None and isinstance(to, str):
        yield namespace, to
