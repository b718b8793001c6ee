"""A running home puts the changed playbook in force when it is told to, and keeps the old one otherwise."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

import segue
from segue.bootstrap.operations.reloading import ask_to_reload, on_hup
from segue.core.errors import InputError, MissingError
from segue.playbook import PlaybookErrors
from segue.runtime.clock import SystemClock


def change(home: Path) -> None:
    path = home / "playbook" / "settings.yaml"
    path.write_text(path.read_text().replace("EUR 1.50", "EUR 1.60"))


async def test_a_running_home_reloads_and_says_so(tmp_path: Path) -> None:
    async with segue.open(tmp_path) as app, on_hup({tmp_path: app}):
        before = app.playbook.hash
        change(tmp_path)

        said = await ask_to_reload(tmp_path, SystemClock(), 10.0)

        assert said == app.playbook.hash != before
    assert not (tmp_path / "server.json").exists()


async def test_a_bad_playbook_bothers_nobody(tmp_path: Path) -> None:
    async with segue.open(tmp_path) as app, on_hup({tmp_path: app}):
        before = app.playbook.hash
        (tmp_path / "playbook" / "settings.yaml").write_text("nonsense: [")

        with pytest.raises(PlaybookErrors):
            await ask_to_reload(tmp_path, SystemClock(), 10.0)
        os.kill(os.getpid(), signal.SIGHUP)
        await until_reloaded(tmp_path)

        assert app.playbook.hash == before


async def until_reloaded(home: Path) -> None:
    for _ in range(500):
        await asyncio.sleep(0.01)
        if b'"reloads":1' in (home / "server.json").read_bytes():
            return
    raise AssertionError("it did not reload")


async def test_one_signal_reloads_every_home_of_the_process(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    async with segue.open(one) as first, segue.open(two) as second, on_hup({one: first, two: second}):
        change(one)
        change(two)
        before = first.playbook.hash

        await ask_to_reload(two, SystemClock(), 10.0)

        assert first.playbook.hash == second.playbook.hash != before


async def test_what_takes_no_reloads_gets_no_signal(tmp_path: Path) -> None:
    async with segue.open(tmp_path):
        with pytest.raises(InputError, match="takes no reloads"):
            await ask_to_reload(tmp_path, SystemClock(), 1.0)

    with pytest.raises(MissingError, match="nothing runs"):
        await ask_to_reload(tmp_path, SystemClock(), 1.0)
