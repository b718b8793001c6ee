"""The order of signals never changes who is who, and spelling an identifier twice changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from segue.core.errors import SignalError
from segue.core.records.identity import IdentityRules, NamespaceRule
from segue.core.units import DAY
from segue.identity import changes_of, is_junk, normalise, normalise_all
from tests.people import IDS, People

FREE = IdentityRules(namespaces={})
STRICT = IdentityRules()
NEVER_SHARED = IdentityRules(
    namespaces={name: replace(rule, people=0) for name, rule in STRICT.namespaces.items()}
)
TIGHT = IdentityRules(
    namespaces={
        "crm": NamespaceRule(0, per_person=1),
        "email": NamespaceRule(2, per_person=2, window=10 * DAY),
        "cookie": NamespaceRule(4, claimed="nobody"),
    },
    recycled=40 * DAY,
)
NAMES = [f"{namespace}:{letter}" for namespace in ("crm", "email", "cookie") for letter in "abcd"]
Said = tuple[str, list[str], int]
signals_of_people = st.lists(
    st.tuples(
        st.sampled_from(["web", "crm"]),
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True),
        st.integers(0, 60).map(lambda day: day * DAY),
    ),
    min_size=1,
    max_size=12,
)


def people_of(said: Iterable[Said], rules: IdentityRules) -> People:
    people = People(rules)
    for source, names, at in said:
        people.see(*names, source=source, at=at)
    return people


def clusters(people: People) -> set[frozenset[str]]:
    """Profiles and identifiers by person; an identifier of nobody stands alone."""
    found: dict[str, set[str]] = {}
    for name, held in people.web.profiles.items():
        found.setdefault(held.person_id, set()).add(name)
    for key, owner in people.web.owners.items():
        found.setdefault(people.web.profiles[owner].person_id if owner else key, set()).add(key)
    return {frozenset(names) for names in found.values()}


def by_union_find(said: Sequence[Said]) -> set[frozenset[str]]:
    parent = {name: name for _, names, _ in said for name in names}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for _, names, _ in said:
        for name in names[1:]:
            parent[root(name)] = root(names[0])
    found: dict[str, set[str]] = {}
    for name in parent:
        found.setdefault(root(name), set()).add(IDS.identifier_hash(name))
    for source, names, _ in said:
        first = min(names, key=lambda name: (["crm", "email", "cookie"].index(name.partition(":")[0]), name))
        found[root(names[0])].add(IDS.profile_id(source, first))
    return {frozenset(names) for names in found.values()}


@given(signals_of_people)
def test_without_rules_persons_are_the_connected_identifiers(said: list[Said]) -> None:
    assert clusters(people_of(said, FREE)) == by_union_find(said)


@given(signals_of_people, st.sampled_from([FREE, NEVER_SHARED, TIGHT]), st.randoms(use_true_random=False))
def test_the_order_of_signals_never_changes_who_is_who(
    said: list[Said], rules: IdentityRules, draw: Random
) -> None:
    shuffled = list(said)
    draw.shuffle(shuffled)

    assert clusters(people_of(said, rules)) == clusters(people_of(shuffled, rules))


@given(signals_of_people, st.sampled_from([STRICT, TIGHT]))
def test_no_person_has_two_crm_ids_that_no_signal_named_together(
    said: list[Said], rules: IdentityRules
) -> None:
    people = people_of(said, rules)

    aliases = by_union_find(
        [
            (source, [name for name in names if name.startswith("crm:")], at)
            for source, names, at in said
            if any(name.startswith("crm:") for name in names)
        ]
    )
    together = {key: group for group in aliases for key in group}
    for cluster in clusters(people):
        ids = [
            key
            for key in cluster
            if key in together and any(key == IDS.identifier_hash(f"crm:{x}") for x in "abcd")
        ]
        assert len({together[key] for key in ids}) <= 1


@given(signals_of_people, st.sampled_from([STRICT, TIGHT]))
def test_a_person_is_named_after_the_earliest_profile(said: list[Said], rules: IdentityRules) -> None:
    profiles = people_of(said, rules).web.profiles

    for person_id in {held.person_id for held in profiles.values()}:
        members = [held.first_seq for held in profiles.values() if held.person_id == person_id]
        assert profiles[person_id].first_seq == min(members)


@given(signals_of_people, st.sampled_from([FREE, STRICT, TIGHT]))
def test_the_same_signals_again_change_nothing(said: list[Said], rules: IdentityRules) -> None:
    people = people_of(said, rules)
    before = (people.web.profiles, people.web.owners, people.web.ties, people.web.shared)

    for source, names, at in said:
        people.see(*names, source=source, at=at)

    assert (people.web.profiles, people.web.owners, people.web.ties, people.web.shared) == before


@given(
    st.sampled_from(["email", "phone", "whatsapp", "user", "Cookie", "e-mail", ""]),
    st.text(max_size=40) | st.emails() | st.from_regex(r"\+[0-9 ]{4,16}", fullmatch=True),
)
def test_spelling_is_idempotent_or_refused(namespace: str, value: str) -> None:
    try:
        spelt = normalise(f"{namespace}:{value}", "DE")
    except SignalError:
        return

    assert normalise(spelt, "FR") == spelt
    assert normalise_all([spelt], "FR") == (() if is_junk(spelt) else (spelt,))


@given(signals_of_people, st.sampled_from([FREE, STRICT, TIGHT]), st.sampled_from(["verified", "claimed"]))
def test_somebody_alone_is_found_as_by_resolving(
    said: list[Said], rules: IdentityRules, trust: Literal["verified", "claimed"]
) -> None:
    source, names, at = said[0]
    people = People(rules)
    links = people.see(*names, source=source, at=at, trust=trust)

    slowly = replace(people.web, profiles={}, names={"nobody": frozenset()})
    again = changes_of(slowly, rules, links.profile_id)

    assert (again.person_id, again.levels) == (links.person_id, links.levels)
    assert (again.moved, again.owners, again.shared) == ((), (), links.shared)
    assert again.refused == dict(links.refused)
