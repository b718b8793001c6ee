"""A home with its doors open on loopback, in the test's own event loop."""

import asyncio
import socket
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn

from segue.bootstrap import Door, create_home, open_door
from segue.core.ports import Clock
from segue.server import create_app


@dataclass(frozen=True, slots=True)
class Served:
    """Whoever asks, the door that answers, and where it stands."""

    client: httpx.AsyncClient
    door: Door
    url: str


@asynccontextmanager
async def served(home: Path, settings: str = "", clock: Clock | None = None) -> AsyncIterator[Served]:
    """Open the doors of a home, made if it is missing; `settings` is its `server.yaml`."""
    _made(home, settings)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with open_door(home, bound=url, clock=clock) as door:
            with warnings.catch_warnings():
                # The framework's own style of path parameters changes; pages move to it by themselves.
                warnings.simplefilter("ignore", DeprecationWarning)
                app = create_app(door, ())
            config = uvicorn.Config(app, log_level="critical", access_log=False, timeout_graceful_shutdown=2)
            server = uvicorn.Server(config)
            running = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                async with httpx.AsyncClient(base_url=url, timeout=20) as client:
                    yield Served(client, door, url)
            finally:
                door.closing.set()
                server.should_exit = True
                await running


def _made(home: Path, settings: str) -> None:
    if not home.exists():
        create_home(home)
    if settings:
        (home / "server.yaml").write_text(settings, encoding="utf-8")
