"""When a person may be contacted."""

from dataclasses import replace
from typing import Any

import pytest

from segue.core.records.binding import Binding
from segue.core.records.memory import Fact
from segue.core.records.playbook import Action, Window
from segue.core.units import DAY, MINUTE, Instant
from segue.policy import DERIVED, zones_of
from segue.policy.hours import opening
from tests.build import ACME, NOW, a_candidate, a_context, a_fact, a_playbook, a_window, instant

BERLIN = a_fact("time_zone", "Europe/Berlin")
NEW_YORK = a_fact("time_zone", "America/New_York")
GERMAN = a_fact("country", "DE")


def opens(at: str, *facts: Fact, windows: tuple[Window, ...] = (a_window(),), **candidate: Any) -> Any:
    """When the window opens, as seen at an instant; `at` itself while it is open."""
    binding = bound(at, *facts, windows=windows, **candidate)
    found = DERIVED["window.opens_at"].of(binding)
    assert DERIVED["window.open"].of(binding) is (found == instant(at))
    return found


def bound(
    at: str, *facts: Fact, windows: tuple[Window, ...] = (), actions: Any = None, **candidate: Any
) -> Binding:
    playbook = a_playbook(windows=windows, actions=actions or {})
    return Binding(
        a_context(*facts, now=instant(at)), playbook, candidate=a_candidate(at=instant(at), **candidate)
    )


def test_it_opens_at_eight_where_the_person_is() -> None:
    assert opens("2026-03-02T03:00Z", BERLIN) == instant("2026-03-02T08:00+01:00")
    assert opens("2026-03-02T07:00Z", BERLIN) == instant("2026-03-02T07:00Z")
    assert opens("2026-03-02T20:00Z", BERLIN) == instant("2026-03-03T08:00+01:00")


def test_the_morning_after_the_clock_goes_forward_is_an_hour_earlier() -> None:
    assert opens("2026-03-28T21:00Z", BERLIN) == instant("2026-03-29T08:00+02:00")


def test_half_past_one_twice_is_open_twice() -> None:
    windows = (a_window(hours=(90, 105)),)
    first, second = "2026-11-01T01:30-04:00", "2026-11-01T01:30-05:00"

    assert opens(first, NEW_YORK, windows=windows) == instant(first)
    assert opens("2026-11-01T01:50-04:00", NEW_YORK, windows=windows) == instant(second)
    assert opens(second, NEW_YORK, windows=windows) == instant(second)


def test_a_time_that_the_clock_skips_does_not_open() -> None:
    windows = (a_window(hours=(130, 150)),)

    found = opens("2026-03-08T01:00-05:00", NEW_YORK, windows=windows)

    assert found == instant("2026-03-09T02:10-04:00")


def test_a_number_that_may_ring_in_many_zones_waits_for_the_last() -> None:
    toll_free = a_fact("phone", "+18005551234")

    found = opens("2026-03-02T14:00Z", toll_free)

    assert found == instant("2026-03-03T08:00+10:00")  # Guam, while Bermuda is still up


def test_zone_on_record_and_number_must_both_be_open() -> None:
    assert opens("2026-03-02T09:00Z", BERLIN, a_fact("phone", "+12125550123")) == instant(
        "2026-03-02T08:00-05:00"
    )


@pytest.mark.parametrize(
    ("facts", "zones"),
    [
        ((BERLIN, a_fact("country", "JP")), ("Europe/Berlin",)),
        ((a_fact("phone", "+442079460018"),), ("Europe/London",)),
        ((a_fact("phone", "020 7946 0018"), a_fact("country", "GB")), ("Europe/London",)),
        ((a_fact("country", "JP"), a_fact("country", "FR", ACME)), ("Asia/Tokyo",)),
        ((a_fact("country", "FR", ACME),), ("Europe/Paris",)),
        ((a_fact("time_zone", "Asia/Tokyo", ACME), a_fact("country", "FR", ACME)), ("Asia/Tokyo",)),
        ((a_fact("phone", "reception"), a_fact("country", "Atlantis")), ("Europe/Berlin",)),
        ((a_fact("time_zone", "Europe/Pariss"),), ("Europe/Berlin",)),
        ((), ("Europe/Berlin",)),
    ],
)
def test_zones_are_found_in_a_fixed_order(facts: tuple[Fact, ...], zones: tuple[str, ...]) -> None:
    assert zones_of(bound("2026-03-02T09:00Z", *facts)) == zones


def test_the_closest_window_governs() -> None:
    windows = (
        a_window("*", (480, 1260)),
        a_window("US", (540, 1200)),
        a_window("US", (600, 1200), region="KY"),
    )
    florida, kentucky = a_fact("region", "US-FL"), a_fact("region", "KY")
    american = (NEW_YORK, a_fact("country", "us"))

    assert opens("2026-03-02T06:00-05:00", BERLIN, GERMAN, windows=windows) == instant("2026-03-02T11:00Z")
    assert opens("2026-03-02T06:00-05:00", *american, florida, windows=windows) == instant(
        "2026-03-02T09:00-05:00"
    )
    assert opens("2026-03-02T06:00-05:00", *american, kentucky, windows=windows) == instant(
        "2026-03-02T10:00-05:00"
    )


def test_the_country_of_the_number_governs_where_none_is_on_record() -> None:
    windows = (a_window("GB", (600, 700)), a_window("*"))

    found = opens("2026-03-02T08:00Z", a_fact("phone", "+447911123456"), windows=windows)

    assert found == instant("2026-03-02T10:00Z")


def test_public_holidays_are_closed_where_the_window_says_so() -> None:
    windows = (a_window("DE", on_holidays=False),)
    bavaria = a_fact("region", "BY", ACME), a_fact("country", "DE", ACME)

    assert opens("2026-12-25T09:00Z", GERMAN, windows=windows) == instant("2026-12-27T08:00+01:00")
    assert opens("2026-06-04T09:00Z", GERMAN, windows=windows) == instant("2026-06-04T09:00Z")
    assert opens("2026-06-04T09:00Z", *bavaria, windows=windows) == instant("2026-06-05T08:00+02:00")


def test_days_without_hours_are_closed() -> None:
    weekdays = (replace(a_window(), hours=(*[(480, 1260)] * 5, None, None)),)

    assert opens("2026-03-07T09:00Z", BERLIN, windows=weekdays) == instant("2026-03-09T08:00+01:00")


def test_never_open_is_unknown() -> None:
    assert opens("2026-03-02T09:00Z", BERLIN, windows=(a_window(hours=None),)) is None


def test_zones_that_are_never_open_together_are_unknown() -> None:
    found = opening(("Europe/Berlin", "Pacific/Auckland"), lambda _day: (600, 660), NOW)

    assert found is None


def test_not_before_ten_is_kept_in_the_persons_zone() -> None:
    wish = a_fact("preference.not_before", 600, trust="claimed")
    evening = a_fact("preference.not_after", 1080, trust="claimed")

    assert opens("2026-07-01T06:30Z", BERLIN, wish) == instant("2026-07-01T10:00+02:00")
    assert opens("2026-07-01T17:00Z", BERLIN, wish, evening) == instant("2026-07-02T10:00+02:00")
    assert opens("2026-07-01T06:30Z", BERLIN, wish, windows=()) == instant("2026-07-01T10:00+02:00")


def test_weekdays_that_the_person_named_are_kept() -> None:
    wish = a_fact("preference.days", "24", trust="claimed")

    assert opens("2026-03-02T09:00Z", BERLIN, wish) == instant("2026-03-03T08:00+01:00")


def test_a_pause_holds_back_what_sells_and_not_what_serves() -> None:
    until = Instant(NOW + 40 * DAY)
    wish = a_fact("preference.pause_until", until, trust="claimed")

    assert opens("2026-03-02T09:00Z", BERLIN, wish) == until
    assert opens("2026-03-02T09:00Z", BERLIN, wish, purpose="service") == NOW


def test_who_is_out_of_office_is_not_sold_to_until_they_are_back() -> None:
    until = Instant(NOW + 5 * DAY)
    away = a_fact("away_until", until, trust="claimed")
    pause = a_fact("preference.pause_until", Instant(NOW + 2 * DAY), trust="claimed")

    assert opens("2026-03-02T09:00Z", BERLIN, away, pause) == until


def test_what_is_mandatory_does_not_wait_for_a_wish() -> None:
    wish = a_fact("preference.not_before", 1200, trust="claimed")

    assert opens("2026-03-02T09:00Z", BERLIN, wish, purpose="mandatory") == NOW


@pytest.mark.parametrize(
    "candidate",
    [
        {"channel": ""},
        {"channel": "chat"},
        {"purpose": "service"},
        {"purpose": "internal"},
        {
            "action": "tell",
            "actions": {"tell": Action("tell", "commercial", "mail", "send", "K", to="owner")},
        },
    ],
    ids=["no channel", "other channel", "other purpose", "internal", "to the owner"],
)
def test_what_no_window_governs_is_open(candidate: dict[str, Any]) -> None:
    assert opens("2026-03-02T02:00Z", BERLIN, **candidate) == instant("2026-03-02T02:00Z")


def test_without_a_candidate_it_is_open() -> None:
    binding = Binding(a_context(), a_playbook(windows=(a_window(),)))

    assert DERIVED["window.open"].of(binding) is True


def test_the_last_minute_is_open_and_the_closing_one_is_not() -> None:
    last = instant("2026-03-02T21:00+01:00") - MINUTE

    assert opens("2026-03-02T20:59+01:00", BERLIN) == last
    assert opens("2026-03-02T21:00+01:00", BERLIN) > last + MINUTE
