"""A correction ends what stood there under every profile, and begins one verified fact."""

from typing import Any

import pytest

from segue.core.errors import SignalError
from segue.core.records.memory import Fact
from segue.graph import remember
from segue.graph.applying import apply
from segue.graph.correcting import beyond
from tests.build import ACME, ANN, NOW, a_context, a_fact, a_playbook, a_signal

WEB = "profile:web"
BOTH = ("ann", "web")


def corrected(*known: Fact, trust: str = "verified", **body: Any) -> list[tuple[str, str, Any, str]]:
    """What is known afterwards of the corrected predicate: subject, qualifier, value and trust."""
    said = {"by": "rep:anna", "why": "on the phone", "of": "person", "qualifier": "", **body}
    signal = a_signal("memory.corrected", said, identifiers=(), subject=ANN, trust=trust)
    context = a_context(*known, profile_ids=BOTH)
    after = apply(context, remember(signal, None, context, a_playbook()))
    return sorted(
        (fact.subject, fact.qualifier, fact.value, fact.trust)
        for fact in after.facts
        if fact.predicate == said["predicate"]
    )


CLAIM = a_fact("team_size", 30, subject=WEB, trust="claimed")
RECORD = a_fact("team_size", 35, subject=WEB)
OWN = a_fact("team_size", 40, trust="claimed")


def test_one_verified_fact_takes_the_place_of_all_there_were() -> None:
    assert corrected(CLAIM, RECORD, OWN, predicate="team_size", value=45) == [(ANN, "", 45, "verified")]


def test_forgetting_ends_them_all_and_what_no_profile_held_yet() -> None:
    late = a_fact("team_size", 20, valid_from=NOW - 9, signal_id="s9")

    assert corrected(CLAIM, RECORD, OWN, predicate="team_size", forget=True) == []
    signal = a_signal(
        "memory.corrected", {"predicate": "team_size", "forget": True, "by": "rep:anna"}, subject=ANN
    )
    ends = remember(signal, None, a_context(), a_playbook()).facts
    assert {(fact.subject, fact.trust, fact.value) for fact in ends} == {
        (ANN, "claimed", None),
        (ANN, "verified", None),
    }
    assert all(fact.valid_from > late.valid_from for fact in ends)


def test_another_contact_keeps_what_they_said() -> None:
    bob = a_fact("team_size", 12, subject="profile:bob", trust="claimed")

    assert corrected(bob, OWN, predicate="team_size", value=45) == [
        (ANN, "", 45, "verified"),
        ("profile:bob", "", 12, "claimed"),
    ]


def test_a_fact_of_the_account_is_corrected_on_the_account() -> None:
    health = a_fact("health", 40, subject=ACME)

    assert corrected(health, predicate="health", value=70, of="account") == [(ACME, "", 70, "verified")]


def test_what_anybody_could_have_told_corrects_nothing() -> None:
    with pytest.raises(SignalError, match="a human's to make"):
        corrected(OWN, trust="claimed", predicate="team_size", value=45)


@pytest.mark.parametrize("missing", ["by", "predicate", "value"])
def test_who_which_and_what_must_be_said(missing: str) -> None:
    body: dict[str, Any] = {"by": "rep:anna", "predicate": "team_size", "value": 45, missing: None}

    with pytest.raises(SignalError, match=missing):
        corrected(OWN, **body)


@pytest.mark.parametrize(
    ("predicate", "value", "message"),
    [
        ("team_size", -5, "size of the team must be from 1 to 2,000,000, not `-5`"),
        ("team_size", 0, "from 1 to"),
        ("seats_wanted", 9_000_000, "seats wanted must be from 1"),
        ("budget", {"amount": -1, "currency": "EUR"}, "budget must be from 0 to"),
        ("preference.not_before", 1_500, "from 0 to 1,440"),
        ("preference.days", "890", "must be digits of days, Monday is 1, such as `135`, not `890`"),
        ("preference.days", "11", "must be digits of days"),
        ("preference.frequency", "often", "must be `less` or a number of times"),
        ("job", "x" * 201, "job has more than 200 characters"),
    ],
)
def test_a_value_beyond_its_bounds_is_told_with_them(predicate: str, value: Any, message: str) -> None:
    assert message in beyond(predicate, value)


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        ("team_size", 1),
        ("budget", {"amount": 50_000, "currency": "EUR"}),
        ("preference.days", "135"),
        ("preference.frequency", "2/week"),
        ("go_live", 5),
        ("job", "CFO"),
        ("plan", -5),
    ],
)
def test_a_value_within_its_bounds_is_taken(predicate: str, value: Any) -> None:
    assert beyond(predicate, value) == ""


def test_what_was_once_corrected_is_not_judged_again() -> None:
    assert corrected(predicate="team_size", value=-5) == [(ANN, "", -5, "verified")]
