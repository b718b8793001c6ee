"""What customers state of themselves becomes facts of theirs: claimed, with source, words and time."""

from typing import Any

import pytest

from segue.core.records.binding import Binding
from segue.core.records.memory import Fact
from segue.core.records.percepts import Percept, Statement
from segue.core.units import DAY
from segue.graph import DERIVED, FactView, remember
from segue.graph.applying import apply
from tests.build import ACME, ANN, NOW, a_context, a_fact, a_playbook, a_signal, instant

PLAYBOOK = a_playbook()


def told(*statements: Statement, known: tuple[Fact, ...] = (), **fields: Any) -> tuple[Fact, ...]:
    percept = Percept("m", told=statements)
    signal = a_signal(
        "message.received", {"channel": "sms", "text": "..."}, identifiers=("user:ann",), **fields
    )
    found = remember(signal, percept, a_context(*known), PLAYBOOK).facts
    return tuple(fact for fact in found if fact.words)


def said(kind: str, value: int | str, **fields: Any) -> Statement:
    return Statement(kind, value, "as they put it", **fields)


def test_a_statement_is_a_claim_of_its_writer_with_source_words_and_time() -> None:
    (fact,) = told(said("team_size", 40))

    assert fact == Fact(ANN, "team_size", 40, NOW, "claimed", "s1", words="as they put it")


@pytest.mark.parametrize(
    ("known", "written", "value"),
    [
        ((), "EUR 20000.5", {"amount": 2_000_050, "currency": "EUR"}),
        ((), "JPY 20000", {"amount": 20_000, "currency": "JPY"}),
        ((), "20000", 20_000),
        ((a_fact("currency", "USD", subject=ACME),), "20000", {"amount": 2_000_000, "currency": "USD"}),
    ],
)
def test_an_amount_without_a_currency_is_in_that_of_the_contract_or_stays_a_number(
    known: tuple[Fact, ...], written: str, value: Any
) -> None:
    assert [fact.value for fact in told(said("budget", written), known=known)] == [value]


def test_an_amount_beyond_all_sense_is_not_kept() -> None:
    assert told(said("budget", "EUR 99999999999")) == ()


def test_a_time_is_that_of_the_persons_calendar() -> None:
    begins, ends = told(said("go_live", "--07"), said("decides_by", "2026-03-06"))

    assert begins.value == instant("2026-07-01T00:00+02:00")
    assert ends.value == instant("2026-03-07T00:00+01:00")


def test_tools_are_many_and_each_ends_on_its_own() -> None:
    kept = told(said("current_tool", "HubSpot"), said("current_tool", "Slack"))
    ended = told(said("current_tool", "Slack", ended=True))

    assert [(fact.qualifier, fact.value) for fact in (*kept, *ended)] == [
        ("hubspot", "HubSpot"),
        ("slack", "Slack"),
        ("slack", None),
    ]


def test_our_own_product_is_no_tool_of_theirs() -> None:
    assert told(said("current_tool", "Acme")) == ()


def test_a_later_statement_takes_the_place_of_an_earlier_one_and_a_record_is_believed_before_both() -> None:
    earlier, record = a_fact("team_size", 30, trust="claimed"), a_fact("team_size", 35)
    memory = remember(
        a_signal("message.received", {"channel": "sms", "text": "..."}),
        Percept("m", told=(said("team_size", 40),)),
        a_context(earlier),
        PLAYBOOK,
    )

    after = apply(a_context(earlier), memory)
    both = apply(a_context(earlier, record), memory)

    assert [fact.value for fact in after.facts if fact.predicate == "team_size"] == [40]
    assert {fact.value for fact in both.facts if fact.predicate == "team_size"} == {40, 35}


def test_what_a_colleague_of_ours_wrote_states_nothing_of_the_customer() -> None:
    signal = a_signal("message.sent", {"channel": "email", "by": "rep:anna", "text": "..."})

    memory = remember(signal, Percept("m", told=(said("team_size", 40),)), a_context(), PLAYBOOK)

    assert [fact for fact in memory.facts if fact.words] == []


def test_something_private_is_kept_for_half_a_year_without_saying_what() -> None:
    (fact,) = told(said("sensitive.health", 1))

    assert (fact.value, fact.valid_to) == (True, NOW + 180 * DAY)


def test_a_kind_that_nobody_declared_is_not_kept() -> None:
    assert told(said("consent.email", "granted"), said("arr", 1)) == ()


def test_tools_private_matters_and_a_fading_mood_are_facts_of_expressions() -> None:
    context = a_context(
        a_fact("current_tool", "Slack", qualifier="slack", trust="claimed"),
        a_fact("current_tool", "HubSpot", qualifier="hubspot", trust="claimed"),
        a_fact("sensitive.health", value=True, trust="claimed"),
        a_fact("mood", "angry", trust="claimed", valid_from=NOW - DAY),
        a_fact("mood_ppm", 800_000, trust="claimed", valid_from=NOW - DAY),
    )

    view = FactView(Binding(context, PLAYBOOK), DERIVED)

    assert view("person.tools") == ("HubSpot", "Slack")
    assert view("person.private") == ("health",)
    assert (view("person.mood"), view("person.mood_percent")) == ("angry", 40)
