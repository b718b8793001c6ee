"""A real Chromium, driven over its DevTools pipe as a visitor would: open a page, click, type, look."""

import asyncio
import fcntl
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1000,800"
)
PATIENCE_S = 60.0
_START = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); "
    "os.execv(sys.argv[3], sys.argv[3:])"
)
"""Chromium reads what it is asked from file 3 and answers on file 4."""
_BEYOND = 10
_MOST = 64 * 1024 * 1024


class Page:
    """One page of a running browser."""

    def __init__(self, reader: asyncio.StreamReader, asking: int) -> None:
        self._reader, self._asking = reader, asking
        self._number, self._session = 0, ""

    async def open(self, url: str) -> None:
        """Open an address in a tab of its own."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        await self.call("Page.navigate", url=url)

    async def call(self, method: str, **params: Any) -> Any:
        """Ask the browser for something; its answer."""
        self._number += 1
        asked = {"id": self._number, "method": method, "params": params}
        session = {"sessionId": self._session} if self._session else {}
        os.write(self._asking, json.dumps(asked | session).encode() + b"\0")
        async with asyncio.timeout(PATIENCE_S):
            while True:
                told = json.loads((await self._reader.readuntil(b"\0"))[:-1])
                if told.get("id") == self._number:
                    assert "error" not in told, (method, told["error"])
                    return told["result"]

    async def look(self, expression: str) -> Any:
        """The value of an expression on the page."""
        told = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in told, (expression, told["exceptionDetails"])
        return told["result"].get("value")

    async def until(self, expression: str) -> Any:
        """Wait until an expression holds; its value (no node). A page that is not there yet holds nothing."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                told = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
                if "exceptionDetails" not in told and (value := told["result"].get("value")):
                    return value
                await asyncio.sleep(0.05)

    async def click(self, element: str) -> None:
        """Click in the middle of an element, named by an expression, as a mouse does."""
        x, y = await self.until(
            f"(() => {{ const box = ({element}).getBoundingClientRect();"
            " return box.width && [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def type(self, text: str) -> None:
        """Type into whatever has the focus, and press Enter."""
        await self.call("Input.insertText", text=text)
        for kind in ("keyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key="Enter",
                code="Enter",
                windowsVirtualKeyCode=13,
                text="\r",
            )


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are none of the files that the browser is to find them at."""
    given = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _BEYOND) for end in given)
    for end in given:
        os.close(end)
    return moved[0], moved[1]


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Page]:
    """A browser with a profile of its own, ended with the block."""
    theirs_in, asking = _pipe()
    answers, theirs_out = _pipe()
    command = [sys.executable, "-c", _START, str(theirs_in), str(theirs_out), CHROMIUM, *FLAGS.split()]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command,
        "--remote-debugging-pipe",
        f"--user-data-dir={profile}",
        pass_fds=(theirs_in, theirs_out),
        stdout=quiet,
        stderr=quiet,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    reader = asyncio.StreamReader(limit=_MOST)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(answers, "rb")
    )
    try:
        yield Page(reader, asking)
    finally:
        process.kill()
        await process.wait()
        transport.close()
        os.close(asking)
