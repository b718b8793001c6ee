"""Which fold takes which event."""

from dataclasses import dataclass
from typing import assert_never

from segue.core.ids import IdKey
from segue.core.records.events import (
    Attempted,
    DeadLettered,
    DeadLetterReplayed,
    EngineStarted,
    Erased,
    Event,
    Expired,
    Imported,
    Perceived,
    Received,
    Restored,
    Stepped,
)
from segue.stores.db import Db
from segue.stores.fold import codes, decisions, effects, facts, inbox, memory, open_rows, people, restored


@dataclass(frozen=True, slots=True)
class Folding:
    """What folds write to."""

    db: Db
    ids: IdKey


def fold(to: Folding, seq: int, event: Event) -> None:
    """Bring the projections up to an event.

    Raises:
        IntegrityError: An illegal move of an effect.
    """
    match event:
        case Received():
            inbox.received(to.db, to.ids, seq, event)
        case Stepped():
            _stepped(to.db, seq, event)
        case Perceived():
            inbox.perceived(to.db, seq, event)
        case Attempted():
            effects.attempted(to.db, event.attempt)
        case DeadLettered():
            inbox.dead_lettered(to.db, seq, event)
        case DeadLetterReplayed():
            inbox.replayed(to.db, event)
        case EngineStarted() | Imported() | Expired():
            pass
        case Erased():
            people.erased(to.db, seq, event)
        case Restored():
            restored.restored(to.db, seq, event)
        case _:
            assert_never(event)


def _stepped(db: Db, seq: int, event: Stepped) -> None:
    people.linked(db, seq, event)
    if event.facts:
        facts.revise(db, event.facts, event.now)
    memory.remembered(db, seq, event)
    if event.decision is not None:
        decisions.decided(db, seq, event, event.decision)
    effects.committed(db, seq, event)
    if event.codes:
        codes.offered(db, event)
    open_rows.left_open(db, event)
    inbox.stepped(db, seq, event)
