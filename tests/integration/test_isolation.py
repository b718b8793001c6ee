"""Trouble stays where it is: a broken connector and a poison signal slow nobody else down."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from segue.core.errors import RetryError
from segue.core.ports import Limits, Request
from segue.core.records.context import Context, LedgerRow
from segue.core.records.events import Stepped
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.runtime.admission import admit
from segue.runtime.clock import VirtualClock
from segue.runtime.parts import Parts
from segue.runtime.virtual import VirtualDriver
from segue.stores import SqliteReader, SqliteStore
from tests.unit.runtime.fakes import IDS, START, FakeConnector, a_mind, a_signal, a_tenant, after, an_effect

MASTER = bytes(range(32))
WAITING = 5_000
PER_SIGNAL = 1_000


class CountingReader:
    """A reader that counts the effects it was made to read."""

    def __init__(self, reader: SqliteReader, read: list[LedgerRow]) -> None:
        self._reader, self._read = reader, read

    def due_effects(self, now: Instant, limit: int, skip: Collection[str] = ()) -> list[LedgerRow]:
        rows = self._reader.due_effects(now, limit, skip)
        self._read += rows
        return rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


class CountingStore:
    """A store whose readers count the effects they were made to read."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.read_effects: list[LedgerRow] = []

    @contextmanager
    def read(self) -> Iterator[Any]:
        with self._store.read() as reader:
            yield CountingReader(reader, self.read_effects)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Street:
    """One tenant over the real store, whose pages name the connector that a view of them makes act."""

    def __init__(self, *connectors: FakeConnector, clock: VirtualClock) -> None:
        self.store = SqliteStore.open(None, master_key=MASTER, ids=IDS)
        self.counting = CountingStore(self.store)
        self.tenant = a_tenant(a_mind(acts), clock, store=self.counting)
        parts = Parts.of(self.tenant, {connector.name: connector for connector in connectors})
        self.driver = VirtualDriver(parts, clock)

    async def view(self, path: str, *people: str) -> None:
        """Let people look at a page, each in a lane of their own."""
        for who in people:
            signal = a_signal(f"{path}:{who}", who=f"user:{who}", body={"path": path})
            await self.driver.submit([admit(signal, self.tenant.mind, IDS, self.tenant.time.now())])

    def waiting(self) -> int:
        """Count the effects that wait for their call."""
        with self.store.read() as reader:
            return len(reader.due_effects(after(3600), 2 * WAITING))

    def stepped(self) -> int:
        """Count the steps of page views."""
        with self.store.read() as reader:
            events = [row.event for row in reader.log()]
        views = {IDS.signal_id("web", f"/mail:m{n}") for n in range(20)}
        return sum(isinstance(event, Stepped) and event.signal_id in views for event in events)


def acts(context: Context, signal: Signal) -> Mapping[str, Any]:
    """Send by the connector the page names; a page may ask for many, or be poison."""
    if signal.kind is not Kind.PAGE_VIEWED:
        return {}
    name, _, many = signal.body["path"].strip("/").partition("/")
    if name == "poison":
        raise ArithmeticError("no step can be made of this")
    effects = (
        an_effect(context, signal, part=str(n), index=n, connector=name, subject=f"{context.subject}{n}")
        for n in range(int(many or 1))
    )
    return {"effects": tuple(effects)}


def people(count: int, kind: str) -> list[str]:
    return [f"{kind}{n}" for n in range(count)]


def fails(_request: Request) -> None:
    raise RetryError("down")


@pytest.mark.parametrize("how", ["failing", "hanging"])
async def test_thousands_that_wait_for_a_broken_connector_are_not_read_past(how: str) -> None:
    clock = VirtualClock(START)
    broken = FakeConnector(
        name="broken", script=fails if how == "failing" else lambda _: clock.sleep(3600), limits=Limits()
    )
    mail = FakeConnector(name="mail")
    street = Street(broken, mail, clock=clock)
    await street.view(f"/broken/{PER_SIGNAL}", *people(WAITING // PER_SIGNAL, "b"))
    await street.driver.settle(after(5))
    called, waiting = len(broken.asked), street.waiting()
    street.counting.read_effects.clear()

    await street.view("/mail", *people(20, "m"))
    await street.driver.settle(after(6))

    assert 5 <= called < 20
    assert waiting >= WAITING - called
    assert len(mail.asked) == 20
    assert len(street.counting.read_effects) < 100
    await street.driver.stop()
    street.store.close()


async def test_a_broken_connector_and_a_poison_signal_hold_nobody_up() -> None:
    clock = VirtualClock(START)
    sent_at: list[Instant] = []
    hanging = FakeConnector(name="hanging", script=lambda _: clock.sleep(3600))
    failing = FakeConnector(name="failing", script=fails)
    mail = FakeConnector(name="mail", script=lambda _: sent_at.append(clock.now()))
    street = Street(hanging, failing, mail, clock=clock)
    begun_at = clock.now()

    for path, kind in (("/hanging", "h"), ("/poison", "p"), ("/failing", "f")):
        await street.view(path, *people(50, kind))
    await street.view("/mail", *people(20, "m"))
    await street.driver.settle()

    with street.store.read() as reader:
        letters = reader.dead_letters()
    assert street.stepped() == 20
    assert sent_at == [begun_at] * 20
    assert len(letters) == 50
    assert {signal.body["path"] for _, signal, _, _, _ in letters} == {"/poison"}
    await street.driver.stop()
    street.store.close()


async def test_who_waits_for_a_broken_connector_is_served_by_another_at_once() -> None:
    clock = VirtualClock(START)
    sent_at: list[Instant] = []
    broken = FakeConnector(name="broken", script=fails)
    mail = FakeConnector(name="mail", script=lambda _: sent_at.append(clock.now()))
    street = Street(broken, mail, clock=clock)
    await street.view("/broken", "ann")
    await street.driver.settle(after(3))

    await street.view("/mail", "ann")
    await street.driver.settle()

    assert sent_at == [after(3)]
    await street.driver.stop()
    street.store.close()
