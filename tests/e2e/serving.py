"""A real server on a free port of loopback, and a client that sends exactly what it is told to."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from segue.bootstrap import Home
from segue.core.units import to_instant
from segue.stores.doors import SCOPES, ApiKeys, DoorsDb

PATIENCE_S = 30
FUSE_S = 900
"""A server ends by itself after so long, far longer than any module takes: the tests may have been killed."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Served:
    """A running server.

    Attributes:
        key: Shown with every request, unless a request says otherwise.
    """

    port: int
    process: "subprocess.Popen[str]"
    key: str = ""

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        key: str | None = None,
    ) -> Answered:
        """Send one request; a body that is no bytes goes out as JSON."""
        shown = self.key if key is None else key
        told = {"Authorization": f"Bearer {shown}"} if shown else {}
        raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, raw, {**told, **(headers or {})})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answered(response.status, found, response.read())
        finally:
            connection.close()


def a_key(home: Path, *scopes: str, tenant: str = "home") -> str:
    """A key of a home, also while a server runs it; of every scope where none is named."""
    found = Home(home)
    db = DoorsDb(found.doors)
    try:
        keys = ApiKeys(db, found.master_key())
        return keys.create("tests", scopes or SCOPES, tenant, to_instant(datetime.now(UTC)))[1]
    finally:
        db.close()


def peak_kb(server: Served) -> int:
    """The most memory the server ever held."""
    told = Path(f"/proc/{server.process.pid}/status")
    if not told.exists():
        return 0
    found = re.search(r"VmHWM:\s+(\d+)", told.read_text())
    return int(found[1]) if found else 0


def first_json(process: "subprocess.Popen[str]") -> Any:
    """The first JSON value that a process prints, over however many lines; it must end with a line's end."""
    assert process.stdout is not None
    told = ""
    while True:
        line = process.stdout.readline()
        assert line, f"it ended after {told!r}: {process.communicate()[1]}"
        told += line
        try:
            return json.loads(told)
        except ValueError:
            continue


@contextmanager
def served(home: Path, *more: str) -> Iterator[Served]:
    """Serve a home, or a directory of homes with `--tenants`."""
    run = "from segue.cli import main; main()"
    where = () if "--tenants" in more else ("--home", str(home))
    command = [sys.executable, "-c", run, "serve", "--json", "--port", "0", "--for-seconds", str(FUSE_S)]
    process = subprocess.Popen(
        [*command, *where, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        url = str(first_json(process)["url"])
        yield Served(int(url.rstrip("/").rpartition(":")[2]), process)
    finally:
        process.kill()
        process.communicate()
