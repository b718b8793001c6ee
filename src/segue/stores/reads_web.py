"""Reads of evidence: everything that hangs together with some identifiers, across persons."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from segue.core.records.identity import Held, Tie, Web, Word
from segue.stores import schema
from segue.stores.db import Db, Row
from segue.stores.statements import ManyStatement

MOST_TIES = 2_000
"""A larger web is left as it is: what is new joins nothing in it."""

_E = schema.evidence.c
_I = schema.identifiers.c
_P = schema.profiles.c
_W = schema.identity_words.c
_COLUMNS = (_E.profile_id, _E.hash, _E.namespace, _E.anchor, _E.first_at, _E.last_at)
_BY_HASH = ManyStatement(
    lambda keys: select(*_COLUMNS).where(_E.hash.in_(keys)).order_by(_E.hash, _E.profile_id).limit(MOST_TIES)
)
_ANCHORED = ManyStatement(
    lambda keys: (
        select(*_COLUMNS)
        .where(_E.hash.in_(keys), _E.anchor == 1)
        .order_by(_E.hash, _E.profile_id)
        .limit(MOST_TIES)
    )
)
_BY_PROFILE = ManyStatement(
    lambda names: (
        select(*_COLUMNS).where(_E.profile_id.in_(names)).order_by(_E.profile_id, _E.hash).limit(MOST_TIES)
    )
)
_IDENTIFIERS = ManyStatement(lambda keys: select(_I.hash, _I.profile_id, _I.shared).where(_I.hash.in_(keys)))
_PROFILES = ManyStatement(
    lambda names: select(_P.profile_id, _P.person_id, _P.first_seq, _P.account_id, _P.joined_seq).where(
        _P.profile_id.in_(names)
    )
)
_WORDS_OF_ONE = ManyStatement(
    lambda nodes: select(_W.one, _W.other, _W.kind, _W.seq).where(_W.one.in_(nodes))
)
_WORDS_OF_OTHER = ManyStatement(
    lambda nodes: select(_W.one, _W.other, _W.kind, _W.seq).where(_W.other.in_(nodes))
)


@dataclass(slots=True)
class _Walk:
    """What was found on the way from node to node."""

    ties: dict[tuple[str, str], Tie] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    profiles: dict[str, Held] = field(default_factory=dict)
    words: set[Word] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def take(self, rows: Sequence[Row]) -> set[str]:
        """Keep ties; returns their ends."""
        for row in rows:
            self.ties[row[0], row[1]] = Tie(row[0], row[1], row[2], bool(row[3]), row[4], row[5])
        return {row[0] for row in rows} | {row[1] for row in rows}


class WebReads:
    """Walks over evidence on one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def web(self, nodes: Sequence[str]) -> Web:
        """All evidence that hangs together with identifier hashes and profiles."""
        walk, ahead = _Walk(), list(dict.fromkeys(nodes))
        while ahead and len(walk.ties) < MOST_TIES:
            walk.asked.update(ahead)
            ahead = sorted(self._next(walk, ahead) - walk.asked)
        return Web(
            ties=tuple(walk.ties[key] for key in sorted(walk.ties)),
            profiles=walk.profiles,
            owners=walk.owners,
            shared=frozenset(walk.shared),
            words=tuple(sorted(walk.words)),
            whole=not ahead,
        )

    def _next(self, walk: _Walk, nodes: list[str]) -> set[str]:
        """One round: what hangs together with nodes, each a profile, an identifier, or unknown."""
        names = set()
        for name, person_id, first_seq, account_id, joined_seq in self._db.many(_PROFILES, nodes):
            walk.profiles[name] = Held(person_id, first_seq, account_id, joined_seq)
            names.add(name)
        keys = [node for node in nodes if node not in names]
        known = self._db.many(_IDENTIFIERS, keys)
        walk.owners.update((row[0], row[1]) for row in known)
        shared = {row[0] for row in known if row[2]}
        walk.shared |= shared
        found: set[str] = set()
        open_keys = [row[0] for row in known if not row[2]]
        found |= walk.take(self._db.many(_BY_HASH, open_keys))
        # A shared identifier is somebody only for those who know it as such.
        found |= {row[0] for row in self._anchored(walk, sorted(shared))}
        found |= self._of_profiles(walk, sorted(names))
        return found | self._said(walk, nodes)

    def _anchored(self, walk: _Walk, shared: list[str]) -> list[Row]:
        rows = self._db.many(_ANCHORED, shared)
        walk.take(rows)
        return rows

    def _of_profiles(self, walk: _Walk, names: list[str]) -> set[str]:
        """What profiles carried; a shared identifier among it leads on to nobody."""
        rows = self._db.many(_BY_PROFILE, names)
        if not rows:
            return set()
        keys = sorted({row[1] for row in rows} - walk.asked)
        marks = self._db.many(_IDENTIFIERS, keys)
        walk.shared |= {row[0] for row in marks if row[2]}
        walk.owners.update((row[0], row[1]) for row in marks)
        anchored_at_shared = {row[0] for row in rows if row[3] and row[1] in walk.shared}
        kept = [row for row in rows if row[0] not in anchored_at_shared or row[3]]
        return walk.take(kept) - walk.shared

    def _said(self, walk: _Walk, nodes: list[str]) -> set[str]:
        rows = self._db.many(_WORDS_OF_ONE, nodes) + self._db.many(_WORDS_OF_OTHER, nodes)
        walk.words |= {Word(*row) for row in rows}
        return {node for row in rows if row[2] != "apart" for node in row[:2]}
