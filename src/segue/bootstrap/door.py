"""A door: what everything that listens to the outside is given, for one tenant."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from segue.bootstrap.app import App
from segue.bootstrap.door_settings import DoorSettings, read_door_settings
from segue.bootstrap.home import Home, pin_zones
from segue.bootstrap.opening import open_home
from segue.core.ports import Clock, Connector
from segue.runtime.clock import LaterClock, SystemClock
from segue.runtime.tenant import newest_stamp
from segue.stores import SqliteStore
from segue.stores.doors import DoorsDb


@dataclass(frozen=True, slots=True)
class Door:
    """One tenant, open to be spoken to.

    Attributes:
        name: The tenant's name in addresses and keys; empty where the process serves one home alone.
        home: Its directory.
        app: The running tenant.
        db: What the doors remember: keys, users, sessions, answers given.
        settings: What the operator said about the doors.
        base_url: Where this tenant is reached from outside, without a slash at the end.
    """

    name: str
    home: Home
    app: App
    db: DoorsDb
    settings: DoorSettings
    base_url: str


@asynccontextmanager
async def open_door(
    path: Path, *, name: str = "", bound: str = "", connectors: Mapping[str, Connector] | None = None
) -> AsyncIterator[Door]:
    """Run a home on the system's clock, ready to be served.

    A home that holds the demo's story goes on where the story ended.

    Args:
        path: The home; it must exist.
        name: The tenant's name where several are served.
        bound: Address the server is bound to: the base of links where the settings name no other.
        connectors: As for `segue.open`.

    Raises:
        MissingError: This is no home.
        LockedError: Another process runs it.
        PlaybookErrors: The playbook or `server.yaml` cannot be used.
    """
    home = Home(path)
    home.master_key()
    settings = read_door_settings(home.door_settings)
    db = DoorsDb(home.doors)
    try:
        async with open_home(path, clock=_clock_of(home), connectors=connectors) as app:
            base_url = settings.public_base_url or (f"{bound}/t/{name}" if name else bound)
            yield Door(name, home, app, db, settings, base_url)
    finally:
        db.close()


def _clock_of(home: Home) -> Clock:
    if not home.story.is_file():
        return SystemClock()
    pin_zones()
    store = SqliteStore.open(home.path, master_key=home.master_key())  # brings older tables up to date
    try:
        return LaterClock(newest_stamp(store))
    finally:
        store.close()
