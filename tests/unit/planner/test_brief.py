"""The brief: what was said last and before, and what is known; of what is private only the message itself."""

from typing import Any

from segue.core.records.memory import Message
from segue.core.records.percepts import Intent, Percept
from segue.core.records.signals import Kind
from segue.core.units import DAY
from segue.planner import House, step
from tests.build import ACME, NOW, a_context, a_fact, a_message, a_signal
from tests.unit.planner.build import IDS, an_answering_desk

ILL = "My wife is in hospital. Please call me about the contract."
PERCEPT = Percept("rules", "accept", (Intent("price", 900_000),))


def brief(*facts: Any, text: str = "How much is it?", **context: Any) -> list[str]:
    message = a_signal(
        Kind.MESSAGE_RECEIVED, {"channel": "chat", "text": text}, id="m1", identifiers=("user:ann",)
    )
    stepped = step(a_context(*facts, **context), message, PERCEPT, House(an_answering_desk(), "engine", IDS))
    (effect,) = stepped.effects
    return str(effect.arguments["brief"]).splitlines()


def earlier(number: int, text: str, **fields: Any) -> Message:
    return a_message(f"e{number}", text=text, at=NOW - (10 + number) * DAY, signal_id=f"s{number}", **fields)


def test_an_earlier_message_that_answers_this_one_is_cited_with_id_day_channel_and_speaker() -> None:
    call = earlier(100, "It costs nothing extra.", channel="call", direction="out", by="rep:tom")

    lines = brief(recalled=((call, 6_000_000),))

    assert "out call of 2025-11-12, message e100, rep:tom: It costs nothing extra." in lines


def test_only_what_comes_near_the_best_is_cited_and_nothing_twice() -> None:
    near, far, shown = earlier(50, "near"), earlier(60, "far"), earlier(1, "shown")

    lines = brief(messages=(shown,), recalled=((near, 6_000_000), (shown, 5_900_000), (far, 4_000_000)))

    assert [line for line in lines if "message e" in line] == [
        "in email of 2026-01-01, message e50, customer: near"
    ]
    assert "in email: shown" in lines


def test_what_the_customer_told_of_themselves_stands_whole_whatever_else_is_known() -> None:
    told = [
        a_fact("team_size", 40, trust="claimed"),
        a_fact("current_tool", "spreadsheets", qualifier="spreadsheets", trust="claimed"),
        a_fact("budget", {"amount": 2_000_000, "currency": "EUR"}, trust="claimed"),
        a_fact("go_live", NOW, trust="claimed"),
    ]
    much = [a_fact(f"a{number:02}", number) for number in range(40)]

    lines = brief(*told, *much)

    assert lines[1:5] == [
        "budget: EUR 20,000.00",
        "current_tool spreadsheets: spreadsheets",
        "go_live: 2026-03-02",
        "team_size: 40",
    ]


def test_facts_under_every_profile_of_the_person_are_in_it_the_believed_one_once() -> None:
    web = a_fact("team_size", 30, subject="profile:web", trust="claimed")
    crm = a_fact("team_size", 40)

    lines = brief(web, crm, profile_ids=("ann", "web"))

    assert [line for line in lines if line.startswith("team_size")] == ["team_size: 40"]


def test_something_private_is_masked_but_in_the_message_that_is_handed_over() -> None:
    fact = a_fact(
        "sensitive.health", value=True, trust="claimed", signal_id="s1", words="My wife is in hospital"
    )
    old = earlier(1, ILL)

    masked = "\n".join(brief(fact, messages=(old,)))
    recalled = "\n".join(brief(recalled=((earlier(90, ILL), 5_000_000),)))
    handed = "\n".join(brief(fact, text=ILL))

    assert "in email: [private] Please call me about the contract." in masked
    assert "something private was told; be considerate" in masked
    for text in (masked, recalled):
        assert "hospital" not in text
        assert "health" not in text
    assert "in chat: My wife is in hospital." in handed


def test_what_another_contact_said_is_not_in_the_brief_of_this_person() -> None:
    bob = a_fact("budget", {"amount": 1, "currency": "EUR"}, subject="profile:bob", trust="claimed")

    assert not any("budget" in line for line in brief(bob, a_fact("arr", 1, subject=ACME)))
