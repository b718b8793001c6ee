"""What the API says when the house cannot: busy, no disk, and what nobody foresaw."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from litestar import Litestar

from segue import api
from segue.bootstrap import App, Door, create_home, open_door
from segue.core.errors import BusyError, StorageError
from tests.asgi import Told, posted
from tests.e2e.serving import a_key


class FailingApp:
    """An app that does everything but take signals in."""

    def __init__(self, app: App, error: Exception) -> None:
        self._app, self._error = app, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    async def submit(self, signals: object, *, strict: bool = False) -> list[Any]:
        raise self._error


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    create_home(tmp_path / "home")
    async with open_door(tmp_path / "home") as found:
        yield found


async def post(door: Door, error: Exception) -> Told:
    """Post a batch to a house that fails."""
    failing = replace(door, app=cast("App", FailingApp(door.app, error)))
    app = Litestar(api.routes(failing), openapi_config=None)
    batch = {"batch": [{"type": "track", "event": "E", "userId": "u1"}]}
    return await posted(app, "/v1/batch", a_key(door.home.path, "ingest"), batch)


async def test_busy_is_429_and_says_when_to_come_again(door: Door) -> None:
    status, headers, problem = await post(door, BusyError("more than 20,000 signals wait to be accepted"))

    assert (status, problem["code"], headers["retry-after"]) == (429, "busy", "1")


async def test_a_full_disk_is_503(door: Door) -> None:
    status, headers, problem = await post(door, StorageError("the disk is full"))

    assert (status, problem["code"], headers["retry-after"]) == (503, "storage", "1")


async def test_what_nobody_foresaw_is_a_500_with_an_id_and_one_masked_line(door: Door) -> None:
    status, headers, problem = await post(door, RuntimeError("no row for ann@x.io"))

    lines = [json.loads(line) for line in (door.home.path / "segue.log").read_text().splitlines()]
    (line,) = (line for line in lines if line["event"] == "request_failed")
    assert (status, headers["content-type"]) == (500, "application/problem+json")
    assert problem["id"] == line["id"]
    assert line["error"] == "RuntimeError: no row for [email]"
    assert "ann@x.io" not in json.dumps(problem)
