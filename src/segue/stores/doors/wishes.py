"""Wishes about consent that wait for the log: kept before they are answered, gone once they are accepted."""

from collections.abc import Collection
from dataclasses import astuple, dataclass

from sqlalchemy import Column, Integer, String, delete, select

from segue.core.units import Instant
from segue.stores.doors.db import DoorsDb, table
from segue.stores.statements import Statement, given, insert_new

_WISHES = table(
    "consent_wishes",
    Column("id", String, primary_key=True),
    Column("profile", String, nullable=False),
    Column("brand", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("state", String, nullable=False),
    Column("basis", String, nullable=False),
    Column("at", Integer, nullable=False),
)
_KEEP = insert_new(_WISHES)
_WAITING = Statement(lambda: select(_WISHES).order_by(_WISHES.c.at, _WISHES.c.id).limit(given("most")))
_OF = Statement(lambda: delete(_WISHES).where(_WISHES.c.profile == given("profile")))
_DONE = Statement(lambda: delete(_WISHES).where(_WISHES.c.id == given("id")))


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to get or not to get; it names nobody but by the id of a profile.

    Attributes:
        id: Dedupe key of the signal it becomes.
        channel: A channel, or `all`.
        purpose: `commercial`, `service`, or empty: both.
        state: `granted` or `withdrawn`.
        basis: How it was said.
    """

    id: str
    profile: str
    brand: str
    channel: str
    purpose: str
    state: str
    basis: str
    at: Instant


def keep_wishes(db: DoorsDb, wishes: list[Wish]) -> None:
    """Make wishes durable; one that waits already changes nothing."""
    with db.transaction() as open_db:
        for wish in wishes:
            open_db.do(_KEEP, *astuple(wish))


def waiting_wishes(db: DoorsDb, most: int) -> list[Wish]:
    """Wishes that wait, oldest first."""
    with db.transaction() as open_db:
        return [Wish(*row) for row in open_db.rows(_WAITING, most)]


def wishes_done(db: DoorsDb, ids: list[str]) -> None:
    """Forget wishes that the log has accepted."""
    with db.transaction() as open_db:
        for key in ids:
            open_db.do(_DONE, key)


def forget_wishes(db: DoorsDb, profile_ids: Collection[str]) -> None:
    """Forget what waits of people who are erased."""
    with db.transaction() as open_db:
        for profile_id in profile_ids:
            open_db.do(_OF, profile_id)
