"""What customers state of themselves is kept with its words; what only looks like it is not."""

import pytest

from segue.core.records.percepts import Statement
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.encoder import shipped_languages
from segue.perception import RulePerceiver
from tests.unit.perception.told_sentences import STATED, STATES_NOTHING

PERCEIVER = RulePerceiver({}, languages=shipped_languages(), named={"tool": ["PlanIt"]})
PRECISION, RECALL = 0.98, 0.95


def told(text: str, **body: object) -> tuple[Statement, ...]:
    fields = {"text": text, "channel": "chat", **body}
    percept = PERCEIVER.perceive(
        Signal("s", "x", "1", Kind.MESSAGE_RECEIVED, (), Instant(0), Instant(0), fields)
    )
    return percept.told if percept is not None else ()


def stated(text: str) -> set[tuple[str, int | str]]:
    return {("-" * one.ended + one.kind, one.value) for one in told(text)}


def test_precision_and_recall_on_our_own_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    found = right = wanted = 0
    for text, expected in (*STATED, *((text, ()) for text in STATES_NOTHING)):
        said = stated(text)
        found, wanted, right = found + len(said), wanted + len(expected), right + len(said & set(expected))
    precision, recall = right / found, right / wanted

    with capsys.disabled():
        sentences = f"{len(STATED)} that state something, {len(STATES_NOTHING)} that do not"
        print(f"\nstatements: precision {precision:.3f}, recall {recall:.3f} over {sentences}")  # noqa: T201 - the figure is what is asked for
    assert (precision >= PRECISION, recall >= RECALL) == (True, True)


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_what_is_stated_is_read(text: str, expected: tuple[tuple[str, int | str], ...]) -> None:
    assert stated(text) == set(expected)


@pytest.mark.parametrize("text", STATES_NOTHING)
def test_questions_conditions_and_other_peoples_words_state_nothing(text: str) -> None:
    assert stated(text) == set()
