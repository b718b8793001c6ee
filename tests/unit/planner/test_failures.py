"""Failures: what will not happen is done another way, or a human is shown it; nothing is repeated blindly."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from segue.core.records.context import TENANT, LedgerRow
from segue.core.records.effects import Effect
from segue.core.records.events import Stepped
from segue.core.records.heard import carrying
from segue.core.records.parking import KILL_SWITCH, parked_at
from segue.core.records.percepts import Intent, Percept
from segue.core.records.playbook import Playbook
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, Instant
from segue.planner import House, step
from segue.planner.telling import TELL
from tests.build import ANN, NOW, SETTINGS, a_context, a_fact, a_policy, a_signal
from tests.unit.planner.build import (
    IDS,
    a_template,
    an_action,
    an_answering_desk,
    book,
    upgrade_play,
)

LATER = Instant(NOW + DAY)
PHONE = a_fact("phone", "+4915112345678")
QUESTION = a_signal(Kind.MESSAGE_RECEIVED, {"channel": "email", "text": "How much is it?"}, id="m1")
PERCEPT = Percept("rules", "accept", (Intent("price", 900_000),))


def asked(playbook: Playbook, *facts: Any) -> Effect:
    context = a_context(a_fact("email", "ann@acme.test"), *facts)
    (effect,) = step(context, QUESTION, PERCEPT, House(playbook, "engine", IDS)).effects
    return effect


def settled(effect: Effect, state: str = "failed", **body: Any) -> Signal:
    told = {"effect": effect.id, "state": state, "detail": "no such mailbox", "final": True}
    told |= carrying(QUESTION, PERCEPT)
    return a_signal(
        Kind.EFFECT_SETTLED,
        {**told, **body},
        id=f"settled:{effect.id}",
        source="segue.dispatch",
        identifiers=(),
        subject=ANN,
        received_at=LATER,
        occurred_at=LATER,
    )


def after(playbook: Playbook, effect: Effect, signal: Signal, *facts: Any, **context: Any) -> Stepped:
    known = a_context(
        a_fact("email", "ann@acme.test"),
        *facts,
        now=LATER,
        ledger=(LedgerRow(effect, signal.body["state"]),),
        **context,
    )
    return step(known, signal, None, House(playbook, "engine", IDS))


def test_what_failed_on_one_channel_is_said_on_another() -> None:
    first = asked(an_answering_desk(), PHONE)

    stepped = after(an_answering_desk(), first, settled(first), PHONE)

    assert stepped.decision is not None
    assert (stepped.decision.question, stepped.decision.action) == ("failed", "answer")
    (effect,) = stepped.effects
    assert (effect.channel, effect.tried) == ("sms", ("email",))


def test_what_failed_everywhere_is_shown_to_a_human_with_the_question_and_the_reason() -> None:
    first = asked(an_answering_desk(), PHONE)
    (second,) = after(an_answering_desk(), first, settled(first), PHONE).effects

    stepped = after(an_answering_desk(), second, settled(second), PHONE)

    assert stepped.decision is not None
    assert stepped.decision.action == "show_to_human"
    (shown,) = stepped.effects
    assert (shown.connector, shown.verb, shown.purpose) == ("helpdesk", "hand_over", "internal")
    assert shown.arguments["question"] == "How much is it?"
    assert shown.arguments["reason"] == "`answer` by sms failed: no such mailbox"


@pytest.mark.parametrize("address", ["ann@acme.test", "ann (at) acme"])
def test_a_colleague_is_told_why_without_the_address_that_was_refused(address: str) -> None:
    settings = replace(SETTINGS, tell_by=("email",), desk="desk@acme.test")
    playbook, known = an_answering_desk(settings=settings), a_fact("email", address)
    question = step(a_context(known), QUESTION, PERCEPT, House(playbook, "engine", IDS))
    (effect,) = question.effects
    refused = settled(effect, detail=f"550 {address}: no such mailbox")
    now = a_context(known, now=LATER, ledger=(LedgerRow(effect, "failed"),))

    stepped = step(now, refused, None, House(playbook, "engine", IDS))

    (told,) = [one for one in stepped.effects if one.action == TELL]
    assert "Why: `answer` by email failed: 550 [" in told.arguments["text"]
    assert address not in told.arguments["text"]


def test_another_channel_needs_consent_like_any_other_message() -> None:
    no_sms = a_policy("no-sms", 'action.channel == "sms"')
    playbook = an_answering_desk(policies=(no_sms,))
    first = asked(playbook, PHONE)

    stepped = after(playbook, first, settled(first), PHONE)

    assert [effect.action for effect in stepped.effects] == ["show_to_human"]


def test_what_may_have_gone_out_is_said_on_no_other_channel() -> None:
    first = asked(an_answering_desk(), PHONE)

    stepped = after(an_answering_desk(), first, settled(first, "unknown"), PHONE)

    (shown,) = stepped.effects
    assert shown.action == "show_to_human"
    assert "may or may not have gone out" in shown.arguments["reason"]


def test_while_it_is_looked_up_nobody_is_told() -> None:
    first = asked(an_answering_desk())

    stepped = after(an_answering_desk(), first, settled(first, "unknown", final=False))

    assert stepped.decision is None


@pytest.mark.parametrize(
    ("connector", "shown_at"), [("helpdesk", ["crm"]), ("crm", ["helpdesk"]), ("email", ["helpdesk"])]
)
def test_where_the_place_itself_has_failed_the_other_one_is_told(connector: str, shown_at: list[str]) -> None:
    failed = msgspec.structs.replace(
        asked(an_answering_desk()), connector=connector, play="", action="show_to_human"
    )

    stepped = after(an_answering_desk(), failed, settled(failed))

    assert [effect.connector for effect in stepped.effects] == shown_at


def test_when_both_places_have_failed_it_ends_with_a_reason() -> None:
    failed = msgspec.structs.replace(
        asked(an_answering_desk()), connector="crm", tried=("helpdesk",), play="", action="show_to_human"
    )

    stepped = after(an_answering_desk(), failed, settled(failed))

    assert stepped.effects == ()
    assert stepped.decision is not None
    assert stepped.decision.action == "no_action"


def test_the_owner_hears_of_what_was_to_be_sold() -> None:
    sale = msgspec.structs.replace(asked(an_answering_desk()), purpose="commercial", play="upgrade")

    stepped = after(book(upgrade_play(actions=())), sale, settled(sale))

    (task,) = stepped.effects
    assert (task.connector, task.verb) == ("crm", "create_task")
    assert "no such mailbox" in task.arguments["text"]


def test_the_room_of_what_failed_is_there_for_what_comes_instead() -> None:
    sms = a_template(channel="sms", subject=lambda values: "")
    playbook = book(actions=(an_action(channel="preferred"),), templates={"email": a_template(), "sms": sms})
    arr = a_fact("arr", {"amount": 100_000, "currency": "EUR"}, subject="account:acme")
    known = a_context(a_fact("email", "ann@acme.test"), PHONE, arr)
    seen = a_signal(Kind.PAGE_VIEWED, {"path": "/pricing"})
    first = step(known, seen, None, House(playbook, "engine", IDS))
    (effect,) = first.effects

    failed = settled(effect)
    stepped = after(playbook, effect, failed, PHONE, arr, goals=first.goals, reservations=first.reservations)

    assert [item.channel for item in stepped.effects] == ["sms"]
    assert sorted(row.state for row in stepped.reservations) == ["held", "held", "released", "released"]


def test_what_fails_while_the_switch_is_on_waits_for_it() -> None:
    on = a_fact("kill_switch", value=True, subject=TENANT)
    first = asked(an_answering_desk())

    stepped = after(an_answering_desk(), first, settled(first), on)

    (timer,) = stepped.timers
    assert timer.due_at == parked_at(KILL_SWITCH)
    assert "tried" not in timer.body


def test_what_waits_remembers_where_it_failed() -> None:
    quiet = a_policy("quiet", 'action.channel == "sms"', "defer", until="account.renews_at")
    opens = a_fact("renews_at", LATER + DAY, subject="account:acme")
    playbook = an_answering_desk(policies=(quiet,))
    first = asked(playbook, PHONE, opens)

    waiting = after(playbook, first, settled(first), PHONE, opens)
    (timer,) = waiting.timers
    body = {**timer.body, "timer": timer.id, "timer_kind": timer.kind}
    at = timer.due_at
    fired = a_signal(Kind.TIMER_FIRED, body, id="f", source="segue.timer", subject=ANN, received_at=at)
    known = a_context(a_fact("email", "ann@acme.test"), PHONE, now=at)
    stepped = step(known, fired, None, House(an_answering_desk(), "engine", IDS))

    assert timer.body["tried"] == ["email"]
    assert [effect.channel for effect in stepped.effects] == ["sms"]


def test_a_confirmation_that_failed_is_sent_on_no_other_channel() -> None:
    confirm = msgspec.structs.replace(asked(an_answering_desk(), PHONE), purpose="mandatory")

    stepped = after(an_answering_desk(), confirm, settled(confirm), PHONE)

    assert [effect.action for effect in stepped.effects] == ["show_to_human"]


def test_a_message_that_came_too_late_leaves_a_decision_with_the_reason() -> None:
    late = msgspec.structs.replace(QUESTION, occurred_at=Instant(NOW - 35 * DAY))

    stepped = step(a_context(), late, PERCEPT, House(an_answering_desk(), "engine", IDS))

    assert stepped.decision is not None
    assert (stepped.decision.action, stepped.decision.mode) == ("no_action", "nothing")
    assert stepped.decision.because == (
        "it came 840 hours after it was written, and `upgrade` listens for 24 at most"
    )
