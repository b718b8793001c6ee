"""However people turn out to be one another, nobody is touched more often than a cap allows one person."""

from dataclasses import dataclass, field
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from segue.core.records.effects import Reservation
from segue.core.records.playbook import Cap, Playbook
from tests.build import expr
from tests.people import People, hashed
from tests.property.test_identity import FREE, NAMES, Said, by_union_find
from tests.unit.planner.build import book, decide
from tests.unit.planner.test_gate import a_request

LIMIT = 2
FEW = Cap("few", expr('action.purpose == "commercial"'), "person", "week", LIMIT, counts_touches=True)
people = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)


@dataclass
class FakeGate:
    """A gate over people: it remembers what was taken, by the profile it was taken for."""

    people: People = field(default_factory=lambda: People(FREE))
    taken: list[Reservation] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    playbook: Playbook = field(default_factory=lambda: book(caps=(FEW,)))

    def seen(self, names: list[str]) -> str:
        """Take in who belongs together; the profile that owns the first name."""
        self.people.see(*names)
        return self.people.web.owners[hashed(names[0])]

    def asked(self, names: list[str]) -> bool:
        """Whether a touch is allowed; then it is made."""
        profile = self.seen(names)
        profiles = self.people.web.profiles
        person = profiles[profile].person_id
        own = tuple(name for name, held in profiles.items() if held.person_id == person)
        stepped = decide(
            self.playbook,
            signal=a_request(f"k{next(self.numbers)}"),
            person_id=person,
            profile_id=profile,
            profile_ids=own,
            account_id="",
            reservations=tuple(row for row in self.taken if row.subject.removeprefix("profile:") in own),
        )
        self.taken += [replace(row, state="used") for row in stepped.reservations]
        assert stepped.decision is not None
        return stepped.decision.mode == "allow"


@given(st.lists(st.tuples(st.booleans(), people), min_size=3, max_size=14))
def test_a_cap_counts_all_that_one_person_had_in_any_order_of_merges(
    said: list[tuple[bool, list[str]]],
) -> None:
    gate = FakeGate()
    touched: list[str] = []
    known: list[Said] = []

    for asks, names in said:
        known.append(("web", names, 0))
        if not asks:
            gate.seen(names)
            continue
        (person,) = [cluster for cluster in by_union_find(known) if hashed(names[0]) in cluster]
        before = sum(hashed(name) in person for name in touched)
        allowed = gate.asked(names)

        assert allowed == (before < LIMIT)
        touched += [names[0]] if allowed else []
