"""Serving a home until told to stop; bound first, so that the address told is the one that answers."""

import asyncio
import gc
import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar

from segue.bootstrap import Door, open_door
from segue.bootstrap.operations.reloading import on_hup
from segue.core.errors import BusyError, InputError
from segue.server.app import LOOPBACK, create_app
from segue.server.patience import PatientProtocol
from segue.server.tenants import open_tenants

_GRACE_S = 5
_CONNECTIONS = 1_000
"""So many connections are served; beyond, the answer is 503."""

_ANY_NAME = "*"

Serving = tuple[Any, list[Door]]
"""An ASGI app, and the doors that it opens."""


def serve(
    home: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    seconds: float | None = None,
    started: Callable[[str], None] = lambda _url: None,
) -> None:
    """Run a home and serve its doors; SIGINT and SIGTERM end it in order.

    Args:
        home: Home directory.
        host: Address to bind; loopback unless a proxy that speaks TLS stands in front.
        port: Port to bind; 0 takes a free one.
        seconds: Stop by itself after so long; None: never.
        started: Told the address once it answers.

    Raises:
        MissingError: This is no home.
        LockedError: Another process runs it.
        InputError: The address cannot be bound here.
        BusyError: The port is in use.
    """
    with _bound(host, port) as listening:
        url = _url(host, listening)

        @asynccontextmanager
        async def opened() -> AsyncIterator[Serving]:
            async with open_door(Path(home), bound=url, warming=True) as door:
                yield create_app(door, _names(door, listening)), [door]

        asyncio.run(_run(opened, listening, seconds, lambda: started(f"{url}/")))


def serve_tenants(
    directory: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    seconds: float | None = None,
    started: Callable[[str], None] = lambda _url: None,
    problem: Callable[[str, str], None] = lambda _name, _problem: None,
) -> None:
    """Run every home below a directory and serve their doors, each under `/t/NAME/`.

    Args:
        directory: Its children that are homes are the tenants.
        host: As for `serve`.
        port: As for `serve`.
        seconds: As for `serve`.
        started: As for `serve`.
        problem: Told name and problem of each home that cannot be run; the others are served.

    Raises:
        InputError: The address cannot be bound here, or no home can be run.
        BusyError: The port is in use.
    """
    with _bound(host, port) as listening:
        url = _url(host, listening)

        @asynccontextmanager
        async def opened() -> AsyncIterator[Serving]:
            def make(door: Door) -> Litestar:
                return create_app(door, _names(door, listening))

            async with open_tenants(Path(directory), make, url, problem) as serving:
                yield serving

        asyncio.run(_run(opened, listening, seconds, lambda: started(f"{url}/")))


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to `_run`, which ends it without raising them again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _run(
    opened: Callable[[], AbstractAsyncContextManager[Serving]],
    listening: socket.socket,
    seconds: float | None,
    started: Callable[[], None],
) -> None:
    async with opened() as (app, doors), on_hup({door.home.path: door.app for door in doors}):
        config = uvicorn.Config(
            app,
            http=PatientProtocol,
            log_level="warning",
            access_log=False,
            limit_concurrency=_CONNECTIONS,
            proxy_headers=False,  # each door itself decides which proxies it believes
            timeout_graceful_shutdown=_GRACE_S,
            lifespan="on" if isinstance(app, Litestar) else "off",
        )
        server = _Server(config)
        loop = asyncio.get_running_loop()

        def stop() -> None:
            server.should_exit = True
            for door in doors:
                door.closing.set()

        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop)
        if seconds is not None:
            loop.call_later(seconds, stop)
        gc.freeze()  # What was imported stays: the collector need not go through it with every large request.
        started()
        await server.serve(sockets=[listening])


def _url(host: str, listening: socket.socket) -> str:
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}:{listening.getsockname()[1]}"


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens already: what comes before the server is ready waits in its queue."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio answers without delay (TCP_NODELAY) on sockets alone that say they are TCP.
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
            door.listen(128)
        except (socket.gaierror, OverflowError) as error:
            raise InputError(f"cannot bind `{host}` port `{port}`: {error}") from error
        except OSError as error:
            message = f"cannot bind `{host}` port `{port}`: {error.strerror}; choose another with `--port`"
            raise BusyError(message) from error
        yield door
    finally:
        door.close()


def _names(door: Door, listening: socket.socket) -> tuple[str, ...]:
    """What the server may be called: on loopback its own names, with the port too, and what was set."""
    host, port = listening.getsockname()[:2]
    if _ANY_NAME in door.settings.hosts or not (door.settings.hosts or _is_loopback(host)):
        return ()
    return (*LOOPBACK, *(f"{name}:{port}" for name in LOOPBACK), *door.settings.hosts)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
