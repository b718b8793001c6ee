"""From a signal to a connector and back, on the virtual clock."""

from collections.abc import Mapping
from typing import Any

import pytest

from segue.core.encoding import digest
from segue.core.errors import ConflictError, StorageError
from segue.core.ids import derive
from segue.core.records.context import Context
from segue.core.records.effects import Timer
from segue.core.records.events import Received, Stepped
from segue.core.records.signals import Kind, Signal
from segue.core.units import HOUR, SECOND, Instant
from tests.unit.runtime.fakes import (
    FakeConnector,
    FakeStore,
    a_mind,
    a_signal,
    a_tenant,
    after,
    an_effect,
    sends,
)
from tests.unit.runtime.harness import Rig


async def test_a_signal_is_stepped_and_its_effect_performed_once() -> None:
    mail = FakeConnector()
    rig = Rig(a_mind(sends()), mail)

    (receipt,) = await rig.submit(a_signal())
    await rig.settle(60)

    assert receipt.state == "accepted"
    assert [request.attempt for request in mail.asked] == [1]
    assert rig.states == ["delivered"]
    assert [body["state"] for body in rig.signals("effect.settled")] == ["delivered"]
    assert rig.clock.now() == after(60)


async def test_delivering_a_signal_again_changes_nothing() -> None:
    mail = FakeConnector()
    rig = Rig(a_mind(sends()), mail)
    await rig.submit(a_signal())
    await rig.settle(60)
    before = digest(rig.store.state.log)

    receipts = await rig.submit(a_signal(), a_signal())
    await rig.settle(120)

    assert [receipt.state for receipt in receipts] == ["duplicate", "duplicate"]
    assert digest(rig.store.state.log) == before


async def test_a_known_key_with_another_body_is_a_dead_letter_and_the_first_stands() -> None:
    rig = Rig()
    await rig.submit(a_signal())

    for _ in range(2):
        (receipt,) = await rig.submit(a_signal(body={"path": "/other"}))

    assert receipt.state == "conflict"
    assert isinstance(receipt.error, ConflictError)
    assert [letter.code for letter in rig.store.state.letters.values()] == ["conflict"]


async def test_received_at_rises_strictly_even_while_the_clock_stands() -> None:
    rig = Rig()

    await rig.submit(*(a_signal(str(n)) for n in range(3)))

    received = [event.signal.received_at for event in rig.store.state.log if isinstance(event, Received)]
    assert received == sorted(set(received))


async def test_time_goes_on_from_the_log_after_a_restart_with_a_clock_set_back() -> None:
    rig = Rig()
    rig.clock.move(after(3600))
    await rig.submit(a_signal())

    again = a_tenant(store=rig.store)

    assert again.time.next() > after(3600)


async def test_a_poison_signal_becomes_a_dead_letter_and_stops_no_other() -> None:
    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        if signal.body.get("path") == "/poison":
            raise ZeroDivisionError("boom")
        return {}

    rig = Rig(a_mind(decide))
    await rig.submit(a_signal("1", body={"path": "/poison"}), a_signal("2"))
    await rig.settle()

    stepped = [event.signal_id for event in rig.store.state.log if isinstance(event, Stepped)]
    (letter,) = rig.store.state.letters.values()
    assert len(stepped) == 1
    assert letter.error == "ZeroDivisionError: boom"
    assert not rig.store.state.waiting


async def test_a_reservation_conflict_is_tried_once_more_before_it_is_laid_aside() -> None:
    tries: list[str] = []

    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        tries.append(signal.source_id)
        if signal.source_id == "full" or len(tries) == 1:
            raise ConflictError("cap is full")
        return {}

    rig = Rig(a_mind(decide))
    await rig.submit(a_signal("late"), a_signal("full"))
    await rig.settle()

    assert tries == ["late", "late", "full", "full"]
    assert [letter.code for letter in rig.store.state.letters.values()] == ["reservation"]


async def test_a_derived_signal_is_taken_up_before_the_next_one_of_its_lane() -> None:
    order: list[str] = []

    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        order.append(signal.source_id)
        if signal.source_id != "1":
            return {}
        derived = Signal(
            id=derive(signal.id, "d"),
            source="segue.detector",
            source_id="found",
            kind=Kind.DETECTOR_FIRED,
            identifiers=(),
            occurred_at=context.now,
            received_at=context.now,
            subject=context.subject,
        )
        return {"derived": (derived,)}

    rig = Rig(a_mind(decide))
    await rig.submit(a_signal("1"), a_signal("2"))
    await rig.settle()

    assert order == ["1", "found", "2"]


async def test_live_signals_overtake_history() -> None:
    order: list[str] = []

    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        order.append(signal.source_id)
        return {}

    rig = Rig(a_mind(decide))
    await rig.submit(*(a_signal(f"h{n}", history=True) for n in range(40)))
    await rig.submit(a_signal("live"))
    await rig.settle()

    assert order[0] == "live"
    assert len(order) == 41


async def test_a_timer_fires_when_it_is_due_with_its_due_time_as_now() -> None:
    seen: list[tuple[str, Instant]] = []

    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        seen.append((signal.kind.value, context.now))
        if signal.kind is not Kind.PAGE_VIEWED:
            return {}
        due_at = Instant(context.now + HOUR)
        return {"timers": (Timer("t", "look_again", context.subject, due_at, signal.id, {"goal": "g"}),)}

    rig = Rig(a_mind(decide))
    await rig.submit(a_signal())
    await rig.settle(1800)
    early = list(seen)
    await rig.settle(2 * 3600)

    assert [kind for kind, _ in early] == ["page.viewed"]
    assert seen[1] == ("timer.fired", early[0][1] + HOUR)
    assert rig.signals("timer.fired") == [{"goal": "g", "timer": "t", "timer_kind": "look_again"}]
    assert not rig.store.state.timers


async def test_nothing_is_acknowledged_when_the_disk_is_full_and_all_goes_on_later() -> None:
    rig = Rig(a_mind(sends()), FakeConnector())
    rig.store.full = True
    with pytest.raises(StorageError):
        await rig.submit(a_signal())
    empty = len(rig.store.state.log)

    rig.store.full = False
    await rig.submit(a_signal())
    await rig.settle(60)

    assert empty == 0
    assert rig.states == ["delivered"]


async def test_two_runs_give_the_same_log() -> None:
    hashes = []
    for _ in range(2):
        rig = Rig(a_mind(sends()), FakeConnector(script=lambda _: rig.clock.sleep(3)))  # noqa: B023
        for n in range(20):
            await rig.submit(a_signal(str(n), who=f"user:u{n % 4}"))
            await rig.settle(n)
        await rig.settle(600)
        hashes.append(digest(rig.store.state.log))

    assert hashes[0] == hashes[1]
    assert set(rig.states) == {"delivered"}


async def test_results_of_one_instant_are_accepted_in_the_order_effects_began() -> None:
    def decide(context: Context, signal: Signal) -> Mapping[str, Any]:
        if signal.kind is not Kind.PAGE_VIEWED:
            return {}
        return {
            "effects": (
                an_effect(context, signal, part="a", connector="slow"),
                an_effect(context, signal, part="b", connector="fast"),
            )
        }

    clock_rig: list[Rig] = []
    slow = FakeConnector(name="slow", script=lambda _: clock_rig[0].clock.sleep(5))
    fast = FakeConnector(name="fast", script=lambda _: clock_rig[0].clock.sleep(5))
    rig = Rig(a_mind(decide), slow, fast)
    clock_rig.append(rig)

    await rig.submit(a_signal())
    await rig.settle(60)

    settled = [body["effect"] for body in rig.signals("effect.settled")]
    assert settled == [slow.asked[0].key, fast.asked[0].key]


async def test_the_journal_gets_a_line_for_each_attempt() -> None:
    rig = Rig(a_mind(sends()), FakeConnector())

    await rig.submit(a_signal())
    await rig.settle(60)

    ((event, fields),) = rig.lines
    assert event == "attempt"
    assert fields["state"] == "delivered"


def test_the_fake_store_forgets_a_failed_transaction() -> None:
    store = FakeStore()
    store.full = True

    with pytest.raises(StorageError), store.write() as unit:
        unit.record(Received(Signal("i", "s", "1", Kind.PAGE_VIEWED, (), Instant(0), Instant(SECOND))))

    assert not store.state.log
