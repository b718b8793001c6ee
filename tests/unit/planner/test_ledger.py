"""The ledger: what becomes of reservations, and the last check before a dispatch."""

import pytest

from segue.core.records.context import LedgerRow
from segue.core.records.signals import Kind
from segue.planner import House, recheck
from tests.build import ANN, NOW, a_context, a_fact, a_policy, a_signal
from tests.unit.planner.build import IDS, book, decide


@pytest.mark.parametrize(
    ("state", "becomes"),
    [("delivered", {"used"}), ("sent", {"used"}), ("failed", {"released"}), ("unknown", set())],
)
def test_a_settled_effect_settles_its_reservations(state: str, becomes: set[str]) -> None:
    first = decide(book())
    (effect,) = first.effects
    settled = a_signal(
        Kind.EFFECT_SETTLED,
        {"effect": effect.id, "state": state},
        id="e",
        source="segue.dispatch",
        subject=ANN,
    )

    stepped = decide(
        book(), signal=settled, ledger=(LedgerRow(effect, "pending"),), reservations=first.reservations
    )

    assert {row.state for row in stepped.reservations} == becomes


def test_what_the_dispatch_check_refused_is_decided_again() -> None:
    first = decide(book())
    (effect,) = first.effects
    refused = a_signal(
        Kind.EFFECT_REFUSED, {"effect": effect.id, "rule": "x"}, id="e", source="segue.dispatch", subject=ANN
    )

    stepped = decide(
        book(),
        a_fact("ticket", "billing", qualifier="t1"),
        signal=refused,
        ledger=(LedgerRow(effect, "cancelled"),),
        reservations=first.reservations,
        goals=first.goals,
    )

    assert {row.state for row in stepped.reservations} == {"released"}
    assert stepped.decision is not None
    assert (stepped.decision.question, stepped.decision.action) == ("refused", "no_action")


def test_recheck_hears_what_changed_since_the_decision() -> None:
    (effect,) = decide(book()).effects
    house = House(book(), "engine", IDS)
    row = LedgerRow(effect, "pending")

    quiet = recheck(row, a_context(), house, NOW)
    ticket = recheck(row, a_context(a_fact("ticket", "billing", qualifier="t1")), house, NOW)

    assert not quiet.forbidden
    assert ticket.rule == "no-sales-on-tickets"


def test_recheck_obeys_the_kill_switch() -> None:
    (effect,) = decide(book()).effects

    verdict = recheck(
        LedgerRow(effect, "pending"),
        a_context(a_fact("kill_switch", value=True, subject="tenant")),
        House(book(), "engine", IDS),
        NOW,
    )

    assert verdict.rule == "kill-switch"


def test_rules_of_the_candidate_check_alone_are_not_asked_at_dispatch() -> None:
    playbook = book(policies=(a_policy("early", "true", at=frozenset({"candidate"})),))
    (effect,) = decide(book()).effects

    verdict = recheck(LedgerRow(effect, "pending"), a_context(), House(playbook, "engine", IDS), NOW)

    assert not verdict.forbidden
