"""The promise ledger of a person: what was promised by whom, by when, and what has become of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from segue.bootstrap.readings import Readings
from segue.core.ports import Reader
from segue.core.records.promised import TIMER, Promised, promises_in
from segue.core.units import Instant, to_instant

_EVER = Instant(2**62)
_MOST = 10_000
Standing = Literal["open", "overdue", "kept", "broken", "withdrawn"]


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One promise, as it stands.

    Attributes:
        who: `customer` or `company`.
        state: As on the ledger; `overdue` is open, and its time has passed.
        due_at: None where no time was said.
        by: Who made it, or told of it.
        since_at: Since when its state holds; `ended_by` the signal that ended it, or empty.
        source, source_id: The signal it was made in; empty where that was erased.
    """

    id: str
    who: str
    what: str
    state: Standing
    due_at: Instant | None
    said_at: Instant
    by: str
    words: str
    since_at: Instant
    ended_by: str
    handed_back: bool
    signal_id: str
    source: str
    source_id: str
    person_id: str


def promise_ledger(
    readings: Readings, who: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> list[PromiseLine]:
    """The promises of and to a person at a pair of instants, the newest first.

    Raises:
        MissingError: Nobody is known by `who`.
    """
    view = readings.person(who, as_of=as_of, known_at=known_at)
    with readings.store.read() as reader:
        at = reader.newest_at() if as_of is None else to_instant(as_of)
        found = [_line(reader, one, at, view.person_id) for one in promises_in(view.facts)]
    return sorted(found, key=lambda line: (-line.said_at, line.id))


def promises_ahead(readings: Readings, limit: int = 50) -> list[PromiseLine]:
    """Open promises of everybody that have a time, those first that are due first."""
    with readings.store.read() as reader:
        at = reader.newest_at()
        due = [timer for timer in reader.due_timers(_EVER, _MOST) if timer.kind == TIMER]
        of = {timer.body["promise"]: timer.subject.partition(":")[2] for timer in due}
        persons = {profile: reader.profile_person(profile) or "" for profile in of.values()}
        known = reader.overview.people({name for name in persons.values() if name})
        found = [
            _line(reader, one, at, person.id)
            for person in known.values()
            for one in promises_in(person.facts)
            if one.id in of and one.is_open
        ]
    return sorted(found, key=lambda line: (line.due_at or 0, line.id))[:limit]


def standing(one: Promised, at: int) -> Standing:
    """How a promise stands to whoever looks at an instant."""
    return "overdue" if one.state == "open" and 0 < one.due_at <= at else one.state


def _line(reader: Reader, one: Promised, at: int, person_id: str) -> PromiseLine:
    source = reader.signal(one.said_in)
    return PromiseLine(
        id=one.id,
        who=one.who,
        what=one.what,
        state=standing(one, at),
        due_at=one.due_at or None,
        said_at=one.said_at,
        by=one.by,
        words=one.words,
        since_at=one.at,
        ended_by="" if one.is_open else one.signal_id,
        handed_back=one.handed_back,
        signal_id=one.said_in,
        source=source.source if source is not None else "",
        source_id=source.source_id if source is not None else "",
        person_id=person_id,
    )
