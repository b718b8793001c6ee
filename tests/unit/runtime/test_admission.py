"""What may come in, and what is told to whoever sent something else."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from segue.core.errors import SignalError
from segue.core.records.signals import Kind, NewSignal
from segue.core.units import to_instant
from segue.runtime.admission import Draft, admit
from tests.unit.runtime.fakes import IDS, START, a_mind, a_signal, after


def check(signal: NewSignal) -> Draft:
    return admit(signal, a_mind(), IDS, after(0))


def deep(levels: int) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for _ in range(levels):
        body = {"in": body}
    return body


def test_a_good_signal_is_normalised() -> None:
    draft = check(a_signal(who="Email:ANN@x.io", body={"path": "/", "p": 0.1}))

    assert draft.identifiers == ("email:ann@x.io",)
    assert draft.body == {"path": "/", "p": "0.1"}
    assert draft.kind is Kind.PAGE_VIEWED


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "page.viewd"}, "did you mean `page.viewed`?"),
        ({"kind": "timer.fired"}, "made by Segue itself"),
        ({"kind": 7}, "kind `7` is unknown"),
        ({"kind": "\ud800"}, "is unknown"),
        ({"source": ""}, "source: write a text"),
        ({"source": "segue.timer"}, "Segue's own"),
        ({"source_id": "x" * 201}, "source_id: write a text"),
        ({"source_id": "\ud800"}, "source_id: text holds a lone surrogate"),
        ({"identifiers": "email:ann@x.io"}, "write a list"),
        ({"identifiers": []}, "write 1 to 20"),
        ({"identifiers": [f"user:{n}" for n in range(21)]}, "write 1 to 20"),
        ({"identifiers": [7]}, "every one is a text"),
        ({"identifiers": ["ann@x.io"]}, "did you mean `email:ann@x.io`?"),
        ({"identifiers": ["user:null"]}, "stands for nobody"),
        ({"identifiers": ["account:a", "company:b"]}, "two accounts"),
        ({"occurred_at": "2026-01-01"}, "aware datetime"),
        ({"occurred_at": datetime(2026, 1, 1)}, "has no zone"),  # noqa: DTZ001
        ({"occurred_at": START - timedelta(days=3_700)}, "more than ten years ago"),
        ({"body": []}, "body: write an object"),
        ({"body": {"x": {1, 2}}}, "body: a value of type `set`"),
        ({"body": {"x": float("nan")}}, "is not a number"),
        ({"body": {"x": "\ud800"}}, "lone surrogate"),
        ({"body": deep(40)}, "nested deeper than 32"),
        ({"body": {"text": "x" * 300_000}}, "are more than 262,144"),
    ],
)
def test_a_bad_signal_is_refused_with_the_field_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(SignalError) as caught:
        check(a_signal(**fields))

    assert message in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "message.received", "body": {"channel": "email", "text": "x"}},
        {"kind": "message.sent"},
        {"kind": "call.transcribed"},
        {"kind": "outcome.reached"},
        {"kind": "ticket.opened"},
        {"kind": "ticket.solved"},
        {"kind": "meeting.booked"},
        {"kind": "conversation.claimed"},
        {"kind": "consent.changed", "body": {"channel": "email", "state": "granted"}},
        {"kind": "consent.changed", "body": {"channel": "email"}},
    ],
)
def test_a_claim_neither_speaks_for_anybody_nor_gives_consent(fields: dict[str, Any]) -> None:
    with pytest.raises(SignalError, match="`record`"):
        check(a_signal(trust="claimed", **fields))


def test_a_claim_may_take_consent_back() -> None:
    draft = check(
        a_signal(trust="claimed", kind="consent.changed", body={"channel": "email", "state": "withdrawn"})
    )

    assert draft.received(after(0)).trust == "claimed"


def test_a_claim_never_takes_the_place_of_what_a_system_of_record_tells() -> None:
    claim, word = check(a_signal("1", trust="claimed")), check(a_signal("1"))

    assert claim.id != word.id


def test_trust_is_one_of_two_words() -> None:
    with pytest.raises(SignalError, match="trust: write `verified` or `claimed`"):
        check(a_signal(trust="certain"))


def test_a_clock_that_runs_ahead_is_corrected() -> None:
    draft = check(a_signal(occurred_at=START + timedelta(days=1)))

    assert draft.received(after(0)).occurred_at == after(0)


def test_without_a_source_id_the_same_content_is_the_same_signal() -> None:
    one, same, other = (check(a_signal(None, body={"path": path})) for path in ("/a", "/a", "/b"))

    assert one.id == same.id != other.id


def test_what_the_sender_changes_afterwards_does_not_reach_the_draft() -> None:
    body = {"fields": {"a": 1}}
    draft = check(a_signal(body=body))

    body["fields"]["a"] = 2

    assert draft.body == {"fields": {"a": 1}}


def test_keys_stand_in_the_order_the_log_gives_them_back() -> None:
    draft = check(a_signal(body={"z": 1, "a": [{"y": 1, "b": 2}]}))

    assert list(draft.body) == ["a", "z"]
    assert list(draft.body["a"][0]) == ["b", "y"]


def test_a_signal_of_a_door_may_name_its_subject_in_place_of_identifiers() -> None:
    new = a_signal("s1", identifiers=(), subject=f"profile:{'0' * 26}")

    draft = admit(new, a_mind(), IDS, to_instant(START))

    assert (draft.subject, draft.identifiers) == (f"profile:{'0' * 26}", ())


@pytest.mark.parametrize("subject", ["tenant", "account:1", "profile:", "profile:ANN", None])
def test_a_subject_that_is_no_profile_is_refused(subject: Any) -> None:
    with pytest.raises(SignalError, match="subject"):
        admit(a_signal("s1", subject=subject), a_mind(), IDS, to_instant(START))
