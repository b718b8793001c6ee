"""Recall over the store: a person's messages of every channel, ranked by the graph's pure function.

The newest `NEWEST` messages are read whole; of a person who has more, older ones are found by their words in
the full-text index first. Nothing outside the person's own profiles is read.
"""

import re
from functools import lru_cache

from sqlalchemy import select, text

from segue.core.facts import best
from segue.core.recaller import Recall
from segue.core.records.memory import Message
from segue.core.token_encoder import TokenEncoder
from segue.core.units import PPM
from segue.graph.recall import Said, recall
from segue.graph.recall.said import gist
from segue.graph.recall.stems import COMMON, stems
from segue.stores import schema
from segue.stores.db import Db, Row
from segue.stores.fold.beliefs import facts_in
from segue.stores.reads_lane import MESSAGE_COLUMNS, LaneReads
from segue.stores.statements import EachStatement, Statement, given
from segue.stores.vectors import VectorReads, words_of

NEWEST = 2_000
OLDER = 200
_AT = 3

MEMBERS = 40
"""So many profiles of an account are looked at for names."""

_NAMING = ("name", "first_name", "last_name", "full_name", "address", "street")
_P = schema.profiles.c
_OWN = schema.profiles.alias("own").c
_M = schema.messages.c
_PROFILES = Statement(lambda: select(_P.profile_id).where(_P.person_id == given("person")))
_SAID = (_M.id, _M.thread, _M.by, _M.at, _M.text, _M.subject, _M.pos)
"""What ranking reads; the rest is read of what was found."""
_MESSAGES = EachStatement(
    lambda profile: (
        select(*_SAID).where(_M.profile_id == profile).order_by(_M.at.desc(), _M.pos.desc()).limit(NEWEST)
    )
)
_WHOLE = Statement(lambda: select(*MESSAGE_COLUMNS).where(_M.pos == given("pos")))
_MEMBERS = Statement(
    lambda: (
        select(_P.profile_id)
        .where(
            _P.account_id != "",
            _P.account_id.in_(select(_OWN.account_id).where(_OWN.person_id == given("person"))),
        )
        .order_by(_P.first_seq)
        .limit(MEMBERS)
    )
)
_SEARCH = Statement(
    lambda: text(
        "SELECT m.id, m.thread, m.by, m.at, m.text, m.subject, m.pos "
        "FROM search JOIN messages AS m ON m.pos = search.rowid "
        "WHERE search MATCH ?1 AND m.at <= ?2 ORDER BY bm25(search, 1.0, 1.0, 0.0), m.pos DESC LIMIT ?3"
    )
)
_WORD = re.compile(r"\w+")
_WORDS = 16


class Recalling:
    """Recall over one connection."""

    def __init__(self, db: Db, vectors: VectorReads) -> None:
        self._db, self._vectors = db, vectors
        self._lane = LaneReads(db)

    def recall(self, person_id: str, query: str, limit: int, encoder: TokenEncoder | None = None) -> Recall:
        """Messages of one person that answer best; what has no word of the query near it is left out.

        Token vectors are compared where an encoder is given and vectors of its model are kept: then what has
        a word alike to one of the query near it answers, too.
        """
        profiles = [row[0] for row in self._db.rows(_PROFILES, person_id)]
        rows = self._rows(profiles, query)
        if not rows or _WORD.search(query) is None:
            return Recall()
        name = self._name(profiles)
        said = [_said(row, name) for row in rows.values()]
        depth = self._vectors.depth(encoder, query, rows) if encoder is not None else None
        if depth is None and not _any_word(query, said):
            return Recall()
        found = [one for one in recall(query, said, limit, depth) if one.near]
        model = depth.model if depth is not None else ""
        return Recall(
            tuple((self._message(rows[one.said.id][-1]), round(one.score * PPM)) for one in found), model
        )

    def on_record(self, person_id: str) -> tuple[str, ...]:
        """Names and addresses held as facts of a person and of the members of their account, sorted."""
        profiles = {
            row[0] for statement in (_PROFILES, _MEMBERS) for row in self._db.rows(statement, person_id)
        }
        rows = self._lane.believed([f"profile:{name}" for name in sorted(profiles)])
        return tuple(sorted({value for subject, kept in rows for value in _named(subject, kept)}))

    def _rows(self, profiles: list[str], query: str) -> dict[str, Row]:
        """Messages by id, each as a row with its place at the end."""
        rows = self._db.each(_MESSAGES, profiles)
        if len(rows) >= NEWEST:
            rows.sort(key=lambda row: (row[_AT], row[-1]), reverse=True)
            rows = rows[:NEWEST]
            match = _match(profiles, query)
            rows += self._db.rows(_SEARCH, match, rows[-1][_AT], OLDER) if match else []
        return {row[0]: row for row in rows}

    def _message(self, pos: int) -> Message:
        (row,) = self._db.rows(_WHOLE, pos)
        return Message(*row)

    def _name(self, profiles: list[str]) -> str:
        facts = self._lane.lasting([f"profile:{name}" for name in profiles])
        called = best(fact for fact in facts if fact.predicate == "name" and not fact.qualifier)
        return str(called.value) if called is not None else ""


@lru_cache(maxsize=4_096)
def _named(subject: str, kept: str) -> tuple[str, ...]:
    """Names in a row of beliefs; remembered, because colleagues' rows are read for every message."""
    facts = (fact for fact in facts_in(subject, kept) if fact.predicate in _NAMING and fact.valid_to is None)
    return tuple(fact.value for fact in facts if isinstance(fact.value, str) and fact.value)


def _said(row: Row, name: str) -> Said:
    key, thread, by, at, text, subject, _ = row
    speaker = name if by == "customer" else by.removeprefix("rep:")
    return Said(key, thread, speaker, at, words_of(subject, text))


def _any_word(query: str, said: list[Said]) -> bool:
    """Whether any message has any word of the query: mostly none has, and ranking costs more than looking."""
    wanted = frozenset(stems(query))
    return any(not wanted.isdisjoint(gist(one.text).stems) for one in said)


def _match(profiles: list[str], query: str) -> str:
    """The query for the full-text index: rare words only, because a list of common ones is long."""
    found = dict.fromkeys(word for word in _WORD.findall(query.lower()) if word not in COMMON)
    if not found:
        return ""
    owners = " OR ".join(f'"{name}"' for name in profiles)
    wanted = " OR ".join(f'"{word}"' for word in list(found)[:_WORDS])
    return f"(profile_id : ({owners})) AND ({{text subject}} : ({wanted}))"
