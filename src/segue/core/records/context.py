"""Context: what was known as of one instant, assembled for one decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct, field

from segue.core.records.effects import Approval, Attempt, Effect, EffectState, Reservation, Timer
from segue.core.records.gate import Told
from segue.core.records.identity import KNOWN
from segue.core.records.memory import Arm, Exposure, Fact, Goal, Links, Message
from segue.core.units import Instant

TENANT = "tenant"
"""The subject of facts, counts and controls that belong to no person and no account."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who is a member of the account: id, profiles, earliest first."""

    person_id: str
    profile_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """An effect with its ledger state and attempts, oldest first."""

    effect: Effect
    state: EffectState
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Suppression:
    """What is on record of an address itself, whoever has it as a fact.

    Attributes:
        namespace: `email` or `phone`.
        address: As the fact or the effect writes it; empty where it is known as an identifier alone.
        holder: The person it identifies, or empty.
        facts: Consents of the holder, where that is somebody else, and opt-outs that outlived an erased one.
    """

    namespace: str
    address: str
    holder: str
    facts: tuple[Fact, ...]


class Total(Struct, frozen=True, gc=False):
    """How much of a reservation key is held or used, and the last decision that took some."""

    amount: int
    decision_id: str


class Wants(Struct, frozen=True, gc=False):
    """What a step wants read besides the lane's own rows; computed from signal and playbook alone.

    Attributes:
        counts: (subject, counter name, first day) triples; the day is the unit of `Count.day`.
        tenant_totals: Whether totals of tenant-wide reservation keys are needed (a decision may fall).
        effect_id: An effect the signal speaks of, or empty.
        open_effects: Whether all effects not in a terminal state are needed, as for the check at dispatch.
        quiet: Nothing can be decided unless a goal is open: only then are messages, reservations and
            exposures read.
        alone: Besides that, what the signal adds to memory depends on no other contact of the account: if it
            is about a person, contacts and their facts are read only where a goal is open.
        gate: Source and key of the gate request the signal asks about anew, or empty.
        parked_for: Timers that wait for this are needed, whoever they belong to.
        timers_of_contacts: Whether timers of all members of the account are needed, not the person's alone.
        drafts: Whether drafts that wait for a human are needed: of the person, or of the account's members
            where the signal names the account only.
        country: Default country of phone numbers, by which suppressions of addresses are found; None where
            none are needed.
    """

    counts: tuple[tuple[str, str, int], ...] = ()
    tenant_totals: bool = False
    effect_id: str = ""
    open_effects: bool = False
    quiet: bool = False
    alone: bool = False
    gate: tuple[str, str] | tuple[()] = ()
    parked_for: str = ""
    timers_of_contacts: bool = False
    drafts: bool = False
    country: str | None = None


class Context(Struct, frozen=True, dict=True):
    """Everything a step may know; a pure value.

    Attributes:
        now: The step's now.
        position: Log position the reads are true at.
        lane: `account:ID` where the person has one, else `person:ID`, else `tenant`.
        links: What identity decided for this signal; already included in the fields below.
        profile_ids: All profiles of the person, earliest first; empty for account signals.
        contacts: Members of the account, at most 20, earliest first; none where the step is alone.
        facts: Believed now and valid at `now`: of the person's and contacts' profiles, account and tenant.
            Where the signal names the account only and a decision may fall, rows of "the person" below are
            those of every contact.
        messages: The person's newest 20 over all channels, newest first.
        goals: Open goals of the person's profiles, the account, and goals closed within 30 days.
        timers: Open timers of the person's profiles and the account, and of its other members when wanted.
        reservations: Held or used ones of the person's profiles and the account, of the last 35 days, and of
            `kin` from when they were one person.
        kin: Profiles that were part of the person until somebody, or better evidence, split them.
        level: How certain it is who the signal's profile is: `UNKNOWN`, `DOUBTFUL` or `KNOWN`.
        totals: Totals per tenant-wide key, when wanted.
        ledger: The effect the signal speaks of; when wanted also those of person and account that are open.
        approvals: The one the signal speaks of; when wanted also drafts that wait.
        exposures: Touches of the person in the last 35 days, newest first, at most 50.
        counts: (subject, name) to {day: n}, as wanted.
        arms: Assignments of the account and of the person's profiles.
        told: What the tool said of the gate request that the signal asks about anew, when wanted.
        suppressions: Of the addresses on record and of that of the effect the signal speaks of, when wanted.
        recalled: Earlier messages that answer the signal's words best, or the words of the message it follows
            from, each with its score in millionths, best first.
    """

    now: Instant
    position: int
    lane: str
    links: Links
    person_id: str = ""
    profile_id: str = ""
    account_id: str = ""
    profile_ids: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    facts: tuple[Fact, ...] = ()
    messages: tuple[Message, ...] = ()
    goals: tuple[Goal, ...] = ()
    timers: tuple[Timer, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    totals: Mapping[str, Total] = field(default_factory=dict)
    ledger: tuple[LedgerRow, ...] = ()
    approvals: tuple[Approval, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    counts: Mapping[tuple[str, str], Mapping[int, int]] = field(default_factory=dict)
    arms: tuple[Arm, ...] = ()
    told: Told = ""
    suppressions: tuple[Suppression, ...] = ()
    recalled: tuple[tuple[Message, int], ...] = ()
    kin: tuple[str, ...] = ()
    level: int = KNOWN

    @property
    def subject(self) -> str:
        """`profile:ID` of the signal's profile, else `account:ID`, else `tenant`."""
        if self.profile_id:
            return f"profile:{self.profile_id}"
        return f"account:{self.account_id}" if self.account_id else TENANT

    @cached_property
    def own(self) -> frozenset[str]:
        """Subjects of the person's facts."""
        return frozenset([f"profile:{profile}" for profile in self.profile_ids])

    @cached_property
    def by_predicate(self) -> Mapping[str, list[Fact]]:
        """The facts by their predicate, each in their order: a step asks for dozens."""
        found: dict[str, list[Fact]] = {}
        for fact in self.facts:
            if fact.predicate in found:
                found[fact.predicate].append(fact)
            else:
                found[fact.predicate] = [fact]
        return found

    def beginning(self, prefix: str) -> Sequence[Fact]:
        """The facts whose predicate begins with a text, in their order."""
        names = [name for name in self.by_predicate if name.startswith(prefix)]
        if len(names) <= 1:
            return self.by_predicate[names[0]] if names else ()
        return [fact for fact in self.facts if fact.predicate.startswith(prefix)]
