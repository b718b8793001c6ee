"""Parking: what a control stops waits for a human's word, and is then decided as if it had just come."""

from typing import Any

import pytest

from segue.core.records.context import TENANT
from segue.core.records.effects import Timer
from segue.core.records.events import Stepped
from segue.core.records.memory import Message
from segue.core.records.parking import AT_ONCE, KILL_SWITCH, of_play, parked_at
from segue.core.records.percepts import Intent, Percept
from segue.core.records.playbook import Playbook
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, HOUR, Instant
from segue.planner import House, step
from tests.build import ANN, NOW, SETTINGS, a_context, a_fact, a_signal, expr
from tests.unit.planner.build import IDS, an_action, book, decide, listens, upgrade_play
from tests.unit.planner.test_approvals import asking, spoken
from tests.unit.planner.test_gate import a_request

ON = a_fact("kill_switch", value=True, subject=TENANT)
PAUSED = a_fact("paused", value=True, subject=TENANT, qualifier="upgrade")
LATER = Instant(NOW + DAY)
SPREAD = SETTINGS.spread_s * 1_000_000


def a_desk(*actions: str) -> Playbook:
    """A service play that answers what was understood."""
    play = upgrade_play(
        service=True, actions=actions or ("answer",), listen=(listens(Kind.MESSAGE_RECEIVED),)
    )
    understood = expr('message.decision == "accept"')
    answer = an_action("answer", purpose="service", bypass_score=True, when=understood)
    tell = an_action(
        "tell", purpose="internal", connector="helpdesk", channel="", template="", bypass_score=True
    )
    return book(play, actions=(answer, tell), caps=())


def asks(
    text: str = "How much is it?", signal_id: str = "m1", label: str = "price"
) -> tuple[Signal, Percept]:
    message = a_signal(Kind.MESSAGE_RECEIVED, {"channel": "email", "text": text}, id=signal_id)
    return message, Percept("rules", "accept", (Intent(label, 900_000),))


def heard(playbook: Playbook, *facts: Any, **message: Any) -> Stepped:
    signal, percept = asks(**message)
    return step(known(*facts), signal, percept, House(playbook, "engine", IDS))


def known(*facts: Any, **fields: Any) -> Any:
    return a_context(a_fact("email", "ann@acme.test"), *facts, **fields)


def lifts(**body: Any) -> Signal:
    return a_signal(Kind.CONTROL_CHANGED, {"by": "eve", **body}, id="lift", identifiers=(), subject=TENANT)


def fires(timer: Timer, at: Instant) -> Signal:
    body = {**timer.body, "timer": timer.id, "timer_kind": timer.kind}
    return a_signal(
        Kind.TIMER_FIRED, body, id="fired", source="segue.timer", subject=ANN, occurred_at=at, received_at=at
    )


@pytest.mark.parametrize(
    ("control", "reason"), [(ON, KILL_SWITCH), (PAUSED, of_play("upgrade"))], ids=["switch", "pause"]
)
def test_what_would_have_been_chosen_waits_for_a_humans_word(control: Any, reason: str) -> None:
    stepped = decide(book(), control)

    assert stepped.decision is not None
    assert (stepped.decision.action, stepped.decision.mode) == ("wait_until", "nothing")
    assert stepped.decision.until is None
    (timer,) = stepped.timers
    assert (timer.kind, timer.due_at) == ("look_again", parked_at(reason))
    assert [count for count in stepped.counts if count.name.startswith("hour:chosen")] == []


def test_what_waits_is_still_checked_by_policy() -> None:
    stepped = decide(book(), ON, a_fact("ticket", "billing", qualifier="t1"))

    assert stepped.decision is not None
    assert stepped.decision.action == "no_action"
    assert "no-sales-on-tickets" in stepped.decision.because


def test_a_question_that_waits_carries_its_words_and_is_answered_when_the_switch_is_off() -> None:
    stopped = heard(a_desk(), ON)
    (timer,) = stopped.timers

    answered = step(known(now=LATER), fires(timer, LATER), None, House(a_desk(), "engine", IDS))

    assert stopped.decision is not None
    assert stopped.decision.because == "`answer` waits: the kill switch is on"
    assert answered.decision is not None
    assert (answered.decision.action, answered.decision.mode) == ("answer", "act")
    assert answered.messages == ()


def test_the_same_question_asked_twice_waits_once_and_another_one_beside_it() -> None:
    first, again = heard(a_desk(), ON), heard(a_desk(), ON, signal_id="m2")
    other = heard(a_desk(), ON, signal_id="m3", label="invoice")

    ids = [stepped.timers[0].id for stepped in (first, again, other)]

    assert ids[0] == ids[1] != ids[2]


def test_a_question_a_colleague_has_answered_meanwhile_is_not_answered_again() -> None:
    (timer,) = heard(a_desk(), ON).timers
    reply = Message("o1", "t", "ann", "email", "out", "rep:eve", "Here you are.", Instant(NOW + HOUR), "s2")

    stepped = step(
        known(now=LATER, messages=(reply,)), fires(timer, LATER), None, House(a_desk(), "engine", IDS)
    )

    assert stepped.effects == ()
    assert stepped.decision is not None
    assert "a colleague has answered meanwhile" in stepped.decision.because


def test_what_reaches_no_customer_passes_the_switch() -> None:
    stepped = heard(a_desk("tell"), ON)

    assert [effect.connector for effect in stepped.effects] == ["helpdesk"]
    assert stepped.timers == ()


def test_a_request_at_the_gate_is_held_until_the_switch_is_off() -> None:
    held, refused = decide(book(), ON, signal=a_request()), decide(book(), ON, signal=a_request(hold=False))

    assert held.decision is not None
    assert held.decision.mode == "hold"
    assert [(timer.kind, timer.due_at) for timer in held.timers] == [("hold", parked_at(KILL_SWITCH))]
    assert refused.decision is not None
    assert refused.decision.mode == "deny"


def test_an_approval_given_while_the_switch_is_on_is_not_lost() -> None:
    asked = decide(asking())

    stepped = decide(
        asking(),
        ON,
        signal=spoken(asked.approvals[0]),
        approvals=asked.approvals,
        reservations=asked.reservations,
    )

    assert [(timer.kind, timer.due_at) for timer in stepped.timers] == [("approved", parked_at(KILL_SWITCH))]
    assert stepped.reservations == ()


def test_lifting_lets_go_what_was_parked_for_it_and_spreads_it() -> None:
    parked = [
        Timer(f"t{n}", "hold", ANN, parked_at(KILL_SWITCH), f"s{n}", {"waits_for": KILL_SWITCH})
        for n in range(20)
    ]
    other = Timer("p", "hold", ANN, parked_at(of_play("upgrade")), "s", {"waits_for": of_play("upgrade")})

    stepped = decide(book(), signal=lifts(kill_switch=False), timers=(*parked, other))

    assert {timer.id for timer in stepped.timers} == {timer.id for timer in parked}
    assert {timer.signal_id for timer in stepped.timers} == {timer.signal_id for timer in parked}
    assert len({timer.due_at for timer in stepped.timers}) > 10
    assert all(NOW <= timer.due_at <= NOW + SPREAD for timer in stepped.timers)


def test_more_than_one_step_takes_is_let_go_by_the_next() -> None:
    parked = tuple(
        Timer(f"t{n}", "hold", ANN, parked_at(KILL_SWITCH), "s", {"waits_for": KILL_SWITCH})
        for n in range(AT_ONCE)
    )

    first = decide(book(), signal=lifts(kill_switch=False), timers=parked)
    (rest,) = [timer for timer in first.timers if timer.kind == "release"]
    second = decide(book(), signal=fires(rest, Instant(rest.due_at)), timers=parked[:1])

    assert len(first.timers) == AT_ONCE + 1
    assert [timer.id for timer in second.timers] == ["t0"]


def test_what_is_stopped_again_meanwhile_stays_parked() -> None:
    parked = Timer("t", "hold", ANN, parked_at(KILL_SWITCH), "s", {"waits_for": KILL_SWITCH})
    rest = Timer("r", "release", TENANT, NOW, "s", {"waits_for": KILL_SWITCH})

    stepped = decide(book(), ON, signal=fires(rest, NOW), timers=(parked,))

    assert stepped.timers == ()
