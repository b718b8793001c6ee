"""A whole house for tests: real store, planner and library, any file system, a virtual clock."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from segue.bootstrap.home import pin_zones
from segue.bootstrap.minds import mind_of
from segue.core.ids import IdKey
from segue.core.ports import Connector, Reply, Request
from segue.core.records.decisions import Decision
from segue.core.records.events import Event, Stepped
from segue.core.records.playbook import Playbook
from segue.core.records.signals import NewSignal
from segue.core.units import to_instant
from segue.playbook import load
from segue.runtime.admission import Accepted, admit
from segue.runtime.clock import VirtualClock
from segue.runtime.controls import Controls
from segue.runtime.gate import Gate
from segue.runtime.hooks import Hook, no_hook
from segue.runtime.parts import Parts
from segue.runtime.tenant import Mind, Tenant
from segue.runtime.virtual import VirtualDriver
from segue.stores import SqliteStore

IDS = IdKey(b"a fixed key for tests")
MASTER = bytes(range(32))
START = datetime(2026, 10, 5, 8, tzinfo=UTC)
"""A Monday morning; ten o'clock in Berlin."""

LIBRARY = Path(__file__).parents[2] / "src" / "segue" / "library" / "saas"


@cache
def library() -> Playbook:
    """Load the default library as it is."""
    pin_zones()
    return load(LIBRARY)


@cache
def mind(*, bold: bool = False) -> Mind:
    """Bind the default library, as it is or bold."""
    return mind_of(bold_library() if bold else library(), IDS, engine="test", with_encoder=False)[0]


def bold_library() -> Playbook:
    """Load the default library, but it books calls by itself: so that effects of every class go out."""
    book = library()
    save = replace(book.plays["save-cancel"], autonomy="auto", actions=("book_call", "no_action"))
    return replace(book, plays={**book.plays, save.name: save})


class Watched:
    """A connector whose requests are seen before they are performed.

    Args:
        inner: The connector itself.
        see: Called with each request; look-ups pass unseen.
    """

    def __init__(self, inner: Connector, see: Callable[[Request], None]) -> None:
        self._inner, self._see = inner, see
        self.name, self.verbs, self.limits = inner.name, inner.verbs, inner.limits

    async def perform(self, request: Request) -> Reply:
        """Show the request and pass it on."""
        self._see(request)
        return await self._inner.perform(request)

    async def look_up(self, request: Request) -> Reply | None:
        """Pass it on."""
        return await self._inner.look_up(request)


def watched(connectors: Mapping[str, Connector], see: Callable[[Request], None]) -> dict[str, Connector]:
    """Watch every connector."""
    return {name: Watched(connector, see) for name, connector in connectors.items()}


class House:
    """One tenant.

    Args:
        directory: Where its files are; None keeps everything in memory.
        connectors: The company's tools.
        clock: Where it stands is where the house opens.
        bold: Whether it runs the library that books calls by itself.
        vfs: Name of the SQLite VFS its files are on.
        synchronous: SQLite's setting; only the test that must fail weakens it.
    """

    def __init__(
        self,
        directory: Path | None,
        connectors: Mapping[str, Connector],
        clock: VirtualClock,
        *,
        bold: bool = False,
        hook: Hook = no_hook,
        vfs: str | None = None,
        synchronous: str = "FULL",
    ) -> None:
        self.clock = clock
        self.store = SqliteStore.open(
            directory, master_key=MASTER, ids=IDS, vfs=vfs, synchronous=synchronous, hook=hook
        )
        self.tenant = Tenant.of(self.store, IDS, clock=clock, mind=mind(bold=bold), hook=hook)
        self.parts = Parts.of(self.tenant, connectors)
        self.driver = VirtualDriver(self.parts, clock)
        self.controls = Controls(self.tenant, self.driver)
        self.gate = Gate(self.tenant, self.driver)

    async def start(self) -> None:
        """Settle what a crash left open."""
        await self.driver.start()

    async def submit(self, *signals: NewSignal) -> list[Accepted]:
        """Take signals in; they are durable when it returns."""
        now = self.tenant.time.now()
        return await self.driver.submit([admit(item, self.tenant.mind, IDS, now) for item in signals])

    async def settle(self, until: datetime) -> None:
        """Do what is due by then."""
        await self.driver.settle(to_instant(until))

    def events(self) -> list[tuple[int, Event]]:
        """Read the whole log."""
        with self.store.read() as reader:
            return [(row.seq, row.event) for row in reader.log() if row.event is not None]

    def decisions(self) -> list[Decision]:
        """List every decision, in the order they fell."""
        return [e.decision for _, e in self.events() if isinstance(e, Stepped) and e.decision is not None]

    def close(self) -> None:
        """Close the files."""
        self.store.close()


def told(source_id: str, kind: str, who: str, body: Mapping[str, Any], at: datetime) -> NewSignal:
    """Make a signal about one identifier, or several joined by spaces."""
    source = kind.partition(".")[0]
    return NewSignal(source, source_id, kind, who.split(), at, body)


def later(minutes: float) -> datetime:
    """Give the moment that many minutes after the start."""
    return START + timedelta(minutes=minutes)
