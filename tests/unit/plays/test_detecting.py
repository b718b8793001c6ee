"""Detectors find once what is there, and set the wake-ups for what is not there yet."""

from datetime import date, timedelta
from typing import Any

from segue.core.records.context import TENANT
from segue.core.records.effects import Timer
from segue.core.records.memory import Fact
from segue.core.records.playbook import Detector, FactSource
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY, HOUR, Instant
from segue.plays import Detected, detect
from tests.unit.plays.building import NOW, a_context, a_playbook, a_signal, at

USAGE = Detector(
    "usage_dropped",
    "usage_dropped",
    "account",
    {
        "window_days": 7,
        "baseline_days": 28,
        "min_days": 21,
        "drop_ppm": 400_000,
        "outage_ppm": 500_000,
        "at_least": 20,
        "again_days": 14,
    },
    counter="usage",
)
PRICING = Detector(
    "pricing", "count", "person", {"days": 7, "at_least": 3, "again_days": 7}, counter="page:/pricing"
)
ABSENT = Detector("absent", "absence", "account", {"days": 10}, counter="usage")
NEAR = Detector("near", "date_near", "account", {"days": 60}, fact="account.renews_at")
PLAYBOOK = a_playbook(
    detectors=(USAGE, PRICING, ABSENT, NEAR),
    facts=(FactSource("account.renews_at", "stored", "renews_at", "instant"),),
)
TODAY = date(2026, 10, 26)


def a_fact(predicate: str, value: Any, subject: str = "account:A") -> Fact:
    return Fact(subject, predicate, value, Instant(NOW - DAY), "verified", "s0")


def usage_signal(**fields: Any) -> Signal:
    return a_signal(Kind.USAGE_RECORDED, body={"count": 10, "day": TODAY.isoformat()}, **fields)


def dropped_counts() -> dict[tuple[str, str], dict[int, int]]:
    days = [(TODAY - timedelta(days=n)).toordinal() for n in range(1, 50)]
    own = {day: 20 if index < 7 else 100 for index, day in enumerate(days)}
    return {("account:A", "usage"): own, (TENANT, "usage"): dict.fromkeys(days, 5_000)}


def names(found: Detected) -> list[str]:
    return [fired.detector for fired in found.fired]


def test_a_real_drop_fires_once() -> None:
    first = detect(usage_signal(), a_context(counts=dropped_counts()), PLAYBOOK)
    remembered = first.fired[0].facts
    second = detect(usage_signal(), a_context(counts=dropped_counts(), facts=remembered), PLAYBOOK)

    assert names(first) == ["usage_dropped"]
    assert first.fired[0].subject == "account:A"
    assert first.fired[0].numbers["drop_ppm"] == 800_000
    assert names(second) == []


def test_a_drop_fires_again_after_the_set_days() -> None:
    long_ago = a_fact("detector.usage_dropped", TODAY.toordinal() - 14)

    found = detect(usage_signal(), a_context(counts=dropped_counts(), facts=(long_ago,)), PLAYBOOK)

    assert names(found) == ["usage_dropped"]


def test_history_never_fires() -> None:
    found = detect(usage_signal(history=True), a_context(counts=dropped_counts()), PLAYBOOK)

    assert found.fired == ()


def test_a_report_that_comes_weeks_late_fires_nothing() -> None:
    late = a_context(counts=dropped_counts(), now=Instant(NOW + 20 * DAY))

    assert names(detect(usage_signal(), late, PLAYBOOK)) == []


def test_a_rolling_count_fires_when_it_is_reached_over_all_profiles() -> None:
    day = TODAY.toordinal()
    counts = {
        ("profile:p", "page:/pricing"): {day: 1, day - 8: 5},
        ("profile:q", "page:/pricing"): {day - 6: 2},
    }
    view = a_signal(Kind.PAGE_VIEWED, body={"path": "/pricing"})

    alone = detect(view, a_context(counts=counts), PLAYBOOK)
    together = detect(view, a_context(counts=counts, profile_ids=("p", "q")), PLAYBOOK)
    again = detect(
        view, a_context(counts=counts, profile_ids=("p", "q"), facts=together.fired[0].facts), PLAYBOOK
    )

    assert names(alone) == []
    assert names(together) == ["pricing"]
    assert together.fired[0].numbers == {"count": 3}
    assert names(again) == []


def test_tracked_events_are_counted_by_name() -> None:
    settings = {"days": 7, "at_least": 3, "again_days": 7}
    shared = Detector("sharing", "count", "person", settings, counter="event:Report Shared")
    counts = {("profile:p", "event:Report Shared"): {TODAY.toordinal(): 3}}
    signal = a_signal(Kind.EVENT_TRACKED, body={"event": "Report Shared"})
    other = a_signal(Kind.EVENT_TRACKED, body={"event": "Report Printed"})

    assert names(detect(signal, a_context(counts=counts), a_playbook(detectors=(shared,)))) == ["sharing"]
    assert names(detect(other, a_context(counts=counts), a_playbook(detectors=(shared,)))) == []


def test_absence_begins_again_at_each_event() -> None:
    (timer,) = detect(usage_signal(), a_context(), PLAYBOOK).timers

    assert (timer.kind, timer.detector, timer.subject) == ("absence", "absent", "account:A")
    assert at("2026-11-06T00:00") <= timer.due_at < at("2026-11-06T06:00")


def test_a_second_event_of_a_day_sets_nothing_anew() -> None:
    (timer,) = detect(usage_signal(), a_context(), PLAYBOOK).timers
    kept = Timer("t", "absence", "account:A", timer.due_at, "s0", {"detector": "absent"})
    later = usage_signal(occurred_at=Instant(NOW + HOUR))

    assert detect(later, a_context(timers=(kept,)), PLAYBOOK).timers == ()


def test_wake_ups_of_one_day_are_spread() -> None:
    due = {
        detect(usage_signal(), a_context(account_id=name, lane=f"account:{name}"), PLAYBOOK).timers[0].due_at
        for name in "ABCDEFGH"
    }

    assert len(due) == 8


def test_an_event_told_late_does_not_shorten_absence() -> None:
    kept = Timer("t", "absence", "account:A", Instant(NOW + 11 * DAY), "s0", {"detector": "absent"})
    late = usage_signal(occurred_at=Instant(NOW - 2 * DAY))

    assert detect(late, a_context(timers=(kept,)), PLAYBOOK).timers == ()


def test_a_report_of_no_use_does_not_end_absence() -> None:
    nothing = a_signal(Kind.USAGE_RECORDED, body={"count": 0})

    assert detect(nothing, a_context(), PLAYBOOK).timers == ()


def test_history_sets_only_wake_ups_that_lie_ahead() -> None:
    lately = usage_signal(history=True, occurred_at=Instant(NOW - 2 * DAY))
    long_ago = usage_signal(history=True, occurred_at=Instant(NOW - 200 * DAY))

    assert len(detect(lately, a_context(), PLAYBOOK).timers) == 1
    assert detect(long_ago, a_context(), PLAYBOOK).timers == ()


def test_absence_fires_when_its_timer_comes_due() -> None:
    fired = a_signal(
        Kind.TIMER_FIRED,
        body={"timer": "t", "timer_kind": "absence", "detector": "absent"},
        subject="account:A",
    )

    found = detect(fired, a_context(), PLAYBOOK)

    assert names(found) == ["absent"]
    assert found.fired[0].subject == "account:A"


def renewal_told(**fields: Any) -> Signal:
    return a_signal(Kind.ACCOUNT_UPDATED, body={"facts": {"renews_at": "2027-03-01"}}, **fields)


def test_a_date_that_is_told_wakes_when_it_is_near() -> None:
    renews_at = at("2027-03-01T00:00")
    context = a_context(facts=(a_fact("renews_at", renews_at),))

    (timer,) = detect(renewal_told(), context, PLAYBOOK).timers

    near = renews_at - 60 * DAY
    assert (timer.kind, timer.body) == ("date", {"date": renews_at})
    assert near <= timer.due_at < near + 6 * HOUR


def test_a_date_that_is_near_already_wakes_at_once_but_not_from_history() -> None:
    context = a_context(facts=(a_fact("renews_at", Instant(NOW + 30 * DAY)),))

    (timer,) = detect(renewal_told(), context, PLAYBOOK).timers

    assert timer.due_at == NOW
    assert detect(renewal_told(history=True), context, PLAYBOOK).timers == ()


def test_a_date_in_the_past_and_another_fact_wake_nothing() -> None:
    past = a_context(facts=(a_fact("renews_at", Instant(NOW - DAY)),))
    other = a_signal(Kind.ACCOUNT_UPDATED, body={"facts": {"plan": "pro"}})
    ahead = a_context(facts=(a_fact("renews_at", Instant(NOW + 90 * DAY)),))

    assert detect(renewal_told(), past, PLAYBOOK).timers == ()
    assert detect(other, ahead, PLAYBOOK).timers == ()


def test_a_date_fires_only_while_it_stands() -> None:
    renews_at = Instant(NOW + 60 * DAY)
    fired = a_signal(
        Kind.TIMER_FIRED,
        body={"timer": "t", "timer_kind": "date", "detector": "near", "date": renews_at},
        subject="account:A",
    )

    stands = detect(fired, a_context(facts=(a_fact("renews_at", renews_at),)), PLAYBOOK)
    moved = detect(fired, a_context(facts=(a_fact("renews_at", Instant(renews_at + DAY)),)), PLAYBOOK)

    assert names(stands) == ["near"]
    assert stands.fired[0].numbers == {"days": 60}
    assert names(moved) == []


def test_a_timer_of_a_removed_detector_is_let_go() -> None:
    fired = a_signal(Kind.TIMER_FIRED, body={"timer": "t", "timer_kind": "absence", "detector": "removed"})

    assert detect(fired, a_context(), PLAYBOOK) == Detected()


def test_a_signal_without_account_leaves_account_detectors_alone() -> None:
    found = detect(usage_signal(), a_context(account_id="", lane="person:p"), PLAYBOOK)

    assert found == Detected()
