"""The event log: sealed events in order, chained by a hash over the ciphertext, one link per group commit."""

from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import func, select

from segue.core.encoding import encode
from segue.core.errors import IntegrityError
from segue.core.ports import LogRow
from segue.core.records.events import EVENTS_VERSION, Event, Stepped
from segue.stores import crypto, schema
from segue.stores.db import Db, Row
from segue.stores.keys import Keys
from segue.stores.split import Parts, event_at, join, split
from segue.stores.statements import Statement, given, insert

_BATCH = 500
_EVENTS = schema.events.c
_PARTS = schema.event_parts.c
_CHAIN = schema.chain.c

_INSERT = insert(schema.events)
_INSERT_PART = insert(schema.event_parts)
_INSERT_LINK = insert(schema.chain)
_LAST = Statement(lambda: select(func.coalesce(func.max(_EVENTS.seq), 0)))
_LAST_LINK = Statement(lambda: select(_CHAIN.digest).order_by(_CHAIN.first_seq.desc()).limit(1))
_LAST_LINKS = Statement(lambda: select(schema.chain).order_by(_CHAIN.first_seq.desc()).limit(2))
_LAST_AT = Statement(lambda: select(_EVENTS.at).where(_EVENTS.at > 0).order_by(_EVENTS.seq.desc()).limit(1))
_ONE = Statement(lambda: select(schema.events).where(_EVENTS.seq == given("seq")))
_PARTS_OF = Statement(
    lambda: (
        select(_PARTS.part, _PARTS.key_id, _PARTS.payload)
        .where(_PARTS.seq == given("seq"))
        .order_by(_PARTS.part)
    )
)
_AFTER = Statement(
    lambda: select(schema.events).where(_EVENTS.seq > given("seq")).order_by(_EVENTS.seq).limit(_BATCH)
)
_LINKS = Statement(lambda: select(schema.chain).order_by(_CHAIN.first_seq))
_BETWEEN = Statement(
    lambda: (
        select(schema.events)
        .where(_EVENTS.seq >= given("first"), _EVENTS.seq <= given("last"))
        .order_by(_EVENTS.seq)
    )
)

_SET_LINK = "UPDATE chain SET digest = ? WHERE first_seq = ?"

GENESIS = bytes(32)
"""What the first link is chained to."""


@cache
def _decoder() -> msgspec.json.Decoder[Event]:
    return msgspec.json.Decoder(Event)


class Log:
    """Appends, reads and verifies the log of one connection.

    Args:
        db: The connection.
        keys: Where data keys come from.
        profile_of_effect: Profile an earlier effect was meant for, or empty.
    """

    def __init__(self, db: Db, keys: Keys, profile_of_effect: Callable[[str], str]) -> None:
        self._db, self._keys, self._profile_of_effect = db, keys, profile_of_effect
        self.pieces: list[bytes] = []
        self._newest: tuple[int, Event] | None = None

    def position(self) -> int:
        """Sequence number of the newest event."""
        row = self._db.row(_LAST)
        return int(row[0]) if row else 0

    def newest_at(self) -> int:
        """When the newest event with a time was recorded, or 0."""
        row = self._db.row(_LAST_AT)
        return int(row[0]) if row else 0

    def append(self, seq: int, event: Event, subject: str) -> None:
        """Seal an event, with one part for each other profile it speaks of, and write it."""
        parts: Parts = {}
        primary: Event = event
        if isinstance(event, Stepped):
            primary, parts = split(event, self._profile_of_effect)
        key_id, cipher = self._keys.for_subject(subject)
        tag = type(event).__struct_config__.tag
        row = (
            seq,
            tag,
            EVENTS_VERSION,
            event_at(event),
            key_id,
            crypto.seal(cipher, seq, 0, encode(primary)),
        )
        self._db.do(_INSERT, *row)
        self.pieces.append(_piece(row))
        self._newest = seq, event
        for part, (owner, fields) in enumerate(sorted(parts.items()), start=1):
            part_key_id, part_cipher = self._keys.for_subject(owner)
            sealed = crypto.seal(part_cipher, seq, part, encode(fields))
            self._db.do(_INSERT_PART, seq, part, part_key_id, sealed)
            self.pieces.append(_piece((part, part_key_id, sealed)))

    def link(self, first_seq: int, last_seq: int) -> None:
        """Chain the events of one group commit to all before them."""
        digest = _digest(self._last_digest(), self.pieces)
        self._db.do(_INSERT_LINK, first_seq, last_seq, digest)
        self.forget()

    def _last_digest(self) -> bytes:
        row = self._db.row(_LAST_LINK)
        return bytes(row[0]) if row else GENESIS

    def read(self, seq: int) -> Event | None:
        """One event, or None where its key was erased.

        Raises:
            IntegrityError: It was changed.
        """
        if self._newest is not None and self._newest[0] == seq:
            return self._newest[1]
        row = self._db.row(_ONE, seq)
        return self._decrypt(row) if row else None

    def forget(self, pieces: int = 0) -> None:
        """Forget what was appended and is not chained, but for its first pieces."""
        del self.pieces[pieces:]
        self._newest = None

    def walk(self, after: int = 0) -> Iterator[LogRow]:
        """The events after a position, in order, read in batches."""
        while batch := self._db.rows(_AFTER, after):
            for row in batch:
                yield LogRow(row[0], self._decrypt(row))
            after = batch[-1][0]

    def newest(self) -> Iterator[LogRow]:
        """The events in order from the newest back."""
        for seq in range(self.position(), 0, -1):
            yield LogRow(seq, self.read(seq))

    def newest_digest(self) -> str:
        """Digest of the newest link, in hexadecimal."""
        return self._last_digest().hex()

    def verify(self, newest: int | None = None) -> None:
        """Recompute the hash chain.

        Args:
            newest: Only so many links at its end; None is all.

        Raises:
            IntegrityError: Names the first broken link.
        """
        digest, expected, links = GENESIS, 1, self._db.rows(_LINKS)
        if newest is not None and len(links) > newest:
            _, last, digest = links[-newest - 1]
            expected, links = last + 1, links[-newest:]
        for first, last, recorded in links:
            digest = _digest(digest, list(recorded_pieces(self._db, first, last)))
            if first != expected or digest != recorded:
                raise IntegrityError(f"the hash chain breaks at the link of events {first} to {last}")
            expected = last + 1
        if self.position() != expected - 1:
            raise IntegrityError(f"the hash chain breaks: no link for events from {expected} on")

    def verify_end(self) -> None:
        """Recompute the last link of the chain, which tells of a log that was cut short or torn.

        Raises:
            IntegrityError: The last link is broken, or events are not chained.
        """
        links = self._db.rows(_LAST_LINKS)
        first, last, recorded = links[0] if links else (1, 0, GENESIS)
        before = links[1][2] if len(links) > 1 else GENESIS
        made = _digest(before, list(recorded_pieces(self._db, first, last))) if links else GENESIS
        if made != recorded or self.position() != last:
            raise IntegrityError(f"the hash chain breaks at its end: the link of events {first} to {last}")

    def _decrypt(self, row: Row) -> Event | None:
        seq, tag, version, _at, key_id, payload = row
        if version > EVENTS_VERSION:
            raise IntegrityError(f"event {seq} was written by a newer version of segue")
        cipher = self._keys.by_id(key_id)
        if cipher is None:
            return None
        event = _decoder().decode(crypto.unseal(cipher, seq, 0, payload))
        if tag != "stepped" or not isinstance(event, Stepped):
            return event
        parts: list[dict[str, Any]] = []
        for part, part_key_id, sealed in self._db.rows(_PARTS_OF, seq):
            part_cipher = self._keys.by_id(part_key_id)
            if part_cipher is not None:
                parts.append(msgspec.json.decode(crypto.unseal(part_cipher, seq, part, sealed)))
        return join(event, parts) if parts else event


def decoded(payload: bytes) -> Event:
    """An event as it was encoded."""
    return _decoder().decode(payload)


def chain_anew(db: Db, first: int) -> None:
    """Recompute the links from that of an event on, whose ciphertext was written anew."""
    links = db.rows(_LINKS)
    digest = GENESIS
    for begin, end, recorded in links:
        if end < first:
            digest = recorded
            continue
        digest = _digest(digest, list(recorded_pieces(db, begin, end)))
        db.query(_SET_LINK, (digest, begin))


def recorded_pieces(db: Db, first: int, last: int) -> Iterator[bytes]:
    """What the chain runs over, of some events."""
    for row in db.rows(_BETWEEN, first, last):
        yield _piece(row)
        for part in db.rows(_PARTS_OF, row[0]):
            yield _piece(part)


def _piece(row: Row) -> bytes:
    """What the chain runs over: numbers and names, each with a zero after it, and what is sealed."""
    *named, sealed = row
    return b"%b\x00%b;\x00" % ("\x00".join(map(str, named)).encode(), sealed)


def _digest(previous: bytes, pieces: list[bytes]) -> bytes:
    return blake2b(previous + b"".join(pieces), digest_size=32).digest()
