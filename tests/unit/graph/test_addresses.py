"""Where nothing else is on record, an identifier says where somebody is reached, and only as a claim."""

from typing import Any

import pytest

from segue.core.records.signals import Kind
from segue.graph import remember
from tests.build import ANN, SOURCES, a_context, a_fact, a_playbook, a_signal

PLAYBOOK = a_playbook()


def claimed(
    *identifiers: str, kind: Kind = Kind.PAGE_VIEWED, known: tuple[Any, ...] = (), **more: Any
) -> list[tuple[str, str, Any]]:
    """Addresses that a signal with these identifiers leaves, all of them claims."""
    body = more.pop("body", {"path": "/"})
    playbook, profiles = more.pop("playbook", PLAYBOOK), more.pop("profile_ids", ("ann",))
    signal = a_signal(kind, body, identifiers=identifiers, **more)
    memory = remember(signal, None, a_context(*known, profile_ids=profiles), playbook)
    found = [fact for fact in memory.facts if fact.trust == "claimed"]
    return [(fact.subject, fact.predicate, fact.value) for fact in found]


@pytest.mark.parametrize(
    ("identifier", "fact"),
    [
        ("email:ann@x.io", (ANN, "email", "ann@x.io")),
        ("phone:+4930123456", (ANN, "phone", "+4930123456")),
    ],
)
def test_an_identifier_is_an_address_of_last_resort(identifier: str, fact: tuple[str, str, str]) -> None:
    assert claimed(identifier) == [fact]


@pytest.mark.parametrize("trust", ["verified", "claimed"])
@pytest.mark.parametrize("whose", [ANN, "profile:old"])
def test_an_address_on_record_stands_under_whichever_profile(trust: str, whose: str) -> None:
    known = (a_fact("email", "ann@work.io", subject=whose, trust=trust),)

    assert claimed("email:ann@x.io", known=known, profile_ids=("old", "ann")) == []


def test_the_address_of_a_colleague_is_not_ones_own() -> None:
    known = (a_fact("email", "bob@x.io", subject="profile:bob"),)

    assert claimed("email:ann@x.io", known=known) == [(ANN, "email", "ann@x.io")]


def test_what_the_signal_itself_says_of_an_address_stands() -> None:
    body = {"facts": {"email": "ann@work.io"}}

    assert claimed("email:ann@x.io", kind=Kind.PROFILE_UPDATED, body=body) == []


@pytest.mark.parametrize("identifier", ["user:1", "cookie:c1", "account:acme", "phone:+4930123456;ext=12"])
def test_what_takes_no_messages_is_no_address(identifier: str) -> None:
    assert claimed(identifier) == []


def test_a_question_of_another_tool_tells_no_address() -> None:
    body = {"tool": "mailer", "key": "k", "purpose": "commercial", "channel": "email"}

    assert claimed("email:ann@x.io", kind=Kind.GATE_REQUESTED, body=body) == []


def test_an_address_no_playbook_asks_for_is_not_kept() -> None:
    sources = [source for source in SOURCES if source.name != "person.email"]

    assert claimed("email:ann@x.io", playbook=a_playbook(sources=sources)) == []
