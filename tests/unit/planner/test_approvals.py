"""Approvals: a human's word comes back as a signal, and policy is asked again before anything goes out."""

from typing import Any

from segue.core.records.effects import Approval
from segue.core.records.events import Stepped
from segue.core.records.playbook import Playbook
from segue.core.records.signals import Kind, Signal
from segue.core.units import HOUR
from tests.build import ANN, NOW, a_fact, a_policy, a_signal
from tests.unit.planner.build import book, decide, upgrade_play


def asking(**fields: Any) -> Playbook:
    return book(upgrade_play(autonomy="approve"), **fields)


def spoken(approval: Approval, kind: Kind = Kind.APPROVAL_GIVEN, **body: Any) -> Signal:
    return a_signal(
        kind,
        {"approval": approval.id, "by": "dana", **body},
        id="human",
        source="segue.approval",
        subject=ANN,
        identifiers=(),
    )


def answered(playbook: Playbook, asked: Stepped, signal: Signal, *facts: Any) -> Stepped:
    return decide(playbook, *facts, signal=signal, approvals=asked.approvals, reservations=asked.reservations)


def test_an_approved_draft_goes_out_with_its_reservations() -> None:
    asked = decide(asking())
    (approval,) = asked.approvals

    stepped = answered(asking(), asked, spoken(approval))

    assert stepped.decision is not None
    assert (stepped.decision.question, stepped.decision.mode) == ("approval", "act")
    (effect,) = stepped.effects
    assert effect.arguments == approval.effects[0].arguments
    assert effect.reservations == approval.effects[0].reservations
    assert effect.id != approval.effects[0].id
    (after,) = stepped.approvals
    assert (after.status, after.by) == ("given", "dana")


def test_a_human_may_change_the_words_and_never_the_recipient() -> None:
    asked = decide(asking())
    (approval,) = asked.approvals

    stepped = answered(asking(), asked, spoken(approval, text="Dear Ann, shall we talk?"))

    (effect,) = stepped.effects
    assert effect.arguments["text"] == "Dear Ann, shall we talk?"
    assert effect.arguments["to"] == approval.effects[0].arguments["to"]


def test_an_edited_draft_passes_the_same_filter() -> None:
    asked = decide(asking())
    (approval,) = asked.approvals

    stepped = answered(asking(), asked, spoken(approval, text="90% off at https://evil.test"))

    assert stepped.effects == ()
    assert stepped.decision is not None
    assert "https://evil.test" in stepped.decision.because


def test_a_rejected_draft_frees_its_room_and_is_not_asked_again_for_its_goal() -> None:
    asked = decide(asking())
    (approval,) = asked.approvals

    stepped = answered(asking(), asked, spoken(approval, Kind.APPROVAL_REJECTED, reason="not now"))

    assert stepped.effects == ()
    assert {row.key.partition(":")[0]: row.state for row in stepped.reservations} == {
        "once": "used",
        "cap": "released",
    }
    assert [item.status for item in stepped.approvals] == ["rejected"]
    assert stepped.decision is not None
    assert stepped.decision.because == "rejected by dana: not now"


def test_what_changed_since_the_draft_wins_over_the_approval() -> None:
    asked = decide(asking())
    (approval,) = asked.approvals

    stepped = answered(asking(), asked, spoken(approval), a_fact("ticket", "billing", qualifier="t1"))

    assert stepped.effects == ()
    assert {row.state for row in stepped.reservations} == {"released"}
    assert stepped.decision is not None
    assert "because of no-sales-on-tickets" in stepped.decision.because


def test_an_approval_outside_the_window_waits_for_it_and_is_asked_again() -> None:
    asked = decide(asking())
    (approval,) = asked.approvals
    opens = NOW + 3 * HOUR
    quiet = asking(policies=(a_policy("quiet", "true", "defer", until="account.renews_at"),))

    stepped = answered(quiet, asked, spoken(approval), a_fact("renews_at", opens, subject="account:acme"))

    assert stepped.effects == ()
    (timer,) = [timer for timer in stepped.timers if timer.kind == "approved"]
    assert timer.due_at >= opens
    assert timer.body["approval"] == approval.id


def test_an_approval_nobody_gave_expires() -> None:
    asked = decide(asking())
    (approval,) = asked.approvals
    expired = a_signal(
        Kind.TIMER_FIRED,
        {"timer": "t", "timer_kind": "expire", "approval": approval.id},
        id="late",
        source="segue.timer",
        subject=ANN,
    )

    stepped = answered(asking(), asked, expired)

    assert [item.status for item in stepped.approvals] == ["expired"]
    assert {row.state for row in stepped.reservations} == {"released"}
