"""The shell on the system's clock, on the same fakes."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from segue.core.errors import BusyError, IntegrityError, StorageError
from segue.core.records.context import Context
from segue.core.records.effects import Timer
from segue.core.records.signals import Kind, Signal
from segue.core.units import SECOND, Instant
from segue.runtime.admission import Draft, admit, own
from segue.runtime.clock import SystemClock
from segue.runtime.live import LiveDriver
from segue.runtime.parts import Parts
from segue.runtime.tenant import Mind, Tenant
from tests.unit.runtime.fakes import IDS, FakeConnector, FakeStore, a_mind, a_signal, sends


@asynccontextmanager
async def live(mind: Mind, *connectors: FakeConnector) -> AsyncIterator[tuple[LiveDriver, FakeStore]]:
    store = FakeStore()
    tenant = Tenant.of(store, IDS, clock=SystemClock(), mind=mind)  # type: ignore[arg-type]
    driver = LiveDriver(Parts.of(tenant, {item.name: item for item in connectors}), stop_s=0.2)
    await driver.start()
    try:
        yield driver, store
    finally:
        await driver.stop()


def a_draft(source_id: str = "1", **more: Any) -> Draft:
    return admit(a_signal(source_id, **more), a_mind(), IDS, SystemClock().now())


async def test_signals_are_accepted_stepped_and_sent() -> None:
    mail = FakeConnector()
    async with live(a_mind(sends()), mail) as (driver, store):
        receipts = await asyncio.gather(
            *(driver.submit([a_draft(str(n), who=f"user:u{n}")]) for n in range(20))
        )
        await driver.settle()

    assert {receipt.state for (receipt,) in receipts} == {"accepted"}
    assert len(mail.asked) == 20
    assert {row.state for row in store.state.effects.values()} == {"delivered"}


async def test_signals_that_arrive_together_share_a_commit() -> None:
    commits: list[str] = []
    store = FakeStore()
    tenant = Tenant.of(store, IDS, clock=SystemClock(), mind=a_mind(), hook=commits.append)  # type: ignore[arg-type]
    driver = LiveDriver(Parts.of(tenant, {}))
    await driver.start()

    await asyncio.gather(*(driver.submit([a_draft(str(n))]) for n in range(50)))
    await driver.stop()

    assert commits.count("after_accept_commit") < 10


async def test_a_signal_is_stepped_in_the_commit_that_accepts_it() -> None:
    points: list[str] = []
    store = FakeStore()
    tenant = Tenant.of(store, IDS, clock=SystemClock(), mind=a_mind(), hook=points.append)  # type: ignore[arg-type]
    driver = LiveDriver(Parts.of(tenant, {}))
    await driver.start()

    await driver.submit([a_draft()])
    await driver.stop()

    assert points == [
        "before_accept_commit",
        "before_step_commit",
        "after_accept_commit",
        "after_step_commit",
    ]


async def test_a_poison_signal_is_acknowledged_and_laid_aside_and_stops_no_other() -> None:
    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        if signal.source_id == "poison":
            raise ZeroDivisionError
        return {}

    async with live(a_mind(decide)) as (driver, store):
        receipts = await driver.submit([a_draft(name) for name in ("1", "poison", "2")])
        await driver.settle()

    assert [receipt.state for receipt in receipts] == ["accepted"] * 3
    assert [letter.signal.source_id for letter in store.state.letters.values()] == ["poison"]
    assert not store.state.waiting


async def test_a_timer_fires_by_itself() -> None:
    fired = asyncio.Event()
    loop = asyncio.get_running_loop()

    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        if signal.kind is Kind.TIMER_FIRED:
            loop.call_soon_threadsafe(fired.set)
            return {}
        due_at = Instant(context.now + SECOND // 20)
        return {"timers": (Timer("t", "look_again", context.subject, due_at, signal.id),)}

    async with live(a_mind(decide)) as (driver, _):
        await driver.submit([a_draft()])
        await asyncio.wait_for(fired.wait(), 5)


async def test_whoever_waits_for_a_step_is_told() -> None:
    async with live(a_mind()) as (driver, store):
        receipt = await driver.submit_and_step(
            own(IDS, Kind.CONTROL_CHANGED, "s", "1", body={}, subject="tenant")
        )

        assert receipt.state == "accepted"
        assert not store.state.waiting


async def test_a_full_disk_is_told_and_waited_out() -> None:
    async with live(a_mind()) as (driver, store):
        store.full = True
        with pytest.raises(StorageError):
            await driver.submit([a_draft()])
        store.full = False

        (receipt,) = await driver.submit([a_draft()])
        await driver.settle()

    assert receipt.state == "accepted"


async def test_a_stopped_runtime_takes_nothing_in() -> None:
    async with live(a_mind()) as (driver, _):
        await driver.submit([a_draft()])

    with pytest.raises(BusyError):
        await driver.submit([a_draft("2")])


async def test_stopping_does_not_wait_for_a_long_backlog_and_loses_none_of_it() -> None:
    def slowly(context: Context, signal: Signal) -> Mapping[str, Any]:
        time.sleep(0.02)
        return {}

    began = time.monotonic()
    async with live(a_mind(slowly)) as (driver, store):
        receipts = await driver.submit([a_draft(str(n)) for n in range(200)])

    assert time.monotonic() - began < 3
    assert {receipt.state for receipt in receipts} == {"accepted"}
    assert len(store.state.signals) == 200
    assert 0 < len(store.state.waiting) < 200


async def test_stopping_ends_a_call_that_hangs_as_ambiguous() -> None:
    asked = asyncio.Event()

    async def hang() -> None:
        asked.set()
        await asyncio.sleep(60)

    mail = FakeConnector("U", script=lambda _: hang())
    async with live(a_mind(sends(effect_class="U")), mail) as (driver, store):
        await driver.submit([a_draft()])
        await asked.wait()

    assert [row.state for row in store.state.effects.values()] == ["unknown"]


async def test_damage_stops_the_runtime_and_is_told() -> None:
    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        raise IntegrityError("the log is damaged")

    with pytest.raises(IntegrityError):
        async with live(a_mind(decide)) as (driver, _):
            await driver.submit_and_step(a_draft())
