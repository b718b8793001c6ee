"""No draft gives away what is private, nor what another contact said; whoever edited it."""

from typing import Any

import pytest

from segue.core.records.context import Contact
from segue.core.records.memory import Fact
from tests.build import a_fact
from tests.unit.planner.build import a_template, book, decide

BOB = "profile:bob"


def said(words: str, *facts: Fact) -> list[str]:
    playbook = book(templates={"upgrade": a_template(words=words)}, policies=())
    stepped = decide(playbook, *facts, contacts=(Contact("ann", ("ann",)), Contact("bob", ("bob",))))
    assert stepped.decision is not None
    return [item.because for item in stepped.decision.considered if item.dropped_at == "draft"]


def ill(**fields: Any) -> Fact:
    words = "My wife is in hospital"
    return a_fact("sensitive.health", value=True, trust="claimed", words=words, **fields)


@pytest.mark.parametrize(
    "draft",
    [
        "As my wife is in hospital, you may want more.",
        "We heard that your  wife is\nin HOSPITAL and wish her well.",
    ],
)
@pytest.mark.parametrize("subject", ["profile:ann", BOB])
def test_private_words_go_to_nobody_not_even_back(draft: str, subject: str) -> None:
    assert said(draft, ill(subject=subject)) == ["the draft holds something private"]


def test_what_another_contact_said_is_not_repeated_and_ones_own_words_may_be() -> None:
    words = "We're 40 people"
    theirs = a_fact("team_size", 40, subject=BOB, trust="claimed", words=words)
    own = a_fact("team_size", 40, trust="claimed", words=words)
    draft = "You're 40 people, so the bigger plan fits."

    assert said(draft, theirs) == ["the draft repeats what another contact said"]
    assert said(draft, own) == []


def test_a_draft_of_other_words_goes_out() -> None:
    assert said("Have a look at the bigger plan.", ill(), ill(subject=BOB)) == []


def test_words_too_short_to_tell_hinder_nothing() -> None:
    short = a_fact("team", "IT", subject=BOB, trust="claimed", words="the IT")

    assert said("Have a look at the IT plan.", short) == []
