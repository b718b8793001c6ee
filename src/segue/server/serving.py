"""Serving a home until told to stop; bound first, so that the address told is the one that answers."""

import asyncio
import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from segue.bootstrap import Door, open_door
from segue.core.errors import BusyError, InputError
from segue.server.app import LOOPBACK, create_app

_GRACE_S = 5
_ANY_NAME = "*"


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
    with _bound(host, port) as door:
        named = f"[{host}]" if ":" in host else host
        url = f"http://{named}:{door.getsockname()[1]}"
        asyncio.run(_run(Path(home), door, url, seconds, lambda: started(f"{url}/")))


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to `_run`, which ends it without raising them again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _run(
    home: Path, listening: socket.socket, url: str, seconds: float | None, started: Callable[[], None]
) -> None:
    async with open_door(home, bound=url) as door:
        config = uvicorn.Config(
            create_app(door, _names(door, listening)),
            log_level="warning",
            access_log=False,
            proxy_headers=False,  # each door itself decides which proxies it believes
            timeout_graceful_shutdown=_GRACE_S,
        )
        server = _Server(config)
        loop = asyncio.get_running_loop()

        def stop() -> None:
            server.should_exit = True

        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop)
        if seconds is not None:
            loop.call_later(seconds, stop)
        started()
        await server.serve(sockets=[listening])


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens already: what comes before the server is ready waits in its queue."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
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
