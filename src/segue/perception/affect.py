"""Mood and sentiment of a text: weighted signs, with negation, intensifiers, capitals and marks."""

import re
from collections.abc import Sequence

from segue.perception.lexicon import INTENSIFIERS
from segue.perception.phrases import Hit
from segue.perception.tokens import Tokens

PRIORITY = ("angry", "frustrated", "urgent", "confused", "excited", "curious", "calm")
"""Which mood is told where two are equally strong."""

_PPM = (550_000, 600_000, 750_000, 830_000, 880_000, 920_000)
_SHOUTED = 3
_SOFT = 4
_CAPITALS = re.compile(r"[^\W\d_a-z]{3}")


def mood(text: str, tokens: Tokens, hits: Sequence[Hit]) -> tuple[str, int]:
    """The strongest mood and its probability in ppm; `calm` where there is no sign of another."""
    best: dict[tuple[str, int], int] = {}
    for hit in hits:
        if hit.tag.group == "mood" and not tokens.is_negated(hit.first):
            place = (hit.tag.name, hit.last)
            best[place] = max(best.get(place, 0), hit.tag.weight)
    if not best:
        return "calm", _PPM[0]
    strength = dict.fromkeys(PRIORITY, 0)
    for (name, _), weight in best.items():
        strength[name] += weight
    loud = min(text.count("!"), _SHOUTED) // 2 + _shouts(text, tokens)
    for name in ("angry", "urgent", "excited"):
        strength[name] += loud if strength[name] else 0
    found = max(PRIORITY, key=lambda name: (strength[name], -PRIORITY.index(name)))
    return found, _PPM[min(strength[found], len(_PPM) - 1)]


def sentiment(tokens: Tokens, hits: Sequence[Hit]) -> int:
    """From -1,000,000 (very bad) to 1,000,000 (very good); 0 where no word tells."""
    total = 0
    for hit in hits:
        if hit.tag.group == "sentiment":
            weight = hit.tag.weight * 2
            if hit.first and tokens.words[hit.first - 1] in INTENSIFIERS:
                weight = weight * 3 // 2
            total += -weight * 3 // 4 if tokens.is_negated(hit.first) else weight
    size = abs(total) * 1_000_000 // (abs(total) + _SOFT)
    return size if total > 0 else -size


def _shouts(text: str, tokens: Tokens) -> int:
    """1 where at least three longer words are in capitals."""
    if _CAPITALS.search(text) is None:
        return 0
    spans = zip(tokens.starts, tokens.ends, strict=True)
    shouted = sum(1 for start, end in spans if end - start >= _SHOUTED and text[start:end].isupper())
    return int(shouted >= _SHOUTED)
