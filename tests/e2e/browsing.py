"""A small company in a home, its server as a process of its own, and a browser without scripts."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import urlencode

import segue
from tests.e2e.serving import FUSE_S, first_json

START = datetime(2035, 10, 1, 8, tzinfo=UTC)
"""A Monday that is still to come: a demo's clock goes on from here, and no draft has expired."""
PATIENCE_S = 30
ACCOUNT = {
    "name": "Xylo",
    "owner": "Tom Hughes",
    "owner_email": "tom@acme.example",
    "arr": {"amount": 3_000_000, "currency": "EUR"},
    "plan": "pro",
    "health": 70,
    "stage": "active",
    "renews_at": "2035-12-01T00:00:00Z",
    "time_zone": "Europe/Berlin",
    "country": "DE",
    "brand": "acme",
}
PERSON = {
    "name": "Ann Lee",
    "email": "ann@x.io",
    "time_zone": "Europe/Berlin",
    "country": "DE",
    "brand": "acme",
}
CONSENT = {"channel": "email", "purpose": "commercial", "state": "granted", "brand": "acme"}
WORDS = "Please cancel our contract. Ann Lee, +49 171 1234567"


async def live(
    path: Path, *more: segue.Signal, accounts: int = 1, name: str = "Ann Lee", words: str = WORDS
) -> None:
    """Run a company in which Ann wants to cancel, and a discount for her waits for a human.

    There may be more accounts than one, each with an Ann of its own.
    """
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        for n in range(accounts):
            account, email = f"account:{'x' * (n + 1)}", f"ann@{'x' * (n + 1)}.io"
            who = [f"crm:{7 + n}", f"email:{email}", account]
            person = {**PERSON, "email": email, "name": name}
            said = {"channel": "email", "text": words}
            await app.submit(
                [
                    segue.Signal("crm", f"0.{n}", "account.updated", [account], START, {"facts": ACCOUNT}),
                    segue.Signal("crm", f"1.{n}", "profile.updated", who, START, {"facts": person}),
                    segue.Signal("crm", f"2.{n}", "consent.changed", who, START, CONSENT),
                    segue.Signal("mail", f"3.{n}", "message.received", who, START, said),
                ]
            )
        await app.submit(more)
        await app.settle(until=START + timedelta(minutes=30))


def as_demo(home: Path) -> None:
    """Have a home count as the demo's."""
    (home / "demo.json").write_text("{}")


def command(*words: str) -> list[str]:
    """A command line of this very code."""
    return [sys.executable, "-c", "from segue.cli import main; main()", *words]


def serve_command(home: Path, *more: str) -> list[str]:
    return command("serve", "--json", "--port", "0", "--home", str(home), *more)


@contextmanager
def served(home: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server on a free port of loopback."""
    process = subprocess.Popen(
        serve_command(home, "--for-seconds", str(FUSE_S)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        url = first_json(process)["url"]
        assert url.startswith("http://127.0.0.1:")
        yield int(url.rstrip("/").rpartition(":")[2]), process
    finally:
        process.kill()
        process.communicate()


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: HTTPMessage, text: str) -> None:
        self.status, self.headers, self.text = status, headers, text

    @property
    def place(self) -> str:
        return self.headers.get("location", "")

    def links(self, beginning: str) -> list[str]:
        return [unescape(link) for link in re.findall(rf'href="({beginning}[^"]*)"', self.text)]

    @property
    def token(self) -> str:
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.text)
        assert found, self.text[:500]
        return found[1]


class Browser:
    """Keeps cookies, follows nothing by itself, and sends forms as a browser does."""

    def __init__(self, port: int, host: str = "") -> None:
        self.port, self.host = port, host
        self.cookies: dict[str, str] = {}
        self.set: list[str] = []

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return self._ask(method, path, None, headers)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._ask("POST", path, urlencode(fields), {**kind, **given})

    def send(self, page: str, action: str, **fields: str) -> Answer:
        """Open a page, and send the form on it that has this action."""
        shown = self.get(page)
        assert f'action="{action}"' in shown.text, shown.text[:300]
        return self.post(action, {"token": shown.token, "back": page, **fields})

    def sign_in(self, name: str, password: str, then: str = "/") -> Answer:
        shown = self.get("/sign-in")
        return self.post("/sign-in", {"token": shown.token, "then": then, "name": name, "password": password})

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Host": self.host} if self.host else {}
        connection.request(method, path, body, {**sent, **({"Cookie": jar} if jar else {}), **headers})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        for cookie in response.headers.get_all("set-cookie") or ():
            self.set.append(cookie)
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
            if not self.cookies[name]:
                del self.cookies[name]
        return Answer(response.status, response.headers, text)
