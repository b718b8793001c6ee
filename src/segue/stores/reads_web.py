"""Reads of evidence: everything that hangs together with some identifiers, across persons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from segue.core.records.identity import CLAIMED, NAMELESS, Held, Offer, Tie, Web, Word
from segue.core.units import DAY
from segue.stores import schema
from segue.stores.db import Db, Row
from segue.stores.statements import EachStatement, ManyStatement, Statement, given

MOST_TIES = 500
"""Of a larger web only the firm part is read; where that is larger too, it is left as it is.

The largest web of 20,000 people with shared inboxes, kiosks and family phones has 93 (`benchmarks identity`).
"""

MOST_OTHERS = 2_000
"""Profiles of people in a firm part that are read beside it."""

_E = schema.evidence.c
_I = schema.identifiers.c
_P = schema.profiles.c
_W = schema.identity_words.c
_F = schema.facts.c
_C = schema.link_codes.c
_A = schema.link_attempts.c
_TIE = (_E.profile_id, _E.hash, _E.namespace, _E.anchor, _E.first_at, _E.last_at, _E.trust)
# A shared identifier leads on to nobody but those who know it as such.
_LEADS_ON = and_(_E.hash == _I.hash, or_(_I.shared == 0, _E.anchor == 1))
# What is firm: somebody vouches for it, and it names somebody.
_VOUCHED = or_(_E.trust < CLAIMED, _E.namespace.in_(sorted(NAMELESS)))
_FIRM = and_(_E.trust < CLAIMED, _E.namespace.not_in(sorted(NAMELESS)))


Is = Callable[[ColumnElement[str]], ColumnElement[bool]]
"""Tells that a column has one of the values asked about."""


class _Listed:
    """A statement over a list of values: a look-up for each of a few, one search for many."""

    def __init__(self, build: Callable[[Is], Select[Any]]) -> None:
        self._each = EachStatement(lambda item: build(lambda column: column == item))
        self._many = ManyStatement(lambda items: build(lambda column: column.in_(items)))

    def rows(self, db: Db, values: Sequence[str]) -> list[Row]:
        """All rows; none for no values."""
        if len(values) > EachStatement.MOST:
            return db.many(self._many, values)
        return db.each(self._each, values)


def _of_keys(*only: ColumnElement[bool]) -> _Listed:
    return _Listed(
        lambda asked: (
            select(*_TIE, _I.hash, _I.profile_id, _I.shared)
            .select_from(schema.identifiers)
            .outerjoin(schema.evidence, and_(_LEADS_ON, *only))
            .where(asked(_I.hash))
            .order_by(_I.hash, _E.profile_id)
            .limit(MOST_TIES)
        )
    )


def _of_profiles(*only: ColumnElement[bool]) -> _Listed:
    return _Listed(
        lambda asked: (
            select(*_TIE, _I.hash, _I.profile_id, _I.shared)
            .join(schema.identifiers, _I.hash == _E.hash)
            .where(asked(_E.profile_id), *only)
            .order_by(_E.profile_id, _E.hash)
            .limit(MOST_TIES)
        )
    )


_OF_KEYS = {False: _of_keys(), True: _of_keys(_VOUCHED)}
_OF_PROFILES = {False: _of_profiles(), True: _of_profiles(_FIRM)}
_OF_SHARED = _of_profiles(_E.anchor == 1, _I.shared == 1)
_HELD_ROW = (_P.profile_id, _P.person_id, _P.first_seq, _P.account_id, _P.joined_seq, _P.level)
_HELD = _Listed(lambda asked: select(*_HELD_ROW).where(asked(_P.profile_id)))
_OTHERS = ManyStatement(
    lambda persons: (
        select(*_HELD_ROW)
        .where(_P.person_id.in_(persons))
        .order_by(_P.person_id, _P.first_seq)
        .limit(MOST_OTHERS)
    )
)
_ADDRESSES = ManyStatement(
    lambda subjects: select(_F.subject, _F.predicate).where(
        _F.subject.in_(subjects),
        _F.valid_to == schema.FOREVER,
        _F.predicate.in_(("email", "phone")),
        _F.trust == "verified",
    )
)
_CODE = Statement(
    lambda: select(_C.profile_id, _C.channel, _C.expires_at, _C.used_by).where(_C.code == given("code"))
)
_ATTEMPTS = Statement(lambda: select(_A.refused).where(_A.key == given("key"), _A.day == given("day")))
_ANY_WORD = Statement(lambda: select(_W.seq).limit(1))
_WORD = (_W.one, _W.other, _W.kind, _W.seq)
_WORDS_OF_ONE = ManyStatement(lambda nodes: select(*_WORD).where(_W.one.in_(nodes)))
_WORDS_OF_OTHER = ManyStatement(lambda nodes: select(*_WORD).where(_W.other.in_(nodes)))


@dataclass(slots=True)
class _Walk:
    """What was found on the way from node to node.

    Attributes:
        firm: Whether only what is firm leads on.
        cut: Whether there is more than is read at once.
    """

    firm: bool
    ties: dict[tuple[str, str], Tie] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    profiles: dict[str, Held] = field(default_factory=dict)
    words: set[Word] = field(default_factory=set)
    keys_asked: set[str] = field(default_factory=set)
    names_asked: set[str] = field(default_factory=set)
    cut: bool = False

    def take(self, rows: Sequence[Row]) -> None:
        """Keep ties, and what is known of their identifiers."""
        for name, key, namespace, anchor, first_at, last_at, trust, known, owner, shared in rows:
            self.owners[known] = owner
            if shared:
                self.shared.add(known)
            if name is not None:
                self.ties[name, key] = Tie(name, key, namespace, bool(anchor), first_at, last_at, trust)
        self.cut = self.cut or len(rows) >= MOST_TIES or len(self.ties) >= MOST_TIES


class WebReads:
    """Walks over evidence on one connection."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def web(self, nodes: Sequence[str], *, claims: bool, code: tuple[str, str, int] | None) -> Web:
        """All evidence that hangs together with identifier hashes and profiles.

        Args:
            nodes: Where to begin.
            claims: Whether a claim will be added to it.
            code: A linking code that is brought back, by which identifier, and when: then what is known of it
                and all evidence of whom it was offered to are read as well.
        """
        offer = self._offer(*code) if code else None
        starts = {*nodes, *([offer.profile_id] if offer and offer.profile_id else [])}
        walk = self._walked(starts, firm=False)
        if walk.cut:
            walk = self._walked(starts, firm=True)
            self._others(walk)
        return Web(
            ties=tuple(walk.ties[key] for key in sorted(walk.ties)),
            profiles=walk.profiles,
            owners=walk.owners,
            shared=frozenset(walk.shared),
            words=tuple(sorted(walk.words)),
            names=self._names(walk) if claims or any(t.trust == CLAIMED for t in walk.ties.values()) else {},
            offer=offer,
            whole=not walk.cut,
        )

    def _walked(self, starts: set[str], *, firm: bool) -> _Walk:
        walk, wanted = _Walk(firm), starts
        said = self._db.row(_ANY_WORD) is not None
        while wanted and not walk.cut:
            self._follow(walk, wanted)
            wanted = self._said(walk) if said else set()
        return walk

    def _follow(self, walk: _Walk, nodes: set[str]) -> None:
        """From identifiers to the profiles that carried them, and on, until nothing is new."""
        keys = names = nodes
        while (keys or names) and not walk.cut:
            walk.keys_asked |= keys
            walk.names_asked |= names
            rows = _OF_KEYS[walk.firm].rows(self._db, sorted(keys))
            walk.take(rows)
            found = {row[0] for row in rows if row[0] is not None}
            keys = self._of_profiles(walk, names) - walk.keys_asked
            names = found - walk.names_asked

    def _of_profiles(self, walk: _Walk, names: set[str]) -> set[str]:
        """What profiles carried, and which of it leads on.

        Views of a shared identifier are views of nothing else, and one person with its other views: it leads
        from one of them to all of them, and from whoever else carried it to nobody.
        """
        listed = sorted(names)
        for name, *held in _HELD.rows(self._db, listed):
            walk.profiles[name] = Held(*held)
        rows = _OF_PROFILES[walk.firm].rows(self._db, listed)
        if len(rows) >= MOST_TIES:
            rows = self._without_shared(walk, listed)
        of_shared = {row[0] for row in rows if row[3] and row[9]}
        kept = [row for row in rows if row[3] or row[0] not in of_shared]
        walk.take(kept)
        walk.cut = walk.cut or len(rows) >= MOST_TIES
        return {row[1] for row in kept if row[3] or not row[9]}

    def _without_shared(self, walk: _Walk, names: list[str]) -> list[Row]:
        """The same without all that a view of something shared carried, which may be most of it."""
        views = _OF_SHARED.rows(self._db, names)
        others = set(names) - {row[0] for row in views}
        return [*views, *_OF_PROFILES[walk.firm].rows(self._db, sorted(others))]

    def _others(self, walk: _Walk) -> None:
        """What else belongs to the people of a firm part goes where the earliest they have in it goes.

        The profile that a person is named after is read in any case, so that nobody gets another name by it.
        """
        earliest: dict[str, str] = {}
        for name, held in sorted(walk.profiles.items(), key=lambda item: (item[1].first_seq, item[0])):
            earliest.setdefault(held.person_id, name)
        persons = sorted(earliest)
        for name, *row in (*_HELD.rows(self._db, persons), *self._db.many(_OTHERS, persons)):
            if name not in walk.profiles:
                held = walk.profiles[name] = Held(*row)
                walk.words.add(Word(name, earliest[held.person_id], "found"))

    def _offer(self, code: str, key: str, at: int) -> Offer:
        """What is known of a linking code."""
        refused = self._db.row(_ATTEMPTS, key, at // DAY)
        profile_id, channel, expires_at, used_by = self._db.row(_CODE, code) or ("", "", 0, "")
        return Offer(profile_id, channel, expires_at, used_by, refused[0] if refused else 0)

    def _names(self, walk: _Walk) -> dict[str, frozenset[str]]:
        """Addresses that a system of record gave."""
        found: dict[str, set[str]] = {}
        for subject, predicate in self._db.many(_ADDRESSES, [f"profile:{name}" for name in walk.profiles]):
            found.setdefault(subject.partition(":")[2], set()).add(predicate)
        return {name: frozenset(names) for name, names in found.items()}

    def _said(self, walk: _Walk) -> set[str]:
        """Words on anybody found, and whom they lead on to."""
        nodes = sorted(walk.keys_asked | walk.names_asked)
        rows = self._db.many(_WORDS_OF_ONE, nodes) + self._db.many(_WORDS_OF_OTHER, nodes)
        walk.words |= {Word(*row) for row in rows}
        ends = {node for row in rows if row[2] != "apart" for node in row[:2]}
        return ends - walk.keys_asked - walk.names_asked
