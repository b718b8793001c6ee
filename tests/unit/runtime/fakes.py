"""A store in plain dictionaries and a scripted mind: the runtime's ports, small enough to see through."""

import copy
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from segue.core.errors import StorageError
from segue.core.ids import IdKey, derive
from segue.core.ports import AcceptState, Limits, LogRow, Pending, Reply, Request, Restoration
from segue.core.recaller import Recall, Unread
from segue.core.records.context import TENANT, Context, LedgerRow, Wants
from segue.core.records.decisions import Candidate, Considered, Decision, Verdict
from segue.core.records.effects import Approval, Effect, EffectClass, Timer
from segue.core.records.events import (
    Attempted,
    DeadLettered,
    DeadLetterReplayed,
    Event,
    Received,
    Stepped,
)
from segue.core.records.identity import Held, IdentityRules, Known, KnownAccount, Owner, Web
from segue.core.records.memory import Fact, Links
from segue.core.records.percepts import Percept
from segue.core.records.signals import Kind, NewSignal, Signal
from segue.core.units import DAY, SECOND, Instant
from segue.identity import is_news, judge, link, normalise_all, subject_links
from segue.runtime.clock import VirtualClock
from segue.runtime.tenant import Mind, Tenant

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
IDS = IdKey(b"a fixed key for tests")


class State:
    """Every projection."""

    def __init__(self) -> None:
        self.log: list[Event] = []
        self.signals: dict[str, Signal] = {}
        self.waiting: list[tuple[int, int, str]] = []
        self.owners: dict[str, Owner] = {}
        self.people: dict[str, str] = {}
        self.lanes: dict[str, Instant] = {}
        self.timers: dict[str, Timer] = {}
        self.effects: dict[str, LedgerRow] = {}
        self.letters: dict[str, DeadLettered] = {}
        self.facts: dict[tuple[str, str], Fact] = {}
        self.decisions: list[Decision] = []
        self.approvals: dict[str, Approval] = {}


class FakeReader:
    """Reads of the fake store."""

    def __init__(self, state: State) -> None:
        self.state = state

    def position(self) -> int:
        return len(self.state.log)

    def pending(self, limit: int, *, history_share: int = 0) -> list[Pending]:
        waiting = sorted(self.state.waiting)
        live = [item for item in waiting if item[0] < 2]
        history = [item for item in waiting if item[0] == 2][:history_share]
        return [Pending(seq, self.state.signals[key]) for _, seq, key in [*live, *history][:limit]]

    def known(self, hashes: Sequence[str]) -> dict[str, Owner]:
        return {key: self.state.owners[key] for key in hashes if key in self.state.owners}

    def seen(
        self, profile_id: str, hashes: Sequence[str]
    ) -> tuple[Known | None, dict[str, tuple[int, int, int]]]:
        person_id = self.state.people.get(profile_id)
        if person_id is None:
            return None, {}
        return Known(profile_id, person_id, 1), dict.fromkeys(hashes, (0, 2**62, 1))

    def web(
        self, nodes: Sequence[str], *, claims: bool = False, code: tuple[str, str, int] | None = None
    ) -> Web:
        owners = {key: self.state.owners[key].profile_id for key in nodes if key in self.state.owners}
        names = [name for name in {*nodes, *owners.values()} if name in self.state.people]
        profiles = {name: Held(self.state.people[name], 1) for name in sorted(names)}
        return Web(owners=owners, profiles=profiles)

    def known_accounts(self, hashes: Sequence[str]) -> dict[str, KnownAccount]:
        return {}

    def profile_person(self, profile_id: str) -> str | None:
        return self.state.people.get(profile_id)

    def account_of(self, person_id: str) -> str:
        return ""

    def percept(self, signal_id: str) -> Percept | None:
        return None

    def recalled(self, signal_id: str) -> Recall:
        return Recall()

    def unread(self, model: str, after: int, limit: int) -> list[Unread]:
        return []

    def context(self, signal: Signal, links: Links, now: Instant, wants: Wants) -> Context:
        lane = f"person:{links.person_id}" if links.person_id else TENANT
        return Context(
            now=now,
            position=self.position(),
            lane=lane,
            links=links,
            person_id=links.person_id,
            profile_id=links.profile_id,
            facts=tuple(self.state.facts.values()),
            ledger=tuple(
                row
                for row in self.state.effects.values()
                if row.effect.subject == f"profile:{links.profile_id}"
            ),
        )

    def lane_now(self, lane: str) -> Instant:
        return self.state.lanes.get(lane, Instant(0))

    def due_timers(self, now: Instant, limit: int) -> list[Timer]:
        due = [timer for timer in self.state.timers.values() if timer.due_at <= now]
        return sorted(due, key=lambda timer: (timer.due_at, timer.id))[:limit]

    def next_timer_at(self) -> Instant | None:
        return min((timer.due_at for timer in self.state.timers.values()), default=None)

    def due_effects(self, now: Instant, limit: int, skip: Collection[str] = ()) -> list[LedgerRow]:
        due = [row for row in self.state.effects.values() if (at := due_at(row)) is not None and at <= now]
        return [row for row in due if row.effect.connector not in skip or is_overdue(row, now)][:limit]

    def next_effect_at(self, after: Instant | None = None) -> Instant | None:
        moments = [due_at(row) for row in self.state.effects.values()]
        return min((at for at in moments if at is not None and at > (after or -1)), default=None)

    def effect(self, effect_id: str) -> LedgerRow | None:
        return self.state.effects.get(effect_id)

    def effect_position(self, effect_id: str) -> int:
        return 0

    def restoration(self) -> Restoration | None:
        return None

    def open_attempts(self) -> list[LedgerRow]:
        return [row for row in self.state.effects.values() if row.attempts and not row.attempts[-1].state]

    def approvals(self, *, status: str = "pending") -> list[Approval]:
        return list(self.state.approvals.values())

    def signal(self, signal_id: str) -> Signal | None:
        return self.state.signals.get(signal_id)

    def gate_decision(self, source: str, source_id: str) -> Decision | None:
        asked = IDS.signal_id(source, source_id)
        about = {asked, *(item.id for item in self.state.signals.values() if item.trigger == asked)}
        return next((item for item in reversed(self.state.decisions) if item.signal_id in about), None)

    def dead_letters(self) -> list[tuple[str, Signal, str, str, Instant]]:
        return [
            (key, item.signal, item.code, item.error, item.at) for key, item in self.state.letters.items()
        ]

    def log(self, after: int = 0) -> Iterator[LogRow]:
        for seq, event in enumerate(self.state.log[after:], start=after + 1):
            yield LogRow(seq, event)


class FakeUnit(FakeReader):
    """Folds what is recorded at once."""

    def accept(self, signal: Signal) -> AcceptState:
        if (known := self.state.signals.get(signal.id)) is not None:
            if known.body == signal.body:
                return "duplicate"
            letter = DeadLettered(
                derive("conflict", signal.id), signal, signal.received_at, "conflict", "second body"
            )
            if letter.id not in self.state.letters:
                self.record(letter)
            return "conflict"
        self.record(Received(signal))
        return "accepted"

    def record(self, event: Event) -> int:
        self.state.log.append(event)
        if isinstance(event, Received):
            self._wait(event.signal, 2 if event.signal.history else 1)
            self.state.timers.pop(event.signal.body.get("timer", ""), None)
        elif isinstance(event, Stepped):
            self._stepped(event)
        elif isinstance(event, Attempted):
            self._attempted(event)
        elif isinstance(event, DeadLettered):
            self.state.letters[event.id] = event
            if event.code != "conflict":
                self._done(event.signal.id)
        elif isinstance(event, DeadLetterReplayed):
            self._wait(self.state.letters.pop(event.id).signal, 1)
        return len(self.state.log)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        before = {name: copy.copy(held) for name, held in self.state.__dict__.items()}
        try:
            yield
        except BaseException:
            self.state.__dict__.update(before)
            raise

    def _wait(self, signal: Signal, band: int) -> None:
        self.state.signals[signal.id] = signal
        self.state.waiting.append((band, len(self.state.log), signal.id))

    def _done(self, signal_id: str) -> None:
        self.state.waiting = [item for item in self.state.waiting if item[2] != signal_id]

    def _stepped(self, event: Stepped) -> None:
        self._done(event.signal_id)
        self.state.lanes[event.lane] = event.now
        if event.links.profile_id:
            self.state.people[event.links.profile_id] = event.links.person_id
        for key, _ in event.links.identifiers:
            self.state.owners[key] = Owner(event.links.profile_id, event.links.person_id)
        for fact in event.facts:
            self.state.facts[fact.subject, fact.predicate] = fact
        for timer in event.timers:
            self.state.timers[timer.id] = timer
        for effect in event.effects:
            self.state.effects[effect.id] = LedgerRow(effect, "pending")
        for signal in event.derived:
            self._wait(signal, 0)
        for approval in event.approvals:
            self.state.approvals[approval.id] = approval
        if event.decision is not None:
            self.state.decisions.append(event.decision)

    def _attempted(self, event: Attempted) -> None:
        row, attempt = self.state.effects[event.attempt.effect_id], event.attempt
        before = tuple(item for item in row.attempts if item.number != attempt.number)
        state = row.state if attempt.state in {"", "retry"} else attempt.state
        self.state.effects[row.effect.id] = LedgerRow(row.effect, state, (*before, attempt))  # type: ignore[arg-type]


class FakeStore:
    """Commits when a block ends, forgets it when one fails."""

    def __init__(self) -> None:
        self.state = State()
        self.full = False

    @contextmanager
    def write(self) -> Iterator[FakeUnit]:
        before = {name: copy.copy(held) for name, held in self.state.__dict__.items()}
        try:
            yield FakeUnit(self.state)
            self._sync()
        except BaseException:
            self.state.__dict__.update(before)
            raise

    def _sync(self) -> None:
        if self.full:
            raise StorageError("the disk is full")

    @contextmanager
    def read(self) -> Iterator[FakeReader]:
        yield FakeReader(self.state)


def is_overdue(row: LedgerRow, now: Instant) -> bool:
    return row.state == "pending" and now > row.effect.deadline_at


def due_at(row: LedgerRow) -> Instant | None:
    if row.state not in {"pending", "unknown"} or (row.attempts and not row.attempts[-1].state):
        return None
    if row.state == "unknown":
        return row.attempts[-1].retry_at
    retry_at = row.attempts[-1].retry_at if row.attempts else None
    return max(row.effect.not_before, retry_at or Instant(0))


class FakeConnector:
    """Keeps what it was asked; `script` may raise, wait or answer."""

    def __init__(
        self,
        effect_class: EffectClass = "K",
        script: Callable[[Request], Any] | None = None,
        found: Callable[[Request], Any] | None = None,
        limits: Limits | None = None,
        name: str = "mail",
    ) -> None:
        self.name = name
        self.verbs: Mapping[str, EffectClass] = {"send": effect_class}
        self.limits = limits or Limits()
        self.asked: list[Request] = []
        self.looked_up: list[Request] = []
        self._script = script
        self._found = found

    async def perform(self, request: Request) -> Reply:
        self.asked.append(request)
        answer = self._script(request) if self._script else None
        if isinstance(answer, Awaitable):
            answer = await answer
        return answer if isinstance(answer, Reply) else Reply(reference=f"ref-{request.key}")

    async def look_up(self, request: Request) -> Reply | None:
        self.looked_up.append(request)
        found: Reply | None = self._found(request) if self._found else None
        return found


class FakePerceiver:
    """Sees nothing."""

    model = "fake"

    def perceive(self, signal: Signal, known_names: Sequence[str] = ()) -> Percept | None:
        return None


Deciding = Callable[[Context, Signal], Mapping[str, Any]]


def a_mind(
    decide: Deciding | None = None,
    recheck: Callable[[LedgerRow, Context, Instant], Verdict] | None = None,
) -> Mind:
    """A mind whose step adds what `decide` returns to an otherwise empty step."""

    def step(context: Context, signal: Signal, percept: Percept | None) -> Stepped:
        extra = decide(context, signal) if decide else {}
        return Stepped(
            signal_id=signal.id,
            now=context.now,
            lane=context.lane,
            subject=context.subject,
            links=context.links,
            **extra,
        )

    return Mind(
        normalise=normalise_all,
        link=link,
        is_news=is_news,
        subject_links=subject_links,
        wants=lambda signal, links: Wants(),
        step=step,
        recheck=recheck or (lambda row, context, now: Verdict()),
        perceiver=FakePerceiver(),
        judge=lambda signal, web: judge(signal, web, IdentityRules()),
    )


def a_tenant(mind: Mind | None = None, clock: VirtualClock | None = None, **more: Any) -> Tenant:
    return Tenant.of(
        more.pop("store", None) or FakeStore(),  # type: ignore[arg-type]
        IDS,
        clock=clock or VirtualClock(START),
        mind=mind or a_mind(),
        **more,
    )


def a_signal(source_id: str | None = "1", *, who: str = "email:ann@x.io", **more: Any) -> NewSignal:
    fields: dict[str, Any] = {
        "source": "web",
        "source_id": source_id,
        "kind": "page.viewed",
        "identifiers": [who],
        "occurred_at": START,
        "body": {"path": "/pricing"},
    }
    return NewSignal(**{**fields, **more})


def an_effect(context: Context, signal: Signal, **more: Any) -> Effect:
    fields: dict[str, Any] = {
        "id": derive("effect", signal.id, more.pop("part", "")),
        "decision_id": derive("decision", signal.id),
        "signal_id": signal.id,
        "index": 0,
        "connector": "mail",
        "verb": "send",
        "effect_class": "K",
        "arguments": {"to": "ann@x.io"},
        "not_before": context.now,
        "deadline_at": Instant(context.now + DAY),
        "subject": context.subject,
        "action": "write",
        "purpose": "commercial",
    }
    return Effect(**{**fields, **more})


def sends(**more: Any) -> Deciding:
    """Send one effect for each page that was viewed."""

    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        return {"effects": (an_effect(context, signal, **more),)} if signal.kind is Kind.PAGE_VIEWED else {}

    return decide


def a_gate_decision(context: Context, signal: Signal, mode: Any = "allow") -> Decision:
    candidate = Candidate(id="c", action="send", purpose="commercial", at=context.now)
    return Decision(
        id=derive("decision", signal.id),
        signal_id=signal.id,
        index=0,
        at=context.now,
        lane=context.lane,
        subject=context.subject,
        question="gate",
        considered=(Considered(candidate),),
        chosen="c",
        mode=mode,
        because="nothing speaks against it",
        action="send",
    )


def after(seconds: float) -> Instant:
    """Instant that many seconds after the start."""
    return Instant(VirtualClock(START).now() + round(seconds * SECOND))
