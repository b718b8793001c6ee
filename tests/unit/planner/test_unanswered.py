"""Where nothing can be said to somebody who wrote, a human is shown it, once; and the channel answered on."""

from typing import Any

import pytest
from msgspec.structs import replace

from segue.core.records.events import Stepped
from segue.core.records.percepts import Intent, Percept, Preference
from segue.core.records.playbook import Cap, Playbook
from segue.core.records.signals import Kind, Signal
from segue.planner import House, step
from tests.build import ANN, a_context, a_fact, a_policy, a_signal, expr
from tests.unit.planner.build import (
    IDS,
    an_action,
    an_answering_desk,
    book,
    upgrade_play,
)

EMAIL, PHONE = a_fact("email", "ann@acme.test"), a_fact("phone", "+4915112345678")
PERCEPT = Percept("rules", "accept", (Intent("price", 900_000),))
DEAD = a_policy("dead", "action.channel in person.unreachable")
ONCE = Cap("few", expr('action.name == "answer"'), "person", "day", 1)


def wrote(text: str = "How much is it?", channel: str = "chat", id_: str = "m1") -> Signal:
    body = {"channel": channel, "text": text}
    return a_signal(Kind.MESSAGE_RECEIVED, body, id=id_, identifiers=("user:ann",))


def answered(
    *facts: Any, message: Signal, playbook: Playbook | None = None, percept: Percept = PERCEPT, **more: Any
) -> Stepped:
    house = House(playbook or an_answering_desk(), "engine", IDS)
    return step(a_context(*facts, **more), message, percept, house)


def reached(stepped: Stepped) -> list[tuple[str, str]]:
    return [(effect.connector, effect.verb) for effect in stepped.effects]


def test_a_question_that_cannot_be_answered_goes_to_a_human_with_its_words() -> None:
    stepped = answered(message=wrote())

    assert reached(stepped) == [("helpdesk", "hand_over")]
    assert stepped.effects[0].arguments["question"] == "How much is it?"
    assert stepped.decision is not None
    assert stepped.decision.because == ("`answer` cannot go out: no address for email; a human is shown it")


def test_a_question_from_a_dead_address_goes_to_a_human() -> None:
    dead = a_fact("undeliverable", "ann@acme.test", qualifier="email")

    stepped = answered(
        EMAIL, dead, message=wrote(channel="email"), playbook=an_answering_desk(policies=(DEAD,))
    )

    assert reached(stepped) == [("helpdesk", "hand_over")]


def test_an_answer_that_was_given_today_already_goes_to_a_human_the_next_time() -> None:
    playbook = an_answering_desk(caps=(ONCE,))
    first = answered(EMAIL, message=wrote(), playbook=playbook)

    second = answered(
        EMAIL, message=wrote("And now?", id_="m2"), playbook=playbook, reservations=first.reservations
    )

    assert (reached(first), reached(second)) == ([("email", "send")], [("helpdesk", "hand_over")])


def test_the_same_words_are_shown_once_a_day_and_other_words_again() -> None:
    first = answered(message=wrote())
    held = first.reservations

    same = answered(message=wrote("how much  is it?", id_="m2"), reservations=held)
    freed = answered(
        message=wrote(id_="m3"), reservations=tuple(replace(row, state="released") for row in held)
    )
    other = answered(message=wrote("When does it come?", id_="m4"), reservations=held)

    assert reached(same) == []
    assert reached(freed) == reached(other) == [("helpdesk", "hand_over")]


@pytest.mark.parametrize(
    ("facts", "percept"),
    [
        ((), Percept("rules", "none")),
        ((a_fact("conversation.claimed_by", "rep:eve"),), PERCEPT),
    ],
    ids=["nothing was asked", "a colleague is in the conversation"],
)
def test_nobody_is_called_where_nobody_is_needed(facts: tuple[Any, ...], percept: Percept) -> None:
    stepped = answered(*facts, message=wrote(), percept=percept)

    assert reached(stepped) == []


def test_a_page_view_is_shown_to_nobody() -> None:
    viewed = a_signal(Kind.PAGE_VIEWED, {"path": "/pricing"}, identifiers=("user:ann",))
    playbook = an_answering_desk(actions=(an_action("answer", purpose="service", bypass_score=True),))
    listening = upgrade_play(service=True, actions=("answer",))

    stepped = answered(message=viewed, playbook=replace_play(playbook, listening))

    assert stepped.decision is not None
    assert reached(stepped) == []


def replace_play(playbook: Playbook, play: Any) -> Playbook:
    return book(play, actions=tuple(playbook.actions.values()), caps=(), policies=())


@pytest.mark.parametrize(
    ("wishes", "channel"),
    [
        ((), "email"),
        ((Preference("channel", "sms", "text me"),), "sms"),
        ((Preference("channel", "phone", "call me"),), "email"),
    ],
    ids=["no wish", "a wish", "a wish nobody can meet"],
)
def test_a_message_is_answered_where_it_came_in_unless_it_asks_for_another_channel(
    wishes: tuple[Preference, ...], channel: str
) -> None:
    percept = replace(PERCEPT, preferences=wishes)

    stepped = answered(EMAIL, PHONE, message=wrote(channel="email"), percept=percept)

    assert reached(stepped) == [(channel, "send")]


def test_a_standing_preference_does_not_move_an_answer_away_from_where_it_was_asked() -> None:
    standing = a_fact("preference.channel", "sms", trust="claimed")

    stepped = answered(EMAIL, PHONE, standing, message=wrote(channel="email"))

    assert reached(stepped) == [("email", "send")]


def test_whoever_is_known_by_an_address_alone_is_answered_there() -> None:
    message = replace(wrote(channel="email"), identifiers=("email:ann@acme.test",))

    stepped = answered(PHONE, message=message)

    (effect,) = stepped.effects
    assert (effect.connector, effect.arguments["to"]) == ("email", "ann@acme.test")
    assert [(fact.subject, fact.trust) for fact in stepped.facts if fact.predicate == "email"] == [
        (ANN, "claimed")
    ]
