"""Who is who by name, many at once, and the account page's reads."""

from collections.abc import Callable, Collection, Iterable

from sqlalchemy import func, select

from segue.core.facts import best
from segue.core.records.decisions import Decision
from segue.core.records.memory import Fact
from segue.core.records.overview import AccountView, Named
from segue.core.units import Instant
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.codec import GOAL, OUTCOME
from segue.stores.fold.facts import FACT_COLUMNS, fact_of
from segue.stores.log import Log
from segue.stores.statements import ManyStatement, Statement, given

MEMBERS, GOALS, OUTCOMES, DECISIONS, OFFERS = 100, 200, 200, 25, 10
"""How many rows of each an account's page reads."""

_D = schema.decisions.c
_F = schema.facts.c
_G = schema.goals.c
_O = schema.outcomes.c
_P = schema.profiles.c
_PROFILES = ManyStatement(
    lambda persons: (
        select(_P.person_id, _P.profile_id)
        .where(_P.person_id.in_(persons))
        .order_by(_P.first_seq, _P.profile_id)
    )
)
_FACTS = ManyStatement(
    lambda subjects: select(*FACT_COLUMNS).where(
        _F.subject.in_(subjects), _F.valid_to > given("now"), _F.valid_from <= given("now_too")
    )
)
_MEMBERS = Statement(
    lambda: (
        select(_P.person_id)
        .where(_P.account_id == given("account"), _P.account_id != "")
        .group_by(_P.person_id)
        .order_by(func.min(_P.first_seq))
        .limit(given("limit"))
    )
)
_GOALS = ManyStatement(
    lambda subjects: (
        select(_G.record).where(_G.subject.in_(subjects)).order_by(_G.closed_at.desc()).limit(GOALS)
    )
)
_OUTCOMES = ManyStatement(
    lambda subjects: (
        select(_O.record).where(_O.subject.in_(subjects)).order_by(_O.at.desc(), _O.id).limit(OUTCOMES)
    )
)
_DECISIONS = Statement(
    lambda: (
        select(_D.seq)
        .where(_D.account_id == given("account"), _D.account_id != "")
        .order_by(_D.seq.desc())
        .limit(DECISIONS)
    )
)
_OFFERS = Statement(
    lambda: (
        select(_D.seq)
        .where(
            _D.account_id == given("account"),
            _D.account_id != "",
            _D.offer != "",
            _D.mode.in_(["act", "approve"]),
        )
        .order_by(_D.seq.desc())
        .limit(OFFERS)
    )
)


class PeopleOverview:
    """Persons and accounts by name over one connection.

    Args:
        db: The connection.
        log: Tells the newest instant, which is now.
        decisions_at: Reads decisions by their log positions.
    """

    def __init__(
        self, db: Db, log: Log, decisions_at: Callable[[Collection[int]], list[tuple[int, Decision]]]
    ) -> None:
        self._db, self._log, self._decisions_at = db, log, decisions_at

    def people(self, person_ids: Collection[str]) -> dict[str, Named]:
        """Persons by name, with the facts of all their profiles."""
        of: dict[str, list[str]] = {}
        for person_id, profile_id in self._db.many(_PROFILES, sorted(set(person_ids))):
            of.setdefault(person_id, []).append(f"profile:{profile_id}")
        facts = self._facts([subject for subjects in of.values() for subject in subjects])
        return {
            person_id: _named(person_id, (fact for subject in subjects for fact in facts.get(subject, ())))
            for person_id, subjects in of.items()
        }

    def accounts(self, account_ids: Collection[str]) -> dict[str, Named]:
        """Accounts by name, with their facts."""
        wanted = sorted({name for name in account_ids if name})
        facts = self._facts([f"account:{name}" for name in wanted])
        return {name: _named(name, facts.get(f"account:{name}", ())) for name in wanted}

    def members(self, account_id: str, limit: int) -> list[Named]:
        """The persons of an account, first known first."""
        person_ids = [person_id for (person_id,) in self._db.rows(_MEMBERS, account_id, limit)]
        found = self.people(person_ids)
        return [found[person_id] for person_id in person_ids]

    def account(self, account_id: str) -> AccountView | None:
        """An account as it is now; None where nothing is known of it."""
        members = self.members(account_id, MEMBERS + 1)
        facts = self.accounts([account_id])[account_id].facts if account_id else ()
        decisions = self._decided(_DECISIONS, account_id)
        if not (members or facts or decisions):
            return None
        profiles = [profile for _, profile in self._db.many(_PROFILES, [m.id for m in members[:MEMBERS]])]
        subjects = [f"account:{account_id}", *(f"profile:{profile}" for profile in profiles)]
        goals = [GOAL.decode(row[0]) for row in self._db.many(_GOALS, subjects)]
        outcomes = [OUTCOME.decode(row[0]) for row in self._db.many(_OUTCOMES, subjects)]
        return AccountView(
            account_id=account_id,
            members=tuple(members[:MEMBERS]),
            more_members=len(members) > MEMBERS,
            facts=facts,
            goals=tuple(sorted(goals, key=lambda goal: goal.opened_at, reverse=True)),
            outcomes=tuple(outcomes),
            decisions=decisions,
            offers=self._decided(_OFFERS, account_id),
        )

    def _decided(self, statement: Statement, account_id: str) -> tuple[Decision, ...]:
        places = [seq for (seq,) in self._db.rows(statement, account_id)]
        return tuple(decision for _, decision in self._decisions_at(places))

    def _facts(self, subjects: list[str]) -> dict[str, list[Fact]]:
        """What is known now of some subjects; now is the newest instant of the log."""
        now = Instant(max(self._log.newest_at(), 0))
        found: dict[str, list[Fact]] = {}
        for row in self._db.many(_FACTS, subjects, now, now):
            fact = fact_of(row)
            if fact.value is not None:
                found.setdefault(fact.subject, []).append(fact)
        return found


def _named(name: str, facts: Iterable[Fact]) -> Named:
    known = tuple(sorted(facts, key=lambda fact: (fact.predicate, fact.qualifier, fact.trust, fact.subject)))
    called = best(fact for fact in known if fact.predicate == "name" and not fact.qualifier)
    return Named(name, called.value if called and isinstance(called.value, str) else "", known)
