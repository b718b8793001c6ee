"""One life of a house through a drawn day, and what must be true of it afterwards, however it ended."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from segue.connectors.sandbox import SandboxCompany
from segue.connectors.sandbox.company import VERBS
from segue.core.records.decisions import Decision
from segue.core.records.effects import Effect
from segue.core.records.events import Attempted, DeadLettered, Event, Received, Stepped
from segue.core.records.signals import Kind, Signal
from segue.runtime.clock import VirtualClock
from tests.crash.house import House, later
from tests.crash.workload import Round

END = later(8 * 24 * 60)
"""After the last timer that a day's decisions set."""


@dataclass(slots=True)
class Told:
    """What the outside heard while a house lived: which round it was at, which signals were acknowledged."""

    round: int = 0
    acknowledged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """What can be told of a life afterwards.

    Attributes:
        wrong: Everything that must not be.
        decisions: What was decided, each as a line that no crash may change.
        reminded: Of whom a colleague was reminded because nobody had answered them for days. Who is shown
            what became of an effect is handed over anew, and whoever waits for an answer to that as well.
        done: Keys of what really happened at the company, but for what a human was shown.
        unsure: Keys of effects that nobody knows about, told as such by the ledger.
        shown: Keys of effects that a human was shown because nobody knows about them.
    """

    wrong: list[str]
    decisions: list[str]
    reminded: list[str]
    done: list[str]
    unsure: list[str]
    shown: list[str]


async def live(house: House, rounds: Sequence[Round], told: Told, note: Callable[[Told], None]) -> None:
    """Hand in every round from the one told last on, as a client does that was not answered."""
    for number in range(told.round, len(rounds)):
        await house.settle(rounds[number].at)
        told.round = number
        note(told)
        receipts = await house.submit(*rounds[number].signals)
        told.acknowledged += [receipt.id for receipt in receipts]
        note(told)
        await house.settle(rounds[number].at)
    await house.settle(END)


def open_attempts(house: House) -> list[str]:
    """List the attempts that began and never ended: `effect:number`."""
    with house.store.read() as reader:
        return [f"{row.effect.id}:{row.attempts[-1].number}" for row in reader.open_attempts()]


def look_back(house: House, company: SandboxCompany, told: Told, ambiguous: Sequence[str] = ()) -> Found:
    """Check what holds after every life."""
    house.store.verify_chain()
    events = [event for _, event in house.events()]
    wrong = [
        *_lost(events, told),
        *_doubled(company),
        *_hushed(events, ambiguous),
        *_forgotten(house, company),
    ]
    shown = {effect.id: decision.signal_id for decision, effect in _shown(events)}
    decided, reminded, notices = _decided(events)
    done = sorted(done.key for done in company.done() if done.key not in shown.keys() | notices)
    signals = {event.signal.id: event.signal for event in events if isinstance(event, Received)}
    # A step may show a failure and tell a colleague of it as well: each step counts once.
    about = sorted(str(signals[signal_id].body["effect"]) for signal_id in set(shown.values()))
    return Found(wrong, decided, reminded, done, sorted(_unsure(house)), about)


def reopened(directory: Path, at: datetime, vfs: str | None = None) -> tuple[House, SandboxCompany]:
    """Open a house and its company at a moment."""
    clock = VirtualClock(at)
    company = SandboxCompany(directory / "company.db", clock)
    return House(directory, company.connectors, clock, bold=True, vfs=vfs), company


def _lost(events: Sequence[Event], told: Told) -> list[str]:
    received = {event.signal.id for event in events if isinstance(event, Received)}
    derived = {signal.id for event in events if isinstance(event, Stepped) for signal in event.derived}
    handled = {event.signal_id for event in events if isinstance(event, Stepped)}
    laid_aside = [event for event in events if isinstance(event, DeadLettered)]
    return [
        *(f"acknowledged signal {key} is lost" for key in told.acknowledged if key not in received),
        *(f"signal {key} was never handled" for key in (received | derived) - handled),
        *(f"dead letter: {letter.error}" for letter in laid_aside),
    ]


def _doubled(company: SandboxCompany) -> list[str]:
    happened = Counter((done.connector, done.key) for done in company.done())
    return [
        f"{connector} did {key} {times} times" for (connector, key), times in happened.items() if times > 1
    ]


def _hushed(events: Sequence[Event], ambiguous: Sequence[str]) -> list[str]:
    """Attempts that may have happened, without a word of it in the ledger."""
    ends = [event.attempt for event in events if isinstance(event, Attempted)]
    unknown = {f"{attempt.effect_id}:{attempt.number}" for attempt in ends if attempt.state == "unknown"}
    return [f"attempt {name} is not told as unknown" for name in ambiguous if name not in unknown]


def _forgotten(house: House, company: SandboxCompany) -> list[str]:
    """Effects that ended neither at the company nor as unknown."""
    done = {item.key for item in company.done()}
    wrong = []
    with house.store.read() as reader:
        for event in (event for _, event in house.events() if isinstance(event, Stepped)):
            for effect in event.effects:
                row = reader.effect(effect.id)
                state = row.state if row else "missing"
                fine = state == "delivered" if effect.id in done else state == "unknown"
                if not fine:
                    wrong.append(f"{effect.verb} {effect.id} is {state}, done: {effect.id in done}")
    return wrong


def _unsure(house: House) -> list[str]:
    """Keys of effects left unknown; only a verb without a key may be."""
    found = []
    with house.store.read() as reader:
        for event in (event for _, event in house.events() if isinstance(event, Stepped)):
            for row in (reader.effect(effect.id) for effect in event.effects):
                if row is not None and row.state == "unknown":
                    assert VERBS[row.effect.connector][row.effect.verb] == "U", row
                    found.append(row.effect.id)
    return found


def _shown(events: Sequence[Event]) -> list[tuple[Decision, Effect]]:
    """What was decided about effects that ended badly."""
    return [
        (event.decision, effect)
        for event in events
        if isinstance(event, Stepped) and event.decision is not None and event.decision.question == "failed"
        for effect in event.effects
    ]


def _decided(events: Sequence[Event]) -> tuple[list[str], list[str], set[str]]:
    """What was decided but for crashes; of whom colleagues were reminded, and by which effects."""
    signals = {event.signal.id: event.signal for event in events if isinstance(event, Received)}
    signals |= {item.id: item for event in events if isinstance(event, Stepped) for item in event.derived}
    decided, reminded, notices = list[str](), set[str](), set[str]()
    for event in events:
        if not isinstance(event, Stepped) or (made := event.decision) is None or made.question == "failed":
            continue
        signal = signals[made.signal_id]
        if signal.kind is Kind.DETECTOR_FIRED and signal.source_id.endswith(":human_silent"):
            reminded.add(signal.subject)
            notices |= {effect.id for effect in event.effects}
        else:
            decided.append(f"{_trigger(signal)} {made.question} {made.play} {made.action} {made.mode}")
    return decided, sorted(reminded), notices


def _trigger(signal: Signal) -> str:
    """Name a signal so that some microseconds more or less do not change it."""
    if signal.kind in {Kind.TIMER_FIRED, Kind.PROMISE_DUE}:
        return str(signal.body["timer"])
    return f"{signal.source}/{signal.source_id}"
