"""Recall over the store: a person's messages of every channel, ranked by the graph's pure function.

The newest `NEWEST` messages are read whole; of a person who has more, older ones are found by their words in
the full-text index first. Nothing outside the person's own profiles is read.
"""

import re
from functools import lru_cache

from sqlalchemy import select, text

from segue.core.facts import best
from segue.core.records.memory import Message
from segue.core.units import PPM
from segue.graph.recall import Said, recall
from segue.graph.recall.said import gist
from segue.graph.recall.stems import COMMON, stems
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.beliefs import facts_in
from segue.stores.reads_lane import MESSAGE_COLUMNS, LaneReads
from segue.stores.statements import EachStatement, Statement, given

NEWEST = 2_000
OLDER = 200

MEMBERS = 40
"""So many profiles of an account are looked at for names."""

_NAMING = ("name", "first_name", "last_name", "full_name", "address", "street")
_P = schema.profiles.c
_OWN = schema.profiles.alias("own").c
_M = schema.messages.c
_PROFILES = Statement(lambda: select(_P.profile_id).where(_P.person_id == given("person")))
_MESSAGES = EachStatement(
    lambda profile: (
        select(*MESSAGE_COLUMNS, _M.pos)
        .where(_M.profile_id == profile)
        .order_by(_M.at.desc(), _M.pos.desc())
        .limit(NEWEST)
    )
)
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
        "SELECT m.id, m.thread, m.profile_id, m.channel, m.direction, m.by, m.text, m.at, m.signal_id, "
        "m.brand, m.subject, m.reference FROM search JOIN messages AS m ON m.pos = search.rowid "
        "WHERE search MATCH ?1 AND m.at <= ?2 ORDER BY bm25(search, 1.0, 1.0, 0.0), m.pos DESC LIMIT ?3"
    )
)
_WORD = re.compile(r"\w+")
_WORDS = 16


class Recalling:
    """Recall over one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._lane = LaneReads(db)

    def recall(self, person_id: str, query: str, limit: int) -> list[tuple[Message, int]]:
        """Messages of one person that answer best, best first, with a score in millionths.

        What has no word of the query in it or near it is left out.
        """
        profiles = [row[0] for row in self._db.rows(_PROFILES, person_id)]
        messages = self._messages(profiles, query)
        if not messages or _WORD.search(query) is None:
            return []
        name = self._name(profiles)
        said = [_said(message, name) for message in messages.values()]
        if not _any_word(query, said):
            return []
        found = recall(query, said, limit)
        return [(messages[one.said.id], round(one.score * PPM)) for one in found if one.near]

    def on_record(self, person_id: str) -> tuple[str, ...]:
        """Names and addresses held as facts of a person and of the members of their account, sorted."""
        profiles = {
            row[0] for statement in (_PROFILES, _MEMBERS) for row in self._db.rows(statement, person_id)
        }
        rows = self._lane.believed([f"profile:{name}" for name in sorted(profiles)])
        return tuple(sorted({value for subject, kept in rows for value in _named(subject, kept)}))

    def _messages(self, profiles: list[str], query: str) -> dict[str, Message]:
        rows = self._db.each(_MESSAGES, profiles)
        rows.sort(key=lambda row: (row[7], row[-1]), reverse=True)
        messages = [Message(*row[:-1]) for row in rows[:NEWEST]]
        if len(messages) == NEWEST:
            match = _match(profiles, query)
            older = self._db.rows(_SEARCH, match, messages[-1].at, OLDER) if match else []
            messages += [Message(*row) for row in older]
        return {message.id: message for message in messages}

    def _name(self, profiles: list[str]) -> str:
        facts = self._lane.lasting([f"profile:{name}" for name in profiles])
        called = best(fact for fact in facts if fact.predicate == "name" and not fact.qualifier)
        return str(called.value) if called is not None else ""


@lru_cache(maxsize=4_096)
def _named(subject: str, kept: str) -> tuple[str, ...]:
    """Names in a row of beliefs; remembered, because colleagues' rows are read for every message."""
    facts = (fact for fact in facts_in(subject, kept) if fact.predicate in _NAMING and fact.valid_to is None)
    return tuple(fact.value for fact in facts if isinstance(fact.value, str) and fact.value)


def _said(message: Message, name: str) -> Said:
    speaker = name if message.by == "customer" else message.by.removeprefix("rep:")
    words = f"{message.subject}\n{message.text}" if message.subject else message.text
    return Said(message.id, message.thread, speaker, message.at, words)


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
