"""Reads of evidence: everything that hangs together with some identifiers, across persons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, or_, select

from segue.core.records.identity import Held, Tie, Web, Word
from segue.stores import schema
from segue.stores.db import Db, Row
from segue.stores.statements import ManyStatement, Statement

MOST_TIES = 2_000
"""A larger web is left as it is: what is new joins nothing in it."""

_E = schema.evidence.c
_I = schema.identifiers.c
_P = schema.profiles.c
_W = schema.identity_words.c
_TIE = (_E.profile_id, _E.hash, _E.namespace, _E.anchor, _E.first_at, _E.last_at)
# A shared identifier leads on to nobody but those who know it as such.
_LEADS_ON = and_(_E.hash == _I.hash, or_(_I.shared == 0, _E.anchor == 1))
_OF_KEYS = ManyStatement(
    lambda keys: (
        select(*_TIE, _I.hash, _I.profile_id, _I.shared)
        .select_from(schema.identifiers)
        .outerjoin(schema.evidence, _LEADS_ON)
        .where(_I.hash.in_(keys))
        .order_by(_I.hash, _E.profile_id)
        .limit(MOST_TIES)
    )
)
_OF_PROFILES = ManyStatement(
    lambda names: (
        select(*_TIE, _I.hash, _I.profile_id, _I.shared)
        .join(schema.identifiers, _I.hash == _E.hash)
        .where(_E.profile_id.in_(names))
        .order_by(_E.profile_id, _E.hash)
        .limit(MOST_TIES)
    )
)
_HELD = ManyStatement(
    lambda names: select(_P.profile_id, _P.person_id, _P.first_seq, _P.account_id, _P.joined_seq).where(
        _P.profile_id.in_(names)
    )
)
_ANY_WORD = Statement(lambda: select(_W.seq).limit(1))
_WORD = (_W.one, _W.other, _W.kind, _W.seq)
_WORDS_OF_ONE = ManyStatement(lambda nodes: select(*_WORD).where(_W.one.in_(nodes)))
_WORDS_OF_OTHER = ManyStatement(lambda nodes: select(*_WORD).where(_W.other.in_(nodes)))


@dataclass(slots=True)
class _Walk:
    """What was found on the way from node to node."""

    ties: dict[tuple[str, str], Tie] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    profiles: dict[str, Held] = field(default_factory=dict)
    words: set[Word] = field(default_factory=set)
    keys_asked: set[str] = field(default_factory=set)
    names_asked: set[str] = field(default_factory=set)

    def take(self, rows: Iterable[Row]) -> None:
        """Keep ties, and what is known of their identifiers."""
        for name, key, namespace, anchor, first_at, last_at, known, owner, shared in rows:
            self.owners[known] = owner
            if shared:
                self.shared.add(known)
            if name is not None:
                self.ties[name, key] = Tie(name, key, namespace, bool(anchor), first_at, last_at)


class WebReads:
    """Walks over evidence on one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def web(self, nodes: Sequence[str]) -> Web:
        """All evidence that hangs together with identifier hashes and profiles."""
        walk, wanted = _Walk(), set(nodes)
        said = self._db.row(_ANY_WORD) is not None
        while wanted and len(walk.ties) < MOST_TIES:
            self._follow(walk, wanted)
            wanted = self._said(walk) if said else set()
        return Web(
            ties=tuple(walk.ties[key] for key in sorted(walk.ties)),
            profiles=walk.profiles,
            owners=walk.owners,
            shared=frozenset(walk.shared),
            words=tuple(sorted(walk.words)),
            whole=len(walk.ties) < MOST_TIES,
        )

    def _follow(self, walk: _Walk, nodes: set[str]) -> None:
        """From identifiers to the profiles that carried them, and on, until nothing is new."""
        keys = names = nodes
        while (keys or names) and len(walk.ties) < MOST_TIES:
            walk.keys_asked |= keys
            walk.names_asked |= names
            rows = self._db.many(_OF_KEYS, sorted(keys))
            walk.take(rows)
            found = {row[0] for row in rows if row[0] is not None}
            keys = self._of_profiles(walk, names) - walk.keys_asked - walk.shared
            names = found - walk.names_asked

    def _of_profiles(self, walk: _Walk, names: set[str]) -> set[str]:
        """What profiles carried; those that are views of a shared identifier are views of nothing else."""
        listed = sorted(names)
        for name, person_id, first_seq, account_id, joined_seq in self._db.many(_HELD, listed):
            walk.profiles[name] = Held(person_id, first_seq, account_id, joined_seq)
        rows = self._db.many(_OF_PROFILES, listed)
        of_shared = {row[0] for row in rows if row[3] and row[8]}
        kept = [row for row in rows if row[3] or row[0] not in of_shared]
        walk.take(kept)
        return {row[1] for row in kept}

    def _said(self, walk: _Walk) -> set[str]:
        """Words on anybody found, and whom they lead on to."""
        nodes = sorted(walk.keys_asked | walk.names_asked)
        rows = self._db.many(_WORDS_OF_ONE, nodes) + self._db.many(_WORDS_OF_OTHER, nodes)
        walk.words |= {Word(*row) for row in rows}
        ends = {node for row in rows if row[2] != "apart" for node in row[:2]}
        return ends - walk.keys_asked - walk.names_asked
