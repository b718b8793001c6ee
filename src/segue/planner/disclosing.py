"""What a draft gives away that its reader may not be told: private words, and what another contact said.

The coded filter looks for the very words that were remembered, also as they read when they are said back to
whoever said them: `my wife is ill` as `your wife is ill`.
"""

import re

from segue.core.facts import subjects
from segue.core.predicates import TOLD
from segue.core.records.memory import Fact
from segue.graph.disclosure import is_private
from segue.planner.options import Moment, Option

_LEAST = 8
"""Shorter words are said of anything."""

_SAID_BACK = {
    "my": "your",
    "our": "your",
    "i'm": "you're",
    "i am": "you are",
    "we're": "you're",
    "we are": "you are",
    "i": "you",
    "we": "you",
}
_FIRST = re.compile(r"\b(" + "|".join(sorted(_SAID_BACK, key=len, reverse=True)) + r")\b")
_SPACE = re.compile(r"\s+")


def undisclosed(moment: Moment, option: Option, words: str) -> str:
    """What a draft to a customer gives away, or empty."""
    said = _plain(words)
    own = subjects(moment.context, "person") | {f"profile:{option.candidate.profile_id}"}
    for fact in moment.context.facts:
        if not any(form in said for form in _forms(fact.words)):
            continue
        if _private(moment, fact):
            return "the draft holds something private"
        if fact.subject.startswith("profile:") and fact.subject not in own and fact.predicate in TOLD:
            return "the draft repeats what another contact said"
    return ""


def _private(moment: Moment, fact: Fact) -> bool:
    root = "account" if fact.subject.startswith("account:") else "person"
    return is_private(fact, moment.playbook.facts.get(f"{root}.{fact.predicate}"))


def _forms(words: str) -> tuple[str, ...]:
    """Words as they were said, and as they are said back; none that are too short to tell."""
    said = _plain(words)
    if len(said) < _LEAST:
        return ()
    return (said, _FIRST.sub(lambda found: _SAID_BACK[found[0]], said))


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.replace("\u2019", "'")).casefold()
