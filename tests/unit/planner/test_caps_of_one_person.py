"""Caps count what a person has had under every id they were known by."""

from typing import Any, Literal

import pytest
from msgspec.structs import replace

from segue.core.records.effects import Reservation
from segue.core.records.events import Stepped
from segue.core.records.playbook import Cap
from segue.core.records.signals import Kind
from segue.core.units import DAY
from tests.build import NOW, a_signal, expr
from tests.unit.planner.build import book, decide
from tests.unit.planner.test_gate import a_request, asked_again

COMMERCIAL = 'action.purpose == "commercial"'
Period = Literal["day", "week", "month", "year", "ever"]


def a_cap(period: Period = "day", per: Literal["person", "account"] = "person", limit: int = 1) -> Cap:
    return Cap("few", expr(COMMERCIAL), per, period, limit, counts_touches=True)


def asked_as(person: str, profiles: tuple[str, ...], rows: tuple[Reservation, ...], **more: Any) -> Stepped:
    """What the gate says of somebody without an account, whose own profile is the last one."""
    who = {"person_id": person, "profile_ids": profiles, "profile_id": profiles[-1], "account_id": ""}
    cap, signal = more.pop("cap", a_cap()), more.pop("signal", a_request("k2"))
    return decide(book(caps=(cap,)), signal=signal, reservations=rows, **{**who, **more})


def used(stepped: Stepped) -> tuple[Reservation, ...]:
    """Its reservations, as they are once the tool has sent."""
    return tuple(replace(row, state="used") for row in stepped.reservations)


def mode(stepped: Stepped) -> str:
    assert stepped.decision is not None
    return stepped.decision.mode


@pytest.mark.parametrize("period", ["day", "week", "month", "year", "ever"])
def test_what_was_used_before_an_older_profile_became_the_person_counts(period: Period) -> None:
    cap = a_cap(period)
    first = asked_as("u1", ("u1",), (), cap=cap, signal=a_request("k1"))

    merged = asked_as("c1", ("c1", "u1"), used(first), cap=cap)

    assert (mode(first), mode(merged)) == ("allow", "hold")


def test_what_two_people_used_adds_up_when_they_are_one() -> None:
    cap = a_cap(limit=3)
    one = asked_as("a", ("a",), (), cap=cap, signal=a_request("k1"))
    two = asked_as("b", ("b",), (), cap=cap, signal=a_request("k2"))
    rows = (*used(one), *used(two))

    third = asked_as("b", ("b", "a"), rows, cap=cap, signal=a_request("k3"))
    fourth = asked_as("b", ("b", "a"), (*rows, *used(third)), cap=cap, signal=a_request("k4"))

    assert (mode(third), mode(fourth)) == ("allow", "hold")


def test_what_a_colleague_used_counts_for_nobody_else() -> None:
    colleague = asked_as("bob", ("bob",), (), signal=a_request("k1"))

    mine = asked_as("c1", ("c1", "u1"), used(colleague))

    assert mode(mine) == "allow"


def test_a_new_day_is_a_new_day_after_a_merge_too() -> None:
    first = asked_as("u1", ("u1",), (), signal=a_request("k1"))

    merged = asked_as("c1", ("c1", "u1"), used(first), now=NOW + DAY)

    assert mode(merged) == "allow"


def test_a_request_that_holds_its_place_keeps_it_through_a_merge() -> None:
    first = asked_as("u1", ("u1",), (), signal=a_request("k1"))

    again = asked_as("c1", ("c1", "u1"), first.reservations, signal=asked_again("k1"))

    assert mode(again) == "allow"
    assert again.reservations == ()


def test_a_place_held_before_a_merge_is_used_when_the_tool_commits() -> None:
    request = a_request("k1")
    first = asked_as("u1", ("u1",), (), signal=request)
    commit = a_signal(
        Kind.GATE_COMMITTED, {"key": "k1", "channel": "email", "by": "tool:mailer"}, source=request.source
    )

    committed = asked_as("c1", ("c1", "u1"), first.reservations, signal=commit)

    assert [(row.id, row.state) for row in committed.reservations] == [
        (row.id, "used") for row in first.reservations
    ]


def test_what_somebody_used_before_they_had_an_account_counts_for_the_account() -> None:
    cap = a_cap("year", per="account")
    first = asked_as("u1", ("u1",), (), cap=cap, signal=a_request("k1"))

    joined = asked_as("c1", ("c1", "u1"), used(first), cap=cap, account_id="acme")

    assert (mode(first), mode(joined)) == ("allow", "hold")
