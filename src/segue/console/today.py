"""Today: what fell, what was held back and why, what waits for a human, money, tools, and what is stopped."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from segue.console.approvals import Waiting, approval_list
from segue.console.listing import Row, rows
from segue.console.phrases import held_by
from segue.console.settings import PageSettings
from segue.console.tally import Tally, Totals
from segue.console.visitors import Visitor
from segue.console.who import Names, Who
from segue.console.wording import lasts, money, words
from segue.core.ports import Reader
from segue.core.records.context import LedgerRow
from segue.core.records.memory import Fact, Outcome
from segue.core.records.overview import OpenGoals, Way
from segue.core.units import DAY, MINUTE, Instant
from segue.runtime.limits import LineState

WEEK, MONTH = 7, 30
"""Days that count as lately, and days whose outcomes count as won; today is one of them."""

_WAITING, _RECENT, _HARMS, _UNKNOWN, _OUTCOMES = 5, 8, 5, 5, 10_000
_LATE = 5 * MINUTE
"""A tool whose oldest due effect waits longer is told as late."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What kept something back, how often today and lately, and the rule's own reason."""

    name: str
    text: str
    why: str
    today: int
    week: int
    share_ppm: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Decisions of one day, for the picture: how many were done, held back, asked about, and nothing else."""

    day: int
    total: int
    done: int
    held: int
    asked: int


@dataclass(frozen=True, slots=True)
class PlayLine:
    """A play: whether it runs, its open goals, and its money."""

    name: str
    text: str
    paused: Fact | None
    goals: int
    stake: str
    today: int
    expected: str
    won: int
    earned: str


@dataclass(frozen=True, slots=True)
class Tool:
    """The way to one connector, in words."""

    way: Way
    state: str
    text: str
    lag: str


@dataclass(frozen=True, slots=True)
class Harm:
    """Something that must not happen often, and to whom it did."""

    outcome: Outcome
    who: Who


@dataclass(frozen=True, slots=True)
class Today:
    """The first page ready to be shown."""

    at: Instant
    totals: Totals
    week: Totals
    bars: tuple[Bar, ...]
    most: int
    waiting: tuple[Waiting, ...]
    waiting_number: int
    waiting_worth: str
    stake: str
    goals: int
    expected: str
    won: str
    won_number: int
    harms_number: int
    harms: tuple[Harm, ...]
    rules: tuple[Rule, ...]
    plays: tuple[PlayLine, ...]
    tools: tuple[Tool, ...]
    unknown: tuple[LedgerRow, ...]
    letters: int
    recent: tuple[Row, ...]


def today(
    reader: Reader,
    settings: PageSettings,
    visitor: Visitor,
    tally: Tally,
    lines: Mapping[str, LineState],
    *,
    now: Instant,
    revealed: Collection[str],
) -> Today:
    """Read the first page.

    Args:
        reader: Read from.
        settings: Units and names.
        visitor: Who looks: some see their own approvals alone.
        tally: Counts of decisions.
        lines: How the way to each connector is.
        now: The tenant's time.
        revealed: Whose personal data are open.
    """
    day = now // DAY
    week, this = tally.totals(reader, day - WEEK + 1), tally.totals(reader, day)
    bars = tuple(_bar(on, totals) for on, totals in tally.days(reader, day - 2 * WEEK + 1, day))
    outcomes = reader.overview.outcomes_since(Instant((day - MONTH + 1) * DAY - 1), _OUTCOMES)
    won = [item for item in outcomes if not item.harm]
    harms = [item for item in outcomes if item.harm and item.at >= (day - WEEK + 1) * DAY]
    goals = reader.overview.open_goals()
    stake = sum(item.value_micro for item in goals)
    waiting = approval_list(
        reader, settings, visitor, status="pending", after=None, now=now, revealed=revealed, limit=_WAITING
    )
    recent = [decision for _, decision in reader.overview.decisions({}, limit=_RECENT)]
    return Today(
        at=now,
        totals=this,
        week=week,
        bars=bars,
        most=max((bar.total for bar in bars), default=0),
        waiting=waiting.rows,
        waiting_number=waiting.number,
        waiting_worth=waiting.worth,
        stake=money(stake, settings.reporting),
        goals=sum(item.number for item in goals),
        expected=money(this.expected_micro, settings.reporting),
        won=money(sum(item.value_micro for item in won), settings.reporting),
        won_number=len(won),
        harms_number=len(harms),
        harms=_harms(reader, harms[:_HARMS], revealed),
        rules=tuple(_rules(this, week, settings)),
        plays=tuple(_plays(reader, settings, this, won, {item.play: item for item in goals}, now=now)),
        tools=tuple(_tools(reader.overview.ways(now), lines, now)),
        unknown=tuple(reader.overview.unknown_effects(_UNKNOWN)),
        letters=reader.overview.letters_count(),
        recent=tuple(rows(reader, settings, recent, revealed)),
    )


def _bar(day: int, totals: Totals) -> Bar:
    asked = totals.came_to("approve")
    return Bar(day, totals.decisions, totals.came_to("act", "allow"), totals.held, asked)


def _rules(this: Totals, week: Totals, settings: PageSettings) -> list[Rule]:
    today_by = dict(this.rules)
    most = max((number for _, number in week.rules), default=1)
    return [
        Rule(
            name,
            held_by(name),
            settings.reasons.get(name, ""),
            today_by.get(name, 0),
            number,
            number * 1_000_000 // most,
        )
        for name, number in week.rules
    ]


def _plays(
    reader: Reader,
    settings: PageSettings,
    this: Totals,
    won: Collection[Outcome],
    goals: Mapping[str, OpenGoals],
    *,
    now: Instant,
) -> list[PlayLine]:
    paused = reader.overview.controls(now).paused
    fallen, expected = dict(this.plays), dict(this.expected_by_play)
    earned = _earned(reader, won)
    found = []
    for name in sorted({*settings.plays, *goals, *paused}):
        goal = goals.get(name)
        number, value = earned.get(name, (0, 0))
        found.append(
            PlayLine(
                name=name,
                text=words(name),
                paused=paused.get(name),
                goals=goal.number if goal else 0,
                stake=money(goal.value_micro, settings.reporting) if goal else "",
                today=fallen.get(name, 0),
                expected=money(expected[name], settings.reporting) if expected.get(name) else "",
                won=number,
                earned=money(value, settings.reporting) if value else "",
            )
        )
    return found


def _earned(reader: Reader, won: Collection[Outcome]) -> dict[str, tuple[int, int]]:
    """Outcomes by the play whose goal they reached."""
    plays = reader.overview.plays_of_goals({item.goal_id for item in won if item.goal_id})
    found: dict[str, tuple[int, int]] = {}
    for item in won:
        play = plays.get(item.goal_id, "")
        number, value = found.get(play, (0, 0))
        found[play] = number + 1, value + item.value_micro
    return found


def _tools(ways: Collection[Way], lines: Mapping[str, LineState], now: Instant) -> list[Tool]:
    by_name = {way.connector: way for way in ways}
    return [_tool(by_name.get(name, Way(name)), lines.get(name), now) for name in sorted({*by_name, *lines})]


def _tool(way: Way, line: LineState | None, now: Instant) -> Tool:
    lag = max(0, now - way.oldest_due_at) if way.oldest_due_at is not None else 0
    state, text = "ok", "takes calls"
    if line is None:
        state, text = "bad", "not connected"
    elif line.is_open:
        wait = lasts(max(0, (line.probe_at or now) - now))
        state, text = "bad", f"breaker open, tried again in {wait}"
    elif way.unknown:
        state, text = "warn", "needs a look"
    elif lag > _LATE:
        state, text = "warn", "late"
    return Tool(way, state, text, lasts(lag) if way.due else "")


def _harms(reader: Reader, harms: Collection[Outcome], revealed: Collection[str]) -> tuple[Harm, ...]:
    persons = {item.id: (reader.profile_person(item.profile_id) or "") for item in harms if item.profile_id}
    names = Names(reader, revealed, persons.values(), [item.account_id for item in harms])
    return tuple(Harm(item, names.who(persons.get(item.id, ""), item.account_id)) for item in harms)
