"""Praise that means trouble: `Great, another outage. Love it.`; told by the contrast of the words alone."""

import re
from typing import Final

from segue.perception.tokens import Tokens, tokenise, vocabulary

_PRAISE: Final = vocabulary(
    "great wonderful fantastic brilliant awesome amazing perfect lovely nice super excellent "
    "congratulations congrats bravo marvellous marvelous splendid terrific fabulous superb thanks love "
    "loving cool yay hooray impressive toll klasse prima génial"
)
_TROUBLE: Final = vocabulary(
    "outage outages down crash crashed crashes crashing broken broke breaks fail fails failed failing "
    "failure error errors bug bugs delay delays delayed downtime lost deleted wiped overcharged "
    "unavailable timeout timeouts late ignored ausfall abgestürzt kaputt fehler panne"
)
_AGAIN: Final = vocabulary(
    "another again yet still twice third fourth fifth once more course always usual surprise just schon "
    "wieder encore"
)
_RELIEF: Final = vocabulary(
    "fixed fix solved resolved over gone recovered sorted handled handling without no not never none "
    "nothing didn't doesn't isn't wasn't don't won't can't despite but though although however if when "
    "unless works working help helped helping quick quickly support report reporting status page "
    "letting know for during after feature detection handler log logs tracker tracking message messages "
    "how less fewer"
)
"""Words by which praise and trouble go together in earnest."""

_SAYING: Final = re.compile(
    r"\bthanks\s+for\s+nothing\b|\bjust\s+what\s+(?:i|we)\s+(?:needed|wanted)\b|\bway\s+to\s+go\b|"
    r"\bhow\s+(?:lovely|wonderful|convenient|nice)\b|\b(?:really\s+)?made\s+my\s+day\b|\bslow\s+clap\b|"
    r"\b(?:just\s+)?(?:great|perfect|brilliant|wonderful)\s+timing\b|\bwhat\s+a\s+(?:joy|delight|treat|surprise)\b",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(r"\bthanks\s+for\s+nothing\b", re.IGNORECASE)
MOOD: Final = "frustrated"
MOOD_PPM: Final = 700_000
SENTIMENT: Final = -600_000
"""What is told of an ironic message; assumed."""

_OPENS: Final = 2
_LONGEST: Final = 16
"""Irony is short: in more words than these, praise and trouble are most likely told one by one."""


def is_ironic(text: str, tokens: Tokens) -> bool:
    """Whether praise opens a short sentence that tells of trouble come again, or the next sentence does.

    >>> from segue.perception.tokens import tokenise
    >>> [is_ironic(t, tokenise(t)) for t in ("Great, another outage. Love it.", "Great, the outage is over.")]
    [True, False]
    """
    if _NOTHING.search(text):
        return True
    if _TROUBLE.isdisjoint(tokens.words):
        return False
    if _PRAISE.isdisjoint(tokens.words) and _SAYING.search(text) is None:
        return False
    saying = _SAYING.search(text) is not None
    sentences = _sentences(tokens)
    following = [*sentences[1:], []]
    return any(
        (saying or not _PRAISE.isdisjoint(words[:_OPENS]))
        and _is_trouble_again(words if _has_trouble(words) else words + after, saying=saying)
        for words, after in zip(sentences, following, strict=True)
    )


def _is_trouble_again(words: list[str], *, saying: bool) -> bool:
    return (
        len(words) <= _LONGEST
        and _has_trouble(words)
        and _RELIEF.isdisjoint(words)
        and (saying or not _AGAIN.isdisjoint(words))
    )


def praises(clause: str) -> bool:
    """Whether a clause praises and tells of no trouble: in an ironic message it is not meant."""
    words = tokenise(clause).words
    return not _PRAISE.isdisjoint(words) and not _has_trouble(words)


def _has_trouble(words: list[str]) -> bool:
    return not _TROUBLE.isdisjoint(words)


def _sentences(tokens: Tokens) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for word, sentence in zip(tokens.words, tokens.sentences, strict=True):
        found.setdefault(sentence, []).append(word)
    return list(found.values())
