"""Latency: 200 signals a second of the mix on the live runtime; when each is acknowledged, and decided.

The clock runs at its own speed, moved to contact hours. The connectors answer at once and the journal is
written, as under `segue.open`.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import company, workload
from benchmarks.company import Mailer
from benchmarks.report import Bar, percentile, report
from benchmarks.workload import Company
from segue.bootstrap.home import pin_zones
from segue.bootstrap.journal import LOG_FILE, Journal
from segue.bootstrap.minds import mind_of
from segue.core.ids import derive
from segue.core.units import Instant, to_datetime, to_instant
from segue.playbook import load
from segue.runtime.admission import admit
from segue.runtime.clock import SystemClock
from segue.runtime.live import LiveDriver
from segue.runtime.parts import Parts
from segue.runtime.tenant import Tenant
from segue.stores import SqliteStore

PER_SECOND = 200
WARM_UP_S, MEASURED_S = 5, 30
BARS = (Bar("acknowledge_p99_ms", "<=", 50.0), Bar("decision_p99_ms", "<=", 20.0))


class MovedClock(SystemClock):
    """The system's clock, moved to the start of the workload."""

    def __init__(self) -> None:
        self._by = to_instant(workload.START) - super().now()

    def now(self) -> Instant:
        return Instant(super().now() + self._by)


class Decided:
    """When the step of each decision was committed, told by the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.at: dict[str, float] = {}

    def note(self, event: str, fields: Mapping[str, Any]) -> None:
        if event == "decision":
            self.at[str(fields["id"])] = time.perf_counter()
        self._journal.note(event, fields)


def measure(*, quick: bool) -> dict[str, Any]:
    """Measure; `quick` takes five seconds."""
    with company.a_home() as home:
        figures = asyncio.run(_paced(home, 5 if quick else MEASURED_S))
    return report("latency", figures, BARS)


async def _paced(home: Path, seconds: int) -> dict[str, Any]:
    people, clock = Company(), MovedClock()
    async with _running(home, clock) as (parts, driver, decided):
        tenant = parts.tenant
        drafts = [
            admit(signal, tenant.mind, tenant.ids, clock.now())
            for signal in workload.introduce(people, workload.START)
        ]
        await driver.submit(drafts)
        await driver.settle()
        count = (WARM_UP_S + seconds) * PER_SECOND
        gap = timedelta(seconds=1 / PER_SECOND)
        planned = list(workload.signals(people, count, to_datetime(clock.now()), seed=1, step=gap))
        acknowledged: dict[str, tuple[float, float]] = {}

        async def submit(number: int) -> None:
            began = time.perf_counter()
            draft = admit(planned[number].signal, tenant.mind, tenant.ids, clock.now())
            await driver.submit([draft])
            acknowledged[draft.id] = (began, time.perf_counter())

        began, cpu = time.perf_counter(), time.process_time()
        tasks = []
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
            tasks.append(asyncio.create_task(submit(number)))
        await asyncio.gather(*tasks)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - began
        await driver.settle()
    measured = list(acknowledged.items())[WARM_UP_S * PER_SECOND :]
    to_acknowledge = [(at - began) * 1_000 for _, (began, at) in measured]
    moments = [
        (began, at, decided.at[decision])
        for signal, (began, at) in measured
        if (decision := derive("decision", signal, "0")) in decided.at
    ]
    # Most are committed with the signal they answer: then it is acknowledged after its decision.
    to_decide = [max(0.0, (decided_at - at) * 1_000) for _, at, decided_at in moments]
    in_all = [(decided_at - began) * 1_000 for began, _, decided_at in moments]
    return {
        "signals": len(measured),
        "decisions": len(to_decide),
        "signals_per_s": round(count / wall, 1),
        **_spread("acknowledge", to_acknowledge),
        **_spread("decision", to_decide),
        **_spread("handed_in_to_decision", in_all),
        "cpu_share_of_one_core": round(cpu / wall, 3),
        "filesystem": company.filesystem_of(home),
    }


def _spread(name: str, values: list[float]) -> dict[str, float]:
    shares = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0))
    return {f"{name}_{label}_ms": round(percentile(values, share), 2) for label, share in shares}


@contextmanager
def _journal(home: Path, clock: MovedClock) -> Iterator[Journal]:
    journal = Journal(home / LOG_FILE, clock, lambda: True)
    try:
        yield journal
    finally:
        journal.close()


@asynccontextmanager
async def _running(home: Path, clock: MovedClock) -> AsyncIterator[tuple[Parts, LiveDriver, Decided]]:
    """The live runtime as `segue.open` puts it together, with a look at the journal."""
    pin_zones()
    store = SqliteStore.open(home, master_key=company.MASTER_KEY, ids=company.IDS)
    try:
        with _journal(home, clock) as journal:
            decided = Decided(journal)
            mind, _ = mind_of(load(home / "playbook"), store.ids, with_encoder=False)
            tenant = Tenant.of(store, store.ids, clock=clock, mind=mind, note=decided.note)
            parts = Parts.of(tenant, {name: Mailer(name) for name in company.CONNECTORS})
            driver = LiveDriver(parts)
            await driver.start()
            try:
                yield parts, driver, decided
            finally:
                await driver.stop()
    finally:
        store.close()
