"""Scale: what a signal costs with very many people, how soon a big home is open again, bytes and memory.

Both homes are filled by the same bulk loader, and the same number of signals of the same mix is measured on
people drawn from all of them. A restart is a new process: imports, opening, and one signal handled.
"""

import resource
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import bulk, company, throughput, workload
from benchmarks.company import DayClock
from benchmarks.report import Bar, report
from benchmarks.workload import Company
from segue.core.units import to_instant
from segue.runtime.parts import Parts

FEW, MANY, QUICK = 1_000, 1_000_000, 20_000
PEOPLE_PER_ACCOUNT = 4
WARM_UP, MEASURED = 2_048, 6_144
BARS = (
    Bar("cost_ratio", "<=", 1.3),
    Bar("restart_s", "<=", 5.0),
    Bar("stored_bytes_per_signal", "<=", 3_072),
    Bar("peak_rss_mb", "<=", 1_024),
)


def measure(*, quick: bool) -> dict[str, Any]:
    """Measure; `quick` takes 20,000 people in place of a million."""
    many = QUICK if quick else MANY
    few_us, _ = _cost(FEW)
    many_us, figures = _cost(many)
    figures = {
        "people": many,
        "people_few": FEW,
        "cpu_us_per_signal_few": few_us,
        "cpu_us_per_signal": many_us,
        "cost_ratio": round(many_us / few_us, 3),
        **figures,
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024),
    }
    return report("scale", figures, BARS)


def _cost(people: int) -> tuple[int, dict[str, Any]]:
    """CPU microseconds a signal in a home of so many people, and what else there is to tell of that home."""
    who = Company(people, people // PEOPLE_PER_ACCOUNT)
    clock = DayClock(to_instant(workload.START))
    with company.a_home() as home:
        with company.parts_of(home, clock) as (_, parts):
            signals = bulk.load(parts.tenant, who)
        bytes_each = round(company.bytes_in(home) / signals)
        with company.parts_of(home, clock) as (store, parts):
            _run(parts, clock, who, WARM_UP, day=0)
            cost_us = _run(parts, clock, who, MEASURED, day=1)
            after = throughput.led_to(store, throughput.position(store) - MEASURED)
            with store.read() as reader:
                received = reader.counts()["signals"]
        restart_s, rss_mb = _restart(home)
        return cost_us, {
            "signals_loaded": signals,
            "stored_bytes_per_signal_loaded": bytes_each,
            "stored_bytes_per_signal": round(company.bytes_in(home) / received),
            "stored_mb": round(company.bytes_in(home) / 1e6),
            "restart_s": restart_s,
            "restarted_rss_mb": rss_mb,
            "dead_letters": after["dead_letters"],
            "filesystem": company.filesystem_of(home),
        }


def _run(parts: Parts, clock: DayClock, who: Company, count: int, *, day: int) -> int:
    at = workload.START + timedelta(days=day)
    planned = list(workload.signals(who, count, at, seed=day, step=timedelta(seconds=4)))
    groups = [planned[i : i + throughput.GROUP] for i in range(0, count, throughput.GROUP)]
    return round(sum(throughput.timed(parts, clock, group).cpu_s for group in groups) / count * 1e6)


def _restart(home: Path) -> tuple[float, int]:
    """Seconds a new process takes to open the home and handle one signal, and its memory."""
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - this very module
        [sys.executable, "-m", "benchmarks.scale", str(home)], check=True, capture_output=True, text=True
    )
    return round(time.perf_counter() - began, 2), int(done.stdout)


def _handle_one(home: Path) -> None:
    """What the new process does; prints its peak memory in MB."""
    clock = DayClock(to_instant(workload.START + timedelta(days=2)))
    who = Company(FEW, FEW // PEOPLE_PER_ACCOUNT)
    with company.parts_of(home, clock) as (_, parts):
        signals = workload.signals(who, 1, workload.START, seed=3, step=timedelta(0), only="ten")
        throughput.run(parts, [planned.signal for planned in signals])
    sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024))


if __name__ == "__main__":
    _handle_one(Path(sys.argv[1]))
