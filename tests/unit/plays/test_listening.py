"""Listening: a play wakes for what it named, while that is fresh and understood."""

from typing import Any

import pytest

from segue.core.expr import Lookup, parse_expr
from segue.core.records.percepts import Intent, Percept, Preference
from segue.core.records.playbook import Playbook, State
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, Instant
from segue.plays import listening, state_of, too_late
from tests.unit.plays.building import NOW, SCHEMA, a_listener, a_play, a_playbook, a_signal


def facts(health: int | None) -> Lookup:
    return lambda name: health


def woken(playbook: Playbook, signal: Signal, percept: Percept | None = None) -> list[str]:
    return [play.name for play in listening(signal, percept, playbook, NOW)]


def heard(*labels: str, decision: Any = "accept", wishes: tuple[Preference, ...] = ()) -> Percept:
    intents = tuple(Intent(label, 900_000) for label in labels)
    return Percept("m", decision=decision, intents=intents, preferences=wishes)


def test_a_signal_kind_wakes_its_listeners_only() -> None:
    playbook = a_playbook(
        a_play("updates", a_listener("signal", "account.updated")),
        a_play("forms", a_listener("signal", "form.submitted")),
    )

    assert woken(playbook, a_signal(Kind.ACCOUNT_UPDATED)) == ["updates"]
    assert woken(playbook, a_signal(Kind.PAGE_VIEWED)) == []


def test_a_detector_wakes_by_name() -> None:
    playbook = a_playbook(a_play("rescue", a_listener("detector", "usage_dropped")))

    assert woken(playbook, a_signal(Kind.DETECTOR_FIRED, body={"detector": "usage_dropped"})) == ["rescue"]
    assert woken(playbook, a_signal(Kind.DETECTOR_FIRED, body={"detector": "other"})) == []


def test_what_is_older_than_max_age_is_not_heard() -> None:
    playbook = a_playbook(a_play("updates", a_listener("signal", "account.updated", max_age_s=3_600)))
    old = a_signal(Kind.ACCOUNT_UPDATED, occurred_at=Instant(NOW - DAY))

    assert woken(playbook, old) == []


@pytest.mark.parametrize("automatic", ["out_of_office", "reply", "notice", "list", "loop"])
def test_what_a_machine_wrote_wakes_nothing(automatic: str) -> None:
    playbook = a_playbook(
        a_play("answers", a_listener("message", "email")),
        a_play("stops", a_listener("intent", "opt_out")),
        a_play("counts", a_listener("signal", "message.received")),
    )
    signal = a_signal(Kind.MESSAGE_RECEIVED, body={"channel": "email", "automatic": automatic})

    assert woken(playbook, signal, heard("opt_out")) == []
    assert woken(playbook, a_signal(Kind.MESSAGE_RECEIVED, body={"channel": "email"}), heard("opt_out")) != []


def test_a_message_that_came_too_late_tells_who_would_have_listened_and_how_long() -> None:
    desk = a_play("desk", a_listener("message", "email", max_age_s=3_600))
    playbook = a_playbook(desk, a_play("forms", a_listener("signal", "form.submitted")))
    body = {"channel": "email", "text": "Hello?"}
    late = a_signal(Kind.MESSAGE_RECEIVED, body=body, occurred_at=Instant(NOW - DAY))
    fresh = a_signal(Kind.MESSAGE_RECEIVED, body=body)
    view = a_signal(Kind.PAGE_VIEWED, occurred_at=Instant(NOW - DAY))

    missed = [too_late(signal, None, playbook, NOW, facts(1)) for signal in (late, fresh, view)]

    assert missed == [((desk, 3_600),), (), ()]


def test_history_wakes_nothing() -> None:
    playbook = a_playbook(a_play("updates", a_listener("signal", "account.updated")))

    assert woken(playbook, a_signal(Kind.ACCOUNT_UPDATED, history=True)) == []


@pytest.mark.parametrize(
    ("decision", "expected"), [("accept", ["save"]), ("escalate", ["save"]), ("ask", [])]
)
def test_an_intent_wakes_where_the_message_was_understood(decision: Any, expected: list[str]) -> None:
    playbook = a_playbook(a_play("save", a_listener("intent", "cancel")))
    message = a_signal(Kind.MESSAGE_RECEIVED, body={"channel": "email", "text": "..."})

    assert woken(playbook, message, heard("cancel", decision=decision)) == expected


def test_a_wish_to_be_left_alone_wakes_even_where_the_rest_was_not_understood() -> None:
    playbook = a_playbook(a_play("confirm", a_listener("intent", "opt_out")))
    message = a_signal(Kind.MESSAGE_RECEIVED, body={"channel": "email", "text": "..."})
    wish = Preference("stop", "all", "keine Mails mehr")

    assert woken(playbook, message, heard(decision="ask", wishes=(wish,))) == ["confirm"]


def test_a_message_listener_hears_abstentions_on_its_channels() -> None:
    playbook = a_playbook(
        a_play("desk", a_listener("message", "email", "sms")), a_play("all", a_listener("message", "any"))
    )
    mail = a_signal(Kind.MESSAGE_RECEIVED, body={"channel": "email", "text": "?"})
    call = a_signal(Kind.CALL_TRANSCRIBED, body={"turns": []})

    assert woken(playbook, mail, heard(decision="ask")) == ["desk", "all"]
    assert woken(playbook, call) == ["all"]


def test_a_condition_is_asked_where_facts_are_given() -> None:
    playbook = a_playbook(
        a_play("watch", a_listener("signal", "account.updated", when="account.health < 40"))
    )
    signal = a_signal(Kind.ACCOUNT_UPDATED)

    sick = listening(signal, None, playbook, NOW, facts(20))
    unknown = listening(signal, None, playbook, NOW, facts(None))
    without_facts = listening(signal, None, playbook, NOW)

    assert [len(sick), len(unknown), len(without_facts)] == [1, 0, 1]


def test_looking_again_wakes_the_play_that_asked_for_it() -> None:
    playbook = a_playbook(a_play("rescue"), a_play("other", a_listener("signal", "timer.fired")))
    again = a_signal(Kind.TIMER_FIRED, body={"timer_kind": "look_again", "play": "rescue"})
    gone = a_signal(Kind.TIMER_FIRED, body={"timer_kind": "look_again", "play": "removed"})

    assert woken(playbook, again) == ["rescue"]
    assert woken(playbook, gone) == []


def test_the_state_is_the_last_that_holds_and_the_first_without_any() -> None:
    states = tuple(
        State(name, parse_expr(f"account.health < {limit}", SCHEMA), 0)
        for name, limit in (("a", 60), ("b", 40), ("c", 20))
    )
    play = a_play("rescue", states=states)

    assert state_of(play, facts(30)).name == "b"
    assert state_of(play, facts(90)).name == "a"
    assert state_of(play, facts(None)).name == "a"
