"""What the door asks of a body is what memory needs of it, field by field."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from segue.api.bodies import BODIES, check_body
from segue.api.problems import Refusal
from segue.core.errors import SignalError
from segue.core.records.signals import INTERNAL_KINDS, Kind
from segue.graph import read_body
from tests.build import a_playbook, a_signal

LEAST: Mapping[str, Mapping[str, Any]] = {
    "message.received": {"channel": "email", "text": "Hi"},
    "message.sent": {"channel": "email", "by": "rep:ann"},
    "message.bounced": {"channel": "email"},
    "page.viewed": {"path": "/"},
    "link.clicked": {"url": "https://x.io"},
    "usage.recorded": {"count": 3},
    "event.tracked": {"event": "Report Shared"},
    "ticket.opened": {"ticket": "7", "topic": "billing"},
    "ticket.solved": {"ticket": "7"},
    "profile.updated": {"facts": {}},
    "account.updated": {"facts": {}},
    "meeting.booked": {"meeting": "m", "starts_at": "2026-03-01T10:00:00Z"},
    "meeting.moved": {"meeting": "m", "starts_at": "2026-03-01T10:00:00+01:00"},
    "meeting.cancelled": {"meeting": "m"},
    "consent.changed": {"channel": "all", "state": "granted"},
    "outcome.reached": {"outcome": "demo_booked"},
    "conversation.claimed": {"by": "rep:ann"},
    "conversation.released": {"by": "rep:ann"},
    "conversation.held": {"by": "rep:ann"},
}
NAMED_BY_TOOLS = {"conversation.claimed", "conversation.released"}
"""A tool that names nobody speaks for itself where it does not come in by the front door."""
PLAYBOOK = a_playbook()


def read(kind: str, body: Mapping[str, Any]) -> None:
    read_body(a_signal(kind, dict(body), identifiers=("user:ann",)), PLAYBOOK)


@pytest.mark.parametrize("kind", sorted(LEAST))
def test_the_least_body_is_taken_and_read(kind: str) -> None:
    check_body(kind, LEAST[kind], "body")
    read(kind, LEAST[kind])


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in LEAST for field in LEAST[kind]])
@pytest.mark.parametrize("value", [None, [], ""], ids=["missing", "a list", "empty"])
def test_without_a_field_it_is_refused_where_memory_would_refuse_it(
    kind: str, field: str, value: object
) -> None:
    body = {name: told for name, told in {**LEAST[kind], field: value}.items() if told is not None}

    with pytest.raises(Refusal, match=field) as refused:
        check_body(kind, body, "body")
    if kind not in NAMED_BY_TOOLS:
        with pytest.raises(SignalError, match=field):
            read(kind, body)

    assert refused.value.problem.status == 422


def test_what_else_a_body_holds_is_not_looked_at() -> None:
    check_body("page.viewed", {"path": "/", "more": [3]}, "body")


def test_every_kind_of_the_table_may_come_from_outside() -> None:
    assert set(LEAST) <= set(BODIES)
    assert not {Kind(kind) for kind in BODIES} & INTERNAL_KINDS


def test_a_kind_that_needs_nothing_takes_anything() -> None:
    check_body("form.submitted", {}, "body")


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("message.received", "thread", 7),
        ("message.received", "references", [1]),
        ("message.received", "attachments", "a.pdf"),
        ("message.received", "automatic", "maybe"),
        ("message.sent", "purpose", "spam"),
        ("message.bounced", "severity", "medium"),
        ("call.transcribed", "turns", [{"speaker": "customer"}]),
        ("meeting.noted", "text", ["Hi"]),
        ("form.submitted", "fields", "a=b"),
        ("page.viewed", "title", 5),
        ("link.clicked", "after_s", "soon"),
        ("mail.opened", "url", {}),
        ("usage.recorded", "day", "yesterday"),
        ("event.tracked", "properties", []),
        ("ticket.opened", "priority", 1),
        ("meeting.booked", "with", 3),
        ("consent.changed", "purpose", "fun"),
        ("consent.changed", "trust", "sure"),
        ("outcome.reached", "value", 500),
        ("conversation.claimed", "until", "Friday"),
        ("conversation.released", "promise", {"due": "wd5"}),
    ],
)
def test_an_optional_field_of_another_form_is_refused_with_its_place(
    kind: str, field: str, value: object
) -> None:
    with pytest.raises(Refusal, match=field) as refused:
        check_body(kind, {**LEAST.get(kind, {}), field: value}, "body")

    assert refused.value.problem.status == 422


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("message.received", {"thread": None, "subject": "", "references": "<a@x>", "automatic": ""}),
        ("message.received", {"anything": {"of": ["the", "tool's"]}}),
        ("call.transcribed", {"turns": [{"speaker": "rep:anna", "text": "Hi", "at": 3}]}),
        ("link.clicked", {"after_s": Decimal("1.5")}),
        ("link.clicked", {"after_s": "95.5"}),
        ("usage.recorded", {"day": "2026-03-01", "metric": "logins"}),
        ("meeting.booked", {"with": ["ann@x.io"]}),
        ("outcome.reached", {"value": {"amount": 500, "currency": "EUR"}}),
        ("conversation.released", {"promise": {"what": "call", "due": "wd5", "words": "I'll call"}}),
    ],
)
def test_an_optional_field_in_its_form_is_taken(kind: str, more: Mapping[str, Any]) -> None:
    check_body(kind, {**LEAST.get(kind, {}), **more}, "body")
