"""Anything may happen in any order: the whole house against a naive model that fits on one page."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from segue.bootstrap.minds import mind_of
from segue.connectors.sandbox import Fault, SandboxCompany
from segue.connectors.sandbox.company import VERBS
from segue.core.ports import Request
from segue.core.records.effects import NEVER_STOPPED
from segue.core.records.events import DeadLettered, Event, Received, Stepped
from segue.core.records.identity import IdentityRules
from segue.core.records.signals import NewSignal
from segue.runtime.admission import Accepted
from segue.runtime.clock import VirtualClock
from segue.runtime.gate import GateRequest
from segue.runtime.tenant import Mind
from tests.crash.house import IDS, START, House, bold_library, told, watched
from tests.crash.workload import introductions

if TYPE_CHECKING:
    from segue.core.records.effects import Effect, Reservation

T = TypeVar("T")

STEPS = 10_000
MACHINES, STEPS_EACH = 120, 100

PEOPLE = (
    "email:ann@alder.test",
    "phone:+4915112345678",
    "email:cho@birch.test",
    "phone:+4915112345679",
    "email:zoe@elsewhere.test",
    "cookie:one",
    "cookie:two",
    "cookie:three",
)
TEXTS = (
    "How much does an extra seat cost per month?",
    "I'd like to see a demo of the forecasting module.",
    "The weekly report is not working since this morning, we get an error message.",
    "We want to cancel our contract.",
    "Thank you, that was exactly what I needed.",
    "Who do I talk to about the thing with the colours?",
)
FAULTS = ("slow", "fail", "refuse", "late", "lose_reply", "reset")

people = st.sampled_from(PEOPLE)


@cache
def one_who_links_all() -> Mind:
    """Bind the bold library without rules of linking: what is linked here is a union-find's business."""
    book = bold_library()
    settings = replace(book.settings, identity=IdentityRules(namespaces={}))
    return mind_of(replace(book, settings=settings), IDS, engine="test", with_encoder=False)[0]


class Model:
    """What must be true, in dictionaries: who is one person, who said no, what was accepted."""

    def __init__(self) -> None:
        self.group: dict[str, frozenset[str]] = {}
        self.words: dict[str, list[tuple[int, bool]]] = {}
        self.accepted: dict[tuple[str, str], NewSignal] = {}
        self.conflicts: set[tuple[str, str, str]] = set()
        self.poison: set[str] = set()
        self.is_stopped = False

    def join(self, identifiers: list[str]) -> None:
        whole = frozenset(identifiers).union(*(self.group.get(item, ()) for item in identifiers))
        self.group |= dict.fromkeys(whole, whole)

    def is_out(self, identifiers: frozenset[str]) -> bool:
        words = [word for item in identifiers for word in self.words.get(item, [])]
        return max(words, default=(0, False))[1]


class Journey(RuleBasedStateMachine):
    """A company's days, made up by Hypothesis."""

    taken: ClassVar[int] = 0
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = VirtualClock(START)
        self.company = SandboxCompany(None, self.clock)
        self.house = House(None, watched(self.company.connectors, self.sees), self.clock, bold=True)
        self.house.tenant.mind = one_who_links_all()
        self.model = Model()
        self.number = 0
        self.position = 0
        self.received: set[str] = set()
        self.handled: Counter[str] = Counter()
        self.letters: Counter[str] = Counter()
        self.effects: dict[str, Effect] = {}
        self.held: dict[str, Reservation] = {}

    # --- what happens ---------------------------------------------------------------------------------

    @initialize()
    def opens(self) -> None:
        self.run(self.house.start())
        self.submits(*introductions(START))

    @rule(who=people, text=st.sampled_from(TEXTS), settles=st.booleans())
    def writes(self, who: str, text: str, settles: bool) -> None:  # noqa: FBT001 - drawn by name
        channel = "sms" if who.startswith("phone:") else "email"
        self.tells("message.received", who, {"channel": channel, "text": text}, settles=settles)

    @rule(who=people, times=st.integers(1, 3))
    def looks_at_prices(self, who: str, times: int) -> None:
        for _ in range(times):
            self.tells("page.viewed", who, {"path": "/pricing"})

    @rule(one=people, other=people)
    def is_linked(self, one: str, other: str) -> None:
        self.tells("page.viewed", f"{one} {other}", {"path": "/docs"})

    @rule(who=people, withdraws=st.booleans())
    def changes_consent(self, who: str, withdraws: bool) -> None:  # noqa: FBT001 - drawn by name
        self.run(self.house.settle(self.clock.at + timedelta(seconds=1)))  # nobody says both at one instant
        state = "withdrawn" if withdraws else "granted"
        self.model.words.setdefault(who, []).append((self.clock.now(), withdraws))
        self.tells("consent.changed", who, {"channel": "all", "state": state})

    @rule(who=people, topic=st.sampled_from(["billing", "problem"]))
    def opens_a_ticket(self, who: str, topic: str) -> None:
        self.tells("ticket.opened", who, {"ticket": f"t{self.number}", "topic": topic})

    @rule(who=people)
    def sends_poison(self, who: str) -> None:
        (receipt,) = self.tells("message.received", who, {"text": "on no channel"}, joins=False)
        self.model.poison.add(receipt.id)

    @precondition(lambda self: self.model.accepted)
    @rule(data=st.data(), times=st.integers(1, 5))
    def is_delivered_again(self, data: st.DataObject, times: int) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.accepted)))
        for _ in range(times):
            (receipt,) = self.run(self.house.submit(self.model.accepted[key]))
            assert receipt.state == "duplicate"

    @precondition(lambda self: self.model.accepted)
    @rule(data=st.data(), word=st.sampled_from(["one", "two"]))
    def is_contradicted(self, data: st.DataObject, word: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.accepted)))
        first = self.model.accepted[key]
        other = NewSignal(*key, first.kind, first.identifiers, first.occurred_at, {"text": f"another {word}"})
        (receipt,) = self.run(self.house.submit(other))
        self.model.conflicts.add((*key, word))
        assert receipt.state == "conflict"

    @rule(minutes=st.sampled_from([1, 30, 300, 1_440, 10_080]))
    def time_passes(self, minutes: int) -> None:
        self.run(self.house.settle(self.clock.at + timedelta(minutes=minutes)))

    @rule(approves=st.booleans())
    def a_colleague_decides(self, approves: bool) -> None:  # noqa: FBT001 - drawn by name
        with self.house.store.read() as reader:
            waiting = reader.approvals()
        for approval in waiting[:1]:
            word = self.house.controls.approve if approves else self.house.controls.reject
            self.run(word(approval.id, "rep:eve", "fine"))

    @rule(stops=st.booleans())
    def the_switch_is_thrown(self, stops: bool) -> None:  # noqa: FBT001 - drawn by name
        self.run(self.house.controls.control(by="rep:eve", kill_switch=stops))
        self.model.is_stopped = stops

    @rule(
        connector=st.sampled_from(sorted(VERBS)),
        kind=st.sampled_from(FAULTS),
        times=st.integers(1, 3),
        seconds=st.sampled_from([0, 20, 60]),
    )
    def a_tool_fails(self, connector: str, kind: Any, times: int, seconds: int) -> None:
        self.company.fault(connector, Fault(kind, times, seconds))

    @rule(who=people, commits=st.booleans())
    def another_tool_asks(self, who: str, commits: bool) -> None:  # noqa: FBT001 - drawn by name
        self.number += 1
        self.model.join([who])
        request = GateRequest("automation", f"k{self.number}", [who], "commercial", "email", brand="acme")
        answer = self.run(self.house.gate.reserve(request))
        assert answer.answer != "allow" or not (self.model.is_stopped or self.is_out(who))
        if answer.answer == "allow":
            tell = self.house.gate.commit if commits else self.house.gate.release
            self.run(tell(request.tool, request.key))

    # --- what must hold -------------------------------------------------------------------------------

    @invariant()
    def nothing_accepted_is_lost(self) -> None:
        Journey.taken += 1
        self.read_on()
        accepted = {IDS.signal_id(*key) for key in self.model.accepted}
        assert accepted <= self.received
        assert not [signal_id for signal_id, times in self.handled.items() if times > 1]
        if not self.is_waiting():
            assert self.received == set(self.handled)
            assert self.letters["signal"] == len(self.model.poison)
        assert self.letters["conflict"] == len(self.model.conflicts)
        assert set(self.letters) <= {"signal", "conflict"}

    @invariant()
    def persons_are_what_a_union_find_says(self) -> None:
        if self.is_waiting():
            return
        found: dict[str | None, set[str]] = {}
        with self.house.store.read() as reader:
            for item in self.model.group:
                found.setdefault(reader.find_person(IDS.identifier_hash(item)), set()).add(item)
        assert {frozenset(group) for group in found.values()} == set(self.model.group.values())

    @invariant()
    def nothing_is_done_twice(self) -> None:
        done = Counter((item.connector, item.key) for item in self.company.done())
        assert not [key for key, times in done.items() if times > 1]

    @invariant()
    def no_limit_is_exceeded(self) -> None:
        taken: Counter[str] = Counter()
        limits = {}
        for row in self.held.values():
            if row.limit >= 0:
                limits[row.key] = row.limit
                taken[row.key] += row.amount if row.state in {"held", "used"} else 0
        assert all(taken[key] <= limit for key, limit in limits.items())

    def sees(self, request: Request) -> None:
        """Judge every request at the moment it leaves."""
        self.read_on()
        effect = self.effects[request.key]
        Journey.seen[effect.purpose] += 1
        assert effect.purpose in NEVER_STOPPED or not self.model.is_stopped
        if effect.purpose in {"commercial", "service"} and effect.channel:
            assert not self.model.is_out(self.group_of(effect.profile_id))

    def teardown(self) -> None:
        self.run(self.house.settle(self.clock.at + timedelta(days=3)))
        self.read_on()
        self.nothing_accepted_is_lost()
        self.nothing_is_done_twice()
        self.house.close()
        self.company.close()
        self.runner.close()

    # --- the way to the house -------------------------------------------------------------------------

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def tells(
        self, kind: str, who: str, body: dict[str, Any], *, settles: bool = True, joins: bool = True
    ) -> list[Accepted]:
        self.number += 1
        receipts = self.submits(told(str(self.number), kind, who, body, self.clock.at), joins=joins)
        if settles:
            self.run(self.house.settle(self.clock.at))
        return receipts

    def submits(self, *signals: NewSignal, joins: bool = True) -> list[Accepted]:
        receipts = self.run(self.house.submit(*signals))
        assert {receipt.state for receipt in receipts} == {"accepted"}
        for signal in signals:
            self.model.accepted[signal.source, str(signal.source_id)] = signal
            people_of = [item for item in signal.identifiers if not item.startswith("account:")]
            if joins:
                self.model.join(people_of)
        return receipts

    def is_out(self, who: str) -> bool:
        return self.model.is_out(self.model.group[who])

    def is_waiting(self) -> bool:
        return self.house.parts.steps.has_pending()

    def group_of(self, profile_id: str) -> frozenset[str]:
        """Everybody known as the person of this profile."""
        with self.house.store.read() as reader:
            person_id = reader.profile_person(profile_id)
            known = [i for i in self.model.group if reader.find_person(IDS.identifier_hash(i)) == person_id]
        return frozenset(known)

    def read_on(self) -> None:
        """Take in what the log says since the last look."""
        with self.house.store.read() as reader:
            for row in reader.log(self.position):
                self.position = row.seq
                if row.event is not None:
                    self.take(row.event)

    def take(self, event: Event) -> None:
        if isinstance(event, Received):
            self.received.add(event.signal.id)
        elif isinstance(event, DeadLettered):
            self.letters[event.code] += 1
            if event.code != "conflict":
                self.handled[event.signal.id] += 1
        elif isinstance(event, Stepped):
            self.handled[event.signal_id] += 1
            self.received |= {signal.id for signal in event.derived}
            self.effects |= {effect.id: effect for effect in event.effects}
            self.held |= {row.id: row for row in event.reservations}


def test_the_house_keeps_to_the_model() -> None:
    """Ten thousand steps of any kind; a failure is shrunk to the few that matter."""
    Journey.taken, Journey.seen = 0, Counter()

    run_state_machine_as_test(
        Journey,
        settings=settings(
            max_examples=MACHINES,
            stateful_step_count=STEPS_EACH,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )

    assert Journey.taken >= STEPS
    assert min(Journey.seen[purpose] for purpose in ("commercial", "service", "internal")) > 50
