"""Times free of zone, and what they mean to somebody in a zone."""

from datetime import datetime

import pytest

from segue.core.units import Instant, to_datetime, to_instant
from segue.core.when import is_code, span_of
from segue.core.zones import zone

THURSDAY = to_instant(datetime.fromisoformat("2026-11-26T10:00:00+01:00"))


def means(code: str, said_at: Instant = THURSDAY, name: str = "Europe/Berlin") -> tuple[str, str]:
    span = span_of(code, said_at, name)
    assert span is not None
    first, last = (to_datetime(at).astimezone(zone(name)) for at in span)
    return f"{first:%Y-%m-%dT%H:%M}", f"{last:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("d+0", "2026-11-26T00:00", "2026-11-27T00:00"),
        ("d+1T15:00", "2026-11-27T15:00", "2026-11-27T15:00"),
        ("T09:00", "2026-11-27T09:00", "2026-11-27T09:00"),
        ("T16:30", "2026-11-26T16:30", "2026-11-26T16:30"),
        ("h+2", "2026-11-26T12:00", "2026-11-26T12:00"),
        ("wd4", "2026-12-03T00:00", "2026-12-04T00:00"),
        ("wd5", "2026-11-27T00:00", "2026-11-28T00:00"),
        ("wd5+1", "2026-12-04T00:00", "2026-12-05T00:00"),
        ("w+1", "2026-11-30T00:00", "2026-12-07T00:00"),
        ("m+1", "2026-12-01T00:00", "2027-01-01T00:00"),
        ("q+1", "2027-01-01T00:00", "2027-04-01T00:00"),
        ("y+1", "2027-01-01T00:00", "2028-01-01T00:00"),
        ("---26", "2026-11-26T00:00", "2026-11-27T00:00"),
        ("---25T15:00", "2026-12-25T15:00", "2026-12-25T15:00"),
        ("---31", "2026-11-30T00:00", "2026-12-01T00:00"),
        ("m+1-25", "2026-12-25T00:00", "2026-12-26T00:00"),
        ("em+0", "2026-11-30T00:00", "2026-12-01T00:00"),
        ("--03", "2027-03-01T00:00", "2027-04-01T00:00"),
        ("--11", "2026-11-01T00:00", "2026-12-01T00:00"),
        ("--11-25", "2027-11-25T00:00", "2027-11-26T00:00"),
        ("--02-29", "2027-02-28T00:00", "2027-03-01T00:00"),
        ("2028-02-29", "2028-02-29T00:00", "2028-03-01T00:00"),
        ("d+0T24:00", "2026-11-27T00:00", "2026-11-27T00:00"),
    ],
)
def test_a_time_is_found_where_the_person_is(code: str, first: str, last: str) -> None:
    assert means(code) == (first, last)


def test_the_same_words_mean_another_day_across_the_date_line() -> None:
    assert means("d+0", THURSDAY, "Pacific/Auckland")[0] == "2026-11-26T00:00"
    assert means("d+0", THURSDAY, "Pacific/Honolulu")[0] == "2026-11-25T00:00"


@pytest.mark.parametrize(
    "code", ["", "--13", "wd8", "tomorrow", "d+1T25:00", "2026-13-01", "---32", "w+1-15"]
)
def test_what_is_no_time_means_nothing(code: str) -> None:
    assert not is_code(code)
    assert span_of(code, THURSDAY, "UTC") is None
