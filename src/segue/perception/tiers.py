"""The whole perceiver: rules first, then the encoder on what is English, together one percept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

import msgspec

from segue.core.encoding import digest
from segue.core.ports import Encoder
from segue.core.records.meaning import Meaning
from segue.core.records.percepts import Intent, Percept
from segue.core.records.playbook import Answer
from segue.core.records.signals import Signal
from segue.core.units import PPM
from segue.perception import feelings, irony, lexicon
from segue.perception.clauses import clauses
from segue.perception.intents import LEAST_EXAMPLES, Guess, IntentModel, hash_of
from segue.perception.language import STOP_WORDS, Languages
from segue.perception.perceiver import (
    ADDRESSED_TO_US,
    ENGLISH,
    OUT_OF_OFFICE,
    RulePerceiver,
    decide,
    read_in_part,
)
from segue.perception.pledges import pledges
from segue.perception.reading import text_of
from segue.perception.spelling import Spelling
from segue.perception.tokens import Tokens, tokenise

_LETTERS = 2
_TELLING = 4
"""A word of fewer letters tells little of what is asked for."""

_NO_OPTION = ("is not an option", "isn't an option", "is no option", "is out of the question")
_THOUSAND = 1_000
_STOPS = frozenset(STOP_WORDS["en"].split())

Span = tuple[int, int]


def has_told(percept: Percept) -> bool:
    """Whether the rules understood a wish, a promise, or a question that has an approved answer."""
    answered = any(question.answer for question in percept.questions)
    return bool(percept.preferences or percept.promises) or answered


class TieredPerceiver:
    """Rules, then intents from examples and emotions; implements the port `Perceiver`.

    What the rules found stands: the encoder adds intents of clauses in which they found nothing.
    A text in another language than English, and an automatic reply, is left to the rules.

    Args:
        rules: Tier 0.
        examples: Texts by label; labels with fewer than two are known by their phrases only.
        encoder: Tier 1; nothing is loaded or fitted before the first text that needs it.
        high_risk: Labels that a human has to answer.
        fitted: Makes the model of the examples; a caller may keep it between perceivers.
        knows: Whether a word is one at all; those that are not may be slips, which are put right for tier 1.
    """

    def __init__(
        self,
        rules: RulePerceiver,
        examples: Mapping[str, Sequence[str]],
        encoder: Encoder,
        high_risk: frozenset[str] = frozenset(),
        fitted: Callable[[Mapping[str, Sequence[str]], Encoder], IntentModel] = IntentModel,
        knows: Callable[[str], bool] | None = None,
    ) -> None:
        self._rules = rules
        self._examples = {label: tuple(t) for label, t in examples.items() if len(set(t)) >= LEAST_EXAMPLES}
        self._encoder = encoder
        self._high_risk = high_risk
        self._fitted = fitted
        self._intents: IntentModel | None = None
        self._knows = knows
        self._spelling: Spelling | None = None
        told = [rules.model, hash_of(self._examples, encoder), sorted(high_risk), knows is not None]
        self.model = digest(told, size=16)

    @classmethod
    def of(
        cls,
        intents: Mapping[str, Mapping[str, Any]],
        encoder: Encoder,
        fitted: Callable[[Mapping[str, Sequence[str]], Encoder], IntentModel] = IntentModel,
        answers: Iterable[Answer] = (),
        languages: Languages | None = None,
        named: Mapping[str, Sequence[str]] | None = None,
        knows: Callable[[str], bool] | None = None,
    ) -> Self:
        """Make one from a playbook's answers and intents.

        Args:
            intents: `{name: {"phrases": [], "examples": [...], "risk": "low"}}`.
            encoder: Tier 1.
            fitted: Makes the model of the examples.
            answers: Approved answers, which questions are matched to.
            languages: Tells the language where common words do not.
            named: Names to look for, by kind.
            knows: Whether a word is one at all.
        """
        examples = {name: tuple(entry.get("examples", ())) for name, entry in intents.items()}
        risky = frozenset(name for name, entry in intents.items() if entry.get("risk") == "high")
        return cls(
            RulePerceiver.of(intents, answers, languages, named), examples, encoder, risky, fitted, knows
        )

    def perceive(self, signal: Signal, known_names: Sequence[str] = ()) -> Percept | None:
        """Read one signal; None where there is nothing to read."""
        percept = self._rules.perceive(signal, known_names)
        if percept is None:
            return None
        text = text_of(signal)
        if signal.automatic or not self._is_for_encoder(percept, text):
            return msgspec.structs.replace(percept, model=self.model)
        meaning = self._encoder.encode(self._spelled(text))
        intents = self._joined(percept, text, meaning)
        mood, mood_ppm = feelings.mood(meaning, percept.mood, percept.mood_ppm)
        sentiment = feelings.sentiment(meaning, percept.sentiment)
        if irony.is_ironic(text, tokenise(text)):
            mood, mood_ppm, sentiment = percept.mood, percept.mood_ppm, percept.sentiment
            intents = tuple(one for one in intents if not irony.praises(text[one.start : one.end]))
        risk = (*percept.risk, *(i.label for i in intents if i.label in self._high_risk))
        found = msgspec.structs.replace(
            percept,
            model=self.model,
            intents=intents,
            risk=tuple(dict.fromkeys(risk)),
            mood=mood,
            mood_ppm=mood_ppm,
            sentiment=sentiment,
            emotions=tuple(round(float(p) * _THOUSAND) * _THOUSAND for p in meaning.emotions),
            decision=decide(
                known=bool(intents) or has_told(percept),
                risky=bool(risk),
                angry=mood == "angry",
                english=True,
                to_us=signal.kind in ADDRESSED_TO_US,
            ),
        )
        return read_in_part(found, to_us=signal.kind in ADDRESSED_TO_US)

    @staticmethod
    def _is_for_encoder(percept: Percept, text: str) -> bool:
        automatic = any(intent.label == OUT_OF_OFFICE for intent in percept.intents)
        letters = sum(letter.isalpha() for letter in text[:200])
        return percept.language in ENGLISH and not automatic and letters >= _LETTERS

    def _joined(self, percept: Percept, text: str, meaning: Meaning) -> tuple[Intent, ...]:
        """Intents of the rules with their evidence, and accepted ones of clauses that nothing covers yet."""
        if not self._examples or len(self._examples) < LEAST_EXAMPLES:
            return percept.intents
        if self._intents is None:
            self._intents = self._fitted(self._examples, self._encoder)
        covered = [(known.start, known.end) for known in percept.intents if known.end]
        covered += [(wish.start, wish.end) for wish in percept.preferences if wish.end]
        best = {intent.label: intent for intent in percept.intents}
        spans = clauses(text)
        for start, end in spans:
            if any(start < b and a < end for a, b in covered):
                continue
            whole = len(spans) == 1
            deeds = {one.what for one in percept.promises if one.start < end and start < one.end}
            for guess in self._accepted(text[start:end], meaning if whole else None):
                denied = is_denied(text[start:end], guess.nearest, guess.label)
                if (
                    denied
                    or is_contrary(text[start:end], guess.nearest)
                    or (deeds and promises_another(deeds, guess.nearest))
                ):
                    continue
                intent = Intent(guess.label, round(guess.p * PPM), start, end, guess.nearest)
                if intent.p_ppm > best.get(guess.label, Intent("", 0)).p_ppm:
                    best[guess.label] = intent
        return tuple(sorted(best.values(), key=lambda intent: (-intent.p_ppm, intent.start, intent.label)))

    def _spelled(self, text: str) -> str:
        """A text as it was meant, as far as the words of the examples tell."""
        if self._knows is None:
            return text
        if self._spelling is None:
            texts = (example for examples in self._examples.values() for example in examples)
            self._spelling = Spelling(texts, self._knows)
        return self._spelling.corrected(text)

    def _accepted(self, clause: str, meaning: Meaning | None) -> list[Guess]:
        model = self._intents
        if model is None:
            return []
        return model.accepted(
            model.guesses(meaning.vector) if meaning is not None else model.read(self._spelled(clause))
        )


def is_meant_otherwise(clause: str, guess: Guess, deeds: set[str]) -> bool:
    """Whether the words of a clause speak against a guess: refused, praised, or something else promised."""
    if is_denied(clause, guess.nearest, guess.label) or is_contrary(clause, guess.nearest):
        return True
    return bool(deeds) and promises_another(deeds, guess.nearest)


def is_denied(clause: str, nearest: str, label: str = "") -> bool:
    """Whether a clause refuses the very thing that its label or nearest example names; vectors cannot tell.

    >>> (
    ...     is_denied("I do not want to cancel", "I want to cancel"),
    ...     is_denied("Please cancel", "I want to cancel"),
    ... )
    (True, False)
    """
    said, asked = tokenise(clause), tokenise(nearest)
    wanted = {
        word for i, word in enumerate(asked.words) if len(word) >= _TELLING and not asked.is_refused(i)
    } - _STOPS
    named = tuple(word for word in label.split("_") if len(word) >= _TELLING and word not in asked.words)
    if label.startswith("not_"):
        named = ()
    return any(
        (word in wanted or (named and word.startswith(named)))
        and (said.is_refused(i) or _is_no_option(said, i))
        for i, word in enumerate(said.words)
    )


def promises_another(deeds: set[str], nearest: str) -> bool:
    """Whether the nearest example promises something, and none of what a clause does; vectors cannot tell.

    >>> promises_another({"send"}, "Confirmed, I'll be there"), promises_another({"send"}, "See attached")
    (True, False)
    """
    promised = {one.what for one in pledges(nearest)}
    return bool(promised) and promised.isdisjoint(deeds)


def is_contrary(clause: str, nearest: str) -> bool:
    """Whether one praises where the other blames; to vectors `great` and `terrible` are alike.

    >>> is_contrary("Your support was great", "Your support is terrible"), is_contrary("It broke", "It fails")
    (True, False)
    """
    return lexicon.polarity(tokenise(clause)) * lexicon.polarity(tokenise(nearest)) < 0


def _is_no_option(said: Tokens, index: int) -> bool:
    after = " ".join(said.words[index + 1 : index + 6])
    return after.startswith(_NO_OPTION)
