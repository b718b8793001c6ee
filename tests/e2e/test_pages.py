"""The pages as a browser meets them: a real home and process on loopback, strict headers, an orderly end."""

import asyncio
import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

import segue

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
WHO = ["crm:7", "email:ann@x.io", "account:x"]
PATIENCE_S = 30


async def _live(path: Path) -> None:
    facts = {"name": "Ann <b>Lee</b>", "email": "ann@x.io"}
    text = {"channel": "email", "text": "Blub <script>alert(1)</script>."}
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        await app.submit(
            [
                segue.Signal("crm", "1", "profile.updated", WHO, START, {"facts": facts}),
                segue.Signal("mail", "2", "message.received", WHO, START, text),
            ]
        )
        await app.settle(until=START + timedelta(hours=1))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "home"
    asyncio.run(_live(path))
    return path


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy that no other server runs."""
    return shutil.copytree(home, tmp_path / "home")


def command(home: Path, *more: str) -> list[str]:
    run = "from segue.cli import main; main()"
    return [sys.executable, "-c", run, "serve", "--json", "--port", "0", "--home", str(home), *more]


@contextmanager
def served(home: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server on a free port of loopback."""
    process = subprocess.Popen(
        command(home, "--for-seconds", "60"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        told = ""
        while not told.rstrip().endswith("}"):
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            told += line
        url = json.loads(told)["url"]
        assert url.startswith("http://127.0.0.1:")
        yield int(url.rstrip("/").rpartition(":")[2]), process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def port(home: Path) -> Iterator[int]:
    with served(home) as (number, _):
        yield number


def fetch(port: int, path: str, method: str = "GET", host: str = "") -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request(method, path, headers={"Host": host} if host else {})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/", "/style.css", "/decisions/none", "/people/none", "/none", "/?before=x"]
)
def test_every_answer_lets_nothing_else_in(port: int, method: str, path: str) -> None:
    response, _ = fetch(port, path, method)

    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.status in ({200, 400, 404} if method == "GET" else {404, 405})


def test_links_lead_from_the_list_to_receipt_person_and_signal(port: int) -> None:
    _, listing = fetch(port, "/")
    receipt = re.search(r"/decisions/\w+", listing)
    assert receipt

    response, page = fetch(port, receipt[0])
    links = {link for link in re.findall(r'href="(/[^"]*)"', page) if link != "/style.css"}
    statuses = {link: fetch(port, link)[0].status for link in links}

    assert response.status == 200
    assert any(link.startswith("/people/") for link in links)
    assert any(link.startswith("/signals/") for link in links)
    assert set(statuses.values()) == {200}


def test_words_from_outside_stay_words(port: int) -> None:
    _, listing = fetch(port, "/")
    receipt = re.search(r"/decisions/\w+", listing)
    assert receipt
    _, page = fetch(port, receipt[0])

    assert "Ann &lt;b&gt;Lee&lt;/b&gt;" in listing
    assert "Blub &lt;script&gt;" in page
    assert "<script" not in page


def test_a_person_is_shown_as_of_a_time(port: int) -> None:
    _, listing = fetch(port, "/")
    person = re.search(r"/people/\w+", listing)
    assert person

    _, now = fetch(port, person[0])
    _, before = fetch(port, f"{person[0]}?as_of=2026-10-01T00:00")

    assert "ann@x.io" in now
    assert "ann@x.io" not in before


def test_what_is_missing_is_a_page_with_a_sentence(port: int) -> None:
    response, page = fetch(port, "/decisions/none")

    assert response.status == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "There is no decision `none`" in page


def test_a_rebound_name_reads_nothing(port: int) -> None:
    response, page = fetch(port, "/", host="evil.example")

    assert response.status == 400
    assert "Ann" not in page


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(own_home: Path, name: signal.Signals) -> None:
    with served(own_home) as (port, process):
        fetch(port, "/")
        process.send_signal(name)
        _, errors = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 0, errors
    assert errors == ""


def test_it_stops_by_itself(own_home: Path) -> None:
    done = subprocess.run(
        command(own_home, "--for-seconds", "0.2"),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_a_home_that_runs_already_is_said_so(home: Path, port: int) -> None:
    done = subprocess.run(command(home), capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    assert done.returncode == 4
    assert "is in use by process" in json.loads(done.stdout)["error"]["message"]


def test_a_port_in_use_is_said_so(home: Path, port: int) -> None:
    done = subprocess.run(
        [*command(home)[:-2], "--home", str(home), "--port", str(port)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert done.returncode == 4
    assert "choose another with `--port`" in json.loads(done.stdout)["error"]["message"]
