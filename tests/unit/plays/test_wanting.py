"""What is read for a step follows from the signal and the playbook alone."""

from datetime import date

from segue.core.records.context import TENANT, Wants
from segue.core.records.memory import Links
from segue.core.records.playbook import Detector, FactSource
from segue.core.records.signals import Kind
from segue.core.units import HOUR
from segue.plays import wants
from tests.unit.plays.building import NOW, a_listener, a_play, a_playbook, a_signal

LINKS = Links(profile_id="p2", person_id="p1", account_id="A")
DROPPED = Detector("d", "usage_dropped", "account", {"window_days": 7, "baseline_days": 28}, counter="usage")
VIEWS = FactSource("person.views", "counted", "views", "int", "page:/pricing", 7)
PLAYBOOK = a_playbook(a_play("desk", a_listener("message", "any")), detectors=(DROPPED,), facts=(VIEWS,))
DAY = date(2026, 10, 26).toordinal()


def test_usage_wants_the_counts_of_account_and_tenant_and_no_totals() -> None:
    wanted = wants(a_signal(Kind.USAGE_RECORDED, body={"count": 1}), LINKS, PLAYBOOK)

    assert wanted.counts == (("account:A", "usage", DAY - 64), (TENANT, "usage", DAY - 64))
    assert not wanted.tenant_totals


def test_a_message_that_a_play_hears_wants_counted_facts_breaker_and_totals() -> None:
    message = a_signal(Kind.MESSAGE_RECEIVED, body={"channel": "email", "text": "hi"})

    wanted = wants(message, LINKS, PLAYBOOK)

    assert wanted.counts == (
        ("profile:p1", "page:/pricing", DAY - 7),
        ("profile:p2", "page:/pricing", DAY - 7),
        (TENANT, "hour:chosen:desk", NOW // HOUR - 168),
    )
    assert wanted.tenant_totals


def test_a_gate_request_may_always_lead_to_a_decision() -> None:
    assert wants(a_signal(Kind.GATE_REQUESTED), LINKS, PLAYBOOK).tenant_totals


def test_a_page_that_nobody_listens_to_wants_nothing() -> None:
    assert wants(a_signal(Kind.PAGE_VIEWED, body={"path": "/blog"}), LINKS, PLAYBOOK) == Wants(
        quiet=True, alone=True, country="DE"
    )


def test_a_solved_ticket_is_not_alone_because_a_colleague_may_hold_it() -> None:
    solved = wants(a_signal(Kind.TICKET_SOLVED, body={"ticket": "t"}), LINKS, PLAYBOOK)

    assert (solved.quiet, solved.alone) == (True, False)


def test_an_effect_that_is_spoken_of_is_read_even_for_history() -> None:
    settled = a_signal(Kind.EFFECT_SETTLED, body={"effect": "e1"}, history=True)

    assert wants(settled, LINKS, PLAYBOOK) == Wants(effect_id="e1")
