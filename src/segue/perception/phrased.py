"""Intents by the phrases that were found: how much of a phrase stands there says how sure it is."""

from segue.core.records.percepts import Intent, Preference
from segue.perception.phrases import Hit
from segue.perception.tokens import Tokens

ACCEPT_PPM = 600_000
"""An intent at least this probable is accepted; below it there is an abstention."""

OPT_OUT = "opt_out"
_BY_WORDS = (0, 650_000, 800_000, 880_000, 920_000)
WHOLE_PPM = 950_000
_AGAIN_PPM = 50_000
_NAMED_AT_MOST = 20


def phrased(tokens: Tokens, hits: list[Hit], preferences: tuple[Preference, ...]) -> tuple[Intent, ...]:
    """Accepted intents, the most probable first."""
    best: dict[str, Intent] = {}
    named = [hit for hit in hits if hit.tag.group == "intent"]
    for hit in hits:
        start, end = tokens.starts[hit.first], tokens.ends[hit.last]
        if hit.tag.group != "intent" or tokens.is_refused(hit.first) or _is_within(start, end, preferences):
            continue
        if any(_is_part(hit, other) for other in named):
            continue
        p_ppm = evidence(tokens, hit)
        known = best.get(hit.tag.name)
        if known is not None and start >= known.end:
            p_ppm = min(max(p_ppm, known.p_ppm) + _AGAIN_PPM, WHOLE_PPM)
        if known is None or p_ppm > known.p_ppm:
            best[hit.tag.name] = Intent(hit.tag.name, p_ppm, start, end, hit.phrase)
    stop = next((wish for wish in preferences if wish.kind == "stop"), None)
    if stop is not None:
        best[OPT_OUT] = Intent(OPT_OUT, WHOLE_PPM, stop.start, stop.end, stop.words)
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


def _is_part(hit: Hit, other: Hit) -> bool:
    """Whether a phrase is a mere part of another intent's: `cancel my` of `cancel my meeting`."""
    within = other.first <= hit.first and hit.last <= other.last
    return within and other.tag != hit.tag and other.last - other.first > hit.last - hit.first


def evidence(tokens: Tokens, hit: Hit) -> int:
    """Probability by how much of the phrase was found: more literal words, or all there is to read."""
    if hit.first == 0 and hit.last == len(tokens.words) - 1:
        return WHOLE_PPM
    return _BY_WORDS[min(hit.literal_words, len(_BY_WORDS) - 1)]
