"""Fold of facts on both time axes: a revision closes rows and inserts new ones, never overwrites.

What is believed of one (subject, predicate, qualifier, trust) is a function of the set of assertions alone:
each holds from its `valid_from` to its own end or to the next assertion, and of two with an equal
`valid_from` the higher signal id stands. So the order of arrival cannot change it.
"""

import msgspec
from sqlalchemy import select

from segue.core.encoding import encode
from segue.core.records.memory import Fact
from segue.core.units import Instant
from segue.stores import schema
from segue.stores.db import Db, Row
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

_SAME_KEY = Statement(
    lambda: select(_F.valid_from, _F.valid_to, _F.recorded_from, _F.value, _F.signal_id, _F.words).where(
        _F.subject == given("subject"),
        _F.valid_to >= given("valid_from"),
        _F.predicate == given("predicate"),
        _F.qualifier == given("qualifier"),
        _F.trust == given("trust"),
    )
)
_INSERT = insert(schema.facts)
_PAST = upsert(schema.facts_past)
_DELETE = delete_by(
    schema.facts, _F.subject, _F.valid_to, _F.predicate, _F.qualifier, _F.trust, _F.valid_from
)
_FROM, _TO, _RECORDED, _VALUE, _SIGNAL, _WORDS = range(6)


def revise(db: Db, facts: tuple[Fact, ...], now: Instant) -> None:
    """Assert facts in order, recorded at `now`."""
    for fact in facts:
        _assert(db, fact, now)


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


def _assert(db: Db, fact: Fact, now: Instant) -> None:
    key = (fact.predicate, fact.qualifier, fact.trust)
    rows = sorted(db.rows(_SAME_KEY, fact.subject, fact.valid_from, *key))
    recorded = max([now, *(row[_RECORDED] for row in rows)])
    equal = next((row for row in rows if row[_FROM] == fact.valid_from), None)
    value = encode(fact.value).decode()
    if equal is not None:
        if equal[_SIGNAL] > fact.signal_id:
            return
        if (equal[_SIGNAL], equal[_VALUE], equal[_WORDS]) == (fact.signal_id, value, fact.words):
            return
    later = next((row for row in rows if row[_FROM] > fact.valid_from), None)
    for row in rows:
        if row[_FROM] < fact.valid_from < row[_TO]:
            _close(db, fact, row, recorded)
            _insert(db, fact, (row[_FROM], fact.valid_from, recorded, *row[_VALUE:]))
    if equal is not None:
        _close(db, fact, equal, recorded)
    # An end covers no time of its own: it stands as an empty interval that cuts what came before it.
    end = schema.FOREVER if fact.valid_to is None else max(fact.valid_to, fact.valid_from)
    end = fact.valid_from if fact.value is None else end
    if later is not None:
        end = min(end, later[_FROM])
    _insert(db, fact, (fact.valid_from, end, recorded, value, fact.signal_id, fact.words))


def _close(db: Db, fact: Fact, row: Row, recorded: int) -> None:
    db.do(_DELETE, fact.subject, row[_TO], fact.predicate, fact.qualifier, fact.trust, row[_FROM])
    if row[_RECORDED] == recorded:
        return  # nobody can ask for an instant at which it was believed
    db.do(
        _PAST,
        fact.subject,
        fact.predicate,
        fact.qualifier,
        fact.trust,
        row[_FROM],
        row[_RECORDED],
        row[_TO],
        recorded,
        row[_VALUE],
        row[_SIGNAL],
        row[_WORDS],
    )


def _insert(db: Db, fact: Fact, row: Row) -> None:
    valid_from, valid_to, *rest = row
    db.do(_INSERT, fact.subject, valid_to, fact.predicate, fact.qualifier, fact.trust, valid_from, *rest)
