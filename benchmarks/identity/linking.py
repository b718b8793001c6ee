"""Linking measured: every signal of the adversary through the store, looked at by code of its own."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.company import IDS, LIBRARY, MASTER_KEY
from benchmarks.identity.adversary import BLOCKED, Sighting, World, a_world, identifiable
from segue.bootstrap.home import pin_zones
from segue.bootstrap.minds import mind_of
from segue.core.records.events import Stepped
from segue.core.records.identity import IdentityRules
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.playbook import load
from segue.runtime.stepping import link_of
from segue.runtime.tenant import Mind
from segue.stores import SqliteStore, SqliteUnit

GROUP, CHECKS, ROUND_TRIPS = 256, 10, 200

Placed = tuple[dict[str, str], dict[str, str]]
"""Person of each profile, and of each identifier hash."""


@dataclass(slots=True)
class House:
    """A store in memory that only links."""

    store: SqliteStore
    mind: Mind
    number: int = 0
    cpu_s: float = 0.0
    news: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def see(self, sightings: list[Sighting]) -> None:
        """Take signals in, a group to a commit."""
        for first in range(0, len(sightings), GROUP):
            began = time.process_time()
            with self.store.write() as unit:
                for sighting in sightings[first : first + GROUP]:
                    self._one(unit, sighting)
            self.cpu_s += time.process_time() - began

    def say(self, kind: Kind, one: str, other: str) -> None:
        """Take in a human's word."""
        body = {"one": [IDS.identifier_hash(one)], "other": [IDS.identifier_hash(other)], "by": "bench"}
        with self.store.write() as unit:
            self._record(unit, self._signal(0, "segue.identity", (), kind, body))

    def _one(self, unit: SqliteUnit, sighting: Sighting) -> None:
        kept = self.mind.normalise(sighting.identifiers)
        if kept:
            self._record(unit, self._signal(sighting.at, sighting.source, kept, Kind.PAGE_VIEWED, {}))

    def _signal(
        self, at: int, source: str, names: tuple[str, ...], kind: Kind, body: dict[str, Any]
    ) -> Signal:
        self.number += 1
        now = Instant(at)
        subject = "" if names else "tenant"
        return Signal(
            IDS.signal_id(source, str(self.number)),
            source,
            str(self.number),
            kind,
            names,
            now,
            now,
            body,
            subject=subject,
        )

    def _record(self, unit: SqliteUnit, signal: Signal) -> None:
        links = link_of(unit, self.mind, IDS, signal)
        self.news += bool(links.evidence)
        self.refused.update(why.partition(":")[0] for _, why in links.refused)
        lane = f"person:{links.person_id}" if links.person_id else "tenant"
        subject = f"profile:{links.profile_id}" if links.profile_id else "tenant"
        unit.record(Stepped(signal.id, signal.received_at, lane, subject, links))

    def placed(self) -> Placed:
        """Where everything is now."""
        writer = self.store._writer  # noqa: SLF001 - no port reads whole tables
        assert writer is not None
        rows = writer.run_text("SELECT profile_id, person_id FROM profiles")
        profiles: dict[str, str] = {row[0]: row[1] for row in rows}
        owners = writer.run_text("SELECT hash, profile_id FROM identifiers")
        return profiles, {key: profiles[owner] for key, owner in owners if owner}

    def shared(self) -> int:
        """How many identifiers link nobody any more."""
        writer = self.store._writer  # noqa: SLF001
        assert writer is not None
        return int(writer.run_text("SELECT count(*) FROM identifiers WHERE shared = 1")[0][0])


@contextmanager
def a_house() -> Iterator[House]:
    """A house, closed at the end."""
    store = SqliteStore.open(None, master_key=MASTER_KEY, ids=IDS)
    try:
        yield House(store, _mind())
    finally:
        store.close()


def _mind() -> Mind:
    """The default library's, with the patterns that this company blocks."""
    pin_zones()
    book = load(LIBRARY)
    settings = replace(book.settings, identity=IdentityRules(blocked=BLOCKED))
    return mind_of(replace(book, settings=settings), IDS, "bench", with_encoder=False)[0]


def figures(people: int) -> dict[str, Any]:
    """Link everybody's signals in order of receipt and look at the result on the way and at the end."""
    world = a_world(people)
    part = -(-len(world.sightings) // CHECKS)
    contradicted = 0
    with a_house() as house:
        for first in range(0, len(world.sightings), part):
            house.see(world.sightings[first : first + part])
            contradicted += _contradicted(world, house.placed()[1])
        placed = house.placed()
        found = {
            "people": people,
            "signals": len(world.sightings),
            "contradicted_merges": contradicted,
            **_pairs(world, placed[1]),
            "recycled_numbers_with_their_new_holder": _recycled(world, placed[1]),
            "identifiers_shared": house.shared(),
            "ties_refused": dict(sorted(house.refused.items())),
            "signals_per_cpu_s": round(len(world.sightings) / house.cpu_s),
            "link_us_of_cpu": round(house.cpu_s / len(world.sightings) * 1e6),
            "share_with_new_evidence": round(house.news / len(world.sightings), 3),
        }
        found |= _round_trips(world, house)
        found["known_signal_us_of_cpu"] = _known_again(world, house)
        before = house.store.projection_hash()
        house.store.rebuild()
        found["rebuild_equal"] = house.store.projection_hash() == before
    return found


def _contradicted(world: World, persons: dict[str, str]) -> int:
    """Persons with more than one CRM id: no signal of the adversary names two together."""
    ids: Counter[str] = Counter()
    for who in world.people:
        person = persons.get(IDS.identifier_hash(who.crm)) if who.crm else None
        if person:
            ids[person] += 1
    return sum(number > 1 for number in ids.values())


def _pairs(world: World, persons: dict[str, str]) -> dict[str, Any]:
    """Pairs of identifiers that are one person's for certain, and how many of them are one person here."""
    groups: dict[int, list[str]] = defaultdict(list)
    for name, group in identifiable(world).items():
        groups[group].append(persons.get(IDS.identifier_hash(name), name))
    wanted = sum(_choose(len(names)) for names in groups.values())
    found = sum(_choose(number) for names in groups.values() for number in Counter(names).values())
    truth: dict[str, Counter[int]] = defaultdict(Counter)
    for name, number in world.own.items():
        person = persons.get(IDS.identifier_hash(name))
        if person:
            truth[person][number] += 1
    joined = sum(_choose(sum(counts.values())) for counts in truth.values())
    right = sum(_choose(number) for counts in truth.values() for number in counts.values())
    return {
        "identifiable_pairs": wanted,
        "identifiable_pairs_found": round(found / wanted, 4),
        "pairs_joined_that_are_two_people": joined - right,
        "share_of_joined_pairs_that_are_one_person": round(right / joined, 4),
    }


def _choose(number: int) -> int:
    return number * (number - 1) // 2


def _recycled(world: World, persons: dict[str, str]) -> float:
    held = sum(
        persons.get(IDS.identifier_hash(phone)) == persons.get(IDS.identifier_hash(world.people[number].crm))
        for phone, number in world.recycled.items()
    )
    return round(held / max(1, len(world.recycled)), 3)


def _round_trips(world: World, house: House) -> dict[str, Any]:
    """A form names two people's addresses: merged by mistake, split, merged and split again by a human."""
    draw = random.Random(9)  # noqa: S311
    strangers = [who for who in world.people if not who.crm]
    others = [who for who in world.people if who.crm]
    at = max(sighting.at for sighting in world.sightings)
    unequal = merged = otherwise = 0
    for one, other in zip(
        draw.sample(strangers, min(ROUND_TRIPS, len(strangers))),
        draw.sample(others, ROUND_TRIPS),
        strict=False,
    ):
        first, second = one.emails[0], other.emails[0]
        if _are_one(house, first, second):
            continue
        before = house.placed() if merged % 20 == 0 else _near(house, first, second)
        whole = merged % 20 == 0
        house.see([Sighting(at, "mistake", (first, second))])
        if not _are_one(house, first, second):
            continue
        merged += 1
        joined = _near(house, first, second)
        house.say(Kind.IDENTITY_SPLIT, first, second)
        after = house.placed() if whole else _near(house, first, second)
        unequal += not _same(before, after)
        house.say(Kind.IDENTITY_MERGE, first, second)
        said = _near(house, first, second)
        otherwise += said != joined
        house.say(Kind.IDENTITY_SPLIT, first, second)
        unequal += not _same(before, house.placed() if whole else _near(house, first, second))
        house.say(Kind.IDENTITY_MERGE, first, second)
        unequal += _near(house, first, second) != said
        house.say(Kind.IDENTITY_SPLIT, first, second)
        unequal += not _same(before, _near(house, first, second) if not whole else house.placed())
        house.see([Sighting(at, "shop", (first, second))])
        unequal += _are_one(house, first, second)
    return {
        "unmerge_round_trips": merged,
        "unmerge_round_trips_unequal": unequal,
        "human_merges_unlike_the_mistaken_signal": otherwise,
    }


def _near(house: House, *names: str) -> Placed:
    """Where everything is that hangs together with some identifiers."""
    with house.store.read() as reader:
        web = reader.web([IDS.identifier_hash(name) for name in names])
    profiles = {name: held.person_id for name, held in web.profiles.items()}
    return profiles, {key: profiles.get(owner, owner) for key, owner in web.owners.items() if owner}


def _same(before: Placed, after: Placed) -> bool:
    """Whether all that was there is where it was; what came with the mistaken form was not there."""
    return all(after[0].get(name) == person for name, person in before[0].items()) and all(
        after[1].get(key) == person for key, person in before[1].items()
    )


def _are_one(house: House, one: str, other: str) -> bool:
    with house.store.read() as reader:
        first, second = (reader.find_person(IDS.identifier_hash(name)) for name in (one, other))
    return first is not None and first == second


def _known_again(world: World, house: House) -> int:
    """CPU microseconds of linking a signal that brings nothing new."""
    again = [Sighting(s.at, s.source, s.identifiers) for s in world.sightings[-5_000:]]
    before, number = house.cpu_s, len(again)
    house.see(again)
    return round((house.cpu_s - before) / number * 1e6)
