"""A second reading joined to a percept: it adds what was not understood, and takes nothing away."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from segue.core.encoding import digest
from segue.core.records.percepts import Intent, Percept
from segue.core.records.reading import MOODS, SHOWN_AT_MOST, Reading, ReadIntent
from segue.core.units import PPM
from segue.perception.perceiver import OPT_OUT, OUT_OF_OFFICE, decide
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


def reread(
    percept: Percept, told: object, intents: Mapping[str, Mapping[str, Any]], length: int
) -> Percept | None:
    """Join a reading to the percept of the same message.

    Labels outside the playbook, offsets outside the text, moods and languages that are none, and numbers out
    of bounds are dropped. What the percept holds stays: intents are added where it has none of that label,
    risks are a union, mood and sentiment are taken where it has none. Wishes, promises and questions are not
    read by a model. A wish to be left alone that only the model saw is a risk, so that a human looks.

    Args:
        percept: What rules and encoder understood.
        told: A `Reading` as JSON has it.
        intents: The playbook's, by label, with their risk.
        length: Of the text that was read, in characters.

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
    return msgspec.structs.replace(
        percept,
        model=digest([percept.model, reading.model], size=16),
        intents=tuple(one for one in found if one.label != OPT_OUT or percept.has(OPT_OUT)),
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


def _joined(percept: Percept, reading: Reading, labels: frozenset[str], length: int) -> tuple[Intent, ...]:
    """Intents of both, the most probable first."""
    best = {intent.label: intent for intent in percept.intents}
    for one in reading.intents[:SHOWN_AT_MOST]:
        if one.label in labels and one.label not in best and 0 <= one.start < one.end <= length:
            best[one.label] = _intent(one)
    return tuple(sorted(best.values(), key=lambda intent: (-intent.p_ppm, intent.start, intent.label)))


def _intent(one: ReadIntent) -> Intent:
    return Intent(one.label, SURE_PPM if one.sure else LIKELY_PPM, one.start, one.end)


def _language(code: str) -> str:
    return code if len(code) == _LANGUAGE and _LETTERS.issuperset(code) else ""
