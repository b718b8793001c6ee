"""The separate questions of a message, each with the approved answer that fits it best, or with none."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log, sqrt
from typing import NamedTuple

from segue.core.records.percepts import Question
from segue.core.units import PPM
from segue.perception.language import STOP_WORDS
from segue.perception.phrases import Hit
from segue.perception.tokens import Tokens, tokenise, vocabulary

FITS_PPM = 600_000
"""An answer that fits less is not given: the question goes to a human."""

AT_MOST = 10
_ASKS = vocabulary(
    "what how when where who why which whose do does did is are can could will would has have should "
    "was wie was "
    "wann wo wer warum welche können kann gibt haben sind ist comment combien quand où qui pourquoi "
    "est-ce quel "
    "quelle cómo cuánto cuándo dónde quién qué cuál puede pueden"
)
_WONDERS = re.compile(
    r" (?:i'd like to know|i would like to know|want to know|wanted to know|i wonder|wondering|"
    r"tell me|let me know|"
    r"curious) (?:if|whether|how|what|when|where|why|which|who) "
)
_JOINTS = vocabulary("and also or plus und oder sowie et ou aussi y o e i en of oraz")
_WH = vocabulary(
    "what how when where who why which wie was wann wo wer warum comment quand cómo cuándo dónde"
)
_TOPICS = vocabulary("about regarding concerning as for on with in the our my this these that those")
"""How a sentence begins that names first what it then asks about: `The tablet app, is it free?`."""
_LEADS = vocabulary("so and but also then well ok okay hi hello hey yes no")
_POLITE = vocabulary("can could will would")
_DUTY = vocabulary("call send please contact help give write book move")
_KEPT = vocabulary("how where when who data do")
_STOPS = frozenset(word for language in ("en", "de") for word in STOP_WORDS[language].split()) - _KEPT
_ENDINGS = ("ations", "ation", "ing", "ies", "ed", "es", "s", "en", "e")
_STEM = 4


class Snippet(NamedTuple):
    """What an approved answer answers: accepted intents by label, and questions as people ask them."""

    name: str
    intents: frozenset[str]
    asked: tuple[str, ...]


Match = Callable[[str], tuple[str, int]]
"""The answer nearest to a question and how well it fits, in ppm; an encoder may take the words' place."""


def by_words(snippets: Iterable[Snippet]) -> Match:
    """Match by the rare words that a question shares with those an answer is known to answer.

    >>> match = by_words([Snippet("hours", frozenset(), ("when is support open",))])
    >>> match("When is your support open?"), match("Where is the export?")[1] < FITS_PPM
    (('hours', 1000000), True)
    """
    known = [(snippet.name, _stems(text)) for snippet in snippets for text in snippet.asked]
    spread: dict[str, int] = {}
    for _, stems in known:
        for stem in stems:
            spread[stem] = spread.get(stem, 0) + 1
    rare = log(1 + max(len(known), 1))
    weights = {stem: log(1 + len(known) / count) for stem, count in spread.items()}

    def length(stems: frozenset[str]) -> float:
        return sqrt(sum(weights.get(stem, rare) ** 2 for stem in stems))

    lengths = [length(stems) for _, stems in known]

    def match(text: str) -> tuple[str, int]:
        asked = _stems(text)
        whole = length(asked)
        best, name = 0, ""
        for (candidate, stems), size in zip(known, lengths, strict=True):
            shared = sum(weights[stem] ** 2 for stem in sorted(asked & stems))
            score = round(PPM * shared / (whole * size)) if shared else 0
            if (score, name) > (best, candidate) and score:
                best, name = score, candidate
        return name, best

    return match


def questions(
    text: str,
    tokens: Tokens,
    hits: Sequence[Hit],
    by_intent: Mapping[str, str],
    match: Match,
    evidence: Callable[[Hit], int],
) -> tuple[Question, ...]:
    """Find the questions of a text and what answers each.

    Args:
        text: The customer's own words.
        tokens: Its words.
        hits: All phrases found in it.
        by_intent: Name of an answer by the intent it answers.
        match: Finds the nearest answer by words.
        evidence: How sure an intent is by its phrase, in ppm.
    """
    found = []
    for first, last in _spans(text, tokens)[:AT_MOST]:
        start, end = tokens.starts[first], tokens.ends[last]
        named = [
            (evidence(hit), by_intent[hit.tag.name])
            for hit in hits
            if hit.tag.group == "intent"
            and hit.tag.name in by_intent
            and first <= hit.first
            and hit.last <= last
        ]
        name, score = match(text[start:end])
        score, name = max([(score, name), *named])
        found.append(Question(start, end, name if score >= FITS_PPM else "", score))
    return tuple(found)


def _spans(text: str, tokens: Tokens) -> list[tuple[int, int]]:
    """First and last word of every question."""
    spans: list[tuple[int, int]] = []
    first, count = 0, len(tokens.words)
    while first < count:
        last = first
        while last + 1 < count and tokens.sentences[last + 1] == tokens.sentences[first]:
            last += 1
        marked = "?" in text[tokens.ends[last] : tokens.ends[last] + 3]
        begins = tokens.words[first] in _WH
        wonders = _WONDERS.search(f" {' '.join(tokens.words[first : last + 1])} ") is not None
        if marked or begins or wonders:
            spans += _split(tokens, first, last)
        first = last + 1
    return [span for span in spans if not _is_request(tokens, *span)]


def _split(tokens: Tokens, first: int, last: int) -> list[tuple[int, int]]:
    """A sentence at each joint behind which another question begins."""
    cuts = [first]
    for index in range(first + 2, last):
        joint = tokens.words[index - 1] in _JOINTS or tokens.parts[index] != tokens.parts[index - 1]
        if joint and tokens.words[index] in _ASKS and tokens.words[first] not in {"if", "when"}:
            cuts.append(index)
    if len(cuts) > 1 and not _asks(tokens, first, cuts[1]):
        topic = tokens.words[first] in _TOPICS and tokens.words[cuts[1] - 1] not in _JOINTS
        del cuts[1 if topic else 0]
    ends = [*(_before(tokens, cut) for cut in cuts[1:]), last]
    return [(begin, end) for begin, end in zip(cuts, ends, strict=True) if end > begin]


def _asks(tokens: Tokens, first: int, cut: int) -> bool:
    """Whether what stands before a joint is a question of its own."""
    words = tokens.words[first:cut]
    opening = next((word for word in words if word not in _LEADS), "")
    return opening in _ASKS or _WONDERS.search(f" {' '.join(words)} ") is not None


def _before(tokens: Tokens, cut: int) -> int:
    return cut - 2 if tokens.words[cut - 1] in _JOINTS else cut - 1


def _is_request(tokens: Tokens, first: int, last: int) -> bool:
    """`Can you call me tomorrow?` asks for a deed, not for an answer."""
    words = tokens.words[first : last + 1]
    return words[0] in _POLITE and words[1] in {"you", "someone", "we"} and not _DUTY.isdisjoint(words[2:4])


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in tokenise(text[:400]).words if word not in _STOPS)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word
