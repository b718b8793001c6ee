"""A second reading joined to a percept: it adds what was not understood, and takes nothing away."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from segue.core.encoding import digest
from segue.core.records.percepts import Intent, Percept, Question
from segue.core.records.playbook import Answer
from segue.core.records.reading import MOODS, SHOWN_AT_MOST, Reading, ReadIntent
from segue.core.units import PPM
from segue.perception.perceiver import OUT_OF_OFFICE, decide, read_in_part
from segue.perception.phrased import OPT_OUT
from segue.perception.tiers import has_told

SURE_PPM: Final = 900_000
LIKELY_PPM: Final = 700_000
"""How probable an intent is that a model is sure of, or thinks likely: assumed, not calibrated."""

_MOOD_PPM: Final = 700_000
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_LANGUAGE: Final = 2


def labels_of(intents: Iterable[str]) -> tuple[str, ...]:
    """The labels a model may choose from: the playbook's, and a wish to be left alone."""
    return tuple(sorted({*intents, OPT_OUT} - {OUT_OF_OFFICE}))


def by_intent(answers: Iterable[Answer]) -> dict[str, str]:
    """The approved answer to each intent that one answers: the first that does."""
    return {label: one.name for one in reversed(tuple(answers)) for label in one.questions}


def reread(
    percept: Percept,
    told: object,
    length: int,
    intents: Mapping[str, Mapping[str, Any]],
    answers: Mapping[str, str],
) -> Percept | None:
    """Join a reading to the percept of the same message.

    Labels outside the playbook, offsets outside the text, moods and languages that are none, and numbers out
    of bounds are dropped. What the percept holds stays: intents are added where it has none of that label,
    risks are a union, mood and sentiment are taken where it has none. Wishes, promises and questions are not
    read by a model; a question that no answer fits is given the answer to the intent found in it. A wish to
    be left alone that only the model saw is a risk, so that a human looks.

    Args:
        percept: What rules and encoder understood.
        told: A `Reading` as JSON has it.
        length: Of the text that was read, in characters.
        intents: The playbook's, by label, with their risk.
        answers: Names of approved answers by the intent they answer.

    Returns:
        The better percept; None where it is no reading.
    """
    try:
        reading = msgspec.convert(told, Reading)
    except msgspec.ValidationError:
        return None
    found = _joined(percept, reading, frozenset(labels_of(intents)), length)
    risk = dict.fromkeys(percept.risk)
    risk |= {one.label: None for one in found if intents.get(one.label, {}).get("risk") == "high"}
    if any(one.label == OPT_OUT for one in found) and not percept.has(OPT_OUT):
        risk[OPT_OUT] = None
    mood, mood_ppm = percept.mood, percept.mood_ppm
    if not mood_ppm and reading.mood in MOODS and reading.mood != "calm":
        mood, mood_ppm = reading.mood, _MOOD_PPM
    better = msgspec.structs.replace(
        percept,
        model=digest([percept.model, reading.model], size=16),
        intents=tuple(one for one in found if one.label != OPT_OUT or percept.has(OPT_OUT)),
        questions=tuple(_answered(one, found, answers) for one in percept.questions),
        risk=tuple(risk),
        mood=mood,
        mood_ppm=mood_ppm,
        sentiment=percept.sentiment or max(-PPM, min(PPM, reading.sentiment)),
        language=percept.language or _language(reading.language),
        decision=decide(
            known=bool(found) or has_told(percept),
            risky=bool(risk),
            angry=mood == "angry",
            english=True,
            to_us=percept.decision != "none",
        ),
    )
    return read_in_part(better, to_us=percept.decision != "none")


def _joined(percept: Percept, reading: Reading, labels: frozenset[str], length: int) -> tuple[Intent, ...]:
    """Intents of both, the most probable first."""
    added: dict[str, Intent] = {}
    for one in reading.intents[:SHOWN_AT_MOST]:
        fits = one.label in labels and 0 <= one.start < one.end <= length
        if fits and one.label not in added and not percept.has(one.label):
            added[one.label] = _intent(one)
    both = (*percept.intents, *added.values())
    return tuple(sorted(both, key=lambda intent: (-intent.p_ppm, intent.start, intent.label)))


def _answered(question: Question, found: tuple[Intent, ...], answers: Mapping[str, str]) -> Question:
    """A question with the answer to the surest intent that was found in it, where it has none."""
    if question.answer:
        return question
    fits = (
        one for one in found if one.label in answers and one.start < question.end and question.start < one.end
    )
    best = next(fits, None)
    if best is None:
        return question
    return msgspec.structs.replace(question, answer=answers[best.label], score_ppm=best.p_ppm)


def _intent(one: ReadIntent) -> Intent:
    return Intent(one.label, SURE_PPM if one.sure else LIKELY_PPM, one.start, one.end)


def _language(code: str) -> str:
    return code if len(code) == _LANGUAGE and _LETTERS.issuperset(code) else ""
