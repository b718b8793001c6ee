"""The order of signals never changes who is who, and spelling an identifier twice changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from segue.core.errors import SignalError
from segue.core.ids import IdKey
from segue.core.ports import Known
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.identity import is_junk, link, normalise, normalise_all

IDS = IdKey(b"0123456789abcdef")
NAMES = [f"{namespace}:{letter}" for namespace in ("user", "email", "cookie") for letter in "abcd"]
signals_of_people = st.lists(
    st.tuples(
        st.sampled_from(["web", "crm"]), st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
    ),
    min_size=1,
    max_size=12,
)
Said = tuple[str, list[str]]


@dataclass
class FakeHouse:
    """The part of a store that linking needs, as plain dictionaries."""

    owner: dict[str, str] = field(default_factory=dict)
    person: dict[str, str] = field(default_factory=dict)
    seq: dict[str, int] = field(default_factory=dict)

    def take(self, seq: int, said: Said) -> None:
        source, names = said
        now = Instant(0)
        signal = Signal(str(seq), source, str(seq), Kind.PAGE_VIEWED, tuple(names), now, now)
        hashes = [IDS.identifier_hash(name) for name in signal.person_identifiers]
        known = {key: self.known(self.owner[key]) for key in hashes if key in self.owner}
        links = link(signal, known, {}, IDS, "")
        self.seq.setdefault(links.profile_id, seq)
        self.person[links.profile_id] = links.person_id
        self.owner.update((key, links.profile_id) for key, _ in links.identifiers)
        for profile_id, person_id in self.person.items():
            if person_id in links.merged:
                self.person[profile_id] = links.person_id

    def known(self, profile_id: str) -> Known:
        person_id = self.person[profile_id]
        return Known(profile_id, person_id, self.seq[person_id])

    def clusters(self, of: Iterable[Said]) -> set[frozenset[str]]:
        found: dict[str, set[str]] = {}
        for name in {name for _, names in of for name in names}:
            found.setdefault(self.person[self.owner[IDS.identifier_hash(name)]], set()).add(name)
        return {frozenset(names) for names in found.values()}


def by_union_find(said: Sequence[Said]) -> set[frozenset[str]]:
    parent = {name: name for _, names in said for name in names}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for _, names in said:
        for name in names[1:]:
            parent[root(name)] = root(names[0])
    found: dict[str, set[str]] = {}
    for name in parent:
        found.setdefault(root(name), set()).add(name)
    return {frozenset(names) for names in found.values()}


@given(signals_of_people, st.randoms(use_true_random=False))
def test_persons_are_the_connected_identifiers_in_any_order(said: list[Said], draw: Random) -> None:
    shuffled = list(said)
    draw.shuffle(shuffled)
    for order in (said, shuffled):
        house = FakeHouse()
        for seq, item in enumerate(order, start=1):
            house.take(seq, item)

        assert house.clusters(said) == by_union_find(said)
        assert all(house.person[person_id] == person_id for person_id in house.person.values())


@given(signals_of_people)
def test_a_person_is_named_after_the_earliest_profile(said: list[Said]) -> None:
    house = FakeHouse()
    for seq, item in enumerate(said, start=1):
        house.take(seq, item)

    for person_id in set(house.person.values()):
        members = [
            house.seq[profile_id] for profile_id, person in house.person.items() if person == person_id
        ]
        assert house.seq[person_id] == min(members)


@given(signals_of_people)
def test_the_same_signals_again_change_nothing(said: list[Said]) -> None:
    house = FakeHouse()
    for seq, item in enumerate(said, start=1):
        house.take(seq, item)
    before = (dict(house.person), dict(house.owner))

    for seq, item in enumerate(said, start=100):
        house.take(seq, item)

    assert (house.person, house.owner) == before


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
