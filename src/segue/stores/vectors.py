"""Token vectors of messages: made of words by a model, kept beside the projections, in no log and no backup.

They outlive a rebuild, because making them takes a thousand times as long as folding; those of messages that
are gone, or whose words changed, go with them.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from segue.core.recaller import Unread
from segue.core.token_encoder import TokenEncoder
from segue.graph.recall import Depth
from segue.stores import schema
from segue.stores.db import Db, Row
from segue.stores.statements import ManyStatement, Statement, given, upsert

_MODEL = "token model"
_M = schema.messages.c
_V = schema.token_vectors.c
_KEPT_MODEL = Statement(lambda: select(schema.meta.c.value).where(schema.meta.c.name == _MODEL))
_SET_MODEL = upsert(schema.meta)
_OF = ManyStatement(lambda places: select(_V.pos, _V.vectors).where(_V.pos.in_(places)))
_UNREAD = Statement(
    lambda: (
        select(_M.pos, _M.subject, _M.text)
        .where(
            _M.pos > given("after"),
            ~select(_V.pos).where(_V.pos == _M.pos).exists(),
        )
        .order_by(_M.pos)
        .limit(given("limit"))
    )
)
_FROM = Statement(
    lambda: (
        select(_M.pos, _M.subject, _M.text)
        .where(_M.pos > given("after"))
        .order_by(_M.pos)
        .limit(given("limit"))
    )
)
_IS_THERE = Statement(lambda: select(_M.pos).where(_M.pos == given("pos")))
_KEEP = upsert(schema.token_vectors)
_PRUNE = (
    "DELETE FROM token_vectors WHERE pos NOT IN (SELECT pos FROM messages WHERE text <> '' OR subject <> '')"
)
_COUNTED = (
    "SELECT (SELECT count(*) FROM messages), count(*), coalesce(sum(length(vectors)), 0) FROM token_vectors"
)


def words_of(subject: str, text: str) -> str:
    r"""A message's words as recall reads them.

    >>> words_of("Renewal", "Is it due?")
    'Renewal\nIs it due?'
    """
    return f"{subject}\n{text}" if subject else text


class Deep:
    """A question that goes deeper than words; it is read once, and only where there is what it compares with.

    Attributes:
        model: Hash of the model whose vectors were compared; empty where none were.
    """

    def __init__(self, db: Db, encoder: TokenEncoder, query: str, rows: Mapping[str, Row]) -> None:
        self._db, self._encoder, self._query, self._rows = db, encoder, query, rows
        self.model = ""

    def __call__(self, ids: Sequence[str]) -> Depth | None:
        """Token vectors of the question and of these messages; None where none of them has any."""
        wanted: list[int] = [self._rows[name][-1] for name in ids]
        kept: dict[int, bytes] = dict(self._db.many(_OF, wanted))
        if not kept:
            return None
        self.model = self._encoder.model
        return Depth(self._encoder.tokens(self._query), [kept.get(pos) for pos in wanted])


class VectorReads:
    """Token vectors over one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def model(self) -> str:
        """Hash of the model that made them; empty where there are none."""
        row = self._db.row(_KEPT_MODEL)
        return str(row[0]) if row else ""

    def depth(self, encoder: TokenEncoder, query: str, rows: Mapping[str, Row]) -> "Deep | None":
        """How a question goes deeper than words; None where no vectors of this model are kept.

        Args:
            encoder: Reads the question.
            query: The question.
            rows: Each message by id, its place at the end of its row.
        """
        return Deep(self._db, encoder, query, rows) if self.model() == encoder.model else None

    def unread(self, model: str, after: int, limit: int) -> list[Unread]:
        """Messages behind a place that have no vectors of this model, in the order of their places."""
        rows = self._db.rows(_UNREAD if self.model() == model else _FROM, after, limit)
        return [Unread(pos, words_of(subject, text)) for pos, subject, text in rows]

    def missing(self, model: str) -> int:
        """How many messages have no vectors of this model."""
        messages, kept, _ = self.counts()
        return messages - kept if self.model() == model else messages

    def counts(self) -> tuple[int, int, int]:
        """How many messages there are, how many have vectors, and how many bytes these take."""
        messages, kept, size = self._db.run_text(_COUNTED)[0]
        return int(messages), int(kept), int(size)


def keep(db: Db, model: str, rows: Sequence[tuple[int, bytes]]) -> None:
    """Keep packed vectors by place, in one transaction; those of another model go.

    A message that went while its words were read is left out.

    Raises:
        StorageError: Nothing was kept.
    """
    db.begin()
    try:
        if VectorReads(db).model() != model:
            db.run_text("DELETE FROM token_vectors")
            db.do(_SET_MODEL, _MODEL, model)
        for pos, vectors in rows:
            if db.row(_IS_THERE, pos) is not None:
                db.do(_KEEP, pos, vectors)
        db.run_text("COMMIT")
    except BaseException:
        db.rollback()
        raise


def prune(db: Db) -> None:
    """Drop vectors whose message is gone, or has no words any more."""
    db.run_text(_PRUNE)
