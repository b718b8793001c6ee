"""The send gate: another tool's request is allowed, held or denied, and what is held is rescored."""

from typing import Any

from segue.core.ids import derive
from segue.core.records.events import Stepped
from segue.core.records.memory import Arm
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY
from tests.build import ANN, NOW, a_fact, a_policy, a_signal
from tests.unit.planner.build import IDS, book, decide

TICKET = a_fact("ticket", "billing", qualifier="t1")


def a_request(key: str = "k1", **body: Any) -> Signal:
    asked = {"tool": "mailer", "purpose": "commercial", "channel": "email", "campaign": "upgrade", "key": key}
    source = "segue.gate.mailer"
    signal_id = IDS.signal_id(source, key)
    return a_signal(Kind.GATE_REQUESTED, {**asked, **body}, id=signal_id, source=source, source_id=key)


def held_again(first: Stepped, now: int) -> Signal:
    """The timer of a held request, fired."""
    (timer,) = [timer for timer in first.timers if timer.kind == "hold"]
    body = {"timer": timer.id, "timer_kind": "hold", **timer.body}
    return a_signal(
        Kind.TIMER_FIRED,
        body,
        id="fired",
        source="segue.timer",
        subject=ANN,
        occurred_at=now,
        received_at=now,
    )


def test_a_request_nothing_speaks_against_is_allowed() -> None:
    stepped = decide(book(), signal=a_request())

    assert stepped.decision is not None
    assert stepped.decision.question == "gate"
    assert stepped.decision.mode == "allow"
    assert stepped.reservations == ()


def test_an_allowed_request_that_asked_for_room_has_it_reserved() -> None:
    stepped = decide(book(), signal=a_request(reserve=True))

    assert [row.state for row in stepped.reservations] == ["held"]


def test_a_request_during_a_billing_ticket_is_held_and_says_why() -> None:
    stepped = decide(book(), TICKET, signal=a_request())

    assert stepped.decision is not None
    assert stepped.decision.mode == "hold"
    assert stepped.decision.because == "because of no-sales-on-tickets"
    assert stepped.decision.goal_id == a_request().id
    assert [timer.kind for timer in stepped.timers] == ["hold"]


def test_a_tool_that_cannot_wait_is_told_no() -> None:
    stepped = decide(book(), TICKET, signal=a_request(hold=False))

    assert stepped.decision is not None
    assert stepped.decision.mode == "deny"
    assert stepped.timers == ()


def test_a_held_request_is_rescored_and_the_tool_is_told() -> None:
    first = decide(book(), TICKET, signal=a_request())
    later = NOW + DAY

    stepped = decide(book(), signal=held_again(first, later), now=later)

    assert stepped.decision is not None
    assert stepped.decision.mode == "allow"
    (told,) = stepped.effects
    assert (told.connector, told.verb) == ("mailer", "release_hold")
    assert told.arguments["key"] == "k1"
    assert told.arguments["answer"] == "allow"
    assert [row.state for row in stepped.reservations] == ["held"]


def test_a_held_request_whose_reason_stands_is_held_on() -> None:
    first = decide(book(), TICKET, signal=a_request())
    later = NOW + DAY

    stepped = decide(book(), TICKET, signal=held_again(first, later), now=later)

    assert stepped.decision is not None
    assert stepped.decision.mode == "hold"
    assert stepped.effects == ()
    assert [timer.id for timer in stepped.timers] == [timer.id for timer in first.timers]


def test_a_solved_ticket_wakes_what_is_held() -> None:
    first = decide(book(), TICKET, signal=a_request())
    solved = a_signal(Kind.TICKET_SOLVED, {"ticket": "t1", "topic": "billing"}, id="s9")

    stepped = decide(book(), TICKET, signal=solved, timers=first.timers)

    assert [(timer.kind, timer.due_at) for timer in stepped.timers] == [("hold", NOW)]


def test_commit_uses_the_reserved_room_and_release_frees_it() -> None:
    first = decide(book(), signal=a_request(reserve=True))
    source = "segue.gate.mailer"

    used = decide(
        book(),
        signal=a_signal(Kind.GATE_COMMITTED, {"key": "k1"}, id="c", source=source),
        reservations=first.reservations,
    )
    freed = decide(
        book(),
        signal=a_signal(Kind.GATE_RELEASED, {"key": "k1"}, id="r", source=source),
        reservations=first.reservations,
    )

    assert [row.state for row in used.reservations] == ["used"]
    assert [row.state for row in freed.reservations] == ["released"]


def test_outside_the_agent_arm_only_mandatory_rules_bind_other_tools() -> None:
    arms = (Arm("account:acme", "holdout", NOW, 1),)
    house_rule = book()
    law = book(policies=(a_policy("opted-out", "true", mandatory=True),))

    assert decide(house_rule, TICKET, signal=a_request(), arms=arms).decision.mode == "allow"  # type: ignore[union-attr]
    assert decide(law, TICKET, signal=a_request(), arms=arms).decision.mode == "deny"  # type: ignore[union-attr]


def test_another_tools_touch_counts_against_the_caps() -> None:
    sent = a_signal(Kind.MESSAGE_SENT, {"channel": "email", "by": "tool:mailer", "campaign": "welcome"})

    stepped = decide(book(), signal=sent)
    after = decide(book(), reservations=stepped.reservations, signal=a_request("k2", reserve=True))

    (touch,) = stepped.reservations
    assert (touch.state, touch.limit) == ("used", -1)
    assert after.decision is not None
    assert after.decision.mode == "hold"


def test_a_reservation_belongs_to_its_request_whatever_decided_it() -> None:
    first = decide(book(), signal=a_request(reserve=True))

    (row,) = first.reservations
    assert row.id == derive("reservation", row.key, derive("candidate", a_request().id, "send"))


def test_what_a_tool_sent_through_the_gate_is_a_touch_by_that_tool() -> None:
    told = {
        "key": "k1",
        "by": "tool:mailer",
        "channel": "email",
        "purpose": "commercial",
        "campaign": "upgrade",
    }
    sent = a_signal(Kind.GATE_COMMITTED, told, id="c", source="segue.gate.mailer")

    stepped = decide(book(), signal=sent)

    (touch,) = stepped.exposures
    assert (touch.by, touch.campaign) == ("tool:mailer", "upgrade")
    assert [row.state for row in stepped.reservations] == ["used"]
