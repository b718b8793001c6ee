"""Fold of facts on both time axes: a revision closes rows and inserts new ones, never overwrites.

What is believed of one (subject, predicate, qualifier, trust) is a function of the set of assertions alone:
each holds from its `valid_from` to its own end or to the next assertion, and of two with an equal
`valid_from` the higher signal id stands. So the order of arrival cannot change it.

What has not ended when it is written stands in the subject's row of `beliefs`; what has is a row of its own.
"""

from collections.abc import Iterator

import msgspec
from sqlalchemy import select

from segue.core.records.memory import Fact
from segue.core.units import Instant
from segue.stores import schema
from segue.stores.db import Db, Row
from segue.stores.fold.beliefs import Belief, packed, unpacked
from segue.stores.statements import Statement, delete_by, given, insert, upsert

_F = schema.facts.c
FACT_COLUMNS = (
    _F.subject,
    _F.predicate,
    _F.qualifier,
    _F.trust,
    _F.valid_from,
    _F.value,
    _F.signal_id,
    _F.valid_to,
    _F.words,
)
"""What `fact_of` makes a fact of."""

_E = schema.facts_ended.c
_B = schema.beliefs.c
_ROW = Statement(lambda: select(_B.ended, _B.facts).where(_B.subject == given("subject")))
_SET_ROW = upsert(schema.beliefs)
_SAME_KEY = Statement(
    lambda: select(_E.valid_from, _E.valid_to, _E.recorded_from, _E.value, _E.signal_id, _E.words).where(
        _E.subject == given("subject"),
        _E.valid_to >= given("valid_from"),
        _E.predicate == given("predicate"),
        _E.qualifier == given("qualifier"),
        _E.trust == given("trust"),
    )
)
_INSERT = insert(schema.facts_ended)
_PAST = upsert(schema.facts_past)
_DELETE = delete_by(
    schema.facts_ended, _E.subject, _E.valid_to, _E.predicate, _E.qualifier, _E.trust, _E.valid_from
)
_NEVER = -1


def revise(db: Db, facts: tuple[Fact, ...], now: Instant) -> None:
    """Assert facts in order, recorded at `now`."""
    revisions: dict[str, _Revision] = {}
    for fact in facts:
        revision = revisions.get(fact.subject)
        if revision is None:
            revision = revisions[fact.subject] = _Revision(db, fact.subject, now)
        revision.take(fact)
    for revision in revisions.values():
        revision.write()


def fact_of(row: Row) -> Fact:
    """Build a fact; the row holds what `FACT_COLUMNS` lists."""
    subject, predicate, qualifier, trust, valid_from, value, signal_id, valid_to, words = row
    return Fact(
        subject,
        predicate,
        msgspec.json.decode(value),
        valid_from,
        trust,
        signal_id,
        qualifier,
        None if valid_to == schema.FOREVER else valid_to,
        words,
    )


class _Revision:
    """What one step changes of the beliefs about one subject."""

    def __init__(self, db: Db, subject: str, now: Instant) -> None:
        self._db, self._subject, self._now = db, subject, now
        row = db.row(_ROW, subject)
        self._ended, self._text = self._was = row if row is not None else (_NEVER, "")
        self._open = {one[:4]: one for one in unpacked(self._text)} if self._text else {}

    def take(self, fact: Fact) -> None:
        """Assert one fact."""
        rows = sorted(self._same_key(fact), key=lambda row: row.valid_from)
        recorded = max([self._now, *(row.recorded_from for row in rows)])
        equal = next((row for row in rows if row.valid_from == fact.valid_from), None)
        new = Belief(
            fact.predicate,
            fact.qualifier,
            fact.trust,
            fact.valid_from,
            schema.FOREVER,
            recorded,
            fact.value,
            fact.signal_id,
            fact.words,
        )
        if equal is not None:
            if equal.signal_id > fact.signal_id:
                return
            if (equal.signal_id, equal.text, equal.words) == (new.signal_id, new.text, new.words):
                return
        later = next((row for row in rows if row.valid_from > fact.valid_from), None)
        for row in rows:
            if row.valid_from < fact.valid_from < row.valid_to:
                self._close(row, recorded)
                self._keep(row._replace(valid_to=fact.valid_from, recorded_from=recorded))
        if equal is not None:
            self._close(equal, recorded)
        # An end covers no time of its own: it stands as an empty interval that cuts what came before it.
        end = schema.FOREVER if fact.valid_to is None else max(fact.valid_to, fact.valid_from)
        end = fact.valid_from if fact.value is None else end
        if later is not None:
            end = min(end, later.valid_from)
        self._keep(new._replace(valid_to=end))

    def write(self) -> None:
        """Write the row, without what has ended meanwhile."""
        for one in [one for one in self._open.values() if one.valid_to <= self._now]:
            del self._open[one[:4]]
            self._keep(one)
        beliefs = self._open.values()
        text = packed(beliefs)
        if (self._ended, text) != self._was:
            since = max((one.valid_from for one in beliefs), default=_NEVER)
            until = min((one.valid_to for one in beliefs), default=schema.FOREVER)
            self._db.do(_SET_ROW, self._subject, since, until, self._ended, text)

    def _same_key(self, fact: Fact) -> Iterator[Belief]:
        """Beliefs that are not over when the fact begins."""
        key = (fact.predicate, fact.qualifier, fact.trust)
        for one in self._open.values():
            if one[:3] == key and one.valid_to >= fact.valid_from:
                yield one
        if fact.valid_from <= self._ended:
            for row in self._db.rows(_SAME_KEY, self._subject, fact.valid_from, *key):
                valid_from, valid_to, recorded_from, value, signal_id, words = row
                decoded = msgspec.json.decode(value)
                yield Belief(*key, valid_from, valid_to, recorded_from, decoded, signal_id, words)

    def _close(self, row: Belief, recorded: int) -> None:
        if self._open.pop(row[:4], None) is None:
            self._db.do(_DELETE, self._subject, row.valid_to, *row[:3], row.valid_from)
        if row.recorded_from == recorded:
            return  # nobody can ask for an instant at which it was believed
        self._db.do(
            _PAST,
            self._subject,
            *row[:4],
            row.recorded_from,
            row.valid_to,
            recorded,
            row.text,
            row.signal_id,
            row.words,
        )

    def _keep(self, row: Belief) -> None:
        if row.valid_to > self._now:
            self._open[row[:4]] = row
            return
        self._ended = max(self._ended, row.valid_to)
        self._db.do(
            _INSERT,
            self._subject,
            row.valid_to,
            *row[:3],
            row.valid_from,
            row.recorded_from,
            row.text,
            row.signal_id,
            row.words,
        )
