"""Context: one step's reads, few statements, each bounded, with the signal's links taken as applied."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import literal_column, or_, select, text

from segue.core.ids import IdKey
from segue.core.records.context import TENANT, Contact, Context, LedgerRow, Total, Wants
from segue.core.records.effects import Approval, Reservation, Timer
from segue.core.records.gate import COMMIT, RELEASE, Told
from segue.core.records.identity import KNOWN, UNKNOWN
from segue.core.records.memory import Fact, Links
from segue.core.records.parking import AT_ONCE, parked_at
from segue.core.records.signals import Signal
from segue.core.units import DAY, HOUR, Instant
from segue.stores import schema
from segue.stores.db import Db, Row
from segue.stores.fold.codec import APPROVAL, TIMER
from segue.stores.reads_lane import LASTING, LaneReads
from segue.stores.reads_ledger import LedgerReads
from segue.stores.reads_people import PeopleReads
from segue.stores.statements import EachStatement, ManyStatement, RowsText, Statement, given
from segue.stores.suppressed import Holder, Suppressed

CONTACTS = 20
_ZONES = 26 * HOUR
_SHARED = ((schema.LASTING, LASTING), (schema.WEEKLY, 7 * DAY + _ZONES), (schema.DAILY, DAY + _ZONES))
"""How far back a tenant-wide total still counts: its period, from the first zone of the world to the last."""

_P = schema.profiles.c
_T = schema.timers.c
_E = schema.effects.c
_A = schema.approvals.c
_IS_OPEN = or_(*(_E.state == literal_column(f"'{state}'") for state in ("pending", "sent", "unknown")))

_PROFILES = EachStatement(
    lambda person: (
        select(_P.profile_id, _P.person_id, _P.account_id, _P.joined_seq, _P.level, _P.parted, _P.first_seq)
        .where(_P.person_id == person)
        .order_by(_P.first_seq, _P.profile_id)
    )
)
_PROFILES_NAMED = ManyStatement(
    lambda names: (
        select(_P.profile_id, _P.person_id, _P.account_id, _P.joined_seq, _P.level, _P.parted, _P.first_seq)
        .where(_P.profile_id.in_(names))
        .order_by(_P.first_seq, _P.profile_id)
    )
)
_MEMBERS = Statement(
    lambda: text(
        "SELECT p.person_id, p.profile_id FROM (SELECT person_id FROM profiles WHERE account_id = ?1 "
        "AND account_id != '' ORDER BY first_seq LIMIT 100) AS m CROSS JOIN profiles AS p "
        "ON p.person_id = m.person_id LIMIT 400"
    )
)
"""Members in the order in which their account learnt of them, with their profiles by first sight."""

_TIMERS = EachStatement(lambda subject: select(_T.record).where(_T.subject == subject).limit(200))
_PARKED = Statement(
    lambda: select(_T.record).where(_T.due_at == given("due_at")).order_by(_T.id).limit(AT_ONCE)
)
_PARTINGS = EachStatement(
    lambda name: select(schema.partings.c.other, schema.partings.c.until).where(
        schema.partings.c.profile_id == name
    )
)
_TOTALS = Statement(
    lambda: text(
        " UNION ALL ".join(
            "SELECT * FROM (SELECT key, amount, decision_id FROM totals "  # noqa: S608 - own numbers
            f"WHERE shared = 1 AND lasting = {lasting} AND at >= ?1 - {period} "
            "ORDER BY at DESC, key DESC LIMIT 500)"
            for lasting, period in _SHARED
        )
    )
)
_EFFECTS_OF_PROFILES = EachStatement(
    lambda profile: (
        select(_E.id, _E.state, _E.record)
        .where(_E.profile_id == profile, _IS_OPEN)
        .order_by(_E.pos.desc())
        .limit(100)
    )
)
_EFFECTS_OF_ACCOUNT = Statement(
    lambda: (
        select(_E.id, _E.state, _E.record)
        .where(_E.account_id == given("account"), _IS_OPEN)
        .order_by(_E.pos.desc())
        .limit(100)
    )
)
_APPROVAL = Statement(lambda: select(_A.record).where(_A.id == given("id")))
_DRAFTS = EachStatement(
    lambda subject: select(_A.record).where(_A.subject == subject, _A.status == "pending").limit(100)
)
_COUNTS = RowsText("SELECT {number}, day, n FROM counts WHERE subject = ? AND name = ? AND day >= ?")
_IS_KNOWN = Statement(lambda: select(schema.signals.c.pos).where(schema.signals.c.id == given("id")))


@dataclass(frozen=True, slots=True)
class _Who:
    """Whose step it is, after the links.

    Attributes:
        stored: The person's profiles that have rows; a new one has none yet.
        parted: Those of them that were part of somebody else's person.
        leaving: Profiles that are the person's until this very step.
        levels: How certain it is who they are.
        profile_ids: The same with the signal's own profile.
    """

    person_id: str
    profile_id: str
    account_id: str
    profile_ids: tuple[str, ...]
    stored: tuple[str, ...]
    parted: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    levels: Mapping[str, int] = field(default_factory=dict)

    @property
    def lane(self) -> str:
        if self.account_id:
            return f"account:{self.account_id}"
        return f"person:{self.person_id}" if self.person_id else TENANT

    def reads(self, contacts: tuple[Contact, ...], wants: Wants) -> tuple[str, ...]:
        """Profiles whose rows are read.

        Where a decision may fall on a signal that names the account only, those of every contact.
        """
        if self.profile_ids or not wants.tenant_totals:
            return self.stored
        return tuple(name for contact in contacts for name in contact.profile_ids)

    def units(self, links: Links) -> list[str]:
        """What the person may have been assigned to an arm as."""
        units = [f"account:{self.account_id}"] if self.account_id else []
        units += [f"profile:{name}" for name in self.profile_ids]
        units += [f"person:{name}" for name in (self.person_id, *links.merged) if name]
        return units

    def others(self, contacts: tuple[Contact, ...]) -> list[str]:
        """Subjects of the account's other members."""
        names = [name for contact in contacts for name in contact.profile_ids]
        return [f"profile:{name}" for name in names if name not in self.stored]


class ContextReads:
    """Assembles contexts over one connection."""

    def __init__(self, db: Db, ids: IdKey, people: PeopleReads, ledger: LedgerReads) -> None:
        self._db, self._ids, self._people, self._ledger = db, ids, people, ledger
        self._lane = LaneReads(db)
        self._suppressed = Suppressed(db, ids)

    def context(self, signal: Signal, links: Links, now: Instant, wants: Wants, position: int) -> Context:
        """Everything one step may know."""
        who = self._who(signal, links)
        alone = wants.alone and bool(who.profile_ids) and not wants.timers_of_contacts
        contacts = () if alone else self._contacts(who, links)
        read = who.reads(contacts, wants)
        own = [f"profile:{name}" for name in read]
        own += [f"account:{who.account_id}"] if who.account_id else []
        units = who.units(links)
        lane = self._lane.open(own, units, now) if wants.quiet else self._lane.all(own, units, now)
        asked = not wants.quiet or any(goal.status == "open" for goal in lane.goals)
        if asked and wants.quiet:
            lane = self._lane.all(own, units, now)
        if alone and asked:
            contacts = self._contacts(who, links)
        facts, ledger = self._facts(who, contacts, now), self._effects(read, who.account_id, wants)
        kin = self._kin(who.parted) | dict.fromkeys(who.leaving, now) if asked else {}
        holder = Holder(who.person_id, who.stored, links.identifiers)
        return Context(
            now=now,
            position=position,
            lane=who.lane,
            links=links,
            person_id=who.person_id,
            profile_id=who.profile_id,
            account_id=who.account_id,
            profile_ids=who.profile_ids,
            contacts=contacts,
            facts=facts,
            messages=tuple(lane.messages),
            goals=tuple(lane.goals),
            timers=self._timers(lane.timers, who.others(contacts) if wants.timers_of_contacts else [], wants),
            reservations=(*lane.reservations, *self._of_kin(kin, now)),
            kin=tuple(kin),
            level=who.levels.get(who.profile_id, UNKNOWN) if who.profile_id else KNOWN,
            totals=self._totals(now) if wants.tenant_totals else {},
            ledger=ledger,
            approvals=self._approvals(signal, own if wants.drafts else []),
            exposures=tuple(lane.exposures),
            counts=self._counts(wants),
            arms=tuple(lane.arms),
            told=self._told(*wants.gate) if wants.gate else "",
            suppressions=self._suppressed.of(holder, facts, _named(ledger, wants), wants.country, now)
            if asked and wants.country is not None
            else (),
        )

    def _who(self, signal: Signal, links: Links) -> _Who:
        profile_id, person_id, account_id = links.profile_id, links.person_id, links.account_id
        scope, _, name = signal.subject.partition(":")
        if not profile_id and not account_id and name:
            profile_id = name if scope == "profile" else ""
            account_id = name if scope == "account" else ""
        if profile_id and not person_id:
            person_id = self._people.profile_person(profile_id) or profile_id
        persons = [person_id, *links.merged] if person_id else []
        before = self._db.each(_PROFILES, persons)
        if links.merged:
            before.sort(key=lambda row: (row[6], row[0]))
        rows = self._moved(before, links)
        stored = [row[0] for row in rows]
        leaving = tuple(row[0] for row in before if row[0] not in stored) if links.moved else ()
        profile_ids = stored if not profile_id or profile_id in stored else [*stored, profile_id]
        for person in persons:
            joined = [(-row[3], row[0], row[2]) for row in rows if row[1] == person and row[2]]
            account_id = account_id or (min(joined)[2] if joined else "")
        parted = tuple(row[0] for row in rows if row[5])
        levels = {row[0]: row[4] for row in rows} | dict(links.levels)
        return _Who(
            person_id, profile_id, account_id, tuple(profile_ids), tuple(stored), parted, leaving, levels
        )

    def _moved(self, rows: list[Row], links: Links) -> list[Row]:
        """Profiles of the person after those that belong elsewhere from now on have moved."""
        if not links.moved:
            return rows
        placed = dict(links.moved)
        names = [row[0] for row in rows if placed.get(row[0], links.person_id) == links.person_id]
        names += [name for name, person in links.moved if person == links.person_id and name not in names]
        there = self._db.many(_PROFILES_NAMED, names)
        return [(row[0], links.person_id, *row[2:]) for row in there]

    def _contacts(self, who: _Who, links: Links) -> tuple[Contact, ...]:
        if not who.account_id:
            return ()
        if links.moved:
            return self._contacts_after(who, links)
        person_id = who.person_id
        merged: dict[str, str] = dict.fromkeys(links.merged, person_id)
        found: dict[str, dict[str, None]] = {}
        for person, profile in self._db.rows(_MEMBERS, who.account_id):
            found.setdefault(str(merged.get(person, person)), {})[profile] = None
        if (links.joined or links.merged) and person_id:
            found.setdefault(person_id, {})
        members = list(found)[:CONTACTS]
        return tuple(
            Contact(member, who.profile_ids if member == person_id else tuple(found[member]))
            for member in members
        )

    def _contacts_after(self, who: _Who, links: Links) -> tuple[Contact, ...]:
        """Members of the account after profiles have moved, which is rare: profile by profile."""
        placed = dict(links.moved) | dict.fromkeys(who.profile_ids, who.person_id)
        members = [row[0] for row in self._db.rows(_MEMBERS, who.account_id)]
        rows = self._db.each(_PROFILES, list(dict.fromkeys([*members, *links.merged])))
        found: dict[str, list[str]] = {who.person_id: list(who.profile_ids)} if who.person_id else {}
        for profile, person, *_ in sorted(rows, key=lambda row: (row[6], row[0])):
            if profile not in who.profile_ids:
                found.setdefault(str(placed.get(profile, person)), []).append(profile)
        return tuple(Contact(person, tuple(profiles)) for person, profiles in list(found.items())[:CONTACTS])

    def _facts(self, who: _Who, contacts: tuple[Contact, ...], now: Instant) -> tuple[Fact, ...]:
        profiles = dict.fromkeys(who.profile_ids)
        for contact in contacts:
            profiles.update(dict.fromkeys(contact.profile_ids))
        subjects = [TENANT, *(f"profile:{name}" for name in profiles)]
        if who.account_id:
            subjects.append(f"account:{who.account_id}")
        return self._lane.facts(sorted(subjects), now)

    def _timers(self, timers: list[Timer], others: list[str], wants: Wants) -> tuple[Timer, ...]:
        timers += [TIMER.decode(row[0]) for row in self._db.each(_TIMERS, others)]
        if wants.parked_for:
            parked = self._db.rows(_PARKED, parked_at(wants.parked_for))
            timers += [TIMER.decode(row[0]) for row in parked]
        return tuple(sorted(timers, key=lambda timer: (timer.due_at, timer.id)))

    def _kin(self, parted: tuple[str, ...]) -> dict[str, int]:
        """Of whom these profiles were part, and until when."""
        found: dict[str, int] = {}
        for other, until in self._db.each(_PARTINGS, parted):
            found[other] = max(until, found.get(other, until))
        return dict(sorted(found.items()))

    def _of_kin(self, kin: dict[str, int], now: Instant) -> tuple[Reservation, ...]:
        """What they used or held while both were one person, and before."""
        if not kin:
            return ()
        rows = self._lane.all([f"profile:{name}" for name in kin], (), now).reservations
        return tuple([row for row in rows if row.at <= kin[row.subject.partition(":")[2]]])

    def _totals(self, now: Instant) -> dict[str, Total]:
        return {row[0]: Total(row[1], row[2]) for row in self._db.rows(_TOTALS, now)}

    def _effects(self, read: tuple[str, ...], account_id: str, wants: Wants) -> tuple[LedgerRow, ...]:
        ledger = self._ledger.with_attempts(self._open(read, account_id)) if wants.open_effects else []
        if wants.effect_id and all(row.effect.id != wants.effect_id for row in ledger):
            named = self._ledger.effect(wants.effect_id)
            ledger += [named] if named else []
        return tuple(sorted(ledger, key=lambda row: (row.effect.not_before, row.effect.id)))

    def _open(self, read: tuple[str, ...], account_id: str) -> list[Row]:
        rows = self._db.each(_EFFECTS_OF_PROFILES, read)
        if account_id:
            rows += self._db.rows(_EFFECTS_OF_ACCOUNT, account_id)
        return list({row[0]: row for row in rows}.values())

    def _approvals(self, signal: Signal, own: list[str]) -> tuple[Approval, ...]:
        named = signal.body.get("approval")
        row = self._db.row(_APPROVAL, named) if isinstance(named, str) else None
        drafts = [APPROVAL.decode(row[0]) for row in self._db.each(_DRAFTS, own)]
        drafts.sort(key=lambda draft: draft.id)
        return (*([APPROVAL.decode(row[0])] if row else []), *drafts)

    def _counts(self, wants: Wants) -> dict[tuple[str, str], dict[int, int]]:
        counts: dict[tuple[str, str], dict[int, int]] = {}
        for first in range(0, len(wants.counts), _COUNTS.MOST):
            part = wants.counts[first : first + _COUNTS.MOST]
            days = [counts.setdefault((subject, name), {}) for subject, name, _ in part]
            for number, day, n in self._db.of_rows(_COUNTS, part):
                days[number][day] = n
        return counts

    def _told(self, source: str, key: str) -> Told:
        """What a tool said of a key, taken up or not; that it has sent outweighs that it would not."""
        if self._db.row(_IS_KNOWN, self._ids.signal_id(source, f"{key}{COMMIT}")) is not None:
            return "committed"
        known = self._db.row(_IS_KNOWN, self._ids.signal_id(source, f"{key}{RELEASE}"))
        return "released" if known is not None else ""


def _named(ledger: tuple[LedgerRow, ...], wants: Wants) -> LedgerRow | None:
    """The effect the signal speaks of."""
    return next((row for row in ledger if row.effect.id == wants.effect_id), None)
