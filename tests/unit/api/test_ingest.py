"""Adapters: what foreign clients send becomes signals, with the ids, times and kinds they meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from segue.api.ingest import cloudevents, posthog, segment
from segue.api.ingest.clocks import happened, moment
from segue.api.ingest.event_names import told_by
from segue.api.ingest.people import Facing
from segue.api.problems import Refusal
from segue.core.errors import SignalError
from segue.core.records.signals import NewSignal
from segue.identity import normalise_all

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)
FACING = Facing(
    spell=normalise_all,
    texts={"person": frozenset({"name", "email", "title"}), "account": frozenset({"plan"})},
    outcomes=frozenset({"complaint"}),
)
UUID = "11111111-2222-4333-8444-555555555555"


def of_segment(sent: datetime | None = None, **item: Any) -> NewSignal:
    return segment.signal_of({"messageId": "m1"} | item, sent=sent, received=NOW, facing=FACING)


def of_posthog(event: str, **item: Any) -> NewSignal:
    return posthog.signal_of(
        {"event": event, "distinct_id": "d1", "uuid": "p1"} | item, sent=None, received=NOW, facing=FACING
    )


# --- Segment ---------------------------------------------------------------------------------------------


def test_a_track_call_names_its_event_and_its_people() -> None:
    made = of_segment(
        type="track",
        event="Report Shared",
        userId=42,
        anonymousId=None,
        properties={"size": 3},
        context={"groupId": "g1", "traits": {"email": "Ann@X.io", "phone": "no number"}},
    )

    assert (made.source, made.source_id, made.kind) == ("segment", "m1", "event.tracked")
    assert made.identifiers == ["user:42", "email:Ann@X.io", "account:g1"]
    assert made.body == {"event": "Report Shared", "properties": {"size": 3}}


def test_an_identify_call_becomes_facts() -> None:
    made = of_segment(
        type="identify",
        userId="u1",
        anonymousId=UUID,
        traits={
            "firstName": "Ann",
            "lastName": "Lee",
            "email": "ann@x.io",
            "title": 7,
            "age": 30,
            "address": {"country": "DE", "state": "BY"},
            "gone": None,
        },
    )

    assert made.kind == "profile.updated"
    assert made.identifiers == ["user:u1", f"cookie:{UUID}", "email:ann@x.io"]
    assert made.body["facts"] == {
        "country": "DE",
        "region": "BY",
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann@x.io",
        "title": "7",
        "age": 30,
        "name": "Ann Lee",
    }


def test_a_group_call_speaks_of_the_account() -> None:
    made = of_segment(type="group", userId="u1", groupId="g1", traits={"plan": "pro", "email": "info@x.io"})

    assert (made.kind, made.identifiers) == ("account.updated", ["user:u1", "account:g1"])
    assert made.body["facts"]["plan"] == "pro"


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ({"type": "page", "properties": {"url": "https://x.io/pricing?a=1"}}, "/pricing"),
        ({"type": "page", "context": {"page": {"path": "/docs"}}}, "/docs"),
        ({"type": "page", "name": "Home"}, "Home"),
        ({"type": "screen", "name": "Basket"}, "Basket"),
    ],
)
def test_pages_and_screens_are_viewed(item: dict[str, Any], path: str) -> None:
    made = of_segment(userId="u1", **item)

    assert (made.kind, made.body["path"]) == ("page.viewed", path)


def test_a_page_that_nothing_names_is_tracked() -> None:
    assert of_segment(type="page", userId="u1").kind == "event.tracked"


def test_an_alias_links_the_old_id_to_the_new_one() -> None:
    visitor = of_segment(type="alias", userId="u1", previousId=UUID)
    user = of_segment(type="alias", userId="u1", previousId="u0")

    assert visitor.identifiers == ["user:u1", f"user:{UUID}", f"cookie:{UUID}"]
    assert user.identifiers == ["user:u1", "user:u0"]
    assert user.body == {"facts": {}}


@pytest.mark.parametrize(
    "item",
    [
        {"type": "track", "event": "E"},
        {"type": "track", "userId": "u1"},
        {"type": "track", "userId": {"a": 1}, "event": "E"},
        {"type": "group", "userId": "u1"},
        {"type": "alias", "userId": "u1"},
        {"type": "import", "userId": "u1"},
        {"type": "track", "userId": "u1", "event": "E", "timestamp": "soon"},
        {"type": "track", "userId": "u1", "event": "E", "timestamp": 1_700_000_000},
    ],
)
def test_what_is_no_call_says_what_is_missing(item: dict[str, Any]) -> None:
    with pytest.raises(SignalError):
        of_segment(**item)


@pytest.mark.parametrize("item", [None, 3, "x", [], True])
def test_what_is_no_object_is_no_message(item: object) -> None:
    with pytest.raises(SignalError):
        segment.signal_of(item, sent=None, received=NOW, facing=FACING)
    with pytest.raises(SignalError):
        posthog.signal_of(item, sent=None, received=NOW, facing=FACING)


def test_a_clock_that_runs_ahead_is_corrected() -> None:
    ahead = NOW + timedelta(hours=3)
    said = (ahead - timedelta(minutes=5)).isoformat()

    made = of_segment(sent=ahead, type="track", event="E", userId="u1", timestamp=said)
    own = of_segment(type="track", event="E", userId="u1", originalTimestamp=said, sentAt=ahead.isoformat())

    assert made.occurred_at == own.occurred_at == NOW - timedelta(minutes=5)


# --- times -----------------------------------------------------------------------------------------------


def test_without_a_time_of_sending_the_sender_is_believed() -> None:
    assert happened(NOW - timedelta(days=9), None, NOW) == NOW - timedelta(days=9)
    assert happened(None, NOW + timedelta(hours=1), NOW) == NOW


def test_a_clock_that_is_years_off_corrects_nothing() -> None:
    said = NOW - timedelta(days=1)

    assert happened(said, NOW - timedelta(days=4_000), NOW) == said


def test_a_time_without_an_offset_is_utc() -> None:
    assert moment("t", "2026-10-05T08:00:00") == NOW
    assert moment("t", "2026-10-05T10:00:00+02:00") == NOW
    assert moment("t", "") is None


# --- names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "properties", "kind"),
    [
        ("ticket.opened", {"ticket": "7", "topic": "billing"}, "ticket.opened"),
        ("Email Opened", {}, "mail.opened"),
        ("email_link_clicked", {"link_url": "https://x.io"}, "link.clicked"),
        ("Link Clicked", {}, "event.tracked"),
        ("Email Bounced", {}, "message.bounced"),
        ("Unsubscribed", {}, "consent.changed"),
        ("Email Marked as Spam", {}, "outcome.reached"),
        ("Form Submitted", {"form_name": "demo", "message": "Please call"}, "form.submitted"),
        ("timer.fired", {}, "event.tracked"),
        ("Order Completed", {}, "event.tracked"),
    ],
)
def test_known_names_have_a_kind(name: str, properties: dict[str, Any], kind: str) -> None:
    assert told_by(name, properties, FACING.outcomes)[0] == kind


def test_a_complaint_that_is_no_outcome_still_takes_consent_back() -> None:
    kind, body = told_by("Email Marked as Spam", {})

    assert (kind, body["channel"], body["state"]) == ("consent.changed", "email", "withdrawn")


def test_no_client_library_reports_an_outcome() -> None:
    name = "Email Marked as Spam"

    kinds = {of_segment(type="track", event=name, userId="u1").kind, of_posthog(name).kind}

    assert kinds == {"consent.changed"}


# --- PostHog ---------------------------------------------------------------------------------------------


def test_posthog_events_keep_their_own_id_and_drop_what_is_the_librarys() -> None:
    made = of_posthog(
        "shared", properties={"$lib": "posthog-python", "size": 3, "$groups": {"company": "g1"}}
    )

    assert (made.source, made.source_id) == ("posthog", "p1")
    assert made.identifiers == ["user:d1", "account:g1"]
    assert made.body == {"event": "shared", "properties": {"size": 3}}


def test_posthog_identify_joins_visitor_and_user() -> None:
    properties = {"$anon_distinct_id": UUID, "$device_id": UUID}

    made = of_posthog("$identify", properties=properties, **{"$set": {"email": "ann@x.io"}})

    assert made.identifiers == ["user:d1", f"cookie:{UUID}", "email:ann@x.io"]
    assert made.body == {"facts": {"email": "ann@x.io"}}


def test_a_visitor_whom_posthog_does_not_know_is_a_device() -> None:
    made = of_posthog(
        "$pageview", distinct_id=UUID, properties={"$device_id": UUID, "$current_url": "https://x.io/a"}
    )

    assert (made.kind, made.identifiers) == ("page.viewed", [f"cookie:{UUID}"])


@pytest.mark.parametrize(
    ("event", "properties", "identifiers", "kind"),
    [
        ("$create_alias", {"alias": "d0"}, ["user:d1", "user:d0"], "profile.updated"),
        (
            "$groupidentify",
            {"$group_type": "company", "$group_key": "g1", "$group_set": {"plan": "pro"}},
            ["account:g1"],
            "account.updated",
        ),
        ("$set", {"$set": {"title": "CTO"}}, ["user:d1"], "profile.updated"),
        ("$screen", {"$screen_name": "Basket"}, ["user:d1"], "page.viewed"),
    ],
)
def test_posthogs_own_events_have_their_kinds(
    event: str, properties: dict[str, Any], identifiers: list[str], kind: str
) -> None:
    made = of_posthog(event, properties=properties)

    assert (made.kind, made.identifiers) == (kind, identifiers)


# --- CloudEvents -----------------------------------------------------------------------------------------

EVENT = {"specversion": "1.0", "id": "7", "source": "/shop", "type": "page.viewed"}


def of_event(**more: Any) -> NewSignal:
    return cloudevents.signal_of({**EVENT, **more}, received=NOW, facing=FACING)


@pytest.mark.parametrize(
    ("more", "identifiers"),
    [
        ({"subject": "email:ann@x.io"}, ["email:ann@x.io"]),
        ({"subject": "u1"}, ["user:u1"]),
        ({"subject": "u1", "identifiers": "email:a@x.io, account:x"}, ["email:a@x.io", "account:x"]),
        ({"data": {"identifiers": ["user:9"], "path": "/"}}, ["user:9"]),
    ],
)
def test_an_event_says_in_one_of_three_places_whom_it_is_about(
    more: dict[str, Any], identifiers: list[str]
) -> None:
    made = of_event(**more)

    assert (made.source, made.source_id, made.kind) == ("/shop", "7", "page.viewed")
    assert made.identifiers == identifiers
    assert "identifiers" not in made.body


def test_data_may_be_base64_or_text() -> None:
    assert of_event(subject="u", data_base64="eyJwYXRoIjogIi9hIn0=").body == {"path": "/a"}
    assert of_event(subject="u", type="note", data="hello").body["properties"] == {"data": "hello"}
    with pytest.raises(SignalError):
        of_event(subject="u", data_base64="!!")


def test_binary_mode_reads_headers_and_needs_no_content_type() -> None:
    headers = {f"ce-{name}": value for name, value in EVENT.items()} | {"ce-subject": "Z%C3%BCrich"}

    (event,) = cloudevents.events_in(headers, b'{"path": "/"}')
    (plain,) = cloudevents.events_in(headers | {"content-type": "text/plain"}, b"hi")

    assert (event["subject"], event["data"]) == ("Zürich", {"path": "/"})
    assert plain["data"] == "hi"


@pytest.mark.parametrize(
    "raw", [b"3", b"[3]", b"{}", b'{"specversion":"0.3","id":"1","source":"s","type":"t"}']
)
def test_what_is_no_event_is_of_the_wrong_shape(raw: bytes) -> None:
    with pytest.raises(Refusal) as told:
        cloudevents.events_in({}, raw)

    assert told.value.problem.status == 422
