"""Sessions: who is signed in, by a random id of which only a hash is kept; idleness and age end them."""

from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Column, Index, Integer, LargeBinary, Text, delete, select, update

from segue.core.units import HOUR, MINUTE, Instant
from segue.stores.crypto import new_key
from segue.stores.doors.db import DoorsDb, table
from segue.stores.statements import Statement, given, insert

IDLE, LONGEST = 2 * HOUR, 12 * HOUR
"""A session ends after so long without a page, and after so long in any case."""

_TOLD_EVERY = MINUTE
"""How often it is written that a session was used."""

_SESSIONS = table(
    "sessions",
    Column("hash", LargeBinary, primary_key=True),
    Column("user", Text, nullable=False),
    Column("started_at", Integer, nullable=False),
    Column("seen_at", Integer, nullable=False),
)
_S = _SESSIONS.c
Index("sessions_user", _S.user)
_START = insert(_SESSIONS)
_FIND = Statement(lambda: select(_S.user, _S.started_at, _S.seen_at).where(_S.hash == given("hash")))
_SEEN = Statement(lambda: update(_SESSIONS).values(seen_at=given("at")).where(_S.hash == given("key")))
_END = Statement(lambda: delete(_SESSIONS).where(_S.hash == given("hash")))
_END_ALL = Statement(lambda: delete(_SESSIONS).where(_S.user == given("user")))
_END_EVERYBODYS = Statement(lambda: delete(_SESSIONS))
_SWEEP = Statement(
    lambda: delete(_SESSIONS).where((_S.seen_at < given("idle")) | (_S.started_at < given("old")))
)
_OF = Statement(
    lambda: (
        select(_S.user, _S.started_at, _S.seen_at)
        .where(_S.user == given("user"))
        .order_by(_S.seen_at.desc(), _S.started_at.desc())
    )
)


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that a user is signed in with."""

    user: str
    started_at: Instant
    seen_at: Instant

    def lives(self, now: Instant) -> bool:
        """Whether it has not ended by itself."""
        return now - self.seen_at < IDLE and now - self.started_at < LONGEST


class Sessions:
    """The sessions of one home; may be used from any thread.

    Args:
        db: The database of the doors.
    """

    def __init__(self, db: DoorsDb) -> None:
        self._db = db

    def start(self, user: str, now: Instant) -> str:
        """Sign a user in; returns the session's secret, which stands in their cookie alone."""
        secret = new_secret()
        with self._db.transaction() as db:
            db.do(_SWEEP, now - IDLE, now - LONGEST)
            db.do(_START, hash_of(secret), user, now, now)
        return secret

    def find(self, secret: str, now: Instant) -> Session | None:
        """The session of a cookie, used now; None where there is none or it has ended."""
        key = hash_of(secret)
        with self._db.transaction() as db:
            row = db.row(_FIND, key)
            session = Session(str(row[0]), Instant(row[1]), Instant(row[2])) if row else None
            if session is None or not session.lives(now):
                return None
            if now - session.seen_at >= _TOLD_EVERY:
                db.do(_SEEN, now, key)
        return session

    def end(self, secret: str) -> None:
        """Sign out here."""
        with self._db.transaction() as db:
            db.do(_END, hash_of(secret))

    def end_all(self, user: str) -> None:
        """Sign a user out everywhere."""
        with self._db.transaction() as db:
            db.do(_END_ALL, user)

    def end_everybodys(self) -> None:
        """Sign everybody out everywhere."""
        with self._db.transaction() as db:
            db.do(_END_EVERYBODYS)

    def of(self, user: str, now: Instant) -> list[Session]:
        """Where a user is signed in, latest first."""
        with self._db.transaction() as db:
            found = [Session(str(row[0]), Instant(row[1]), Instant(row[2])) for row in db.rows(_OF, user)]
        return [session for session in found if session.lives(now)]


def new_secret() -> str:
    """Draw what a cookie holds: 256 random bits."""
    return new_key().hex()


def hash_of(secret: str) -> bytes:
    """What is kept of a secret with 256 random bits: nobody finds it by trying, so a fast hash is right."""
    return blake2b(secret.encode(errors="replace"), digest_size=32, person=b"segue session").digest()
