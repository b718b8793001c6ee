"""Facts on both time axes, against a model that keeps every assertion and thinks anew at each question."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from segue.core.ids import IdKey
from segue.core.records.events import Stepped
from segue.core.records.memory import Fact, Links
from segue.core.units import Instant
from segue.stores import SqliteStore

IDS = IdKey(b"fixed id key for tests only")
LAST = 12
PERSON = "profile:p"


def a_fact(number: int, value: int | None, valid_from: int, lasts: int | None) -> Fact:
    valid_to = None if lasts is None else Instant(valid_from + lasts)
    signal_id = f"s{number * 7 % 11:02}"  # the order of ids is not the order of arrival
    return Fact(PERSON, "plan", value, Instant(valid_from), "verified", signal_id, valid_to=valid_to)


def believed(facts: Sequence[Fact], at: int) -> Any:
    """The naive model: of equal starts the higher signal id stands; each holds until the next one starts."""
    standing: dict[int, Fact] = {}
    for fact in facts:
        other = standing.get(fact.valid_from)
        if other is None or fact.signal_id >= other.signal_id:
            standing[fact.valid_from] = fact
    starts = [start for start in standing if start <= at]
    if not starts:
        return None
    fact = standing[max(starts)]
    return fact.value if fact.valid_to is None or at < fact.valid_to else None


def asserted(facts: Sequence[Fact]) -> SqliteStore:
    """Assert facts one by one, recorded at 101, 102, ..."""
    store = SqliteStore.open(None, master_key=bytes(32), ids=IDS)
    with store.write() as unit:
        for number, fact in enumerate(facts, start=1):
            links = Links(profile_id="p", person_id="p", is_new=True)
            unit.record(
                Stepped(f"step{number}", Instant(100 + number), "person:p", PERSON, links, facts=(fact,))
            )
    return store


def read(store: SqliteStore, at: int, known_at: int) -> Any:
    with store.read() as reader:
        view = reader.person("p", as_of=Instant(at), known_at=Instant(known_at))
    assert view is not None
    values = [fact.value for fact in view.facts]
    assert len(values) <= 1
    return values[0] if values else None


assertions = st.lists(
    st.tuples(st.none() | st.integers(0, 99), st.integers(0, LAST), st.none() | st.integers(0, LAST)),
    min_size=1,
    max_size=9,
).map(lambda rows: [a_fact(number, *row) for number, row in enumerate(rows)])


@settings(max_examples=150)
@given(assertions)
def test_every_pair_of_instants_shows_what_was_true_then_as_known_then(facts: list[Fact]) -> None:
    store = asserted(facts)

    for known in range(1, len(facts) + 1):
        for at in range(LAST + 2):
            assert read(store, at, 100 + known) == believed(facts[:known], at)
    store.close()


@settings(max_examples=100)
@given(assertions.flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts))))
def test_the_order_of_arrival_does_not_change_what_is_believed(orders: tuple[list[Fact], list[Fact]]) -> None:
    stores = [asserted(order) for order in orders]

    pictures = [[read(store, at, 999) for at in range(LAST + 2)] for store in stores]

    assert pictures[0] == pictures[1]
    for store in stores:
        store.close()


@settings(max_examples=60)
@given(assertions)
def test_a_fact_asserted_again_changes_nothing(facts: list[Fact]) -> None:
    once, again = asserted(facts), asserted([*facts, facts[-1]])

    assert [read(once, at, 999) for at in range(LAST + 2)] == [read(again, at, 999) for at in range(LAST + 2)]
    once.close()
    again.close()
