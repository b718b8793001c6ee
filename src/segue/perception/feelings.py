"""From 28 emotions to what plays ask for: one mood and a sentiment, with what the words alone told."""

from segue.core.records.meaning import Meaning
from segue.core.records.percepts import EMOTIONS
from segue.core.units import PPM
from segue.perception.affect import PRIORITY
from segue.perception.tokens import vocabulary

_MOODS: dict[str, dict[str, float]] = {
    "angry": {"anger": 1.0, "disgust": 0.7},
    "frustrated": {"annoyance": 1.0, "disappointment": 1.0, "disapproval": 0.6},
    "confused": {"confusion": 1.0},
    "excited": {"excitement": 1.0, "joy": 1.0, "love": 1.0, "admiration": 0.7},
    "curious": {"curiosity": 1.0},
}
_GOOD = vocabulary(
    "admiration amusement approval caring desire excitement gratitude joy love optimism pride relief"
)
_BAD = vocabulary(
    "anger annoyance disappointment disapproval disgust embarrassment fear grief nervousness remorse sadness"
)
_AT = {name: index for index, name in enumerate(EMOTIONS)}
_LEAST = 0.35
_NEUTRAL = 0.1


def mood(meaning: Meaning, told: str, told_ppm: int) -> tuple[str, int]:
    """One mood and its probability in ppm.

    Args:
        meaning: What the encoder read.
        told: Mood that the words told by the lexicon; where it is not `calm` it stands.
        told_ppm: Its probability.
    """
    strength = {
        name: max(
            (
                weight * float(meaning.emotions[_AT[one]])
                for one, weight in parts.items()
                if meaning.shown[_AT[one]]
            ),
            default=0.0,
        )
        for name, parts in _MOODS.items()
    }
    if told != "calm":
        agreed = 1.0 - (1.0 - told_ppm / PPM) * (1.0 - strength.get(told, 0.0))
        return told, min(round(agreed * PPM), PPM)
    found = max(strength, key=lambda name: (strength[name], -PRIORITY.index(name)))
    if strength[found] < _LEAST:
        return told, told_ppm
    return found, round(strength[found] * PPM)


def sentiment(meaning: Meaning, told: int) -> int:
    """From -1,000,000 to 1,000,000: the emotions' balance, averaged with the lexicon's where it told any."""
    good = sum(float(meaning.emotions[_AT[name]]) for name in sorted(_GOOD))
    bad = sum(float(meaning.emotions[_AT[name]]) for name in sorted(_BAD))
    balance = max(-1.0, min(1.0, good - bad))
    if not told:
        return round(balance * PPM) if abs(balance) >= _NEUTRAL else 0
    return round((balance * PPM + told) / 2)
