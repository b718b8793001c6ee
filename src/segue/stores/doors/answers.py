"""Answers already given: what a request with an `Idempotency-Key` was told, so that it is told so again.

An answer may repeat what the request said, so it is sealed: the file of the doors holds no readable word of
it.
"""

from dataclasses import dataclass
from hashlib import blake2b

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, Index, Integer, LargeBinary, delete, insert, select, update

from segue.core.units import DAY, Instant
from segue.stores import crypto
from segue.stores.doors.db import DoorsDb, table
from segue.stores.statements import Statement, given

KEPT_FOR = DAY
"""An answer is told again for this long, in microseconds; then the key is free."""

_ANSWERS = table(
    "answers",
    Column("id", LargeBinary, primary_key=True),
    Column("asked", LargeBinary, nullable=False),
    Column("at", Integer, nullable=False),
    Column("sealed", LargeBinary),
)
Index("answers_at", _ANSWERS.c.at)
_A = _ANSWERS.c
_FIND = Statement(lambda: select(_A.asked, _A.sealed).where(_A.id == given("id")))
_BEGIN = Statement(lambda: insert(_ANSWERS).values(id=given("id"), asked=given("asked"), at=given("at")))
_END = Statement(lambda: update(_ANSWERS).values(sealed=given("sealed")).where(_A.id == given("key")))
_DROP = Statement(lambda: delete(_ANSWERS).where(_A.id == given("id")))
_DROP_ALL = Statement(lambda: delete(_ANSWERS))
_DROP_OLD = Statement(lambda: delete(_ANSWERS).where(_A.at <= given("before")))
_DROP_OPEN = Statement(lambda: delete(_ANSWERS).where(_A.sealed.is_(None)))


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What was told: status, media type and body."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """Nobody asked so before: do it, then tell `end` or `forget`."""


@dataclass(frozen=True, slots=True)
class Running:
    """The same request is being worked on."""


@dataclass(frozen=True, slots=True)
class Reused:
    """Another request came under this key."""


Found = Begun | Running | Reused | Answer

_DECODER = msgspec.msgpack.Decoder(Answer)


class Answers:
    """Answers by caller and key; may be used from any thread of the one process that serves the home.

    Args:
        db: The database of the doors.
        master_key: The home's master key, which the seal is derived from.
    """

    def __init__(self, db: DoorsDb, master_key: bytes) -> None:
        self._db = db
        self._cipher = AESGCM(blake2b(b"segue answers", key=master_key, digest_size=32).digest())
        with db.transaction() as unit:
            unit.do(_DROP_OPEN)  # The process that worked on them is gone.

    def begin(self, caller: str, key: str, request: bytes, now: Instant) -> Found:
        """Look a key up, and take it if it is free.

        Args:
            caller: Id of the API key: callers do not meet.
            key: The `Idempotency-Key`.
            request: What was asked, to be told from another request.
            now: When.
        """
        name, asked = _name(caller, key), blake2b(request, digest_size=16).digest()
        with self._db.transaction() as db:
            db.do(_DROP_OLD, now - KEPT_FOR)
            row = db.row(_FIND, name)
            if row is None:
                db.do(_BEGIN, name, asked, now)
                return Begun()
        if bytes(row[0]) != asked:
            return Reused()
        if row[1] is None:
            return Running()
        return _DECODER.decode(crypto.unseal(self._cipher, 0, 0, bytes(row[1])))

    def end(self, caller: str, key: str, answer: Answer) -> None:
        """Keep what was told."""
        sealed = crypto.seal(self._cipher, 0, 0, msgspec.msgpack.encode(answer))
        with self._db.transaction() as db:
            db.do(_END, sealed, _name(caller, key))

    def forget_all(self) -> None:
        """Free every key: what the answers tell of may be lost."""
        with self._db.transaction() as db:
            db.do(_DROP_ALL)

    def forget(self, caller: str, key: str) -> None:
        """Free a key whose request changed nothing, so that it may be sent again."""
        with self._db.transaction() as db:
            db.do(_DROP, _name(caller, key))


def _name(caller: str, key: str) -> bytes:
    return blake2b(key.encode(), key=caller.encode(), digest_size=16).digest()
