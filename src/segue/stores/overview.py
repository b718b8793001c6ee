"""Reads across all lanes for operators' pages: decisions by what they came to, ways, goals, dead letters."""

from collections.abc import Collection, Mapping
from typing import get_args

from sqlalchemy import Integer, func, literal_column, select

from segue.core.ports import Overview
from segue.core.records.context import TENANT, LedgerRow
from segue.core.records.decisions import Decision
from segue.core.records.effects import Approval
from segue.core.records.events import DeadLettered, Stepped
from segue.core.records.memory import Outcome
from segue.core.records.overview import AccountView, Controls, DayCount, Letter, Listed, Named, OpenGoals, Way
from segue.core.units import DAY, Instant
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.codec import APPROVAL, GOAL, OUTCOME
from segue.stores.fold.facts import FACT_COLUMNS, fact_of
from segue.stores.log import Log
from segue.stores.overview_people import PeopleOverview
from segue.stores.reads_ledger import LedgerReads
from segue.stores.statements import ManyStatement, Statement, given

_D = schema.decisions.c
_F = schema.facts.c
_G = schema.goals.c
_O = schema.outcomes.c
_E = schema.effects.c
_A = schema.approvals.c
_L = schema.dead_letters.c
_IS_DUE = _E.due_at.is_not(None)

_DAY = _D.at // literal_column(str(DAY), Integer)
_DAY_COUNTS = Statement(
    lambda: (
        select(
            _DAY.label("day"),
            _D.mode,
            _D.question,
            _D.play,
            _D.held,
            func.count(),
            func.total(_D.score),
        )
        .where(_D.seq > given("after"))
        .group_by(literal_column("day"), _D.mode, _D.question, _D.play, _D.held)
    )
)
_FILTERS = {
    "play": _D.play == given("play"),
    "mode": _D.mode == given("mode"),
    "question": _D.question == given("question"),
    "account": _D.account_id == given("account"),
    "held": func.instr("\n" + _D.held + "\n", given("held")) > 0,
}
_CONTROLS = Statement(
    lambda: select(*FACT_COLUMNS).where(
        _F.subject == TENANT,
        _F.valid_to > given("now"),
        _F.valid_from <= given("now_too"),
        _F.predicate.in_([literal_column("'kill_switch'"), literal_column("'paused'")]),
    )
)
_APPROVAL = Statement(lambda: select(_A.record).where(_A.id == given("id")))
_WAITING = Statement(
    lambda: select(func.count(), func.coalesce(func.sum(_A.value_micro), 0)).where(_A.status == "pending")
)
_APPROVALS = Statement(
    lambda: (
        select(_A.record)
        .where(
            _A.status == given("status"),
            _A.value_micro <= given("value"),
            (_A.value_micro < given("below")) | (_A.id > given("id")),
        )
        .order_by(_A.value_micro.desc(), _A.id)
        .limit(given("limit"))
    )
)
_OPEN_GOALS = Statement(lambda: select(_G.record).where(_G.closed_at == literal_column(str(schema.FOREVER))))
_GOALS = ManyStatement(lambda names: select(_G.id, _G.record).where(_G.id.in_(names)))
_OUTCOMES = Statement(
    lambda: select(_O.record).where(_O.at > given("at")).order_by(_O.at.desc(), _O.id).limit(given("limit"))
)
_WAYS = Statement(
    lambda: (
        select(
            _E.connector,
            func.count().filter(_E.due_at <= given("now")),
            func.count().filter(_E.due_at > given("now_too")),
            func.min(_E.due_at),
        )
        .where(_IS_DUE)
        .group_by(_E.connector)
    )
)
_RUNNING = Statement(
    lambda: (
        select(_E.connector, func.count()).where(_E.in_flight == literal_column("1")).group_by(_E.connector)
    )
)
_NOBODY_KNOWS = (_E.state == literal_column("'unknown'"), _E.due_at.is_(None), _E.in_flight == 0)
_UNKNOWN = Statement(lambda: select(_E.connector, func.count()).where(*_NOBODY_KNOWS).group_by(_E.connector))
_UNKNOWN_ROWS = Statement(
    lambda: (
        select(_E.id, _E.state, _E.record).where(*_NOBODY_KNOWS).order_by(_E.pos.desc()).limit(given("limit"))
    )
)


def _in_state(state: Listed) -> Statement:
    """Effects in a state, by an index that holds no others."""
    is_in = _E.state == literal_column(f"'{state}'")
    waits = (_E.due_at.is_not(None),) if state == "pending" else ()
    return Statement(
        lambda: (
            select(_E.id, _E.state, _E.record)
            .where(is_in, *waits, _E.pos < given("before"))
            .order_by(_E.pos.desc())
            .limit(given("limit"))
        )
    )


_LISTED: Mapping[Listed, Statement] = {state: _in_state(state) for state in get_args(Listed)}
_PLACE = Statement(lambda: select(_E.pos).where(_E.id == given("id")))
_LETTERS = Statement(
    lambda: (
        select(_L.id, _L.seq, _L.code, _L.error, _L.at)
        .where(_L.open == literal_column("1"), _L.seq < given("before"))
        .order_by(_L.seq.desc())
        .limit(given("limit"))
    )
)
_LETTERS_COUNT = Statement(lambda: select(func.count()).where(_L.open == literal_column("1")))


class OverviewReads:
    """Reads across all lanes over one connection; `segue.core.ports.Overview` says what each one gives."""

    def __init__(self, db: Db, log: Log, ledger: LedgerReads) -> None:
        self._db, self._log, self._ledger = db, log, ledger
        self._people = PeopleOverview(db, log, self.decisions_at)
        self._lists: dict[tuple[str, ...], Statement] = {}

    def day_counts(self, after: int = 0) -> list[DayCount]:
        """Decisions behind a log position, counted by day and by what they came to."""
        return [
            DayCount(day, mode, question, play, tuple(held.split("\n")) if held else (), number, round(score))
            for day, mode, question, play, held, number, score in self._db.rows(_DAY_COUNTS, after)
        ]

    def decisions(
        self, filters: Mapping[str, str], *, limit: int, before: int | None = None
    ) -> list[tuple[int, Decision]]:
        """Decisions with their log position, newest first."""
        names = tuple(name for name in _FILTERS if filters.get(name))
        statement = self._lists.get(names)
        if statement is None:
            statement = self._lists[names] = Statement(
                lambda: (
                    select(_D.seq)
                    .where(*(_FILTERS[name] for name in names), _D.seq < given("before"))
                    .order_by(_D.seq.desc())
                    .limit(given("limit"))
                )
            )
        values = [f"\n{filters[name]}\n" if name == "held" else filters[name] for name in names]
        rows = self._db.rows(statement, *values, schema.FOREVER if before is None else before, limit)
        return self.decisions_at([seq for (seq,) in rows])

    def decisions_at(self, places: Collection[int]) -> list[tuple[int, Decision]]:
        """The decisions at these log positions, as far as their keys are there."""
        events = ((seq, self._log.read(seq)) for seq in places)
        return [
            (seq, event.decision)
            for seq, event in events
            if isinstance(event, Stepped) and event.decision is not None
        ]

    def controls(self, now: Instant) -> Controls:
        """What is stopped or paused."""
        found = [fact_of(row) for row in self._db.rows(_CONTROLS, now, now)]
        on = [fact for fact in found if fact.value is True]
        return Controls(
            kill_switch=next((fact for fact in on if fact.predicate == "kill_switch"), None),
            paused={fact.qualifier: fact for fact in on if fact.predicate == "paused"},
        )

    def people(self, person_ids: Collection[str]) -> dict[str, Named]:
        """Persons by name, with the facts of all their profiles."""
        return self._people.people(person_ids)

    def accounts(self, account_ids: Collection[str]) -> dict[str, Named]:
        """Accounts by name, with their facts."""
        return self._people.accounts(account_ids)

    def members(self, account_id: str, limit: int) -> list[Named]:
        """The persons of an account."""
        return self._people.members(account_id, limit)

    def account(self, account_id: str) -> AccountView | None:
        """An account as it is now."""
        return self._people.account(account_id)

    def approval(self, approval_id: str) -> Approval | None:
        """One approval."""
        row = self._db.row(_APPROVAL, approval_id)
        return APPROVAL.decode(row[0]) if row else None

    def approvals(self, status: str, *, limit: int, after: tuple[int, str] | None = None) -> list[Approval]:
        """Approvals by status, the most valuable first."""
        value, last = after or (schema.FOREVER, "")
        rows = self._db.rows(_APPROVALS, status, value, value, last, limit)
        return [APPROVAL.decode(row[0]) for row in rows]

    def approvals_worth(self) -> tuple[int, int]:
        """How many approvals wait, and their value together."""
        row = self._db.row(_WAITING)
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def open_goals(self) -> list[OpenGoals]:
        """Open goals by play."""
        found: dict[str, tuple[int, int]] = {}
        for (record,) in self._db.rows(_OPEN_GOALS):
            goal = GOAL.decode(record)
            number, value = found.get(goal.play, (0, 0))
            found[goal.play] = number + 1, value + goal.value_micro
        return [OpenGoals(play, number, value) for play, (number, value) in sorted(found.items())]

    def plays_of_goals(self, goal_ids: Collection[str]) -> dict[str, str]:
        """The play of each goal, by goal id."""
        rows = self._db.many(_GOALS, sorted(goal_ids))
        return {goal_id: GOAL.decode(record).play for goal_id, record in rows}

    def outcomes_since(self, at: Instant, limit: int) -> list[Outcome]:
        """Outcomes and harms later than that, newest first."""
        return [OUTCOME.decode(row[0]) for row in self._db.rows(_OUTCOMES, at, limit)]

    def ways(self, now: Instant) -> list[Way]:
        """What waits on the way to each connector."""
        waiting = {name: rest for name, *rest in self._db.rows(_WAYS, now, now)}
        running: dict[str, int] = dict(self._db.rows(_RUNNING))
        unknown: dict[str, int] = dict(self._db.rows(_UNKNOWN))
        found = []
        for name in sorted({*waiting, *running, *unknown}):
            due, later, oldest = waiting.get(name, (0, 0, None))
            oldest_due_at = None if oldest is None or not due else Instant(oldest)
            found.append(Way(name, due, later, running.get(name, 0), unknown.get(name, 0), oldest_due_at))
        return found

    def unknown_effects(self, limit: int) -> list[LedgerRow]:
        """Effects of which only a human can tell whether they happened, newest first."""
        return self._ledger.with_attempts(self._db.rows(_UNKNOWN_ROWS, limit))

    def effects(self, state: Listed, *, limit: int, before: str = "") -> list[LedgerRow]:
        """Effects in a state, newest first; none behind an effect that is not there."""
        row = self._db.row(_PLACE, before) if before else (schema.FOREVER,)
        rows = self._db.rows(_LISTED[state], row[0], limit) if row else []
        return self._ledger.with_attempts(rows)

    def letters(self, *, limit: int, before: int | None = None) -> list[Letter]:
        """Dead letters not put back, newest first."""
        found = []
        end = schema.FOREVER if before is None else before
        for name, seq, code, error, at in self._db.rows(_LETTERS, end, limit):
            event = self._log.read(seq)
            if isinstance(event, DeadLettered):
                found.append(Letter(seq, name, event.signal, code, error, Instant(at)))
        return found

    def letters_count(self) -> int:
        """How many there are."""
        row = self._db.row(_LETTERS_COUNT)
        return int(row[0]) if row else 0


def _conforms(reads: OverviewReads) -> Overview:
    """Have the type checker compare the reads with their port."""
    return reads
