"""What cannot be read says where it stands and what to write instead."""

import re
from datetime import datetime
from typing import Any

import pytest

import segue
from segue.core.errors import InputError
from segue.perception import RulePerceiver

PERCEIVER = segue.Perceiver(RulePerceiver.of({}))
MESSAGE: Any = segue.Message
NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001 - what has no zone is what is tried
PAIR = ["I want my money back", "Please refund me"]


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ("a demo please", "messages: must be a list, not `str`; write `["),
        (None, "messages: must be a list, not `None`; write `["),
        (MESSAGE("hello"), "messages: must be a list, not `Message`; write `["),
        ({"text": "hello"}, "messages: must be a list, not `dict`; write `["),
        (["hello", None], 'messages[1]: must be text or a `Message`, not `NoneType`; write `Message("'),
        ([b"hello"], "messages[0]: must be text or a `Message`, not `bytes`; decode it first"),
        ([{"text": "hello"}], 'messages[0]: must be text or a `Message`, not `dict`; write `Message("'),
        ([MESSAGE(b"hello")], "messages[0].text: must be text, not `bytes`; decode it first"),
        ([MESSAGE("a", channel="emial")], "[0].channel: `emial` is unknown; did you mean `email`?"),
        ([MESSAGE("a", channel=None)], "[0].channel: must be text, not `None`; write one of email"),
        ([MESSAGE("a", occurred_at="now")], "[0].occurred_at: must be a datetime, not `str`; write"),
        ([MESSAGE("a", occurred_at=NAIVE)], "[0].occurred_at: has no time zone; write"),
    ],
)
def test_what_is_no_message_is_told_with_its_place(messages: Any, told: str) -> None:
    with pytest.raises(InputError, match=re.escape(told)):
        PERCEIVER.perceive(messages)


@pytest.mark.parametrize("speaker", ["", "Ann", "custmer", "rep:", "user"])
def test_a_speaker_that_is_unknown_is_told_with_those_that_are(speaker: str) -> None:
    with pytest.raises(
        InputError, match=r"messages\[0\]\.speaker: .* write one of customer, agent, rep, or `rep:`"
    ):
        PERCEIVER.perceive([segue.Message("Please stop emailing me", speaker=speaker)])


@pytest.mark.parametrize("speaker", ["Customer", "CUSTOMER", " customer "])
def test_a_customer_in_any_case_is_read(speaker: str) -> None:
    (percept,) = PERCEIVER.perceive([segue.Message("Please stop emailing me", speaker, "Email")])

    assert [wish.kind for wish in percept.preferences] == ["stop"]


@pytest.mark.parametrize("speaker", ["agent", "Agent", "rep", "rep:anna"])
def test_what_the_company_says_is_not_read(speaker: str) -> None:
    (percept,) = PERCEIVER.perceive([segue.Message("Please stop emailing me", speaker)])

    assert (percept.decision, percept.preferences) == ("none", ())


def test_names_that_are_no_list_are_told() -> None:
    with pytest.raises(InputError, match=re.escape('known_names: must be a list, not `str`; write `["Ann')):
        segue.Perceiver(RulePerceiver.of({}), "Ann Lee")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (({"a": PAIR, "b": PAIR}, [None]), "known_names[0]: must be text, not `None`"),
        (({"a": "hello", "b": PAIR},), "intents[`a`]: must be a list, not `str`; write `["),
        (({"a": PAIR, "b": [*PAIR, 7]},), "intents[`b`][2]: must be text, not `int`"),
        ((None,), 'intents: must be examples by label, not `None`; write `{"'),
        ((PAIR,), 'intents: must be examples by label, not `list`; write `{"'),
        (({7: PAIR, "b": PAIR},), "intents: label: must be text, not `int`"),
    ],
)
def test_what_nothing_can_be_learned_from_is_told_with_its_place(given: Any, told: str) -> None:
    with pytest.raises(InputError, match=re.escape(told)):
        segue.Perceiver.from_examples(*given)
