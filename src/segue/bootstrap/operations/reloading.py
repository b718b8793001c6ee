"""Reload: a running server puts the changed playbook in force when it is told to by SIGHUP."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from segue.bootstrap.app import App
from segue.bootstrap.home import Home
from segue.bootstrap.operations.places import SERVER_FILE
from segue.core.errors import BusyError, InputError, MissingError
from segue.core.ports import Clock
from segue.core.units import SECOND
from segue.playbook import PlaybookErrors, load
from segue.stores import holder_of

_POLL_S = 0.05


class ServerState(msgspec.Struct, frozen=True):
    """What the process that runs a home tells of itself.

    Attributes:
        pid: The process; it takes SIGHUP.
        playbook: Hash of the playbook in force.
        reloads: How often it was told to reload.
        error: Why the last reload was refused, or empty.
    """

    pid: int
    playbook: str
    reloads: int = 0
    error: str = ""


@dataclass(slots=True)
class _Reloader:
    """Reloads one app and writes down what came of it."""

    path: Path
    app: App
    reloads: int = 0

    def tell(self, error: str = "") -> None:
        """Write the state, whole or not at all."""
        state = ServerState(os.getpid(), self.app.playbook.hash, self.reloads, error)
        fresh = self.path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(state) + b"\n")
        fresh.rename(self.path)

    async def reload(self) -> None:
        """Put the playbook in force, or keep the old one."""
        error = ""
        try:
            await self.app.reload()
        except (PlaybookErrors, BusyError) as problem:
            error = str(problem)
        self.reloads += 1
        self.tell(error)


@asynccontextmanager
async def on_hup(apps: Mapping[Path, App]) -> AsyncIterator[None]:
    """Reload the playbooks of running apps at every SIGHUP, for as long as the block runs.

    Args:
        apps: Every app of this process by its home.
    """
    reloaders = [_Reloader(home / SERVER_FILE, app) for home, app in apps.items()]
    wanted = asyncio.Event()

    async def reload_when_told() -> None:
        while True:
            await wanted.wait()
            wanted.clear()
            for reloader in reloaders:
                await reloader.reload()

    loop, task = asyncio.get_running_loop(), asyncio.create_task(reload_when_told(), name="segue-reload")
    loop.add_signal_handler(signal.SIGHUP, wanted.set)
    for reloader in reloaders:
        reloader.tell()
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        for reloader in reloaders:
            reloader.path.unlink(missing_ok=True)


async def ask_to_reload(home: Path, clock: Clock, timeout_s: float) -> str:
    """Tell the process that runs a home to reload its playbook, and wait until it did.

    Returns:
        Hash of the playbook in force.

    Raises:
        PlaybookErrors: The playbook does not load; the process was not bothered.
        MissingError: Nothing runs the home.
        InputError: What runs it takes no reloads, or it refused this one.
        BusyError: It did not answer in time.
    """
    Home(home).master_key()
    load(Home(home).playbook)
    pid, state = holder_of(home), _state(home)
    if pid is None:
        raise MissingError(f"nothing runs `{home}`; the playbook is read when it starts")
    if state is None or state.pid != pid:
        raise InputError(f"process {pid} runs `{home}` and takes no reloads; stop it and start `segue serve`")
    os.kill(pid, signal.SIGHUP)
    ends_at = clock.now() + round(timeout_s * SECOND)
    while clock.now() < ends_at:
        now = _state(home)
        if now is not None and now.reloads > state.reloads:
            if now.error:
                raise InputError(f"the old playbook stays in force: {now.error}")
            return now.playbook
        await clock.sleep(_POLL_S)
    raise BusyError(f"process {pid} did not reload within {timeout_s:g} s; its journal says more")


def _state(home: Path) -> ServerState | None:
    try:
        return msgspec.json.decode((home / SERVER_FILE).read_bytes(), type=ServerState)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
