"""Reads of what hangs on profiles: every message and decision that a merge or a split would touch."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from segue.core.records.identity import TouchedDecision, TouchedMessage
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import ManyStatement, Statement, given

_M = schema.messages.c
_D = schema.decisions.c
_K = schema.clusters.c
_MESSAGES = Statement(
    lambda: (
        select(_M.id, _M.profile_id, _M.channel, _M.direction, _M.by, _M.at, _M.recorded_at, _M.signal_id)
        .where(_M.profile_id == given("profile"))
        .order_by(_M.at, _M.id)
    )
)
_DECISIONS = Statement(
    lambda: (
        select(_D.id, _D.profile_id, _D.trigger_profile_id, _D.play, _D.action, _D.mode, _D.at)
        .where(or_(_D.profile_id == given("profile"), _D.trigger_profile_id == given("profile_too")))
        .order_by(_D.seq)
    )
)
_SINCE = ManyStatement(
    lambda names: (
        select(_K.profile_id, _K.recorded_at).where(_K.profile_id.in_(names)).order_by(_K.profile_id, _K.seq)
    )
)


class TouchedReads:
    """Reads of what profiles were part of, over one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def messages(self, profile_ids: Sequence[str]) -> list[TouchedMessage]:
        """Every message of some profiles, oldest first."""
        found = [TouchedMessage(*row) for name in profile_ids for row in self._db.rows(_MESSAGES, name)]
        return sorted(found, key=lambda item: (item.at, item.id))

    def decisions(self, profile_ids: Sequence[str]) -> list[TouchedDecision]:
        """Every decision about some profiles or on a signal of theirs, oldest first."""
        found = {
            row[0]: TouchedDecision(*row)
            for name in profile_ids
            for row in self._db.rows(_DECISIONS, name, name)
        }
        return sorted(found.values(), key=lambda item: (item.at, item.id))

    def placed_at(self, profile_ids: Sequence[str]) -> dict[str, int]:
        """When it was recorded that profiles belong where they are now."""
        return {row[0]: row[1] for row in self._db.many(_SINCE, profile_ids)}
