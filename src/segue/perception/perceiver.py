"""The perceiver of tier 0: all rules over one message, to one percept of enums, numbers and offsets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from segue.core import redact
from segue.core.encoding import digest
from segue.core.names import Names, names_of
from segue.core.records.percepts import Intent, Percept, PiiSpan, Question, Reaction
from segue.core.records.playbook import Answer
from segue.core.records.signals import Kind, Signal
from segue.perception import affect, doubted, entities, irony, language, lexicon, others, wishes
from segue.perception.language import Languages
from segue.perception.phrased import OPT_OUT, WHOLE_PPM, evidence, phrased
from segue.perception.phrases import Hit, Phrases, Tag
from segue.perception.private import private
from segue.perception.questions import Snippet, by_words, questions
from segue.perception.reading import all_of, both_ends, human_ppm, middle
from segue.perception.said import Said, said
from segue.perception.tokens import Tokens, tokenise
from segue.perception.told import AT_MOST, Teller
from segue.perception.tools import known_tools

OUT_OF_OFFICE = "out_of_office"
ENGLISH = frozenset({language.ENGLISH, ""})
"""What is read as English: a text that is, or one too short to tell."""

_BUILT_IN = frozenset({OPT_OUT, OUT_OF_OFFICE})
"""With the high-risk ones the only intents that are believed in a text of another language."""

_RULES_VERSION = 8
_MACHINES = frozenset({"reply", "notice", "list"})
"""What a machine wrote is nobody's wish, and there is nobody to understand."""

_SPANS_AT_MOST = 200
ADDRESSED_TO_US = frozenset({Kind.MESSAGE_RECEIVED, Kind.FORM_SUBMITTED})
_TOUCHED = frozenset({Kind.LINK_CLICKED, Kind.MAIL_OPENED})


@dataclass(frozen=True, slots=True)
class IntentRules:
    """How an intent is recognised.

    Attributes:
        label: Its name in plays and receipts.
        phrases: Lower-case phrases; `*` stands for up to three words, `refund*` for words that begin so.
        risk: `low`, or `high` where a human has to answer.
    """

    label: str
    phrases: tuple[str, ...]
    risk: str = "low"


class RulePerceiver:
    """Reads a message by phrases, lexicons and small grammars; implements the port `Perceiver`.

    Args:
        answers: What the playbook's approved answers answer.
        intents: Rules by label. `out_of_office` and `opt_out` are built in and may be given more phrases.
        languages: Tells the language where common words do not.
        named: Names to look for, by kind, such as `{"competitor": ["Acme CRM"]}`.

    Raises:
        PlaybookError: A phrase cannot be used.
    """

    def __init__(
        self,
        intents: Mapping[str, IntentRules],
        answers: Sequence[Snippet] = (),
        languages: Languages | None = None,
        named: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        entries = [
            *((phrase, Tag("intent", OUT_OF_OFFICE)) for phrase in lexicon.out_of_office()),
            *((phrase, Tag("intent", rules.label)) for rules in intents.values() for phrase in rules.phrases),
            *lexicon.entries(),
            *wishes.entries(),
            *entities.entries(named or {}),
        ]
        self._phrases = Phrases(dict.fromkeys(entries))
        self._high_risk = frozenset(rules.label for rules in intents.values() if rules.risk == "high")
        self._anywhere = self._high_risk | _BUILT_IN
        self._by_intent = {
            label: snippet.name for snippet in reversed(answers) for label in sorted(snippet.intents)
        }
        self._match = by_words(answers)
        self._languages = languages
        tools = known_tools(named or {})
        self._teller = Teller(tools)
        rules = [[phrase, tag.group, tag.name, tag.weight] for phrase, tag in entries]
        told = [[one.name, sorted(one.intents), list(one.asked)] for one in answers]
        self.model = digest(
            [
                _RULES_VERSION,
                rules,
                sorted(self._high_risk),
                language.STOP_WORDS,
                told,
                languages.model if languages else "",
                sorted(tools.items()),
            ],
            size=16,
        )

    @classmethod
    def of(
        cls,
        intents: Mapping[str, Mapping[str, Any]],
        answers: Iterable[Answer] = (),
        languages: Languages | None = None,
        named: Mapping[str, Sequence[str]] | None = None,
    ) -> Self:
        """Make one from a playbook: its answers and names, its intents with their phrases and risk.

        >>> RulePerceiver.of({}).model == RulePerceiver({}).model
        True
        """
        return cls(
            {
                name: IntentRules(name, tuple(rules["phrases"]), rules.get("risk", "low"))
                for name, rules in intents.items()
            },
            tuple(Snippet(one.name, frozenset(one.questions), one.asked) for one in answers),
            languages,
            named,
        )

    def perceive(self, signal: Signal, known_names: Sequence[str] = ()) -> Percept | None:
        """Read one signal; None where there is nothing to read.

        Args:
            signal: Messages, forms, tickets, calls and meetings are read; of clicks and opens, whether a
                person or a scanner made them.
            known_names: Names on record, found as personal data as well.
        """
        if signal.kind in _TOUCHED:
            return Percept(self.model, human_ppm=human_ppm(signal.body))
        whole = all_of(signal)
        text = both_ends(whole)
        if not text or text.isspace():
            return None
        tokens = tokenise(text)
        hits = self._phrases.find(tokens)
        names = names_of(tuple(known_names))
        pii = _personal_data(text, names)
        percept = self._percept(signal, text, tokens, hits, pii)
        if text is not whole:
            start, stop = middle(whole)
            pii = _personal_data(whole, names)
            percept = msgspec.structs.replace(percept, pii=pii, left_out=stop - start)
            percept = read_in_part(percept, to_us=signal.kind in ADDRESSED_TO_US)
        return msgspec.structs.replace(percept, names=names.hash) if names.hash else percept

    def _percept(
        self, signal: Signal, text: str, tokens: Tokens, hits: list[Hit], pii: tuple[PiiSpan, ...]
    ) -> Percept:
        if signal.automatic in _MACHINES:
            return Percept(self.model, "none", language=self._language(text, tokens), pii=pii)
        if self._is_automatic(signal, hits):
            return self._automatic(text, tokens, hits, pii)
        return self._read(signal, text, tokens, hits, pii)

    def _language(self, text: str, tokens: Tokens) -> str:
        return language.spoken(text, tokens, self._languages)

    def _automatic(self, text: str, tokens: Tokens, hits: list[Hit], pii: tuple[PiiSpan, ...]) -> Percept:
        """Of an automatic reply only until when it holds is read, and what of it is nobody's business."""
        told = said(text, tokens, hits, "")
        spoken = self._language(text, tokens)
        return Percept(
            self.model,
            "accept",
            (Intent(OUT_OF_OFFICE, WHOLE_PPM),),
            language=spoken,
            pii=pii,
            entities=entities.entities(text, tokens, hits, pii, told.entities),
            away_until=told.away_until,
            told=tuple(private(text, tokens.words))[:AT_MOST] if spoken in ENGLISH else (),
        )

    def _read(
        self, signal: Signal, text: str, tokens: Tokens, hits: list[Hit], pii: tuple[PiiSpan, ...]
    ) -> Percept:
        told = _said(text, tokens, hits, signal)
        preferences = told.preferences
        spoken = self._language(text, tokens)
        english = spoken in ENGLISH
        intents = phrased(tokens, hits, preferences)
        if not english:
            intents = tuple(intent for intent in intents if intent.label in self._anywhere)
        asked = questions(text, tokens, hits, self._by_intent, self._match, lambda hit: evidence(tokens, hit))
        risk = dict.fromkeys(hit.tag.name for hit in hits if hit.tag.group == "risk")
        risk |= dict.fromkeys([others.RISK] if told.for_others else [])
        risk |= dict.fromkeys([doubted.RISK] if told.in_doubt else [])
        risk |= dict.fromkeys(intent.label for intent in intents if intent.label in self._high_risk)
        mood, mood_ppm = affect.mood(text, tokens, hits)
        sentiment = affect.sentiment(tokens, hits)
        if irony.is_ironic(text, tokens):
            mood, mood_ppm, sentiment = irony.MOOD, irony.MOOD_PPM, irony.SENTIMENT
            intents = tuple(one for one in intents if not irony.praises(text[one.start : one.end]))
        stated = self._teller.told(text, tokens, told.times) if english else ()
        understood = bool(intents or preferences or told.promises or any(one.answer for one in asked))
        return Percept(
            model=self.model,
            decision=decide(
                known=understood if english else _is_settled(intents, asked),
                risky=bool(risk),
                angry=mood == "angry",
                english=english,
                to_us=signal.kind in ADDRESSED_TO_US,
            ),
            intents=intents,
            sentiment=sentiment,
            mood=mood,
            mood_ppm=mood_ppm,
            language=spoken,
            preferences=preferences,
            risk=tuple(risk),
            pii=pii,
            promises=told.promises,
            questions=asked,
            entities=entities.entities(text, tokens, hits, pii, told.entities),
            away_until=told.away_until,
            told=(*stated, *private(text, tokens.words))[: AT_MOST * 2] if english else (),
        )

    def _is_automatic(self, signal: Signal, hits: list[Hit]) -> bool:
        """An automatic reply says so in its words or its subject; nothing else in it is the person's wish."""
        if signal.kind is not Kind.MESSAGE_RECEIVED:
            return False
        if signal.automatic == OUT_OF_OFFICE:
            return True
        subject = signal.body.get("subject")
        if isinstance(subject, str) and not any(hit.tag.name == OUT_OF_OFFICE for hit in hits):
            hits = self._phrases.find(tokenise(subject[:300]))
        return any(hit.tag.name == OUT_OF_OFFICE for hit in hits)


def read_in_part(percept: Percept, *, to_us: bool) -> Percept:
    """A message to us whose middle was left out is not understood, whatever its beginning and its end say."""
    if not (percept.left_out and to_us) or percept.decision != "accept" or percept.has(OUT_OF_OFFICE):
        return percept
    return msgspec.structs.replace(percept, decision="ask")


def decide(*, known: bool, risky: bool, angry: bool, english: bool, to_us: bool) -> Reaction:
    """Escalate risk, and anger we may not understand; act on what is known; ask back where we were asked."""
    if risky or (angry and not (english and known)):
        return "escalate"
    if known:
        return "accept"
    return "ask" if to_us else "none"


def _is_settled(intents: tuple[Intent, ...], asked: tuple[Question, ...]) -> bool:
    """Whether a text in another language needs nobody: an opt-out, or questions with an answer each."""
    out = any(intent.label in _BUILT_IN for intent in intents)
    return out or bool(asked and all(one.answer for one in asked))


def _said(text: str, tokens: Tokens, hits: list[Hit], signal: Signal) -> Said:
    channel = signal.body.get("channel")
    return said(text, tokens, hits, channel if isinstance(channel, str) else "")


def _personal_data(text: str, names: Names) -> tuple[PiiSpan, ...]:
    found = redact.find(text, names)
    if len(found) > _SPANS_AT_MOST:
        found = [*found[: _SPANS_AT_MOST // 2], *found[-_SPANS_AT_MOST // 2 :]]
    return tuple(PiiSpan(span.start, span.end, span.kind, span.score_ppm) for span in found)
