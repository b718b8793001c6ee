"""Reads of a lane's memory: its facts in one pass over their rows, and what else there is in another."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from segue.core.records.effects import Reservation, Timer
from segue.core.records.memory import Arm, Exposure, Fact, Goal, Message
from segue.core.units import DAY, Instant
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.beliefs import facts_in
from segue.stores.fold.codec import ARM, EXPOSURE, GOAL, RESERVATION, TIMER
from segue.stores.fold.facts import FACT_COLUMNS, fact_of
from segue.stores.statements import EachStatement, EachText, Statement, given

MESSAGES, EXPOSURES, RESERVATIONS, GOALS, TIMERS = 20, 50, 500, 100, 200
RECENT = 35 * DAY
LASTING = 400 * DAY
CLOSED_GOALS = 30 * DAY

_B = schema.beliefs.c
_E = schema.facts_ended.c
_M = schema.messages.c
MESSAGE_COLUMNS = (
    _M.id,
    _M.thread,
    _M.profile_id,
    _M.channel,
    _M.direction,
    _M.by,
    _M.text,
    _M.at,
    _M.signal_id,
    _M.brand,
    _M.subject,
    _M.reference,
)
_BELIEFS = EachStatement(
    lambda subject: select(_B.subject, _B.since, _B.until, _B.ended, _B.facts).where(_B.subject == subject)
)
_ENDED = Statement(
    lambda: select(*(_E[column.name] for column in FACT_COLUMNS)).where(
        _E.subject == given("subject"), _E.valid_to > given("now"), _E.valid_from <= given("now_too")
    )
)
_GOAL, _TIMER, _RESERVATION, _EXPOSURE = range(4)


def _kind(kind: int, rows: str, limit: int) -> str:
    """Rows of one kind, so that several kinds are read together."""
    return f"SELECT * FROM (SELECT {kind}, record FROM {rows} LIMIT {limit})"  # noqa: S608 - own text


_OPEN_KINDS = (
    _kind(_GOAL, "goals WHERE subject = {item} AND closed_at > {closed}", GOALS),
    _kind(_TIMER, "timers WHERE subject = {item}", TIMERS),
)
_ALL_KINDS = (
    *_OPEN_KINDS,
    _kind(
        _RESERVATION,
        "reservations WHERE subject = {item} AND taken = 1 AND at >= {lasting} "
        "AND (at >= {recent} OR lasting = 1) ORDER BY at DESC",
        RESERVATIONS,
    ),
    # The eight letters before a profile's id are cut off: exposures hold it bare.
    _kind(
        _EXPOSURE,
        "exposures WHERE profile_id = substr({item}, 9) AND at >= {recent} ORDER BY at DESC",
        EXPOSURES,
    ),
)
_OPEN = EachText(" UNION ALL ".join(_OPEN_KINDS), "closed")
_ALL = EachText(" UNION ALL ".join(_ALL_KINDS), "closed", "lasting", "recent")
_ARMS = EachText("SELECT record FROM arms WHERE unit = {item}")
_MESSAGES = EachStatement(
    lambda profile: (
        select(*MESSAGE_COLUMNS)
        .where(_M.profile_id == profile)
        .order_by(_M.at.desc(), _M.pos.desc())
        .limit(MESSAGES)
    )
)


@dataclass(slots=True)
class Lane:
    """What a lane's memory holds besides facts, in the order a context has it; timers in none."""

    goals: list[Goal] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    arms: list[Arm] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    exposures: list[Exposure] = field(default_factory=list)

    def take(self, kind: int, record: bytes) -> None:
        """Keep a record of its kind."""
        match kind:
            case 0:
                self.goals.append(GOAL.decode(record))
            case 1:
                self.timers.append(TIMER.decode(record))
            case 2:
                self.reservations.append(RESERVATION.decode(record))
            case _:
                self.exposures.append(EXPOSURE.decode(record))

    def sort(self) -> None:
        """Put everything in order, within its bounds."""
        self.goals.sort(key=lambda goal: (goal.opened_at, goal.id))
        self.arms.sort(key=lambda arm: (arm.at, arm.unit))
        self.reservations.sort(key=lambda one: (-one.at, one.id))
        self.messages.sort(key=lambda message: (-message.at, message.id))
        self.exposures.sort(key=lambda item: (-item.at, item.id))
        del self.reservations[RESERVATIONS:], self.messages[MESSAGES:], self.exposures[EXPOSURES:]


class LaneReads:
    """Reads of a lane's memory over one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def facts(self, subjects: Sequence[str], now: Instant) -> tuple[Fact, ...]:
        """What is believed now of subjects and valid at `now`, subject by subject, in the order of keys."""
        found: list[Fact] = []
        for subject, since, until, ended, told in self._db.each(_BELIEFS, subjects):
            facts = facts_in(subject, told)
            if not since <= now < until:
                facts = tuple([fact for fact in facts if _holds(fact, now)])
            if now < ended:  # what ended for the lane that wrote it last has not for this one
                rows = self._db.rows(_ENDED, subject, now, now)
                facts = tuple(sorted([*facts, *map(fact_of, rows)], key=_key_of))
            found += facts
        return tuple(found)

    def believed(self, subjects: Sequence[str]) -> list[tuple[str, str]]:
        """Rows of beliefs as they are kept, each with its subject."""
        return [(row[0], row[4]) for row in self._db.each(_BELIEFS, subjects)]

    def lasting(self, subjects: Sequence[str]) -> list[Fact]:
        """What is believed of subjects without an end."""
        rows = self._db.each(_BELIEFS, subjects)
        return [fact for row in rows for fact in facts_in(row[0], row[4]) if fact.valid_to is None]

    def open(self, subjects: Sequence[str], units: Sequence[str], now: Instant) -> Lane:
        """Goals and timers of subjects, and the arms of units."""
        lane = Lane()
        for kind, record in self._db.each(_OPEN, subjects, now - CLOSED_GOALS):
            lane.take(kind, record)
        lane.arms = [ARM.decode(record) for (record,) in self._db.each(_ARMS, units)]
        lane.sort()
        return lane

    def all(self, subjects: Sequence[str], units: Sequence[str], now: Instant) -> Lane:
        """The same with reservations, messages and exposures."""
        lane = Lane()
        for kind, record in self._db.each(_ALL, subjects, now - CLOSED_GOALS, now - LASTING, now - RECENT):
            lane.take(kind, record)
        lane.arms = [ARM.decode(record) for (record,) in self._db.each(_ARMS, units)]
        profiles = [
            name for scope, _, name in (subject.partition(":") for subject in subjects) if scope == "profile"
        ]
        lane.messages = [Message(*row) for row in self._db.each(_MESSAGES, profiles)]
        lane.sort()
        return lane


def _holds(fact: Fact, now: Instant) -> bool:
    return fact.valid_from <= now and (fact.valid_to is None or now < fact.valid_to)


def _key_of(fact: Fact) -> tuple[str, str, str, int]:
    return fact.predicate, fact.qualifier, fact.trust, fact.valid_from
