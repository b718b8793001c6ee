"""Expiring in the store: events are written anew without their words, and the chain is made anew over them.

Whatever happened stays in its place under its key; only what was sealed changes. No key is deleted, because
one step holds words beside facts, decisions and ledger rows that are kept for longer (ADR 21).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from hashlib import blake2b

import msgspec

from segue.core.encoding import encode
from segue.core.records.events import Stepped
from segue.core.records.signals import Signal
from segue.core.units import Instant
from segue.privacy.expiring import DATA_CLASSES, Cuts, DataClass, expired, item_of
from segue.stores import crypto
from segue.stores.db import Db
from segue.stores.fold.inbox import PLACES, said
from segue.stores.keys import Keys
from segue.stores.log import chain_anew, decoded
from segue.stores.split import item_types

_PLACES = "SELECT seq, at, key_id FROM events ORDER BY seq"
_ONE = "SELECT payload FROM events WHERE seq = ?"
_PARTS = "SELECT part, key_id, payload FROM event_parts WHERE seq = {seq} ORDER BY part"
_WAITS = (
    "SELECT 1 FROM signals WHERE pos = ? AND state = 0 UNION ALL "
    "SELECT 1 FROM effects WHERE state IN ('pending', 'unknown') AND pos >= ? AND pos < ?"
)
_DONE = "expired up to"
_SET = "UPDATE events SET payload = ? WHERE seq = ?"
_SET_PART = "UPDATE event_parts SET payload = ? WHERE seq = ? AND part = ?"


@dataclass(slots=True)
class Expiry:
    """What expires, or did.

    Attributes:
        events: How many events each class takes something of, by itself; one may be counted by several.
        held: How many would lose anything, but are of people whose data is held.
        first: Position of the first that changes, or 0.
        changed: How many change.
        waits: How many would, but something in them is still to be done.
    """

    events: dict[DataClass, int] = field(default_factory=dict)
    held: int = 0
    first: int = 0
    changed: int = 0
    waits: int = 0

    def add(self, names: Iterable[DataClass], seq: int) -> None:
        """Count an event that changes."""
        for name in names:
            self.events[name] = self.events.get(name, 0) + 1
        self.first = self.first or seq
        self.changed += 1


def expire(db: Db, keys: Keys, cuts: Cuts, held: Collection[str], *, write: bool) -> Expiry:
    """Find what expires and, inside the open transaction, write it anew.

    What was gone through before is passed over, unless other people's data is held now; what was held back of
    it is counted all the same.

    Args:
        db: The connection.
        keys: Where data keys come from.
        cuts: What goes.
        held: Subjects whose events stay as they are.
        write: False only counts.
    """
    done, oldest = _Done.of(db, cuts, held), min(cuts.values(), default=Instant(0))
    found, stay = Expiry(held=done.stay), done.stay
    kept = {key_id for key_id, subject in keys.held().items() if subject in held}
    for seq, at, key_id in _old(db, max(cuts.values(), default=Instant(0)), done):
        left = _left(db, keys, (seq, at, key_id), cuts)
        if left is None:
            continue
        if kept & {key_id, *_owners(db, seq)}:
            found.held += 1
            stay += at < oldest
        elif db.query(_WAITS, (seq * PLACES, seq * PLACES, (seq + 1) * PLACES)):
            found.waits += 1  # it is looked at again when what waits is done
        else:
            found.add(_taken_by(db, keys, (seq, at, key_id), cuts), seq)
            if write:
                left.put(db, seq)
    if write and found.first:
        chain_anew(db, found.first)
    if write and not found.waits:
        _Done(oldest, _last(db), _held_as(held), stay).keep(db)
    return found


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of one event, sealed: of itself, where that changes, and of its parts that change."""

    own: bytes
    parts: Mapping[int, bytes]

    def put(self, db: Db, seq: int) -> None:
        if self.own:
            db.query(_SET, (self.own, seq))
        for part, sealed in self.parts.items():
            db.query(_SET_PART, (sealed, seq, part))


def _left(db: Db, keys: Keys, place: tuple[int, Instant, int], cuts: Cuts) -> _Left | None:
    """What is left of an event; None where nothing in it goes, or nobody can read it any more."""
    seq, at, key_id = place
    cipher, row = keys.by_id(key_id), db.query(_ONE, (seq,))
    if cipher is None or row is None:
        return None
    event = decoded(crypto.unseal(cipher, seq, 0, row[0]))
    after = encode(expired(event, at, cuts, _digest))
    parts = _parts_left(db, keys, seq, at, cuts) if isinstance(event, Stepped) else {}
    is_same = after == encode(event)
    if is_same and not parts:
        return None
    return _Left(b"" if is_same else crypto.seal(cipher, seq, 0, after), parts)


@dataclass(frozen=True, slots=True)
class _Done:
    """What was gone through: all before an instant, up to a position, with some people's data held.

    Attributes:
        stay: How many events of it were held back.
    """

    before: int = 0
    position: int = 0
    held: str = ""
    stay: int = 0

    @classmethod
    def of(cls, db: Db, cuts: Cuts, held: Collection[str]) -> "_Done":
        row = db.query("SELECT value FROM meta WHERE name = ?", (_DONE,))
        told = msgspec.json.decode(row[0]) if row else ()
        known = cls(*told) if len(told) == len(fields(cls)) else cls()
        is_same = known.held == _held_as(held) and known.before <= min(cuts.values(), default=Instant(0))
        return known if is_same else cls()

    def keep(self, db: Db) -> None:
        told = msgspec.json.encode((self.before, self.position, self.held, self.stay)).decode()
        db.query("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (_DONE, told))


def _held_as(held: Collection[str]) -> str:
    return blake2b("\n".join(sorted(held)).encode(), digest_size=8).hexdigest()


def _last(db: Db) -> int:
    return int(db.run_text("SELECT coalesce(max(seq), 0) FROM events")[0][0])


def _old(db: Db, newest: Instant, done: _Done) -> Iterator[tuple[int, Instant, int]]:
    """Events that are older; one without a time of its own is as old as what stands before it."""
    last = 0
    for seq, at, key_id in db.run_text(_PLACES):
        last = at or last
        if last < newest and (last >= done.before or seq > done.position):
            yield seq, Instant(last), key_id


def _owners(db: Db, seq: int) -> set[int]:
    return {int(row[1]) for row in db.run_text(_PARTS.format(seq=seq))}


def _parts_left(db: Db, keys: Keys, seq: int, at: Instant, cuts: Cuts) -> dict[int, bytes]:
    """Parts of a step that change, sealed anew."""
    spoken, looked = at < cuts.get("messages", 0), at < cuts.get("page_views", 0)
    changed = {}
    for part, key_id, sealed in db.run_text(_PARTS.format(seq=seq)):
        cipher = keys.by_id(key_id)
        if cipher is None:
            continue
        before = crypto.unseal(cipher, seq, part, sealed)
        fields = {
            name: [
                (index, item_of(name, _digest, spoken=spoken, looked=looked)(_typed(name, item)))
                for index, item in items
            ]
            for name, items in msgspec.json.decode(before).items()
        }
        after = encode(fields)
        if after != before:
            changed[part] = crypto.seal(cipher, seq, part, after)
    return changed


def _typed(name: str, item: object) -> object:
    kind = item_types().get(name)
    return item if kind is None else msgspec.convert(item, kind)


def _taken_by(db: Db, keys: Keys, place: tuple[int, Instant, int], cuts: Cuts) -> list[DataClass]:
    """The classes that would each take something of an event by itself."""
    due = [name for name in DATA_CLASSES if place[1] < cuts.get(name, 0)]
    if len(due) == 1:
        return due
    return [name for name in due if _left(db, keys, place, {name: cuts[name]}) is not None]


def _digest(signal: Signal) -> str:
    return said(signal).hex()
