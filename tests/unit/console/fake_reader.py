"""A reader over records in memory, as far as pages read; records that exercise every part of a receipt."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from segue.core.ports import LogRow, PersonView, Reader, Receipt
from segue.core.records.context import Context, LedgerRow, Wants
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
from segue.core.records.events import Event, Stepped
from segue.core.records.memory import Fact, Links, Outcome
from segue.core.records.percepts import Intent, Percept, Preference
from segue.core.records.signals import Signal
from segue.core.units import Instant
from tests.build import NOW, a_candidate, a_context, a_fact, a_ledger_row, a_signal

EUR = 100_000_000
"""One euro in micro-units."""


@dataclass
class FakeReader:
    """Holds what a test put in; newest last."""

    receipts: list[Receipt] = field(default_factory=list)
    signals: dict[str, Signal] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    people: dict[str, PersonView] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    waiting: list[Approval] = field(default_factory=list)

    def port(self) -> Reader:
        return cast("Reader", self)

    def position(self) -> int:
        return len(self._log())

    def log(self, after: int = 0) -> Iterator[LogRow]:
        return iter([row for row in self._log() if row.seq > after])

    def _log(self) -> list[LogRow]:
        stepped = [
            Stepped(r.signal.id, r.decision.at, r.decision.lane, r.decision.subject, decision=r.decision)
            for r in self.receipts
        ]
        return [LogRow(seq, event) for seq, event in enumerate([*stepped, *self.events], start=1)]

    def decisions(
        self, *, person_id: str = "", limit: int = 200, before: int | None = None
    ) -> list[tuple[int, Decision]]:
        numbered = [(seq, r.decision) for seq, r in enumerate(self.receipts, start=1)]
        return [item for item in reversed(numbered) if before is None or item[0] < before][:limit]

    def receipt(self, decision_id: str) -> Receipt | None:
        return next((r for r in self.receipts if r.decision.id == decision_id), None)

    def signal(self, signal_id: str) -> Signal | None:
        own = {r.signal.id: r.signal for r in self.receipts}
        return {**own, **self.signals}.get(signal_id)

    def percept(self, signal_id: str) -> Percept | None:
        return next((r.percept for r in self.receipts if r.signal.id == signal_id), None)

    def approvals(self, *, status: str = "pending") -> list[Approval]:
        return [item for item in self.waiting if item.status == status]

    def context(self, signal: Signal, links: Links, now: Instant, wants: Wants) -> Context:
        return a_context(*self.facts)

    def person(self, person_id: str, *, as_of: Instant | None, known_at: Instant | None) -> PersonView | None:
        return self.people.get(person_id)


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
