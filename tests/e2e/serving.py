"""A real server on a free port of loopback, and a client that sends exactly what it is told to."""

import json
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


@contextmanager
def served(home: Path, *more: str, seconds: int = 120) -> Iterator[Served]:
    """Serve a home, or a directory of homes with `--tenants`."""
    run = "from segue.cli import main; main()"
    where = () if "--tenants" in more else ("--home", str(home))
    command = [sys.executable, "-c", run, "serve", "--json", "--port", "0", "--for-seconds", str(seconds)]
    process = subprocess.Popen(
        [*command, *where, *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        told = ""
        while not told.rstrip().endswith("}"):
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            told += line
        yield Served(int(json.loads(told)["url"].rstrip("/").rpartition(":")[2]), process)
    finally:
        process.kill()
        process.communicate()
