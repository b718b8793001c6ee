"""The send gate: another tool's request is allowed, held or denied, and what is held is rescored."""

from typing import Any

import msgspec
import pytest

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
    body = {**asked, "reserve": True, **body}
    return a_signal(Kind.GATE_REQUESTED, body, id=signal_id, source=source, source_id=key)


def asked_again(key: str = "k1", **body: Any) -> Signal:
    """The same question, put once more after it was answered."""
    first = a_request(key, **body)
    return msgspec.structs.replace(first, id="again", source_id=f"{key}:d:again", trigger=first.id)


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
    stepped = decide(book(), signal=a_request(reserve=False))

    assert stepped.decision is not None
    assert stepped.decision.question == "gate"
    assert stepped.decision.mode == "allow"
    assert stepped.reservations == ()


def test_an_allowed_request_that_asked_for_room_has_it_reserved() -> None:
    stepped = decide(book(), signal=a_request())

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

    assert [fired.body["timer"] for fired in stepped.derived] == [timer.id for timer in first.timers]
    assert stepped.timers_cancelled == tuple(timer.id for timer in first.timers)


def test_what_is_woken_is_looked_at_next_the_one_that_waits_longest_first() -> None:
    held = [decide(book(), TICKET, signal=a_request(f"k{n}"), now=NOW + n).timers[0] for n in range(5)]
    solved = a_signal(Kind.TICKET_SOLVED, {"ticket": "t1", "topic": "billing"}, id="s9")

    stepped = decide(book(), TICKET, signal=solved, timers=tuple(sorted(held, key=lambda timer: timer.id)))

    assert [fired.body["request"]["body"]["key"] for fired in stepped.derived] == [f"k{n}" for n in range(5)]


def test_room_that_is_given_back_wakes_what_is_on_hold_for_it() -> None:
    first = decide(book(), signal=a_request("k1"))
    second = decide(book(), signal=a_request("k2"), reservations=first.reservations)
    released = a_signal(Kind.GATE_RELEASED, {"key": "k1"}, id="r", source="segue.gate.mailer")

    stepped = decide(book(), signal=released, reservations=first.reservations, timers=second.timers)

    assert second.decision is not None
    assert second.decision.mode == "hold"
    assert [fired.kind for fired in stepped.derived] == [Kind.TIMER_FIRED]
    assert [fired.trigger for fired in stepped.derived] == [a_request("k2").id]


def test_a_check_that_finds_something_in_the_way_leaves_no_hold_behind() -> None:
    stepped = decide(book(), TICKET, signal=a_request(reserve=False))

    assert stepped.decision is not None
    assert stepped.decision.mode == "hold"
    assert stepped.timers == ()


def test_an_answer_that_still_stands_changes_nothing_on_the_ledger() -> None:
    first = decide(book(), signal=a_request())

    again = decide(book(), signal=asked_again(), reservations=first.reservations)

    assert again.decision is not None
    assert again.decision.mode == "allow"
    assert again.reservations == ()
    assert again.effects == ()


def test_an_answer_that_stands_no_longer_is_taken_back_with_its_room() -> None:
    first = decide(book(), signal=a_request())

    again = decide(book(), TICKET, signal=asked_again(), reservations=first.reservations)

    assert again.decision is not None
    assert again.decision.mode == "hold"
    assert [row.state for row in again.reservations] == ["released"]
    assert [timer.kind for timer in again.timers] == ["hold"]
    assert again.effects == ()


def test_room_of_another_day_is_exchanged_for_todays() -> None:
    first = decide(book(), signal=a_request())

    again = decide(book(), signal=asked_again(), reservations=first.reservations, now=NOW + DAY)

    assert sorted(row.state for row in again.reservations) == ["held", "released"]


@pytest.mark.parametrize("told", ["committed", "released"])
def test_a_hold_that_fires_after_the_tool_has_spoken_allows_nothing_and_tells_nobody(told: Any) -> None:
    first = decide(book(), TICKET, signal=a_request())

    stepped = decide(book(), signal=held_again(first, NOW + DAY), now=NOW + DAY, told=told)

    assert stepped.decision is not None
    assert stepped.decision.mode == "deny"
    assert stepped.reservations == ()
    assert stepped.effects == ()


@pytest.mark.parametrize("kind", [Kind.GATE_COMMITTED, Kind.GATE_RELEASED])
def test_what_the_tool_did_ends_its_hold(kind: Kind) -> None:
    first = decide(book(), TICKET, signal=a_request())
    did = a_signal(kind, {"key": "k1"}, id="did", source="segue.gate.mailer")

    stepped = decide(book(), TICKET, signal=did, timers=first.timers)

    assert stepped.timers_cancelled == tuple(timer.id for timer in first.timers)


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
