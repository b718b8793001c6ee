"""The perceiver of tier 0: all rules over one message, to one percept of enums, numbers and offsets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from segue.core import redact
from segue.core.encoding import digest
from segue.core.records.percepts import Intent, Percept, PiiSpan, Preference, Reaction
from segue.core.records.playbook import Answer
from segue.core.records.signals import Kind, Signal
from segue.perception import affect, language, lexicon, wishes
from segue.perception.phrases import Hit, Phrases, Tag
from segue.perception.questions import Snippet, by_words, questions
from segue.perception.reading import human_ppm, text_of
from segue.perception.said import Said, said
from segue.perception.tokens import Tokens, tokenise

ACCEPT_PPM = 600_000
"""An intent at least this probable is accepted; below it there is an abstention."""

OUT_OF_OFFICE = "out_of_office"
OPT_OUT = "opt_out"
ENGLISH = frozenset({"en", ""})
"""What the hint says of English, or of a text too short to tell."""

_RULES_VERSION = 2
_MACHINES = frozenset({"reply", "notice", "list"})
"""What a machine wrote is nobody's wish, and there is nobody to understand."""

_BY_WORDS = (0, 650_000, 800_000, 880_000, 920_000)
_WHOLE_PPM = 950_000
_AGAIN_PPM = 50_000
_NAMED_AT_MOST = 20
_SPANS_AT_MOST = 200
_NAME_FROM = 3
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

    Raises:
        PlaybookError: A phrase cannot be used.
    """

    def __init__(self, intents: Mapping[str, IntentRules], answers: Sequence[Snippet] = ()) -> None:
        entries = [
            *((phrase, Tag("intent", OUT_OF_OFFICE)) for phrase in lexicon.out_of_office()),
            *((phrase, Tag("intent", rules.label)) for rules in intents.values() for phrase in rules.phrases),
            *lexicon.entries(),
            *wishes.entries(),
        ]
        self._phrases = Phrases(dict.fromkeys(entries))
        self._high_risk = frozenset(rules.label for rules in intents.values() if rules.risk == "high")
        self._by_intent = {
            label: snippet.name for snippet in reversed(answers) for label in sorted(snippet.intents)
        }
        self._match = by_words(answers)
        rules = [[phrase, tag.group, tag.name, tag.weight] for phrase, tag in entries]
        told = [[one.name, sorted(one.intents), list(one.asked)] for one in answers]
        self.model = digest(
            [_RULES_VERSION, rules, sorted(self._high_risk), language.STOP_WORDS, told], size=16
        )

    @classmethod
    def of(cls, intents: Mapping[str, Mapping[str, Any]], answers: Iterable[Answer] = ()) -> Self:
        """Make one from a playbook: its answers, and its intents with their phrases and risk, low or high.

        >>> RulePerceiver.of({}).model == RulePerceiver({}).model
        True
        """
        return cls(
            {
                name: IntentRules(name, tuple(rules["phrases"]), rules.get("risk", "low"))
                for name, rules in intents.items()
            },
            tuple(Snippet(one.name, frozenset(one.questions), one.asked) for one in answers),
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
        text = text_of(signal)
        if not text or text.isspace():
            return None
        tokens = tokenise(text)
        hits = self._phrases.find(tokens)
        pii = _personal_data(text, known_names)
        if signal.automatic in _MACHINES:
            return Percept(self.model, "none", language=language.hint(tokens), pii=pii)
        if self._is_automatic(signal, hits):
            return self._automatic(text, tokens, hits, pii)
        return self._read(signal, text, tokens, hits, pii)

    def _automatic(self, text: str, tokens: Tokens, hits: list[Hit], pii: tuple[PiiSpan, ...]) -> Percept:
        """Of an automatic reply only until when it holds is read."""
        told = said(text, tokens, hits, "")
        return Percept(
            self.model,
            "accept",
            (Intent(OUT_OF_OFFICE, _WHOLE_PPM),),
            language=language.hint(tokens),
            pii=pii,
            entities=told.entities,
            away_until=told.away_until,
        )

    def _read(
        self, signal: Signal, text: str, tokens: Tokens, hits: list[Hit], pii: tuple[PiiSpan, ...]
    ) -> Percept:
        told = _said(text, tokens, hits, signal)
        preferences = told.preferences
        intents = _intents(tokens, hits, preferences)
        asked = questions(
            text, tokens, hits, self._by_intent, self._match, lambda hit: _evidence(tokens, hit)
        )
        risk = dict.fromkeys(hit.tag.name for hit in hits if hit.tag.group == "risk")
        risk |= dict.fromkeys(intent.label for intent in intents if intent.label in self._high_risk)
        mood, mood_ppm = affect.mood(text, tokens, hits)
        spoken = language.hint(tokens)
        return Percept(
            model=self.model,
            decision=decide(
                known=bool(intents or preferences or told.promises or any(one.answer for one in asked)),
                risky=bool(risk),
                angry=mood == "angry",
                english=spoken in ENGLISH,
                to_us=signal.kind in ADDRESSED_TO_US,
            ),
            intents=intents,
            sentiment=affect.sentiment(tokens, hits),
            mood=mood,
            mood_ppm=mood_ppm,
            language=spoken,
            preferences=preferences,
            risk=tuple(risk),
            pii=pii,
            promises=told.promises,
            questions=asked,
            entities=told.entities,
            away_until=told.away_until,
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


def decide(*, known: bool, risky: bool, angry: bool, english: bool, to_us: bool) -> Reaction:
    """Escalate risk, and anger we may not understand; act on what is known; ask back where we were asked."""
    if risky or (angry and not (english and known)):
        return "escalate"
    if known:
        return "accept"
    return "ask" if to_us else "none"


def _intents(tokens: Tokens, hits: list[Hit], preferences: tuple[Preference, ...]) -> tuple[Intent, ...]:
    """Accepted intents, the most probable first."""
    best: dict[str, Intent] = {}
    for hit in hits:
        start, end = tokens.starts[hit.first], tokens.ends[hit.last]
        if hit.tag.group != "intent" or tokens.is_refused(hit.first) or _is_within(start, end, preferences):
            continue
        p_ppm = _evidence(tokens, hit)
        known = best.get(hit.tag.name)
        if known is not None and start >= known.end:
            p_ppm = min(max(p_ppm, known.p_ppm) + _AGAIN_PPM, _WHOLE_PPM)
        if known is None or p_ppm > known.p_ppm:
            best[hit.tag.name] = Intent(hit.tag.name, p_ppm, start, end, hit.phrase)
    stop = next((wish for wish in preferences if wish.kind == "stop"), None)
    if stop is not None:
        best[OPT_OUT] = Intent(OPT_OUT, _WHOLE_PPM, stop.start, stop.end, stop.words)
    accepted = [intent for intent in best.values() if intent.p_ppm >= ACCEPT_PPM]
    return tuple(sorted(accepted, key=lambda intent: (-intent.p_ppm, intent.start, intent.label)))[
        :_NAMED_AT_MOST
    ]


def _is_within(start: int, end: int, preferences: tuple[Preference, ...]) -> bool:
    """Whether it is a mere part of a wish: the `no` of `no calls before nine` objects to nothing."""
    return any(
        wish.start <= start and end <= wish.end and end - start < wish.end - wish.start
        for wish in preferences
    )


def _evidence(tokens: Tokens, hit: Hit) -> int:
    """Probability by how much of the phrase was found: more literal words, or all there is to read."""
    if hit.first == 0 and hit.last == len(tokens.words) - 1:
        return _WHOLE_PPM
    return _BY_WORDS[min(hit.literal_words, len(_BY_WORDS) - 1)]


def _said(text: str, tokens: Tokens, hits: list[Hit], signal: Signal) -> Said:
    channel = signal.body.get("channel")
    return said(text, tokens, hits, channel if isinstance(channel, str) else "")


def _personal_data(text: str, known_names: Sequence[str]) -> tuple[PiiSpan, ...]:
    spans = [PiiSpan(span.start, span.end, span.kind, span.score_ppm) for span in redact.find(text)]
    folded = text.lower()
    for name in known_names:
        start = folded.find(name.lower()) if len(name) >= _NAME_FROM and len(folded) == len(text) else -1
        while start >= 0:
            spans.append(PiiSpan(start, start + len(name), "name", 900_000))
            start = folded.find(name.lower(), start + len(name))
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))[:_SPANS_AT_MOST]
