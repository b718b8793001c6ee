"""A person's timeline: what they said, what was done, decided and reached, over all channels, by day."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from segue.console.phrases import badge, choice
from segue.console.settings import PageSettings
from segue.console.wording import clock, day, money, value, words
from segue.core.facts import best
from segue.core.ports import PersonView, Reader
from segue.core.records.decisions import Decision
from segue.core.records.memory import Fact, Goal
from segue.core.records.signals import Signal
from segue.core.units import Instant

_ORDER = ("in", "touch", "decision", "out", "outcome", "harm")
"""What comes first of things with one instant: the words, what was decided, what was answered."""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact with its value in words and the signal it came from."""

    fact: Fact
    of: str
    name: str
    value: str
    origin: Signal | None


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with its value in words."""

    goal: Goal
    play: str
    state: str
    worth: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the timeline.

    Attributes:
        kind: `in`, `out`, `touch`, `decision`, `outcome` or `harm`.
        link: Page to read on, or empty.
    """

    at: Instant
    kind: str
    title: str
    text: str = ""
    badge: str = ""
    mode: str = ""
    link: str = ""
    times: int = 1

    @property
    def clock(self) -> str:
        """When on its day."""
        return clock(self.at)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A person ready to be shown."""

    view: PersonView
    name: str
    account: str
    facts: tuple[FactLine, ...]
    goals: tuple[GoalLine, ...]
    days: tuple[tuple[str, tuple[Entry, ...]], ...]


def timeline(reader: Reader, view: PersonView, settings: PageSettings) -> Timeline:
    """Prepare a person for a page or a terminal."""
    name = _believed(view, "profile:") or f"somebody ({view.person_id[:8]})"
    entries = sorted(
        _entries(view, name, settings), key=lambda entry: (entry.at, _ORDER.index(entry.kind)), reverse=True
    )
    days = groupby(entries, key=lambda entry: day(entry.at))
    return Timeline(
        view=view,
        name=name,
        account=_believed(view, "account:"),
        facts=tuple(_fact(reader, fact, settings) for fact in view.facts if fact.value is not None),
        goals=tuple(_goal(goal, settings) for goal in reversed(view.goals)),
        days=tuple((name, tuple(_folded(group))) for name, group in days),
    )


def _believed(view: PersonView, subject: str) -> str:
    fact = best(f for f in view.facts if f.predicate == "name" and f.subject.startswith(subject))
    return fact.value if fact and isinstance(fact.value, str) else ""


def _fact(reader: Reader, fact: Fact, settings: PageSettings) -> FactLine:
    of = "account" if fact.subject.startswith("account:") else "person"
    name = f"{fact.predicate}[{fact.qualifier}]" if fact.qualifier else fact.predicate
    shown = value(f"{of}.{fact.predicate}", fact.value, settings)
    return FactLine(fact, of, name, shown, reader.signal(fact.signal_id))


def _goal(goal: Goal, settings: PageSettings) -> GoalLine:
    return GoalLine(goal, words(goal.play), words(goal.state), money(goal.value_micro, settings.reporting))


def _entries(view: PersonView, name: str, settings: PageSettings) -> Iterator[Entry]:
    speakers = {"segue": "Segue", "customer": name}
    said = {message.signal_id for message in view.messages}
    for message in view.messages:
        by = speakers.get(message.by, message.by)
        subject = f": {message.subject}" if message.subject else ""
        title = f"{by}, by {words(message.channel)}{subject}"
        yield Entry(message.at, message.direction, title, message.text)
    for touch in view.exposures:
        if touch.signal_id not in said:
            by = speakers.get(touch.by, touch.by)
            text = words(touch.campaign or touch.purpose)
            yield Entry(touch.at, "touch", f"touched by {by}, by {words(touch.channel)}", text)
    for outcome in view.outcomes:
        worth = f"worth {money(outcome.value_micro, settings.reporting)}" if outcome.value_micro else ""
        link = f"/decisions/{outcome.decision_id}" if outcome.decision_id else ""
        yield Entry(outcome.at, "harm" if outcome.harm else "outcome", words(outcome.name), worth, link=link)
    for decision in view.decisions:
        yield _decided(decision)


def _decided(decision: Decision) -> Entry:
    play = f"{words(decision.play)}: " if decision.play else ""
    mode, text = badge(decision)
    return Entry(
        decision.at,
        "decision",
        f"{play}{choice(decision)}",
        decision.because,
        text,
        mode,
        f"/decisions/{decision.id}",
    )


def _folded(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Fold neighbours that say the same of nothing into the newest of them."""
    for (kind, title, text, mode), run in groupby(entries, key=lambda e: (e.kind, e.title, e.text, e.mode)):
        same = list(run)
        if mode != "nothing":
            yield from same
            continue
        first = same[0]
        yield Entry(first.at, kind, title, text, first.badge, mode, first.link, len(same))
