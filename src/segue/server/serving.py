"""Serving a home until told to stop; bound first, so that the address told is the one that answers."""

import asyncio
import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from segue.bootstrap import read_home
from segue.bootstrap.home import Home
from segue.console import PageSettings
from segue.core.errors import BusyError, InputError
from segue.playbook import load
from segue.server.app import LOOPBACK, create_app

_GRACE_S = 5


def serve(
    home: str | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    seconds: float | None = None,
    started: Callable[[str], None] = lambda _url: None,
) -> None:
    """Serve a home's pages, read-only, beside a running writer; SIGINT and SIGTERM end it in order.

    Args:
        home: Home directory.
        host: Address to bind. The pages have no login: loopback unless a proxy in front has one.
        port: Port to bind; 0 takes a free one.
        seconds: Stop by itself after so long; None: never.
        started: Told the address once it answers.

    Raises:
        MissingError: This is no home.
        InputError: The address cannot be bound here.
        BusyError: The port is in use.
    """
    with read_home(home) as readings:
        settings = PageSettings.of(load(Home(Path(home)).playbook))
        with _bound(host, port) as door:
            named = f"[{host}]" if ":" in host else host
            bound = door.getsockname()[1]
            app = create_app(readings, settings, _names(bound) if _is_loopback(host) else ())
            config = uvicorn.Config(
                app, log_level="warning", access_log=False, timeout_graceful_shutdown=_GRACE_S
            )
            url = f"http://{named}:{bound}/"
            asyncio.run(_run(_Server(config), door, seconds, lambda: started(url)))


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to `_run`, which ends it without raising them again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _run(
    server: _Server, door: socket.socket, seconds: float | None, started: Callable[[], None]
) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    if seconds is not None:
        loop.call_later(seconds, stop)
    started()
    await server.serve(sockets=[door])


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


def _names(port: int) -> tuple[str, ...]:
    """What a browser on this machine calls the server: with the port, and without it where it is 80."""
    return (*LOOPBACK, *(f"{name}:{port}" for name in LOOPBACK))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
