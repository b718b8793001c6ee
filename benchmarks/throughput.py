"""Throughput: the full loop on a disk, in signals per second of CPU time of the whole process.

Durable (`synchronous=FULL`), 2,000 people in 700 accounts, the default library's policies, caps and windows.
The mix is stated in `workload.py`; what it led to is read back from the log and reported.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import segue
from benchmarks import company, workload
from benchmarks.company import DayClock, Mailer
from benchmarks.report import Bar, report
from benchmarks.workload import Class, Company, Planned
from segue.core.records.events import Perceived, Received, Stepped
from segue.core.records.signals import Kind, NewSignal
from segue.core.units import to_instant
from segue.runtime.admission import admit
from segue.runtime.parts import Parts
from segue.stores import SqliteStore

GROUP = 256
"""Signals accepted in one commit, as when many arrive at once."""

WORDS = 20
DAYS = 5
CLASSES: tuple[Class, ...] = ("quiet", "five", "ten")
WARM_UP, MEASURED = 2_000, 20_000
BARS = (Bar("signals_per_cpu_s", ">=", 1_000),)


@dataclass(slots=True)
class Spent:
    """What a number of signals cost: CPU seconds of all threads, those of accepting, wall seconds."""

    signals: int = 0
    cpu_s: float = 0.0
    accept_s: float = 0.0
    wall_s: float = 0.0


def measure(*, quick: bool) -> dict[str, Any]:
    """Measure; `quick` takes a tenth of the signals."""
    measured = MEASURED // 10 if quick else MEASURED
    with company.a_home() as home:
        figures = _loop(home, measured)
    with company.a_home() as home:
        figures["signals_per_cpu_s_with_encoder"] = _with_encoder(home, measured // 10)
    with company.a_home() as home:
        figures |= asyncio.run(_dispatched(home, measured))
    return report("throughput", figures, BARS)


def _loop(home: Path, measured: int) -> dict[str, Any]:
    """The loop without dispatch: effects are committed and stay in the ledger."""
    people = Company()
    clock = DayClock(to_instant(workload.START))
    with company.parts_of(home, clock) as (store, parts):
        run(parts, list(workload.introduce(people, workload.START)))
        for part in days(people, WARM_UP, first_day=0):
            timed(parts, clock, part)
        first = position(store)
        spent = [timed(parts, clock, part) for part in days(people, measured, first_day=5)]
        figures = _figures(spent) | led_to(store, first)
        figures |= {f"cpu_us_{name}": _of_class(parts, clock, people, name) for name in CLASSES}
        with store.read() as reader:
            received = reader.counts()["signals"]
    figures["stored_bytes_per_signal"] = round(company.bytes_in(home) / received)
    figures["filesystem"] = company.filesystem_of(home)
    return figures


def _with_encoder(home: Path, measured: int) -> int:
    """The same loop with every message read by the encoder as well, warmed up."""
    people = Company()
    clock = DayClock(to_instant(workload.START))
    with company.parts_of(home, clock, with_encoder=True) as (_, parts):
        run(parts, list(workload.introduce(people, workload.START)))
        for part in days(people, measured // 10, first_day=0):
            timed(parts, clock, part)
        spent = [timed(parts, clock, part) for part in days(people, measured, first_day=5)]
    return round(sum(s.signals for s in spent) / sum(s.cpu_s for s in spent))


def _of_class(parts: Parts, clock: DayClock, people: Company, name: Class) -> int:
    """CPU microseconds of one signal of a class, from groups of that class alone on one more day."""
    at = workload.START + timedelta(days=_working(10))
    planned = list(
        workload.signals(people, 1_024, at, seed=900 + len(name), step=timedelta(seconds=10), only=name)
    )
    spent = [timed(parts, clock, planned[i : i + GROUP]) for i in range(0, len(planned), GROUP)]
    return round(sum(s.cpu_s for s in spent) / len(planned) * 1e6)


def days(people: Company, count: int, *, first_day: int) -> Iterator[list[Planned]]:
    """The signals in groups, spread over working hours of five days, so that daily caps fill and reset."""
    a_day = max(1, count // DAYS)
    for day in range(DAYS):
        at = workload.START + timedelta(days=_working(first_day + day))
        planned = list(
            workload.signals(people, a_day, at, seed=first_day * 100 + day, step=timedelta(hours=8) / a_day)
        )
        for first in range(0, len(planned), GROUP):
            yield planned[first : first + GROUP]


def _working(day: int) -> int:
    """Days after a Tuesday of the `day`-th working day after it."""
    weeks, rest = divmod(day + 1, 5)
    return weeks * 7 + rest - 1


def run(parts: Parts, signals: Sequence[NewSignal]) -> None:
    """Accept and step signals."""
    for first in range(0, len(signals), GROUP):
        accept(parts, signals[first : first + GROUP])
        settle(parts)


def accept(parts: Parts, signals: Sequence[NewSignal]) -> None:
    """Check signals and accept them in one commit."""
    tenant = parts.tenant
    drafts = [admit(signal, tenant.mind, tenant.ids, tenant.time.now()) for signal in signals]
    states = {accepted.state for accepted in parts.inbox.accept_batch(drafts)}
    assert states == {"accepted"}, states


def settle(parts: Parts) -> None:
    """Fire what is due and step what is pending, until nothing is."""
    while True:
        parts.timers.fire_due()
        if not parts.steps.run_batch().handled:
            return


def timed(parts: Parts, clock: DayClock, planned: Sequence[Planned]) -> Spent:
    """Accept and step one group at its time of day, and tell what it cost."""
    signals = [item.signal for item in planned]
    clock.at = to_instant(signals[-1].occurred_at)
    wall, cpu = time.perf_counter(), time.process_time()
    accept(parts, signals)
    accepted = time.process_time()
    settle(parts)
    return Spent(len(signals), time.process_time() - cpu, accepted - cpu, time.perf_counter() - wall)


def position(store: SqliteStore) -> int:
    """Sequence number of the newest event."""
    with store.read() as reader:
        return reader.position()


def _figures(spent: Sequence[Spent]) -> dict[str, Any]:
    signals = sum(s.signals for s in spent)
    cpu_s, wall_s = sum(s.cpu_s for s in spent), sum(s.wall_s for s in spent)
    cheapest = sorted(spent, key=lambda s: s.cpu_s / s.signals)[: max(1, len(spent) // 4)]
    return {
        "signals": signals,
        "signals_per_cpu_s": round(signals / cpu_s),
        # Shared cores make CPU seconds longer: what the least disturbed quarter of the groups took.
        "signals_per_cpu_s_quiet_quarter": round(
            sum(s.signals for s in cheapest) / sum(s.cpu_s for s in cheapest)
        ),
        "signals_per_wall_s": round(signals / wall_s),
        "cpu_us_per_signal": round(cpu_s / signals * 1e6),
        "cpu_us_to_accept": round(sum(s.accept_s for s in spent) / signals * 1e6),
        "cpu_s": round(cpu_s, 2),
        "wall_s": round(wall_s, 2),
    }


def led_to(store: SqliteStore, after: int) -> dict[str, Any]:
    """What the signals led to, read back from the log; texts are told from clicks by their own words."""
    steps = effects = 0
    texts: dict[str, bool] = {}
    received: set[str] = set()
    candidates: Counter[int] = Counter()
    chosen: Counter[str] = Counter()
    stages: Counter[str] = Counter()
    with store.read() as reader:
        for row in reader.log(after):
            match row.event:
                case Received(signal) if signal.source == workload.SOURCE:
                    received.add(signal.id)
                    if signal.kind is Kind.MESSAGE_RECEIVED and len(signal.body["text"].split()) == WORDS:
                        texts[signal.id] = False
                case Perceived(signal_id) if signal_id in texts:
                    texts[signal_id] = True
                case Stepped() as step:
                    steps += 1
                    effects += len(step.effects)
                    if step.decision is not None:
                        candidates[len(step.decision.considered)] += 1
                        chosen[f"{step.decision.action}:{step.decision.mode}"] += 1
                        stages.update(item.dropped_at or "chosen" for item in step.decision.considered)
        dead = len(reader.dead_letters())
    return {
        "share_without_a_decision": round(1 - sum(candidates.values()) / len(received), 4),
        "share_by_candidates": {str(n): round(c / len(received), 4) for n, c in sorted(candidates.items())},
        "share_read_by_tier_0": round(sum(texts.values()) / len(received), 4),
        "steps_beside_the_signals": steps - len(received),
        "decisions": dict(chosen.most_common()),
        "candidates_by_stage": dict(stages.most_common()),
        "effects": effects,
        "dead_letters": dead,
    }


async def _dispatched(home: Path, measured: int) -> dict[str, Any]:
    """The same through `segue.open`, with effects performed by a connector and settled."""
    people = Company()
    clock = DayClock(to_instant(workload.START))
    mailers = {name: Mailer(name) for name in company.CONNECTORS}
    async with segue.open(home, clock=clock, connectors=dict(mailers)) as app:
        await app.submit(workload.introduce(people, workload.START))
        await app.settle()
        cpu = time.process_time()
        for part in days(people, measured, first_day=0):
            clock.at = to_instant(part[0].signal.occurred_at)
            await app.submit([planned.signal for planned in part])
            await app.settle()
        cpu = time.process_time() - cpu
    performed = sum(len(mailer.done) for mailer in mailers.values())
    return {"dispatched_signals_per_cpu_s": round(measured / cpu), "dispatched_effects": performed}
