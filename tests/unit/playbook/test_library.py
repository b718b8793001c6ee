"""The default playbook loads, holds what it promises, and passes its own tests."""

from pathlib import Path
from typing import Any

import pytest

import segue
from segue.core.errors import MissingError
from segue.core.records.playbook import Playbook
from segue.perception import RulePerceiver
from segue.playbook import load, run_tests

SAAS = Path(segue.__file__).parent / "library" / "saas"
CHANNELS = {"preferred": ("email", "sms", "whatsapp", "chat"), "same": ("sms", "whatsapp")}


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load(SAAS)


def test_its_own_tests_pass() -> None:
    failed = [result for result in run_tests(SAAS) if not result.passed]

    assert failed == []


def test_every_play_and_policy_has_tests(playbook: Playbook) -> None:
    tried = {result.subject for result in run_tests(SAAS)}

    assert {f"play {name}" for name in playbook.plays} <= tried
    assert {f"policy {policy.name}" for policy in playbook.policies} <= tried


def test_every_policy_is_tried_on_both_sides() -> None:
    found: dict[str, set[bool]] = {}
    for result in run_tests(SAAS):
        if result.subject.startswith("policy "):
            found.setdefault(result.subject, set()).add(result.expected == "allow")

    assert {name for name, sides in found.items() if len(sides) < 2} == set()


def test_every_action_that_reaches_a_person_has_words_for_each_channel(playbook: Playbook) -> None:
    wordings = {(text.name, text.channel, text.language) for text in playbook.templates.values()}
    needed = {
        (action.template, channel, language)
        for action in playbook.actions.values()
        if action.to == "person" and action.channel
        for channel in CHANNELS.get(action.channel, (action.channel,))
        for language in ("en", "de")
    }

    assert needed <= wordings


def test_no_wording_greets_nobody_or_says_none(playbook: Playbook) -> None:
    nothing: dict[str, Any] = {}
    values = {
        "sender": {"name": "Acme", "display": "Acme"},
        "offer": {"words": "a gift", "percent": "10%", "valid_days": 30},
        "answer": "Because.",
        "link": "https://acme.example/",
        "deep_link": "https://wa.me/49301234567?text=LINK-00000-00000",
        "link_code": "LINK-00000-00000",
    }
    for template in playbook.templates.values():
        text = template.text(values)
        assert "None" not in text
        assert " ," not in text, template.name
        if template.names:
            with pytest.raises(MissingError):
                [template.text(nothing), template.subject(nothing)]


def test_every_play_uses_only_what_it_may_and_can_reach_its_goal(playbook: Playbook) -> None:
    for play in playbook.plays.values():
        assert play.outcome in playbook.outcomes
        if not play.service:
            assert play.actions[-1] == "no_action", play.name


def test_its_intents_are_read(playbook: Playbook) -> None:
    assert len(playbook.intents) >= 12
    assert RulePerceiver.of(playbook.intents).model


def test_every_window_has_a_source_and_a_date(playbook: Playbook) -> None:
    assert all(window.source and window.reviewed_on for window in playbook.windows)
