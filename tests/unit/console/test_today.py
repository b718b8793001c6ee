"""The first page tells what needs a look: what waits, what was held back and why, money, tools, switches."""

from dataclasses import replace

import pytest

from segue.console import Pages, PageSettings
from segue.core.records.memory import Outcome
from segue.core.records.overview import Controls, OpenGoals, Way
from segue.core.units import DAY, MINUTE, Instant
from segue.runtime.limits import LineState
from tests.build import NOW, a_fact, a_ledger_row
from tests.unit.console.fake_reader import (
    EUR,
    FakeReader,
    a_decision,
    a_held_decision,
    a_look,
    a_reader,
    a_receipt,
    an_approval,
)
from tests.unit.console.test_pages import Read

FINE = LineState(is_open=False, probe_at=None, running=0)
BROKEN = LineState(is_open=True, probe_at=Instant(NOW + MINUTE), running=0)
SETTINGS = PageSettings(
    "EUR", "acme-group", plays=("book-demo", "winback"), reasons={"no-sales": "Not while a ticket is open."}
)


def read(reader: FakeReader, role: str = "operator", **look: object) -> Read:
    page = Pages(SETTINGS).today(reader.port(), a_look(role, **look), {})  # type: ignore[arg-type]
    assert page.status == 200
    return Read(page.html)


def test_a_home_in_which_nothing_happened_has_a_first_page() -> None:
    text = read(a_reader()).text

    assert "0 decisions so far, 0 in seven days" in text
    assert "Nothing waits." in text
    assert "Nothing was held back in seven days." in text
    assert "Nothing was decided in fourteen days." in text


def test_what_was_held_back_is_told_by_rule_with_its_reason() -> None:
    yesterday = a_held_decision("d2", at=Instant(NOW - DAY))
    long_ago = a_held_decision("d3", at=Instant(NOW - 9 * DAY))
    reader = a_reader(*(a_receipt(d) for d in (long_ago, yesterday, a_held_decision("d1"))))

    shown = read(reader)

    assert "no sales 1 2 Not while a ticket is open." in shown.text
    assert "/decisions?held=no-sales" in shown.links()


def test_money_at_stake_expected_and_won_stands_on_top() -> None:
    won = Outcome("o1", "demo_booked", "profile:ann", NOW, "s9", value_micro=500 * EUR, goal_id="g1")
    old = replace_outcome(won, "o2", at=Instant(NOW - 40 * DAY))
    reader = a_reader(
        a_receipt(a_decision()),
        goals=[OpenGoals("book-demo", 2, 700 * EUR), OpenGoals("winback", 1, 40 * EUR)],
        results=[won, old],
    )

    text = read(reader).text

    assert "at stake in 3 open goals EUR 740.00" in text
    assert "expected of what was chosen today EUR 30.00" in text
    assert "won in thirty days, 1 outcome EUR 500.00" in text
    assert "book demo runs 2 EUR 700.00 1 EUR 30.00 EUR 500.00 1 outcome" in text


def replace_outcome(outcome: Outcome, id_: str, **fields: object) -> Outcome:
    given = {name: getattr(outcome, name) for name in Outcome.__struct_fields__}
    return Outcome(**{**given, "id": id_, **fields})


def test_harms_are_told_with_whom_they_happened_to() -> None:
    harm = Outcome("o1", "opt_out", "profile:ann", NOW, "s9", harm=True, profile_id="ann", account_id="acme")
    reader = a_reader(a_receipt(), results=[harm])

    shown = read(reader)

    assert "harms in seven days 1" in shown.text
    assert "opt out Ann Lee of Acme" in shown.text
    assert "/people/ann" in shown.links()


@pytest.mark.parametrize(
    ("way", "line", "told"),
    [
        (Way("mail"), FINE, "mail takes calls 0 0"),
        (
            Way("mail", due=3, oldest_due_at=Instant(NOW - 90 * MINUTE)),
            FINE,
            "late 3 1 h 30 min",
        ),
        (Way("mail"), BROKEN, "breaker open, tried again in 1 min"),
        (Way("mail", unknown=2), FINE, "needs a look 2 nobody knows of"),
        (Way("gone", due=1, oldest_due_at=NOW), None, "gone not connected 1"),
    ],
)
def test_the_way_to_each_tool_is_told(way: Way, line: LineState | None, told: str) -> None:
    lines = {} if line is None else {way.connector: line}

    assert told in read(a_reader(on_the_way=[way]), lines=lines).text


def test_what_nobody_knows_of_is_shown_to_a_human() -> None:
    row = replace(a_ledger_row(), state="unknown")

    shown = read(a_reader(a_receipt(), lost=[row], on_the_way=[Way("mail", unknown=1)]))

    assert "Nobody knows whether these happened" in shown.text
    assert f"/decisions/{row.effect.decision_id}" in shown.links()


def test_a_stopped_house_says_so_on_every_page() -> None:
    stopped = Controls(a_fact("kill_switch", "on", "tenant"), {"winback": a_fact("paused", "on", "tenant")})
    reader = a_reader(a_receipt(), stopped=stopped)

    assert "All sending is stopped since" in read(reader).text
    assert "winback paused" in read(reader).text
    assert "All sending is stopped" in Pages(SETTINGS).decision(reader.port(), a_look(), "d1").html


def test_only_operators_are_offered_switches() -> None:
    reader = a_reader(a_receipt())

    assert "Yes, stop all sending now" in read(reader).text
    assert "It takes an operator to stop sending." in read(reader, "rep").text
    assert "Pause" not in read(reader, "rep").text


def test_the_most_valuable_drafts_wait_on_top() -> None:
    waiting = [an_approval(f"a{n}", value_micro=n * EUR) for n in range(1, 8)]
    reader = a_reader(a_receipt(), waiting=waiting)

    links = [link for link in read(reader).links() if link.startswith("/approvals/")]

    assert links == [f"/approvals/a{n}" for n in (7, 6, 5, 4, 3)]
    assert "All 7, worth EUR 28.00" in read(reader).text


def test_following_live_is_asked_for_and_needs_no_script() -> None:
    pages, look = Pages(SETTINGS), a_look()
    plain = pages.today(a_reader().port(), look, {}).html
    live = pages.today(a_reader().port(), look, {"live": "1"}).html

    assert "http-equiv" not in plain
    assert '<meta http-equiv="refresh" content="20">' in live
    assert "Stop following" in live
