"""Reads that tell a new signal from a duplicate and from a conflict."""

from sqlalchemy import select

from segue.stores import schema
from segue.stores.db import Db
from segue.stores.statements import Statement, given

_DIGEST = Statement(lambda: select(schema.signals.c.digest).where(schema.signals.c.id == given("id")))
_LETTER = Statement(lambda: select(schema.dead_letters.c.seq).where(schema.dead_letters.c.id == given("id")))


class AcceptReads:
    """Reads of the dedupe keys over one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def digest(self, signal_id: str) -> bytes | None:
        """Digest of what the source said under this key, or None when the key is new."""
        row = self._db.row(_DIGEST, signal_id)
        return bytes(row[0]) if row else None

    def is_dead_letter(self, letter_id: str) -> bool:
        """Whether a dead letter of this id was recorded."""
        return self._db.row(_LETTER, letter_id) is not None
