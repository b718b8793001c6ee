"""Nobody answers in a conversation that a colleague was given or took: it is found after days, once."""

from typing import Any

import pytest

from segue.core.records.context import Context, LedgerRow
from segue.core.records.effects import Timer
from segue.core.records.playbook import Detector
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, HOUR, Instant
from segue.plays import SILENCE, Detected, detect
from tests.build import (
    ANN,
    NOW,
    a_context,
    a_fact,
    a_ledger_row,
    a_message,
    a_playbook,
    a_signal,
    an_exposure,
)

DETECTOR = Detector("human_silent", "human_silent", "person", {"days": 2})
PLAYBOOK = a_playbook(detectors={DETECTOR.name: DETECTOR})
WROTE = a_fact("conversation.written_by", "rep:tom", qualifier="support")
WAITS = Timer("t1", SILENCE, ANN, Instant(NOW + DAY), "s0", {"detector": "human_silent"})
CLAIMED = a_fact("conversation.claimed_by", "rep:tom", qualifier="support")


def found(signal: Signal, context: Context | None = None) -> Detected:
    return detect(signal, context or a_context(), PLAYBOOK)


def handed_over(verb: str = "hand_over") -> LedgerRow:
    return a_ledger_row(verb=verb, channel="", purpose="internal", connector="helpdesk")


def came_due(since: int = NOW - 2 * DAY) -> Signal:
    body = {"timer_kind": "silence", "detector": "human_silent", "since": since}
    return a_signal(Kind.TIMER_FIRED, body, subject=ANN, identifiers=())


@pytest.mark.parametrize(
    ("signal", "context"),
    [
        (a_signal("conversation.claimed", {"by": "rep:tom"}), a_context(CLAIMED)),
        (
            a_signal("effect.settled", {"effect": "f1", "state": "delivered"}),
            a_context(ledger=(handed_over(),)),
        ),
        (a_signal("message.sent", {"channel": "email", "by": "rep:tom"}), a_context(CLAIMED)),
        (a_signal("message.received", {"channel": "sms", "text": "?"}), a_context(WROTE)),
    ],
    ids=["claimed", "handed over", "its holder writes", "the customer writes to who wrote"],
)
def test_the_wait_begins(signal: Signal, context: Context) -> None:
    (timer,) = found(signal, context).timers

    assert (timer.kind, timer.subject, timer.due_at) == ("silence", ANN, NOW + 2 * DAY)
    assert timer.body == {"since": NOW}


@pytest.mark.parametrize(
    ("signal", "context"),
    [
        (a_signal("message.sent", {"channel": "email", "by": "rep:tom"}), a_context()),
        (a_signal("message.sent", {"channel": "email", "by": "tool:mailer"}), a_context(CLAIMED)),
        (a_signal("effect.settled", {"effect": "f1", "state": "failed"}), a_context(ledger=(handed_over(),))),
        (
            a_signal("effect.settled", {"effect": "f1", "state": "delivered"}),
            a_context(ledger=(handed_over("create_ticket"),)),
        ),
        (a_signal("message.received", {"channel": "sms", "text": "?"}), a_context()),
        (a_signal("message.received", {"channel": "sms", "text": "?"}), a_context(WROTE, timers=(WAITS,))),
        (a_signal("message.received", {"automatic": "out_of_office"}), a_context(WROTE)),
        (a_signal("conversation.claimed", {"by": "rep:tom"}, history=True), a_context(CLAIMED)),
        (a_signal("conversation.claimed", {"by": "rep:tom"}, occurred_at=NOW - 3 * DAY), a_context(CLAIMED)),
    ],
    ids=[
        "nobody holds it",
        "a tool",
        "it failed",
        "a ticket",
        "it is Segue's",
        "they wait already",
        "a machine",
        "history",
        "long ago",
    ],
)
def test_nobody_is_waited_for(signal: Signal, context: Context) -> None:
    assert found(signal, context).timers == ()


def test_one_wait_for_all_profiles_of_a_person() -> None:
    context = a_context(CLAIMED, profile_ids=("first", "ann"))

    (timer,) = found(a_signal("conversation.claimed", {"by": "rep:tom"}), context).timers

    assert timer.subject == "profile:first"


def test_silence_is_found_when_it_has_lasted() -> None:
    (fired,) = found(came_due(), a_context(CLAIMED)).fired

    assert (fired.detector, fired.numbers, fired.subject) == ("human_silent", {"days": 2}, ANN)


@pytest.mark.parametrize(
    "answered",
    [
        {"messages": (a_message(by="rep:tom", direction="out", at=NOW - HOUR),)},
        {"exposures": (an_exposure(by="rep:tom", at=NOW - HOUR),)},
    ],
    ids=["words", "a touch"],
)
def test_who_was_answered_does_not_wait(answered: dict[str, Any]) -> None:
    assert found(came_due(), a_context(CLAIMED, **answered)).fired == ()


def test_what_segue_sent_is_no_answer_of_a_human() -> None:
    mine = an_exposure(by="segue", at=NOW - HOUR)

    assert found(came_due(), a_context(exposures=(mine,))).fired != ()
