"""What customers state of themselves is kept with its words; what only looks like it is not."""

from collections.abc import Iterable

import pytest

from segue.core.records.percepts import Statement
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.encoder import shipped_languages
from segue.perception import RulePerceiver
from tests.unit.perception.told_sentences import LATER_NOTHING, LATER_STATED, STATED, STATES_NOTHING

PERCEIVER = RulePerceiver({}, languages=shipped_languages(), named={"tool": ["PlanIt"]})
PRECISION, RECALL = 0.97, 0.8


def told(text: str, **body: object) -> tuple[Statement, ...]:
    fields = {"text": text, "channel": "chat", **body}
    percept = PERCEIVER.perceive(
        Signal("s", "x", "1", Kind.MESSAGE_RECEIVED, (), Instant(0), Instant(0), fields)
    )
    return percept.told if percept is not None else ()


def stated(text: str) -> set[tuple[str, int | str]]:
    return {("-" * one.ended + one.kind, one.value) for one in told(text)}


def measured(
    stating: Iterable[tuple[str, tuple[tuple[str, int | str], ...]]], others: Iterable[str]
) -> tuple[float, float]:
    """Precision and recall over sentences that state something and sentences that do not."""
    found = right = wanted = 0
    for text, expected in (*stating, *((text, ()) for text in others)):
        said = stated(text)
        found, wanted, right = found + len(said), wanted + len(expected), right + len(said & set(expected))
    return right / found, right / wanted


def test_precision_and_recall_on_our_own_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    first = measured(STATED, STATES_NOTHING)
    later = measured(LATER_STATED, LATER_NOTHING)

    with capsys.disabled():
        for name, (precision, recall) in {"first": first, "later": later}.items():
            print(f"\nstatements, {name} sentences: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201 - the figure is what is asked for
    assert (first >= (0.99, 0.99), later[0] >= PRECISION, later[1] >= RECALL) == (True, True, True)


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_what_is_stated_is_read(text: str, expected: tuple[tuple[str, int | str], ...]) -> None:
    assert stated(text) == set(expected)


@pytest.mark.parametrize("text", STATES_NOTHING)
def test_questions_conditions_and_other_peoples_words_state_nothing(text: str) -> None:
    assert stated(text) == set()
