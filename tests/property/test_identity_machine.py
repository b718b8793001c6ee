"""Who is who over a whole life: signals, splits, merges, erasures, in any order, against a naive model.

`SEGUE_IDENTITY_STEPS=10000` takes that many steps; without it a few hundred, to keep the suite quick.
"""

import asyncio
import os
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from segue.bootstrap.minds import mind_of
from segue.core.records.identity import IdentityRules, NamespaceRule
from segue.core.records.signals import NAMESPACE_RANK, Kind, NewSignal
from segue.core.units import to_instant
from segue.runtime.clock import VirtualClock
from segue.runtime.tenant import Mind
from tests.crash.house import IDS, START, House, library

T = TypeVar("T")

STEPS = int(os.environ.get("SEGUE_IDENTITY_STEPS", "200"))
STEPS_EACH = 40
RULES = IdentityRules(
    namespaces={
        name: NamespaceRule(NAMESPACE_RANK[name], per_person=1 if name == "crm" else 0)
        for name in ("crm", "email", "phone", "cookie")
    },
    recycled=0,
)
NAMES = (
    *("crm:1", "crm:2", "crm:3", "email:ann@x.io", "email:bob@x.io", "email:cho@x.io"),
    *("phone:+493012345678", "phone:+493012345679", "cookie:one", "cookie:two"),
)
ACCOUNTS = ("", "", "account:alder", "account:birch")
some_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)


def hashed(name: str) -> str:
    return IDS.identifier_hash(name)


@cache
def a_mind() -> Mind:
    """Bind the library, with rules that a page of naive code can follow."""
    book = library()
    ruled = replace(book, settings=replace(book.settings, identity=RULES))
    return mind_of(ruled, IDS, engine="test", with_encoder=False)[0]


@dataclass
class Model:
    """What was said, and nothing else; who is who is worked out anew each time, group by group."""

    ties: dict[tuple[str, str], tuple[int, str, str]] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    words: list[tuple[frozenset[str], str]] = field(default_factory=list)
    roles: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    accounts: dict[str, tuple[int, str]] = field(default_factory=dict)

    def groups(  # noqa: C901 - one page of naive code is easier to believe than five parts
        self, words: list[tuple[frozenset[str], str]] | None = None
    ) -> list[set[str]]:
        """Sets of profiles and identifiers, joined one by one, the strongest tie first."""
        said = self.words if words is None else words
        found = [{hashed(name)} for name in NAMES] + [{profile} for profile in self.order]
        # An id that nobody carries any more, whatever a human once said of it, keeps nobody apart.
        crm = {hashed(name) for name in NAMES if name.startswith("crm:") and self.is_known(name)}
        apart: list[frozenset[str]] = []
        settled: set[frozenset[str]] = set()

        def of(node: str) -> set[str]:
            return next(group for group in found if node in group)

        def join(one: str, other: str) -> None:
            first, second = of(one), of(other)
            if first is not second:
                found.remove(second)
                first |= second

        def may(one: str, other: str) -> bool:
            both = of(one) | of(other)
            return of(one) is of(other) or not any(pair <= both for pair in apart)

        for profile in self.order:
            join(profile, hashed(self.anchors[profile]))
        for pair, kind in reversed(said):
            one, other = sorted(pair)
            if pair in settled:
                continue
            settled.add(pair)
            if kind == "same" and may(one, other):
                join(one, other)
            elif kind == "apart" and of(one) is not of(other):
                apart.append(pair)
        # Two CRM ids of one person here were named together by a human; only by one signal otherwise.
        for (profile, name), _ in sorted(self.ties.items(), key=self.strength):
            key, anchor = hashed(name), self.anchors[profile]
            alias = name.startswith("crm:") and anchor.startswith("crm:")
            split = of(profile) is not of(key) and of(profile) & crm and of(key) & crm
            if may(profile, key) and (alias or not split):
                join(profile, key)
        return found

    def strength(self, item: tuple[tuple[str, str], tuple[int, str, str]]) -> tuple[int, int, int, str, str]:
        (profile, name), (first_at, _, _) = item
        ends = [NAMESPACE_RANK[text.partition(":")[0]] for text in (name, self.anchors[profile])]
        return max(ends), min(ends), first_at, profile, hashed(name)

    def see(self, source: str, names: list[str], at: int) -> str:
        """Take in one signal; gives its profile."""
        people = sorted(names, key=lambda name: (NAMESPACE_RANK[name.partition(":")[0]], name))
        profile = IDS.profile_id(source, people[0])
        if profile not in self.anchors:
            self.anchors[profile] = people[0]
            self.order.append(profile)
        for name in people[1:]:
            first = min(at, self.ties.get((profile, name), (at, "", ""))[0])
            self.ties[profile, name] = first, profile, name
        return profile

    def say(self, kind: str, one: str, other: str) -> None:
        """A human's word, which takes back what was said to the contrary of the same people."""
        first, second = hashed(one), hashed(other)
        contrary = {"same": "apart", "apart": "same"}[kind]
        basis = self.words
        new = [(frozenset((first, second)), kind)]
        if kind == "apart":
            basis = [word for word in self.newest() if word[1] != "same"] + new
        groups = self.groups(basis)
        mine, theirs = (next(g for g in groups if node in g) for node in (first, second))
        if kind == "same":
            crm = {hashed(name) for name in NAMES if name.startswith("crm:") and self.is_known(name)}
            new += [(frozenset((first, key)), "same") for key in (mine | theirs) & crm - {first}]
        for pair, said in self.newest():
            a, b = sorted(pair)
            if said == contrary and ((a in mine and b in theirs) or (b in mine and a in theirs)):
                new.append((pair, kind))
        # Of one signal's words none is newer: they are told in the order of their pairs, the first first.
        unique = dict(new)
        self.words += sorted(unique.items(), key=lambda word: sorted(word[0]), reverse=True)

    def newest(self) -> list[tuple[frozenset[str], str]]:
        return list({pair: (pair, kind) for pair, kind in self.words}.values())

    def is_known(self, name: str) -> bool:
        return name in self.anchors.values() or any(key[1] == name for key in self.ties)

    def persons(self, groups: list[set[str]] | None = None) -> dict[str, str]:
        """Person of every profile: its group's earliest profile."""
        found: dict[str, str] = {}
        for group in self.groups() if groups is None else groups:
            members = [profile for profile in self.order if profile in group]
            found |= dict.fromkeys(members, members[0] if members else "")
        return found

    def person_of(self, name: str, groups: list[set[str]]) -> str | None:
        group = next(group for group in groups if hashed(name) in group)
        members = [profile for profile in self.order if profile in group]
        return members[0] if members and self.is_known(name) else None

    def account_of(self, members: list[str]) -> str:
        joined = [self.accounts[profile] for profile in members if profile in self.accounts]
        return max(joined)[1] if joined else ""

    def forget(self, profiles: set[str]) -> None:
        self.ties = {key: tie for key, tie in self.ties.items() if key[0] not in profiles}
        self.order = [profile for profile in self.order if profile not in profiles]
        for kept in (self.anchors, self.roles, self.accounts):
            for profile in profiles:
                kept.pop(profile, None)


class Lives(RuleBasedStateMachine):
    """People's lives, made up by Hypothesis."""

    taken = 0

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = VirtualClock(START)
        self.house = House(None, {}, self.clock)
        self.house.tenant.mind = a_mind()
        self.model = Model()
        self.sent: list[NewSignal] = []
        self.number = 0

    @initialize()
    def opens(self) -> None:
        self.run(self.house.start())

    @rule(source=st.sampled_from(["web", "crm"]), names=some_names, account=st.sampled_from(ACCOUNTS))
    def is_seen(self, source: str, names: list[str], account: str) -> None:
        self.tells("page.viewed", source, names, account, {"path": "/docs"})

    @rule(names=some_names, role=st.sampled_from(["admin", "buyer", "user"]), late_days=st.integers(0, 40))
    def is_described(self, names: list[str], role: str, late_days: int) -> None:
        """Some of it comes late and says what was true before."""
        body = {"facts": {"role": role}}
        profile, signal_id, at = self.tells("profile.updated", "crm", names, "", body, late_days)
        self.model.roles[profile] = max((at, signal_id, role), self.model.roles.get(profile, (0, "", "")))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def is_told_again(self, data: st.DataObject) -> None:
        before = self.house.store.projection_hash()
        (receipt,) = self.run(self.house.submit(data.draw(st.sampled_from(self.sent))))
        self.run(self.house.settle(self.clock.at))
        assert receipt.state == "duplicate"
        assert self.house.store.projection_hash() == before

    @rule(kind=st.sampled_from(["same", "apart"]), one=st.sampled_from(NAMES), other=st.sampled_from(NAMES))
    def a_human_says(self, kind: str, one: str, other: str) -> None:
        if one == other or not (self.model.is_known(one) and self.model.is_known(other)):
            return
        self.passes()
        word = Kind.IDENTITY_MERGE if kind == "same" else Kind.IDENTITY_SPLIT
        self.run(self.house.controls.identity(word, [hashed(one)], [hashed(other)], by="eve"))
        self.model.say(kind, one, other)

    @precondition(lambda self: len(self.model.order) > 1)
    @rule(data=st.data())
    def is_erased(self, data: st.DataObject) -> None:
        persons = self.model.persons()
        person = data.draw(st.sampled_from(sorted(set(persons.values()))))
        gone = {profile for profile, of in persons.items() if of == person}
        keys = tuple(sorted(hashed(self.model.anchors[profile]) for profile in gone))
        self.passes()
        self.house.store.erase(tuple(sorted(gone)), self.clock.now(), keys)
        self.model.forget(gone)
        self.sent = [signal for signal in self.sent if self.profile_of(signal) not in gone]
        assert set(keys) <= set(self.house.store.tombstones())
        with self.house.store.read() as reader:
            assert reader.person(person, as_of=None, known_at=None) is None
            assert not [profile for profile in gone if reader.profile_person(profile)]
        # Whoever is left is seen once more: what was decided for the erased's sake is decided anew.
        self.passes(days=60)
        for profile in list(self.model.order):
            names = [self.model.anchors[profile], *(name for of, name in self.model.ties if of == profile)]
            anchor = self.model.anchors[profile]
            source = next(s for s in ("web", "crm") if IDS.profile_id(s, anchor) == profile)
            self.tells("page.viewed", source, names, "", {"path": "/again"})

    @rule(days=st.sampled_from([1, 20, 45]))
    def time_passes(self, days: int) -> None:
        self.passes(days)

    @rule()
    def is_folded_again(self) -> None:
        before = self.house.store.projection_hash()
        self.house.store.rebuild()
        assert self.house.store.projection_hash() == before

    @invariant()
    def everybody_is_whom_the_model_says(self) -> None:
        Lives.taken += 1
        groups = self.model.groups()
        persons = self.model.persons(groups)
        with self.house.store.read() as reader:
            assert {profile: reader.profile_person(profile) for profile in persons} == persons
            for name in NAMES:
                if self.model.is_known(name):
                    assert reader.find_person(hashed(name)) == self.model.person_of(name, groups)
            for person in set(persons.values()):
                members = [profile for profile in self.model.order if persons[profile] == person]
                assert reader.account_of(person) == self.model.account_of(members)
                view = reader.person(person, as_of=None, known_at=None)
                assert view is not None
                assert list(view.profile_ids) == members
                told = {f.subject.partition(":")[2]: f.value for f in view.facts if f.predicate == "role"}
                assert told == {p: self.model.roles[p][2] for p in members if p in self.model.roles}

    def teardown(self) -> None:
        self.house.close()
        self.runner.close()

    def tells(
        self, kind: str, source: str, names: list[str], account: str, body: dict[str, Any], late_days: int = 0
    ) -> tuple[str, str, int]:
        self.passes()
        self.number += 1
        who = [*names, account] if account else names
        at = self.clock.at - timedelta(days=late_days)
        signal = NewSignal(source, str(self.number), kind, who, at, body)
        (receipt,) = self.run(self.house.submit(signal))
        assert receipt.state == "accepted"
        self.run(self.house.settle(self.clock.at))
        self.sent.append(signal)
        profile = self.model.see(source, names, to_instant(at))
        if account:
            persons = self.model.persons()
            mine = [other for other, person in persons.items() if person == persons[profile]]
            wanted = IDS.account_id(account)
            if self.model.account_of(mine) != wanted:
                self.model.accounts[profile] = self.number, wanted
        return profile, receipt.id, to_instant(at)

    def profile_of(self, signal: NewSignal) -> str:
        people = [name for name in signal.identifiers if not name.startswith("account:")]
        first = min(people, key=lambda name: (NAMESPACE_RANK[name.partition(":")[0]], name))
        return IDS.profile_id(signal.source, first)

    def passes(self, days: int = 0) -> None:
        self.run(self.house.settle(self.clock.at + timedelta(days=days, seconds=1)))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)


def test_whatever_happens_everybody_is_whom_a_naive_model_says() -> None:
    Lives.taken = 0

    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=-(-STEPS * 5 // (4 * STEPS_EACH)) + 1,  # some lives are short
            stateful_step_count=STEPS_EACH,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )

    assert Lives.taken >= STEPS
