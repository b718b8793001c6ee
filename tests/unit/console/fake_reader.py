"""A reader over records in memory, as far as pages read; records that exercise every part of a receipt."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from msgspec.structs import replace

from segue.console import Look
from segue.console.visitors import Visitor
from segue.core.facts import best
from segue.core.held import kept_back
from segue.core.ports import PersonView, Reader, Receipt
from segue.core.records.context import LedgerRow
from segue.core.records.decisions import (
    Candidate,
    Considered,
    Decision,
    FactUsed,
    Match,
    Score,
    SharedRead,
    Verdict,
)
from segue.core.records.effects import Approval, Attempt
from segue.core.records.identity import KnownAccount
from segue.core.records.memory import Fact, Outcome
from segue.core.records.overview import AccountView, Controls, DayCount, Letter, Listed, Named, OpenGoals, Way
from segue.core.records.percepts import Intent, Percept, Preference
from segue.core.records.signals import Signal
from segue.core.units import DAY, Instant
from segue.stores.doors import Role
from tests.build import NOW, a_candidate, a_fact, a_ledger_row, a_signal

EUR = 100_000_000
"""One euro in micro-units."""


@dataclass
class FakeReader:
    """Holds what a test put in; newest last. It is its own overview.

    Facts belong to the person `ann` where their subject is a profile, and to the account it names.
    """

    receipts: list[Receipt] = field(default_factory=list)
    signals: dict[str, Signal] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    people_at: dict[str, PersonView] = field(default_factory=dict)
    views: dict[str, AccountView] = field(default_factory=dict)
    waiting: list[Approval] = field(default_factory=list)
    dead: list[Letter] = field(default_factory=list)
    goals: list[OpenGoals] = field(default_factory=list)
    results: list[Outcome] = field(default_factory=list)
    on_the_way: list[Way] = field(default_factory=list)
    lost: list[LedgerRow] = field(default_factory=list)
    stopped: Controls = field(default_factory=Controls)
    overview_calls: list[str] = field(default_factory=list)

    def port(self) -> Reader:
        return cast("Reader", self)

    @property
    def overview(self) -> "FakeOverview":
        return FakeOverview(self)

    def position(self) -> int:
        return len(self.receipts)

    def receipt(self, decision_id: str) -> Receipt | None:
        return next((r for r in self.receipts if r.decision.id == decision_id), None)

    def signal(self, signal_id: str) -> Signal | None:
        own = {r.signal.id: r.signal for r in self.receipts}
        return {**own, **self.signals}.get(signal_id)

    def percept(self, signal_id: str) -> Percept | None:
        return next((r.percept for r in self.receipts if r.signal.id == signal_id), None)

    def profile_person(self, profile_id: str) -> str | None:
        return profile_id or None

    def account_of(self, person_id: str) -> str:
        return "acme"

    def find_person(self, identifier_hash: str) -> str | None:
        return "ann"

    def known_accounts(self, hashes: Collection[str]) -> dict[str, KnownAccount]:
        return {}

    def person(self, person_id: str, *, as_of: Instant | None, known_at: Instant | None) -> PersonView | None:
        return self.people_at.get(person_id)


@dataclass
class FakeOverview:
    """What the reader holds, asked for across all lanes."""

    of: FakeReader

    def _numbered(self) -> list[tuple[int, Decision]]:
        return [(seq, r.decision) for seq, r in enumerate(self.of.receipts, start=1)]

    def day_counts(self, after: int = 0) -> list[DayCount]:
        self.of.overview_calls.append(f"day_counts after {after}")
        return [
            DayCount(
                *(d.at // DAY, d.mode, d.question, d.play, kept_back(d), 1),
                d.choice.score.total if d.choice.score else 0,
            )
            for seq, d in self._numbered()
            if seq > after
        ]

    def decisions(
        self, filters: Mapping[str, str], *, limit: int, before: int | None = None
    ) -> list[tuple[int, Decision]]:
        found = [
            (seq, d)
            for seq, d in reversed(self._numbered())
            if (before is None or seq < before)
            and all(
                value in kept_back(d) if name == "held" else getattr(d, name) == value
                for name, value in filters.items()
            )
        ]
        return found[:limit]

    def controls(self, now: Instant) -> Controls:
        return self.of.stopped

    def people(self, person_ids: Collection[str]) -> dict[str, Named]:
        facts = tuple(fact for fact in self.of.facts if fact.subject.startswith("profile:"))
        return {name: _named(name, facts) for name in person_ids if name == "ann"}

    def accounts(self, account_ids: Collection[str]) -> dict[str, Named]:
        return {
            name: _named(name, tuple(f for f in self.of.facts if f.subject == f"account:{name}"))
            for name in account_ids
        }

    def members(self, account_id: str, limit: int) -> list[Named]:
        return list(self.people(["ann"]).values())

    def account(self, account_id: str) -> AccountView | None:
        return self.of.views.get(account_id)

    def approval(self, approval_id: str) -> Approval | None:
        return next((item for item in self.of.waiting if item.id == approval_id), None)

    def approvals(self, status: str, *, limit: int, after: tuple[int, str] | None = None) -> list[Approval]:
        found = sorted(
            (item for item in self.of.waiting if item.status == status),
            key=lambda item: (-item.value_micro, item.id),
        )
        if after is not None:
            found = [item for item in found if (-item.value_micro, item.id) > (-after[0], after[1])]
        return found[:limit]

    def approvals_worth(self) -> tuple[int, int]:
        found = self.approvals("pending", limit=10_000)
        return len(found), sum(item.value_micro for item in found)

    def open_goals(self) -> list[OpenGoals]:
        return self.of.goals

    def plays_of_goals(self, goal_ids: Collection[str]) -> dict[str, str]:
        return dict.fromkeys(goal_ids, "book-demo")

    def outcomes_since(self, at: Instant, limit: int) -> list[Outcome]:
        return [item for item in self.of.results if item.at > at][:limit]

    def ways(self, now: Instant) -> list[Way]:
        return self.of.on_the_way

    def unknown_effects(self, limit: int) -> list[LedgerRow]:
        return self.of.lost[:limit]

    def effects(self, state: Listed, *, limit: int, before: str = "") -> list[LedgerRow]:
        found = [row for row in self.of.lost if row.state == state]
        places = [place for place, row in enumerate(found, start=1) if row.effect.id == before]
        return found[places[0] if places else 0 :][:limit]

    def letters(self, *, limit: int, before: int | None = None) -> list[Letter]:
        found = [item for item in reversed(self.of.dead) if before is None or item.seq < before]
        return found[:limit]

    def letters_count(self) -> int:
        return len(self.of.dead)


def _named(name: str, facts: tuple[Fact, ...]) -> Named:
    called = best(fact for fact in facts if fact.predicate == "name")
    return Named(name, str(called.value) if called else "", facts)


def a_look(
    role: Role = "admin", *, revealed: Collection[str] = ("ann", "account:acme"), **fields: Any
) -> Look:
    """Anna looks; Ann and Acme were revealed to her."""
    visitor = fields.pop("visitor", Visitor("anna", role, "", "secret", "session"))
    return Look(visitor, fields.pop("now", NOW), revealed=frozenset(revealed), **fields)


def a_decision(id_: str = "d1", **fields: Any) -> Decision:
    """A demo was offered to Ann; an upgrade was kept back by a policy that missed a fact."""
    offer = a_candidate(
        "offer_demo", id="c1", offer="demo", arguments={"to": "ann@acme.test", "text": "Hi Ann"}
    )
    upgrade = a_candidate("upgrade_offer", id="c2")
    nothing = Candidate(id="c3", action="no_action", purpose="internal", at=NOW)
    rule = Match("no-sales", "forbid", "A person with an open ticket is not sold to.", ("consent.sms",))
    given: dict[str, Any] = {
        "id": id_,
        "signal_id": "s1",
        "index": 0,
        "at": NOW,
        "lane": "account:acme",
        "subject": "profile:ann",
        "question": "next_action",
        "considered": (
            Considered(
                offer,
                score=Score(
                    30 * EUR,
                    (
                        ("value", 42 * EUR),
                        ("cost", -10 * EUR),
                        ("attention", -3 * EUR // 2),
                        ("risk", -EUR // 2),
                    ),
                    ("chance",),
                ),
            ),
            Considered(upgrade, "policy", "A person with an open ticket is not sold to.", Verdict((rule,))),
            Considered(nothing, "choice", "`offer_demo` is better", score=Score(0)),
        ),
        "chosen": "c1",
        "mode": "act",
        "because": "expected to bring EUR 30.00 more than silence",
        "action": "offer_demo",
        "play": "book-demo",
        "profile_id": "ann",
        "person_id": "ann",
        "account_id": "acme",
        "facts": (
            FactUsed("account.arr", 12_000 * EUR, "s0"),
            FactUsed("person.mood", None),
            FactUsed("account.renews_at", NOW, "s0"),
        ),
        "shared": (SharedRead("kill_switch", value=False, position=41),),
        "propensities": (("c1", 1_000_000),),
        "draws": (("c1", 250_000),),
        "engine": "engine-hash",
    }
    return Decision(**{**given, **fields})


def a_held_decision(id_: str = "d1", **fields: Any) -> Decision:
    """Nothing was done for Ann, because a rule held the upgrade back."""
    rule = Match("no-sales", "forbid", "A person with an open ticket is not sold to.")
    upgrade = Considered(a_candidate("upgrade_offer", id="c2"), "policy", rule.why, Verdict((rule,)))
    nothing = Considered(Candidate(id="c3", action="no_action", purpose="internal", at=NOW), score=Score(0))
    given: dict[str, Any] = {
        "considered": (upgrade, nothing),
        "chosen": "c3",
        "mode": "nothing",
        "action": "no_action",
        "because": "`upgrade_offer` dropped at policy",
        "propensities": (),
        "draws": (),
    }
    return a_decision(id_, **{**given, **fields})


def an_approval(id_: str = "a1", **fields: Any) -> Approval:
    """The demo for Ann waits for a human."""
    arguments = {"to": "ann@acme.test", "subject": "A demo?", "text": "Hi Ann"}
    effect = replace(a_ledger_row().effect, arguments=arguments, profile_id="ann", account_id="acme")
    given: dict[str, Any] = {
        "id": id_,
        "decision_id": "d1",
        "subject": "profile:ann",
        "asked_at": NOW,
        "expires_at": NOW + DAY,
        "effects": (effect,),
        "value_micro": 30 * EUR,
        "because": "worth asking",
        "play": "book-demo",
        "action": "offer_demo",
    }
    return Approval(**{**given, **fields})


def a_percept() -> Percept:
    """Ann asked for prices and wants no call before ten."""
    return Percept(
        model="model-hash",
        decision="accept",
        intents=(Intent("pricing_question", 930_000, nearest="what does it cost"),),
        sentiment=250_000,
        mood="curious",
        mood_ppm=700_000,
        language="en",
        preferences=(Preference("not_before", 600, "not before ten"),),
    )


def a_receipt(decision: Decision | None = None, **fields: Any) -> Receipt:
    """A receipt in which every part has something to tell."""
    decision = decision or a_decision()
    attempt = Attempt("f1", 1, NOW, ended_at=NOW, state="delivered", reference="mail-7")
    row = a_ledger_row("delivered", arguments={"to": "ann@acme.test", "subject": "A demo?", "text": "Hi Ann"})
    given: dict[str, Any] = {
        "decision": decision,
        "signal": a_signal(
            "message.received",
            {"channel": "email", "text": "What does it cost?"},
            id=decision.signal_id,
        ),
        "percept": a_percept(),
        "ledger": (LedgerRow(row.effect, "delivered", (attempt,)),),
        "approvals": (),
        "outcomes": (Outcome("o1", "demo_booked", "profile:ann", NOW, "s9", value_micro=500 * EUR),),
    }
    return Receipt(**{**given, **fields})


def a_reader(*receipts: Receipt, **fields: Any) -> FakeReader:
    """A reader that knows Ann Lee of Acme."""
    crm = a_signal("account.updated", {"facts": {"arr": {"amount": 1_200_000, "currency": "EUR"}}}, id="s0")
    given: dict[str, Any] = {
        "receipts": list(receipts),
        "signals": {"s0": crm},
        "facts": (a_fact("name", "Ann Lee"), a_fact("name", "Acme", "account:acme")),
    }
    return FakeReader(**{**given, **fields})
