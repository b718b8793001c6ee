"""The company that is measured: the default library, with plays and settings of `benchmarks/playbook`."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import segue
from segue.bootstrap import create_home
from segue.bootstrap.home import pin_zones
from segue.bootstrap.minds import mind_of
from segue.core.ids import IdKey
from segue.core.ports import Connector, Limits, Reply, Request
from segue.core.records.effects import EffectClass
from segue.core.units import Instant
from segue.playbook import load
from segue.runtime.parts import Parts
from segue.runtime.tenant import Tenant
from segue.stores import SqliteStore

LIBRARY = Path(segue.__file__).parent / "library" / "saas"
OWN = Path(__file__).parent / "playbook"
IDS = IdKey(b"benchmark id key of 32 bytes....")
MASTER_KEY = bytes(range(32))
CONNECTORS = ("email", "sms", "whatsapp", "chat", "calendar", "crm", "helpdesk")


class DayClock:
    """A clock that stands where the workload puts it; sleeping takes real time."""

    def __init__(self, at: Instant) -> None:
        self.at = at

    def now(self) -> Instant:
        return self.at

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.0))


class Mailer:
    """A connector that takes an idempotency key and is done at once."""

    limits = Limits(per_second=1_000_000, burst=1_000_000, concurrent=256)
    verbs: Mapping[str, EffectClass] = MappingProxyType({"send": "K", "book": "N", "create_task": "K"})

    def __init__(self, name: str) -> None:
        self.name = name
        self.done: set[str] = set()

    async def perform(self, request: Request) -> Reply:
        self.done.add(request.key)
        return Reply(request.key)

    async def look_up(self, request: Request) -> Reply | None:
        return Reply(request.key) if request.key in self.done else None


@contextmanager
def a_home() -> Iterator[Path]:
    """A home in a temporary directory, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="segue-bench-") as directory:
        playbook = Path(directory) / "playbook"
        shutil.copytree(LIBRARY, playbook, ignore=shutil.ignore_patterns("plays"))
        shutil.copytree(OWN, playbook, dirs_exist_ok=True)
        home = Path(directory) / "home"
        create_home(home, library=playbook, id_key=IDS, master_key=MASTER_KEY)
        yield home


@contextmanager
def parts_of(
    home: Path, clock: DayClock, *, with_encoder: bool = False
) -> Iterator[tuple[SqliteStore, Parts]]:
    """Inbox, steps and timers of a home, without the shell that drives them and without connectors.

    Rules read the messages, unless the encoder is asked for: it costs more than all the rest of a step.
    """
    pin_zones()
    store = SqliteStore.open(home, master_key=MASTER_KEY, ids=IDS)
    try:
        mind, _ = mind_of(load(home / "playbook"), store.ids, with_encoder=with_encoder)
        connectors: Mapping[str, Connector] = {}
        yield store, Parts.of(Tenant.of(store, store.ids, clock=clock, mind=mind), connectors)
    finally:
        store.close()


def bytes_in(home: Path) -> int:
    """Size of the database, its WAL and the keys."""
    return sum(path.stat().st_size for path in home.iterdir() if path.suffix != ".log" and path.is_file())


def filesystem_of(path: Path) -> str:
    """Type of the file system a path is on, as the kernel names it."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    at = str(path.resolve())
    held = [(len(point), kind) for point, kind in mounts if at.startswith(point)]
    return max(held, default=(0, "unknown"))[1]
