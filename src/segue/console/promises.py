"""Promises as pages show them: what is owed, by whom, by when, in whose words."""

from collections.abc import Iterable
from dataclasses import dataclass

from segue.bootstrap.promised import standing
from segue.console.veil import Veil
from segue.console.wording import words
from segue.core.records.memory import Fact
from segue.core.records.promised import Promised, promises_in


@dataclass(frozen=True, slots=True)
class PromiseShown:
    """A promise in words.

    Attributes:
        mode: A badge's colour: that of what went well, of what did not, of what is open.
    """

    promise: Promised
    who: str
    what: str
    by: str
    state: str
    mode: str
    said: str


_MODES = {"open": "hold", "overdue": "approve", "kept": "act", "broken": "deny", "withdrawn": "nothing"}


def promises_shown(facts: Iterable[Fact], veil: Veil, at: int = 0) -> tuple[PromiseShown, ...]:
    """Prepare the promises among facts, open ones first, then the newest; overdue is told as of `at`."""
    found = sorted(promises_in(facts), key=lambda one: (not one.is_open, -one.said_at, one.id))
    return tuple(_shown(one, veil, at) for one in found)


def _shown(one: Promised, veil: Veil, at: int) -> PromiseShown:
    state = standing(one, at)
    who = "they" if one.who == "customer" else "we"
    return PromiseShown(
        promise=one,
        who=who,
        what=words(one.what),
        by=veil.text(one.by),
        state=state,
        mode=_MODES[state],
        said=veil.text(one.words),
    )
