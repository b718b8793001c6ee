"""Beliefs in one row a subject: what a step is told of any instant is what all rows of facts say of it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from segue.core.encoding import encode
from segue.core.ids import IdKey
from segue.core.records.events import Stepped
from segue.core.records.memory import Fact, Links
from segue.core.units import Instant
from segue.stores import SqliteStore
from segue.stores.fold.beliefs import Belief, facts_in, packed, unpacked
from segue.stores.reads_lane import LaneReads
from segue.stores.schema import FOREVER

IDS = IdKey(b"fixed id key for tests only")
SUBJECTS = ("account:a", "profile:p")
LAST = 20

texts = st.sampled_from(["", "p\"r'o", "Grün 🌱"])
values = st.none() | st.booleans() | st.integers(-5, 5) | texts | st.just(["a", "b"])
instants = st.integers(0, LAST)
told = st.builds(
    Fact,
    subject=st.sampled_from(SUBJECTS),
    predicate=st.sampled_from(["plan", "ticket"]),
    value=values,
    valid_from=instants,
    trust=st.sampled_from(["claimed", "verified"]),
    signal_id=st.sampled_from(["s1", "s2", "s3"]),
    qualifier=st.sampled_from(["", "7"]),
    valid_to=st.none() | instants,
    words=st.sampled_from(["", "as I said"]),
)
histories = st.lists(st.tuples(st.integers(0, 4), st.lists(told, min_size=1, max_size=3)), max_size=8)
beliefs = st.builds(
    Belief,
    predicate=st.text(max_size=3),
    qualifier=st.text(max_size=2),
    trust=st.sampled_from(["claimed", "verified"]),
    valid_from=instants,
    valid_to=st.sampled_from([0, LAST, FOREVER]),
    recorded_from=instants,
    value=values,
    signal_id=st.sampled_from(["s1", "s2"]),
    words=st.text(max_size=2),
)


@settings(max_examples=60)
@given(histories)
def test_one_row_a_subject_tells_a_step_what_all_rows_of_facts_tell(history: list[Any]) -> None:
    store = SqliteStore.open(None, master_key=bytes(32), ids=IDS)
    now, links = 0, Links(profile_id="p", person_id="p", account_id="a", joined=True)
    with store.write() as unit:
        for number, (later, facts) in enumerate(history):
            now += later
            unit.record(
                Stepped(f"s{number}", Instant(now), "account:a", "profile:p", links, facts=tuple(facts))
            )

    before = store.projection_hash()
    for at in range(LAST + 2):
        assert in_rows(store, at) == in_view(store, at)
    store.rebuild()
    assert store.projection_hash() == before
    store.close()


def in_rows(store: SqliteStore, at: int) -> list[Any]:
    """What a context is given."""
    db = store._writer  # noqa: SLF001 - no port reads facts apart from a context
    assert db is not None
    return [
        (f.subject, f.predicate, f.qualifier, f.trust, f.valid_from, encode(f.value), f.valid_to, f.words)
        for f in LaneReads(db).facts(SUBJECTS, Instant(at))
    ]


def in_view(store: SqliteStore, at: int) -> list[Any]:
    """What the view of all facts says."""
    db = store._writer  # noqa: SLF001 - no port reads facts apart from a context
    assert db is not None
    rows = db.run_text(
        "SELECT subject, predicate, qualifier, trust, valid_from, value, valid_to, words FROM believed "  # noqa: S608
        f"WHERE valid_from <= {at} AND valid_to > {at} ORDER BY 1, 2, 3, 4, 5"
    )
    return [(*row[:5], row[5].encode(), None if row[6] == FOREVER else row[6], row[7]) for row in rows]


@given(st.lists(beliefs, max_size=6, unique_by=lambda one: one[:4]))
def test_a_row_is_read_back_as_it_was_written_in_the_order_of_its_keys(told: list[Belief]) -> None:
    text = packed(told)

    assert unpacked(text) == sorted(told, key=lambda one: one[:4])
    assert packed(unpacked(text)) == text
    assert [fact.words for fact in facts_in("profile:p", text)] == [one.words for one in unpacked(text)]
