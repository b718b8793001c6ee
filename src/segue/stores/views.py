"""Views for people: a person at any pair of instants, decisions, receipts, reports."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import or_, select

from segue.core.ids import IdKey
from segue.core.ports import PersonView, Receipt
from segue.core.recaller import Recall
from segue.core.records.decisions import Decision
from segue.core.records.events import Stepped
from segue.core.records.memory import Fact, Goal, Message, Outcome
from segue.core.units import Instant
from segue.stores import schema
from segue.stores.db import Db
from segue.stores.fold.codec import EXPOSURE, GOAL, OUTCOME
from segue.stores.fold.facts import FACT_COLUMNS, fact_of
from segue.stores.log import Log
from segue.stores.reads_inbox import InboxReads
from segue.stores.reads_lane import MESSAGE_COLUMNS
from segue.stores.reads_ledger import LedgerReads
from segue.stores.statements import ManyStatement, Statement, given

_T = TypeVar("_T")

_D = schema.decisions.c
_F = schema.facts.c
_H = schema.facts_past.c
_K = schema.clusters.c
_P = schema.profiles.c
_M = schema.messages.c
_N = schema.memberships.c
_G = schema.goals.c
_O = schema.outcomes.c
_X = schema.exposures.c
_LIMIT = 500
_PAST_COLUMNS = tuple(_H[column.name] for column in FACT_COLUMNS)

_EVER = Statement(
    lambda: (
        select(_K.profile_id)
        .distinct()
        .where(
            or_(
                _K.person_id == given("person"),
                _K.profile_id.in_(select(_P.profile_id).where(_P.person_id == given("person_too"))),
            )
        )
    )
)
_MAPPING = Statement(
    lambda: (
        select(_K.person_id)
        .where(_K.profile_id == given("profile"), _K.recorded_at <= given("known_at"))
        .order_by(_K.seq.desc())
        .limit(1)
    )
)
_FIRST_SEQ = Statement(lambda: select(_P.first_seq).where(_P.profile_id == given("profile")))
_ACCOUNT_AT = ManyStatement(
    lambda names: (
        select(_N.account_id)
        .where(_N.profile_id.in_(names), _N.joined_at <= given("at"), _N.left_at > given("at_too"))
        .order_by(_N.joined_at.desc())
        .limit(1)
    )
)
_FACTS = ManyStatement(
    lambda subjects: select(*FACT_COLUMNS).where(
        _F.subject.in_(subjects),
        _F.valid_to > given("as_of"),
        _F.valid_from <= given("as_of_too"),
        _F.recorded_from <= given("known_at"),
    )
)
_FACTS_PAST = ManyStatement(
    lambda subjects: select(*_PAST_COLUMNS).where(
        _H.subject.in_(subjects),
        _H.valid_to > given("as_of"),
        _H.valid_from <= given("as_of_too"),
        _H.recorded_from <= given("known_at"),
        _H.recorded_to > given("known_at_too"),
    )
)
_MESSAGES = ManyStatement(
    lambda names: (
        select(*MESSAGE_COLUMNS)
        .where(_M.profile_id.in_(names), _M.at <= given("as_of"), _M.recorded_at <= given("known_at"))
        .order_by(_M.at.desc(), _M.id)
        .limit(_LIMIT)
    )
)
_MESSAGE = Statement(lambda: select(*MESSAGE_COLUMNS).where(_M.id == given("id")))
_GOALS = ManyStatement(lambda subjects: select(_G.record).where(_G.subject.in_(subjects)))
_OUTCOMES = ManyStatement(
    lambda subjects: (
        select(_O.record).where(_O.subject.in_(subjects), _O.at <= given("at")).order_by(_O.at, _O.id)
    )
)
_ALL_OUTCOMES = Statement(lambda: select(_O.record).order_by(_O.at, _O.id))
_OUTCOMES_OF = Statement(
    lambda: (
        select(_O.record)
        .where(or_(_O.decision_id == given("decision"), (_O.goal_id == given("goal")) & (_O.goal_id != "")))
        .order_by(_O.at, _O.id)
    )
)
_EXPOSURES = ManyStatement(
    lambda names: (
        select(_X.record)
        .where(_X.profile_id.in_(names), _X.at <= given("at"))
        .order_by(_X.at.desc(), _X.id)
        .limit(_LIMIT)
    )
)
_DECISIONS = Statement(
    lambda: select(_D.seq).where(_D.seq < given("before")).order_by(_D.seq.desc()).limit(given("limit"))
)
_DECISIONS_AFTER = Statement(
    lambda: select(_D.seq).where(_D.seq > given("after")).order_by(_D.seq).limit(given("limit"))
)
_DECISION_IDS = Statement(
    lambda: (
        select(_D.id)
        .where(_D.id >= given("first"), _D.id < given("last"))
        .order_by(_D.id)
        .limit(given("limit"))
    )
)
_DECISIONS_OF = Statement(
    lambda: (
        select(_D.seq)
        .where(
            or_(
                _D.profile_id.in_(select(_P.profile_id).where(_P.person_id == given("person"))),
                _D.trigger_profile_id.in_(select(_P.profile_id).where(_P.person_id == given("person_too"))),
            ),
            _D.seq < given("before"),
        )
        .order_by(_D.seq.desc())
        .limit(given("limit"))
    )
)
_DECISION = Statement(lambda: select(_D.seq).where(_D.id == given("id")))
_GATE = Statement(
    lambda: (
        select(_D.seq)
        .where(_D.question == "gate", _D.root_id == given("root"))
        .order_by(_D.seq.desc())
        .limit(1)
    )
)


class Views:
    """Reads for people over one connection."""

    def __init__(self, db: Db, log: Log, ids: IdKey, inbox: InboxReads, ledger: LedgerReads) -> None:
        self._db, self._log, self._ids, self._inbox, self._ledger = db, log, ids, inbox, ledger

    def person(self, person_id: str, as_of: Instant | None, known_at: Instant | None) -> PersonView | None:
        """A person at any pair of instants; None is now, which is the newest instant in the log."""
        newest = Instant(max(self._log.newest_at(), 0))
        at = newest if as_of is None else as_of
        known = Instant(schema.FOREVER - 1) if known_at is None else known_at
        profile_ids = self._profiles(person_id, known)
        if not profile_ids:
            return None
        both = Instant(min(at, known))
        row = next(iter(self._db.many(_ACCOUNT_AT, profile_ids, both, both)), None)
        account_id = str(row[0]) if row else ""
        own = [f"profile:{name}" for name in profile_ids] + ([f"account:{account_id}"] if account_id else [])
        seen = self.decisions(person_id, _LIMIT, None)
        return PersonView(
            person_id=person_id,
            profile_ids=profile_ids,
            account_id=account_id,
            facts=self._facts(own, at, known),
            messages=tuple(Message(*row) for row in self._db.many(_MESSAGES, profile_ids, at, known)),
            goals=self._goals(own, both),
            outcomes=self._decoded(OUTCOME, _OUTCOMES, own, both),
            exposures=self._decoded(EXPOSURE, _EXPOSURES, profile_ids, both),
            decisions=tuple(decision for _, decision in seen if decision.at <= both),
        )

    def _profiles(self, person_id: str, known: Instant) -> tuple[str, ...]:
        found = []
        for (profile_id,) in self._db.rows(_EVER, person_id, person_id):
            row = self._db.row(_MAPPING, profile_id, known)
            if row is not None and row[0] == person_id:
                first = self._db.row(_FIRST_SEQ, profile_id)
                found.append((first[0] if first else 0, profile_id))
        return tuple(profile_id for _, profile_id in sorted(found))

    def _facts(self, subjects: list[str], at: Instant, known: Instant) -> tuple[Fact, ...]:
        rows = self._db.many(_FACTS, subjects, at, at, known)
        rows += self._db.many(_FACTS_PAST, subjects, at, at, known, known)
        found = [fact_of(row) for row in rows]
        return tuple(sorted(found, key=lambda f: (f.subject, f.predicate, f.qualifier, f.trust)))

    def _goals(self, subjects: list[str], at: Instant) -> tuple[Goal, ...]:
        found = [GOAL.decode(row[0]) for row in self._db.many(_GOALS, subjects)]
        return tuple(sorted((g for g in found if g.opened_at <= at), key=lambda g: (g.opened_at, g.id)))

    def decisions(self, person_id: str, limit: int, before: int | None) -> list[tuple[int, Decision]]:
        """Decisions with their log position, newest first."""
        end = schema.FOREVER if before is None else before
        rows = (
            self._db.rows(_DECISIONS_OF, person_id, person_id, end, limit)
            if person_id
            else self._db.rows(_DECISIONS, end, limit)
        )
        found = ((seq, self._decision_at(seq)) for (seq,) in rows)
        return [(seq, decision) for seq, decision in found if decision is not None]

    def decisions_after(self, after: int, limit: int) -> list[tuple[int, Decision]]:
        """Decisions behind a log position, oldest first."""
        found = ((seq, self._decision_at(seq)) for (seq,) in self._db.rows(_DECISIONS_AFTER, after, limit))
        return [(seq, decision) for seq, decision in found if decision is not None]

    def decision_ids(self, beginning: str, limit: int) -> list[str]:
        """Ids of decisions that begin so, in order."""
        return [name for (name,) in self._db.rows(_DECISION_IDS, beginning, beginning + "~", limit)]

    def _decision_at(self, seq: int) -> Decision | None:
        event = self._log.read(seq)
        return event.decision if isinstance(event, Stepped) else None

    def gate_decision(self, source: str, source_id: str) -> Decision | None:
        """The latest decision on a gate request."""
        row = self._db.row(_GATE, self._ids.signal_id(source, source_id))
        return self._decision_at(row[0]) if row else None

    def receipt(self, decision_id: str) -> Receipt | None:
        """Everything about one decision."""
        row = self._db.row(_DECISION, decision_id)
        decision = self._decision_at(row[0]) if row else None
        signal = self._inbox.signal(decision.signal_id) if decision else None
        if decision is None or signal is None:
            return None
        approvals = self._ledger.approvals_of(decision_id)
        ledger = {row.effect.id: row for row in self._ledger.of_decision(decision_id)}
        for effect in (effect for approval in approvals for effect in approval.effects):
            later = self._ledger.effect(effect.id)
            if later is not None:
                ledger[effect.id] = later
        earlier = self.recalled(signal.id) or (self.recalled(signal.trigger) if signal.trigger else Recall())
        outcomes = [
            OUTCOME.decode(row[0]) for row in self._db.rows(_OUTCOMES_OF, decision_id, decision.goal_id)
        ]
        return Receipt(
            decision=decision,
            signal=signal,
            percept=self._inbox.percept(signal.id),
            recalled=earlier,
            ledger=tuple(ledger.values()),
            approvals=tuple(approvals),
            outcomes=tuple(o for o in outcomes if o.decision_id == decision_id or o.at >= decision.at),
        )

    def recalled(self, signal_id: str) -> Recall:
        """Messages that were recalled for a signal, best first, as far as they are still there."""
        found, model = self._inbox.recalled(signal_id)
        rows = [(self._db.row(_MESSAGE, one.message_id), one.score) for one in found]
        return Recall(tuple((Message(*row), score) for row, score in rows if row is not None), model)

    def outcomes(self) -> list[Outcome]:
        """All outcomes and harms, oldest first."""
        return [OUTCOME.decode(row[0]) for row in self._db.rows(_ALL_OUTCOMES)]

    def counts(self) -> dict[str, int]:
        """Row counts by table."""
        tables = (*schema.LOG.sorted_tables, *schema.PROJECTIONS.sorted_tables, schema.facts)
        return {
            table.name: int(self._db.run_text(f"SELECT count(*) FROM {table.name}")[0][0])  # noqa: S608 - own names
            for table in sorted(tables, key=lambda table: table.name)
        }

    def _decoded(
        self, decoder: msgspec.json.Decoder[_T], statement: ManyStatement, items: Sequence[str], at: Instant
    ) -> tuple[_T, ...]:
        return tuple(decoder.decode(row[0]) for row in self._db.many(statement, items, at))
