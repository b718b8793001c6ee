"""Reads of a lane's memory that every step needs: its facts in one pass, and what is open in another."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select, text

from segue.core.records.effects import Timer
from segue.core.records.memory import Arm, Fact, Goal
from segue.core.units import Instant
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.beliefs import facts_in
from segue.stores.fold.codec import ARM, GOAL, TIMER
from segue.stores.fold.facts import FACT_COLUMNS, fact_of
from segue.stores.statements import ManyStatement, Statement, given

_B = schema.beliefs.c
_E = schema.facts_ended.c
_BELIEFS = ManyStatement(
    lambda subjects: (
        select(_B.subject, _B.since, _B.until, _B.ended, _B.facts)
        .where(_B.subject.in_(subjects))
        .order_by(_B.subject)
    )
)
_ENDED = Statement(
    lambda: select(*(_E[column.name] for column in FACT_COLUMNS)).where(
        _E.subject == given("subject"), _E.valid_to > given("now"), _E.valid_from <= given("now_too")
    )
)
_GOAL, _TIMER, _ARM = range(3)


def _open_sql(count: int) -> str:
    listed = ", ".join(f"?{number}" for number in range(1, count + 1))
    goals = f"SELECT record FROM goals WHERE subject IN ({listed}) AND closed_at > ?{count + 1} LIMIT 100"  # noqa: S608 - own numbers
    timers = f"SELECT record FROM timers WHERE subject IN ({listed}) LIMIT 200"  # noqa: S608 - own numbers
    arms = f"SELECT record FROM arms WHERE unit IN ({listed})"  # noqa: S608 - own numbers
    parts = ((_GOAL, goals), (_TIMER, timers), (_ARM, arms))
    return " UNION ALL ".join(f"SELECT {kind}, record FROM ({part})" for kind, part in parts)  # noqa: S608 - own text


_OPEN = ManyStatement(lambda subjects: text(_open_sql(len(subjects))))


class OpenInLane(NamedTuple):
    """Goals, in order, timers, and the arms of units, in order."""

    goals: tuple[Goal, ...]
    timers: list[Timer]
    arms: tuple[Arm, ...]


class LaneReads:
    """Reads of a lane's memory over one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def facts(self, subjects: Sequence[str], now: Instant) -> tuple[Fact, ...]:
        """What is believed now of some subjects and valid at `now`, in the order of subject and key."""
        found: list[Fact] = []
        for subject, since, until, ended, told in self._db.many(_BELIEFS, subjects):
            facts = facts_in(subject, told)
            if not since <= now < until:
                facts = tuple([fact for fact in facts if _holds(fact, now)])
            if now < ended:  # what ended for the lane that wrote it last has not for this one
                rows = self._db.rows(_ENDED, subject, now, now)
                facts = tuple(sorted([*facts, *map(fact_of, rows)], key=_key_of))
            found += facts
        return tuple(found)

    def open(self, own: Sequence[str], units: Sequence[str], since: Instant | int) -> OpenInLane:
        """Goals of own subjects that are open or were closed after `since`, their timers, and units' arms."""
        goals: list[Goal] = []
        timers: list[Timer] = []
        arms: list[Arm] = []
        for kind, record in self._db.many(_OPEN, list(dict.fromkeys([*own, *units])), since):
            if kind == _GOAL:
                goals.append(GOAL.decode(record))
            elif kind == _TIMER:
                timers.append(TIMER.decode(record))
            elif (arm := ARM.decode(record)).unit in units:
                arms.append(arm)
        goals.sort(key=lambda goal: (goal.opened_at, goal.id))
        arms.sort(key=lambda arm: (arm.at, arm.unit))
        return OpenInLane(tuple(goals), timers, tuple(arms))


def _holds(fact: Fact, now: Instant) -> bool:
    return fact.valid_from <= now and (fact.valid_to is None or now < fact.valid_to)


def _key_of(fact: Fact) -> tuple[str, str, str, int]:
    return fact.predicate, fact.qualifier, fact.trust, fact.valid_from
