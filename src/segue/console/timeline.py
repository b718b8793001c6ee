"""A person's timeline: what they said, what was done, decided and reached, over all channels, by day."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from segue.console.phrases import badge, choice
from segue.console.promises import PromiseShown, promises_shown
from segue.console.settings import PageSettings
from segue.console.veil import Masked, Veil
from segue.console.who import CONTACTS
from segue.console.wording import clock, day, money, value, words
from segue.core.facts import best
from segue.core.ports import PersonView, Reader
from segue.core.predicates import predicate_of
from segue.core.records.decisions import Decision
from segue.core.records.memory import Fact, Goal
from segue.core.records.ownership import Holder, hold, holders
from segue.core.records.promised import PREDICATE, promised_of
from segue.core.records.signals import Signal
from segue.core.units import Instant

PER_PAGE = 100
"""So many things stand on one page of a timeline, and all that happened at one instant together."""

_GONE = "[no words any more]"
_ORDER = ("in", "touch", "decision", "out", "outcome", "harm")
"""What comes first of things with one instant: the words, what was decided, what was answered."""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact with its value in words and the signal it came from."""

    fact: Fact
    of: str
    name: str
    value: str
    said: str
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
        channel: Where it happened, or empty.
    """

    at: Instant
    kind: str
    title: str
    text: str = ""
    badge: str = ""
    mode: str = ""
    link: str = ""
    times: int = 1
    channel: str = ""

    @property
    def clock(self) -> str:
        """When on its day."""
        return clock(self.at)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A person ready to be shown; `older` is the instant to read on before, or None at the end."""

    view: PersonView
    name: str
    account: str
    veil: Veil
    facts: tuple[FactLine, ...]
    goals: tuple[GoalLine, ...]
    channels: tuple[str, ...]
    promises: tuple[PromiseShown, ...]
    holders: tuple[Holder, ...]
    hold: Holder | None
    days: tuple[tuple[str, tuple[Entry, ...]], ...]
    older: Instant | None


def timeline(
    reader: Reader,
    view: PersonView,
    settings: PageSettings,
    revealed: Collection[str] = (),
    *,
    channel: str = "",
    before: Instant | None = None,
    as_of: Instant | None = None,
) -> Timeline:
    """Prepare a person for a page.

    Args:
        reader: Read from.
        view: The person at the instants asked for.
        settings: Units and names.
        revealed: Whose personal data are open.
        channel: Show this channel alone; empty is all.
        before: Show only what happened earlier; None begins with the newest.
        as_of: The instant asked for; None is now.
    """
    colleagues = reader.overview.members(view.account_id, CONTACTS) if view.account_id else []
    now = reader.overview.people([view.person_id])
    known = [fact for named in (*colleagues, *now.values()) for fact in named.facts]
    veil = Veil([*view.facts, *known], is_open=view.person_id in revealed)
    name = veil.name(_believed(view, "profile:")) or f"somebody ({view.person_id[:8]})"
    entries = sorted(
        _entries(view, name, settings, veil),
        key=lambda entry: (entry.at, _ORDER.index(entry.kind)),
        reverse=True,
    )
    wanted = [
        entry
        for entry in entries
        if (not channel or entry.channel == channel) and (before is None or entry.at < before)
    ]
    shown = _page(wanted)
    about = {f"profile:{name}" for name in view.profile_ids} | {f"account:{view.account_id}"}
    days = groupby(shown, key=lambda entry: day(entry.at))
    return Timeline(
        view=view,
        name=name,
        account=_believed(view, "account:"),
        veil=veil,
        facts=tuple(fact_lines(reader, view.facts, settings, veil)),
        goals=tuple(goal_line(goal, settings) for goal in reversed(view.goals)),
        channels=tuple(sorted({entry.channel for entry in entries if entry.channel})),
        holders=holders(view.facts, about, settings.order),
        hold=hold(view.facts, about),
        promises=promises_shown(view.facts, veil, as_of or 0),
        days=tuple((name, tuple(_folded(group))) for name, group in days),
        older=shown[-1].at if len(shown) < len(wanted) else None,
    )


def _page(entries: list[Entry]) -> list[Entry]:
    """The newest entries, as many as a page holds; nothing of one instant is left for the next."""
    if len(entries) <= PER_PAGE:
        return entries
    last = entries[PER_PAGE - 1].at
    end = next((i for i, entry in enumerate(entries) if entry.at < last), len(entries))
    return entries[:end]


def _believed(view: PersonView, subject: str) -> str:
    fact = best(f for f in view.facts if f.predicate == "name" and f.subject.startswith(subject))
    return fact.value if fact and isinstance(fact.value, str) else ""


def fact_lines(
    reader: Reader, facts: Iterable[Fact], settings: PageSettings, veil: Veil
) -> Iterator[FactLine]:
    """Prepare facts for a table."""
    for fact in facts:
        if fact.value is None or (fact.predicate.startswith(PREDICATE) and promised_of(fact)):
            continue  # promises have a table of their own
        of = "account" if fact.subject.startswith("account:") else "person"
        name, shown, said = _name_of(fact, veil), held_as(fact, settings, veil), veil.text(fact.words)
        if predicate_of(fact.predicate).sensitive and not veil.is_open:
            name, shown, said = "something private", Masked("[known]"), ""
        yield FactLine(fact, of, name, shown, said, reader.signal(fact.signal_id))


def held_as(fact: Fact, settings: PageSettings, veil: Veil) -> str:
    """The value of a fact by its unit, what is personal hidden."""
    of = "account" if fact.subject.startswith("account:") else "person"
    shown = value(f"{of}.{fact.predicate}", fact.value, settings)
    return veil.text(shown) if of == "account" else veil.value(fact.predicate, shown)


def _name_of(fact: Fact, veil: Veil) -> str:
    which = veil.text(fact.qualifier)
    if isinstance(which, Masked):
        return Masked(f"{fact.predicate} {which}")
    return f"{fact.predicate}[{which}]" if which else fact.predicate


def goal_line(goal: Goal, settings: PageSettings) -> GoalLine:
    """Prepare a goal for a table."""
    return GoalLine(goal, words(goal.play), words(goal.state), money(goal.value_micro, settings.reporting))


def _entries(view: PersonView, name: str, settings: PageSettings, veil: Veil) -> Iterator[Entry]:
    speakers = {"segue": "Segue", "customer": name}
    said = {message.signal_id for message in view.messages}
    for message in view.messages:
        by = speakers.get(message.by) or veil.text(message.by)
        subject = f": {message.subject}" if message.subject else ""
        title = veil.text(f"{by}, by {words(message.channel)}{subject}")
        lost = _GONE if not message.text and "messages" in settings.rules.kept_s else ""
        text = veil.text(message.text) or Masked(lost)
        yield Entry(message.at, message.direction, title, text, channel=message.channel)
    for touch in view.exposures:
        if touch.signal_id not in said:
            by = speakers.get(touch.by) or veil.text(touch.by)
            text = words(touch.campaign or touch.purpose)
            title = f"touched by {by}, by {words(touch.channel)}"
            yield Entry(touch.at, "touch", title, text, channel=touch.channel)
    for outcome in view.outcomes:
        worth = f"worth {money(outcome.value_micro, settings.reporting)}" if outcome.value_micro else ""
        link = f"/decisions/{outcome.decision_id}" if outcome.decision_id else ""
        yield Entry(outcome.at, "harm" if outcome.harm else "outcome", words(outcome.name), worth, link=link)
    for decision in view.decisions:
        yield _decided(decision, veil)


def _decided(decision: Decision, veil: Veil) -> Entry:
    play = f"{words(decision.play)}: " if decision.play else ""
    mode, text = badge(decision)
    return Entry(
        decision.at,
        "decision",
        f"{play}{choice(decision)}",
        veil.text(decision.because),
        text,
        mode,
        f"/decisions/{decision.id}",
        channel=decision.choice.candidate.channel,
    )


def _folded(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Fold neighbours that say the same of nothing into the newest of them."""
    for (*_, mode), run in groupby(entries, key=lambda e: (e.kind, e.title, e.text, e.mode)):
        same = list(run)
        if mode == "nothing":
            yield replace(same[0], times=len(same))
        else:
            yield from same
