"""A colleague takes a conversation: what Segue was about to say in it is withdrawn, with the reason."""

from typing import Any

import pytest

from segue.core.ids import derive
from segue.core.records.context import LedgerRow
from segue.core.records.effects import Approval, Attempt
from segue.core.records.events import Stepped
from segue.core.records.ownership import takes_over
from segue.core.records.signals import Signal
from segue.planner import House, step
from segue.planner.telling import TELL
from segue.plays import wants
from tests.build import NOW, a_context, a_ledger_row, a_signal
from tests.unit.planner.build import IDS, book, decide, upgrade_play

WRITES = a_signal("message.sent", {"channel": "email", "by": "rep:tom", "text": "Hi"})
CLAIMS = a_signal("conversation.claimed", {"by": "rep:tom"})


def taken(signal: Signal, *rows: LedgerRow, **fields: Any) -> Stepped:
    return step(a_context(ledger=rows, **fields), signal, None, House(book(), "engine", IDS))


def waiting(effect_id: str = "e1", **fields: Any) -> LedgerRow:
    return a_ledger_row(state="pending", id=effect_id, **fields)


@pytest.mark.parametrize("signal", [WRITES, CLAIMS], ids=["writes", "claims"])
def test_a_pending_message_is_withdrawn_with_the_reason(signal: Signal) -> None:
    stepped = taken(signal, waiting())

    (change,) = stepped.effect_changes
    assert (change.effect_id, change.state) == ("e1", "cancelled")
    assert change.because == "rep:tom has taken the conversation over"


@pytest.mark.parametrize(
    "row",
    [
        waiting(purpose="mandatory"),
        waiting(channel="", purpose="internal"),
        waiting(profile_id="bob"),
        a_ledger_row(state="sent", id="e1"),
    ],
    ids=["mandatory", "internal", "somebody else", "sent"],
)
def test_what_talks_over_nobody_goes_out(row: LedgerRow) -> None:
    assert taken(WRITES, row).effect_changes == ()


def test_what_is_leaving_just_now_cannot_be_kept_in() -> None:
    row = LedgerRow(waiting().effect, "pending", (Attempt("e1", 1, NOW),))

    assert taken(WRITES, row).effect_changes == ()


def test_a_draft_is_withdrawn_and_its_room_is_free_again() -> None:
    asked = decide(book(upgrade_play(autonomy="approve")))
    (draft,) = asked.approvals

    stepped = taken(CLAIMS, approvals=asked.approvals, reservations=asked.reservations)

    (after,) = stepped.approvals
    assert (after.status, after.by) == ("expired", "rep:tom")
    assert after.because == "rep:tom has taken the conversation over"
    assert {row.state for row in stepped.reservations} == {"released"}
    assert {row.id for row in stepped.reservations} == {row.id for row in asked.reservations}
    assert derive("expire", draft.id) in stepped.timers_cancelled


def test_nobody_is_told_of_a_draft_that_is_withdrawn() -> None:
    (draft,) = decide(book(upgrade_play(autonomy="approve"))).approvals
    telling = waiting("t1", action=TELL, purpose="internal", arguments={"about": draft.id})

    stepped = taken(CLAIMS, telling, approvals=(draft,))

    assert [change.effect_id for change in stepped.effect_changes] == ["t1"]


def test_a_draft_that_was_decided_stays_as_it_is() -> None:
    (draft,) = decide(book(upgrade_play(autonomy="approve"))).approvals
    given = Approval(**{name: getattr(draft, name) for name in draft.__struct_fields__} | {"status": "given"})

    assert taken(CLAIMS, approvals=(given,)).approvals == ()


@pytest.mark.parametrize(
    ("signal", "takes"),
    [
        (WRITES, True),
        (CLAIMS, True),
        (a_signal("message.sent", {"channel": "email", "by": "tool:mailer"}), False),
        (a_signal("message.sent", {"channel": "email", "by": "rep:tom"}, history=True), False),
        (a_signal("conversation.released", {"by": "rep:tom"}), False),
    ],
    ids=["writes", "claims", "a tool", "history", "hands back"],
)
def test_what_takes_a_conversation_is_given_what_waits_in_it(signal: Signal, *, takes: bool) -> None:
    wanted = wants(signal, a_context().links, book())

    assert takes_over(signal) is takes
    assert (wanted.drafts, wanted.open_effects) == (takes, takes)
