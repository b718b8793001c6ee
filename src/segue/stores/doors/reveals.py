"""Reveals: who looked at whose personal data, and when; each opens one person to one browser for a while."""

from dataclasses import dataclass

from sqlalchemy import Column, Index, Integer, LargeBinary, Text, select, update

from segue.core.units import MINUTE, Instant
from segue.stores.doors.db import DoorsDb, table
from segue.stores.statements import Statement, given

OPEN_FOR = 15 * MINUTE
"""How long a person's data stay open to the browser they were revealed to."""

_REVEALS = table(
    "reveals",
    Column("pos", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("whom", Text, nullable=False),
    Column("browser", LargeBinary, nullable=False),
)
_R = _REVEALS.c
Index("reveals_browser", _R.browser, _R.at)
_ADD = Statement(
    lambda: _REVEALS.insert().values(
        at=given("at"), by=given("by"), whom=given("whom"), browser=given("browser")
    )
)
_OPEN = Statement(lambda: select(_R.whom).where(_R.browser == given("browser"), _R.at > given("since")))
_CLOSE = Statement(lambda: update(_REVEALS).values(browser=given("browser")))
_NEWEST = Statement(
    lambda: (
        select(_R.pos, _R.at, _R.by, _R.whom)
        .where(_R.pos < given("before"))
        .order_by(_R.pos.desc())
        .limit(given("limit"))
    )
)


@dataclass(frozen=True, slots=True)
class Reveal:
    """One look: who, at whom (a person id, or `account:ID`), when."""

    pos: int
    at: Instant
    by: str
    whom: str


class Reveals:
    """The reveals of one home; may be used from any thread.

    Args:
        db: The database of the doors.
    """

    def __init__(self, db: DoorsDb) -> None:
        self._db = db

    def add(self, by: str, whom: str, browser: bytes, now: Instant) -> None:
        """Open somebody's data to a browser, and keep who did."""
        with self._db.transaction() as db:
            db.do(_ADD, now, by, whom, browser)

    def open_to(self, browser: bytes, now: Instant) -> frozenset[str]:
        """Whose data are open to a browser now."""
        with self._db.transaction() as db:
            return frozenset(str(row[0]) for row in db.rows(_OPEN, browser, now - OPEN_FOR))

    def close_all(self) -> None:
        """Open nobody's data to any browser any more; who looked at whom stays."""
        with self._db.transaction() as db:
            db.do(_CLOSE, b"")

    def newest(self, limit: int, before: int | None = None) -> list[Reveal]:
        """Reveals, newest first; `before` is the place of the last one read."""
        with self._db.transaction() as db:
            rows = db.rows(_NEWEST, 2**62 if before is None else before, limit)
        return [Reveal(int(pos), Instant(at), str(by), str(whom)) for pos, at, by, whom in rows]
