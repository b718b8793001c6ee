"""A door: what everything that listens to the outside is given, for one tenant."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from segue.bootstrap.app import App
from segue.bootstrap.chatroom import ChatRoom
from segue.bootstrap.door_settings import DoorSettings, read_door_settings
from segue.bootstrap.home import Home, pin_zones
from segue.bootstrap.journal import JournalSettings
from segue.bootstrap.opening import open_home
from segue.bootstrap.way_out import WayOut
from segue.connectors.webchat import ChatBook, WebChat
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
        chat: Where visitors of websites chat.
        way_out: Where people say what they want to get and what not.
        warm: Set once the first message is read as quickly as any other.
        closing: Set when the server begins to stop, so that streams end by themselves.
    """

    name: str
    home: Home
    app: App
    db: DoorsDb
    settings: DoorSettings
    base_url: str
    chat: ChatRoom
    way_out: WayOut
    warm: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def open_door(
    path: Path,
    *,
    name: str = "",
    bound: str = "",
    connectors: Mapping[str, Connector] | None = None,
    clock: Clock | None = None,
    warming: bool = False,
) -> AsyncIterator[Door]:
    """Run a home, ready to be served.

    Args:
        path: The home; it must exist.
        name: The tenant's name where several are served.
        bound: Address the server is bound to: the base of links where the playbook has no `public_base_url`.
        connectors: As for `segue.open`.
        clock: A clock that goes by itself. If not given, the system's; in a home that holds the demo's story
            one that goes on where the story ended.
        warming: Load and learn beside, from the start, what the first message needs; without it that message
            waits, and the door counts as warm.

    Raises:
        MissingError: This is no home.
        LockedError: Another process runs it.
        PlaybookErrors: The playbook or `server.yaml` cannot be used.
    """
    home = Home(path)
    home.master_key()
    settings = read_door_settings(home.door_settings)
    with ExitStack() as closing:
        db = DoorsDb(home.doors)
        closing.callback(db.close)
        book, clock = ChatBook(home.chat), clock or _clock_of(home)
        closing.callback(book.close)
        chat = WebChat(book, clock)
        journal = JournalSettings(level=settings.log_level, format=settings.log_format)
        async with open_home(
            path, clock=clock, connectors=connectors, own={chat.name: chat}, journal_settings=journal
        ) as app:
            own = f"{bound}/t/{name}" if name else bound
            base_url = app.playbook.settings.public_base_url or own
            way_out = WayOut(app, db)
            door = Door(name, home, app, db, settings, base_url, ChatRoom(app, chat, settings), way_out)
            beside = [asyncio.create_task(way_out.run())]
            if warming:
                beside.append(asyncio.create_task(_warmed(door)))
            else:
                door.warm.set()
            try:
                yield door
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)


async def _warmed(door: Door) -> None:
    try:
        await asyncio.to_thread(door.app.warm_up)
    finally:
        door.warm.set()  # What cannot be loaded is told by the message that needs it; the rest is served.


def _clock_of(home: Home) -> Clock:
    if not home.story.is_file():
        return SystemClock()
    pin_zones()
    store = SqliteStore.open(home.path, master_key=home.master_key())  # brings older tables up to date
    try:
        return LaterClock(newest_stamp(store))
    finally:
        store.close()
