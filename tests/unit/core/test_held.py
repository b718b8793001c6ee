"""What kept something back is named by its rule, or by the stage where there is no rule."""

import pytest

from segue.core.held import kept_back
from segue.core.records.decisions import Considered, Match, Verdict
from tests.build import a_candidate
from tests.unit.console.fake_reader import a_decision, a_held_decision

RULES = Verdict(
    (
        Match("b-rule", "forbid", "no"),
        Match("a-rule", "defer", "later"),
        Match("c-rule", "transform", "other words"),
    )
)


def test_what_was_done_kept_nothing_back() -> None:
    assert kept_back(a_decision()) == ()


def test_rules_that_forbid_or_defer_are_named_once_and_in_order() -> None:
    first, nothing = a_held_decision().considered
    item = Considered(first.candidate, "policy", "no", RULES)

    assert kept_back(a_held_decision(considered=(item, item, nothing))) == ("a-rule", "b-rule")


@pytest.mark.parametrize("stage", ["reservation", "kill_switch", "breaker", "draft"])
def test_other_stages_are_named_by_themselves(stage: str) -> None:
    item = Considered(a_candidate("upgrade_offer", id="c2"), stage, "kept")  # type: ignore[arg-type]

    assert kept_back(a_held_decision(considered=(item, a_held_decision().choice))) == (f":{stage}",)


@pytest.mark.parametrize("stage", ["score", "choice", "precondition", "arm", "repeat", "history"])
def test_what_was_not_wanted_was_not_held_back(stage: str) -> None:
    item = Considered(a_candidate("upgrade_offer", id="c2"), stage, "not wanted")  # type: ignore[arg-type]

    assert kept_back(a_held_decision(considered=(item, a_held_decision().choice))) == ()


def test_a_gate_that_holds_always_counts() -> None:
    nothing = a_held_decision().choice

    assert kept_back(a_held_decision(considered=(nothing,), mode="hold", question="gate")) == (":gate",)
    assert kept_back(a_held_decision(considered=(nothing,), question="refused")) == (":refused",)
