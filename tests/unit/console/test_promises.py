"""Promises on pages: what is open first, in words, with what is personal hidden."""

from segue.console.promises import promises_shown
from segue.console.veil import Veil
from segue.core.records.memory import Fact
from segue.core.records.promised import Promised, PromiseState
from segue.core.units import DAY, Instant
from tests.build import ANN, NOW, a_fact


def a_promise(key: str, state: PromiseState, said_at: int, words: str = "") -> Fact:
    at = Instant(said_at)
    due = Instant(NOW - DAY)
    return Promised(
        key,
        "company",
        "call",
        state,
        due,
        at,
        "s0",
        ANN,
        "rep:eve",
        at,
        "s0",
        words,
    ).fact()


def test_open_promises_come_first_and_then_the_newest() -> None:
    facts = [
        a_promise("a", "kept", NOW - 3 * DAY),
        a_promise("b", "open", NOW - 9 * DAY),
        a_promise("c", "broken", NOW - 2 * DAY),
    ]

    shown = promises_shown(facts, Veil(facts, is_open=True), NOW)

    assert [(one.promise.id, one.state, one.mode) for one in shown] == [
        ("b", "overdue", "approve"),
        ("c", "broken", "deny"),
        ("a", "kept", "act"),
    ]
    assert (shown[0].who, shown[0].what, shown[0].by) == ("we", "call", "rep:eve")


def test_words_are_hidden_until_they_are_revealed() -> None:
    facts = [a_fact("name", "Ann Lee"), a_promise("a", "open", NOW - DAY, "I will call Ann Lee")]

    (hidden,), (told,) = (promises_shown(facts, Veil(facts, is_open=is_open)) for is_open in (False, True))

    assert "Lee" not in hidden.said
    assert told.said == "I will call Ann Lee"
