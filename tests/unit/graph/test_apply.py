"""The context after a step's writes, as a store would load it."""

from segue.core.records.memory import Count
from segue.core.units import DAY, HOUR, Instant
from segue.graph import Memory, apply
from tests.build import ANN, NOW, a_context, a_fact, a_message, an_exposure


def later(hours: int) -> Instant:
    return Instant(NOW + hours * HOUR)


def test_a_later_value_replaces_the_earlier_one() -> None:
    old, new = a_fact("plan", "free", valid_from=later(-3)), a_fact("plan", "pro", valid_from=later(-2))

    assert apply(a_context(old), Memory(facts=(new,))).facts == (new,)
    assert apply(a_context(new), Memory(facts=(old,))).facts == (new,)


def test_of_two_values_from_one_instant_the_higher_signal_id_stands() -> None:
    a, b = a_fact("plan", "free", signal_id="a"), a_fact("plan", "pro", signal_id="b")

    assert apply(a_context(a), Memory(facts=(b,))).facts == (b,)
    assert apply(a_context(b), Memory(facts=(a,))).facts == (b,)


def test_subject_qualifier_and_trust_keep_values_apart() -> None:
    known = a_fact("plan", "free")
    new = (
        a_fact("plan", "pro", trust="claimed"),
        a_fact("plan", "pro", qualifier="x"),
        a_fact("plan", "pro", "profile:bob"),
    )

    assert set(apply(a_context(known), Memory(facts=new)).facts) == {known, *new}


def test_none_ends_a_fact() -> None:
    known = a_fact("ticket", "billing", qualifier="9")

    after = apply(a_context(known), Memory(facts=(a_fact("ticket", None, qualifier="9"),)))

    assert after.facts == ()


def test_facts_of_the_future_and_of_the_past_are_not_shown() -> None:
    coming = a_fact("plan", "pro", valid_from=later(1))
    gone = a_fact("mood", "angry", valid_to=NOW)

    assert apply(a_context(), Memory(facts=(coming, gone))).facts == ()


def test_messages_are_newest_first_once_each_and_at_most_twenty() -> None:
    known = tuple(a_message(f"m{n:02}", at=later(-n)) for n in range(1, 21))
    new = a_message("new", at=NOW)

    once = apply(a_context(messages=known), Memory(messages=(new,)))
    twice = apply(once, Memory(messages=(new,)))

    assert once.messages == twice.messages == (new, *known[:19])


def test_a_message_of_long_ago_finds_its_place() -> None:
    known, old = a_message("m1", at=NOW), a_message("old", at=later(-99))

    assert apply(a_context(messages=(known,)), Memory(messages=(old,))).messages == (known, old)


def test_touches_are_newest_first_and_no_older_than_35_days() -> None:
    known, new = an_exposure("e1", at=later(-1)), an_exposure("e2")
    old = an_exposure("e3", at=Instant(NOW - 36 * DAY))

    after = apply(a_context(exposures=(known,)), Memory(exposures=(new, old)))

    assert after.exposures == (new, known)


def test_counts_are_added_by_day() -> None:
    known = a_context(counts={(ANN, "usage"): {1: 5}})

    after = apply(
        known, Memory(counts=(Count(ANN, "usage", 1, 2), Count(ANN, "usage", 2, 1), Count(ANN, "new", 1, 1)))
    )

    assert after.counts == {(ANN, "usage"): {1: 7, 2: 1}, (ANN, "new"): {1: 1}}
    assert known.counts == {(ANN, "usage"): {1: 5}}


def test_nothing_new_leaves_the_context_as_it_is() -> None:
    context = a_context(a_fact("plan", "pro"), exposures=(an_exposure(at=Instant(NOW - 36 * DAY)),))

    assert apply(context, Memory()) == context
