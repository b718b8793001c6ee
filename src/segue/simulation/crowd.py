"""A second tenant with 5,000 accounts, where a sync bug writes 0 into the health of every one of them."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from segue.bootstrap import create_home, open_home
from segue.core.records.signals import NewSignal
from segue.runtime.clock import VirtualClock
from segue.simulation.company import Company
from segue.simulation.scene import CrowdRun
from segue.simulation.staging import ID_KEY
from segue.simulation.telling import START
from segue.simulation.trail import Trail

ACCOUNTS = 5_000
PLAY = "health-watch"
_BATCH = 500


async def run_crowd(path: Path, hit: int = ACCOUNTS) -> CrowdRun:
    """Make the second tenant's home, import its accounts, let the bug hit some, and count."""
    home = create_home(path, id_key=ID_KEY)
    clock = VirtualClock(START)
    trail = Trail()
    with ExitStack() as stack:
        company = Company(home.sandbox, clock)
        stack.callback(company.close)
        async with open_home(home.path, clock=clock, connectors=company.connectors) as app:
            for signals in _batches(ACCOUNTS, history=True):
                await app.submit(signals)
                await app.settle()
            await app.settle(until=START + timedelta(hours=9))
            for signals in _batches(hit, history=False):
                await app.submit(signals)
            await app.settle(until=START + timedelta(hours=10))
            with app.store.read() as reader:
                trail.read_on(reader.log())
        return _counted(trail, len(company.notices()), hit)


def _counted(trail: Trail, alerts: int, hit: int) -> CrowdRun:
    decisions = [d for d in trail.decisions if d.play == PLAY]
    stopped = [d for d in decisions if any(item.dropped_at == "breaker" for item in d.considered)]
    return CrowdRun(
        accounts=ACCOUNTS,
        signals=len(trail.signals),
        hit=hit,
        chosen=sum(d.mode == "approve" for d in decisions),
        stopped=len(stopped),
        alerts=alerts,
        paused=stopped[0].id if stopped else "",
    )


def _batches(count: int, *, history: bool) -> Iterator[list[NewSignal]]:
    for first in range(0, count, _BATCH):
        yield [_told(number, history=history) for number in range(first, min(first + _BATCH, count))]


def _told(number: int, *, history: bool) -> NewSignal:
    """The import of an account, or the sync that zeroes its health."""
    facts: dict[str, Any] = {"health": 0}
    if history:
        facts = {
            "name": f"Customer {number:04d}",
            "arr": {"amount": 500_000 + 100 * number, "currency": "EUR"},
            "health": 60 + number % 40,
            "stage": "active",
            "owner": "Anna Berger",
        }
    return NewSignal(
        source="crm",
        source_id=f"{'import' if history else 'sync'}:{number}",
        kind="account.updated",
        identifiers=(f"crm_company:c{number:04d}",),
        occurred_at=START - timedelta(days=30) if history else START + timedelta(hours=9),
        body={"facts": facts},
        history=history,
    )
