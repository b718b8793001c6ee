"""Reads of the inbox: what is taken up next, dead letters, and single signals."""

from sqlalchemy import func, select

from segue.core.ids import IdKey
from segue.core.ports import Pending
from segue.core.records.events import DeadLettered, Perceived, Received, Stepped
from segue.core.records.memory import Recollection
from segue.core.records.percepts import Percept
from segue.core.records.signals import Signal
from segue.core.units import Instant
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.inbox import DERIVED, HISTORY, LIVE, PENDING, PLACES, identifier_keys
from segue.stores.log import Log
from segue.stores.statements import ManyStatement, Statement, given

_S = schema.signals.c
_D = schema.dead_letters.c
_H = schema.history_keys.c
_I = schema.identifiers.c
_P = schema.profiles.c
_BAND = Statement(
    lambda: (
        select(_S.pos, _S.id)
        .where(_S.state == PENDING, _S.band == given("band"))
        .order_by(_S.pos)
        .limit(given("limit"))
    )
)
_PLACE = Statement(lambda: select(_S.pos).where(_S.id == given("id")))
_ID_AT = Statement(lambda: select(_S.id, _S.state).where(_S.pos == given("pos")))
_PERCEPT = Statement(lambda: select(schema.percepts.c.seq).where(schema.percepts.c.signal_id == given("id")))
_DEAD = Statement(
    lambda: select(_D.id, _D.seq, _D.code, _D.error, _D.at).where(_D.open == 1).order_by(_D.seq)
)
_OLDER = ManyStatement(
    lambda keys: (
        select(_H.pos)
        .distinct()
        .where(_H.key.in_(keys), _H.pos < given("pos"))
        .order_by(_H.pos)
        .limit(given("limit"))
    )
)
_OWNERS = ManyStatement(
    lambda keys: select(_I.profile_id, _I.account_id).distinct().where(_I.hash.in_(keys)).limit(200)
)
_PERSONS = ManyStatement(
    lambda names: select(_P.person_id, _P.account_id).distinct().where(_P.profile_id.in_(names)).limit(200)
)
_OF_PERSONS = ManyStatement(lambda names: select(_P.profile_id).where(_P.person_id.in_(names)).limit(200))
_OF_ACCOUNTS = ManyStatement(lambda names: select(_P.person_id).where(_P.account_id.in_(names)).limit(200))
_HASHES = ManyStatement(lambda names: select(_I.hash).where(_I.profile_id.in_(names)).limit(500))
_HAS_HISTORY = Statement(lambda: select(func.min(_H.pos)))
_ROUNDS = 3


class InboxReads:
    """Reads of the inbox over one connection.

    Args:
        db: The connection.
        log: The log over the same connection.
        ids: The tenant's id key.
        recent: Signals accepted lately, by id; saves decrypting them again.
    """

    def __init__(self, db: Db, log: Log, ids: IdKey, recent: dict[str, Signal]) -> None:
        self._db, self._log, self._ids, self._recent = db, log, ids, recent

    def pending(self, limit: int, history_share: int) -> list[Pending]:
        """What is taken up next, in order."""
        places = [(pos, name) for pos, name in self._db.rows(_BAND, DERIVED, limit)]
        live = self._db.rows(_BAND, LIVE, limit - len(places)) if len(places) < limit else []
        first = self._db.row(_HAS_HISTORY) if live or history_share else None
        taken = {pos for pos, _ in places}
        if live and first is not None and first[0] is not None and first[0] < live[-1][0]:
            for pos, name in live:
                places += self._older_history(pos, name, limit, taken)
                places.append((pos, name))
                if len(places) >= limit:
                    break
        else:
            places += [(pos, name) for pos, name in live]
        room = min(history_share, limit - len(places))
        if room > 0:
            rest = self._db.rows(_BAND, HISTORY, room + len(taken))
            places += [(pos, name) for pos, name in rest if pos not in taken][:room]
        found = ((pos, self._at(pos, name)) for pos, name in places[:limit])
        return [Pending(pos // PLACES, signal) for pos, signal in found if signal is not None]

    def _older_history(self, pos: int, name: str, limit: int, taken: set[int]) -> list[tuple[int, str]]:
        """Older history signals of a live signal's lane, as far as identifiers tell."""
        signal = self._at(pos, name)
        if signal is None or not signal.identifiers:
            return []
        found: dict[int, str] = {}
        keys: set[str] = set(identifier_keys(signal, self._ids))
        for _ in range(_ROUNDS):
            before = len(found)
            keys |= self._lane_keys(keys)
            for (older,) in self._db.many(_OLDER, sorted(keys), pos, limit):
                row = self._db.row(_ID_AT, older)
                if older in taken or older in found or row is None or row[1] != PENDING:
                    continue
                found[older] = row[0]
                other = self._at(older, row[0])
                keys |= set(identifier_keys(other, self._ids)) if other else set()
            if len(found) == before:
                break
        taken.update(found)
        return sorted(found.items())

    def _lane_keys(self, keys: set[str]) -> set[str]:
        """Hashes of all identifiers of the persons and accounts that some identifiers belong to."""
        owners = self._db.many(_OWNERS, sorted(keys))
        named = [profile_id for profile_id, _ in owners if profile_id]
        rows = self._db.many(_PERSONS, named)
        accounts = sorted({a for _, a in owners if a} | {a for _, a in rows if a})
        persons = {person_id for person_id, _ in rows}
        persons |= {person_id for (person_id,) in self._db.many(_OF_ACCOUNTS, accounts)}
        profiles = [profile_id for (profile_id,) in self._db.many(_OF_PERSONS, sorted(persons))]
        return {key for (key,) in self._db.many(_HASHES, profiles)}

    def _at(self, pos: int, name: str) -> Signal | None:
        known = self._recent.get(name)
        return known if known is not None else self._read(pos, name)

    def _read(self, pos: int, name: str) -> Signal | None:
        event = self._log.read(pos // PLACES)
        if isinstance(event, Received):
            return event.signal
        if isinstance(event, Stepped):
            return next((signal for signal in event.derived if signal.id == name), None)
        return None

    def signal(self, signal_id: str) -> Signal | None:
        """One signal."""
        row = self._db.row(_PLACE, signal_id)
        return self._at(row[0], signal_id) if row else None

    def percept(self, signal_id: str) -> Percept | None:
        """The recorded percept of a signal."""
        row = self._db.row(_PERCEPT, signal_id)
        event = self._log.read(row[0]) if row else None
        return event.percept if isinstance(event, Perceived) else None

    def recalled(self, signal_id: str) -> tuple[tuple[Recollection, ...], str]:
        """What was recalled for a signal before its step, and the model it was recalled by."""
        row = self._db.row(_PERCEPT, signal_id)
        event = self._log.read(row[0]) if row else None
        return (event.recalled, event.recalled_by) if isinstance(event, Perceived) else ((), "")

    def dead_letters(self) -> list[tuple[str, Signal, str, str, Instant]]:
        """Dead letters not replayed, oldest first."""
        found = []
        for name, seq, code, error, at in self._db.rows(_DEAD):
            event = self._log.read(seq)
            if isinstance(event, DeadLettered):
                found.append((name, event.signal, code, error, Instant(at)))
        return found
