"""The pages as a browser meets them: a real home and process on loopback, strict headers, an orderly end."""

import asyncio
import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.browsing import PATIENCE_S, Browser, as_demo, live, serve_command, served

NAME = "Ann <b>Lee</b>"
WORDS = "Blub <script>alert(1)</script>. We want to cancel our contract."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "home"
    asyncio.run(live(path, name=NAME, words=WORDS))
    as_demo(path)
    return path


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy that no other server runs."""
    return shutil.copytree(home, tmp_path / "home")


@pytest.fixture(scope="module")
def port(home: Path) -> Iterator[int]:
    with served(home) as (number, _):
        yield number


@pytest.fixture
def browser(port: int) -> Browser:
    return Browser(port)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/style.css",
        "/decisions",
        "/decisions/none",
        "/people/none",
        "/accounts/none",
        "/approvals/none",
        "/a/none",
        "/none",
        "/decisions?before=x",
    ],
)
def test_every_answer_lets_nothing_else_in(browser: Browser, method: str, path: str) -> None:
    answer = browser.get(path, method)

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.status in ({200, 400, 404} if method == "GET" else {404, 405})


def test_links_lead_from_the_first_page_to_receipt_person_account_and_signal(browser: Browser) -> None:
    receipt = browser.get("/").links("/decisions/")[0]

    page = browser.get(receipt)
    links = {link.partition("#")[0] for link in page.links("/") if not link.startswith("/style.css")}
    statuses = {link: browser.get(link).status for link in links}

    assert page.status == 200
    for kind in ("/people/", "/signals/", "/accounts/", "/approvals", "/decisions"):
        assert any(link.startswith(kind) for link in links), kind
    assert set(statuses.values()) == {200}


def test_words_from_outside_stay_words(browser: Browser) -> None:
    receipt = browser.get("/decisions?mode=approve").links("/decisions/")[0]
    person = browser.get(receipt).links("/people/")[0]
    browser.send(receipt, "/reveal", whom=person.rpartition("/")[2])

    listing, page = browser.get("/decisions"), browser.get(receipt)

    assert "Ann &lt;b&gt;Lee&lt;/b&gt;" in listing.text
    assert "Blub &lt;script&gt;alert(1)&lt;/script&gt;." in page.text
    assert "<script" not in listing.text + page.text


def test_a_person_is_shown_as_of_a_time(browser: Browser) -> None:
    person = browser.get("/decisions").links("/people/")[0]
    browser.send(person, "/reveal", whom=person.rpartition("/")[2])

    now, before = browser.get(person), browser.get(f"{person}?as_of=2026-10-01T00:00")

    assert "ann@x.io" in now.text
    assert "ann@x.io" not in before.text


def test_what_is_missing_is_a_page_with_a_sentence(browser: Browser) -> None:
    answer = browser.get("/decisions/none")

    assert answer.status == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "There is no decision `none`" in answer.text


def test_a_rebound_name_reads_nothing(port: int) -> None:
    answer = Browser(port, host="evil.example").get("/")

    assert answer.status == 400
    assert "Xylo" not in answer.text


def test_the_style_sheet_is_kept_by_its_name_alone(browser: Browser) -> None:
    (named,) = browser.get("/").links("/style.css")

    assert "immutable" in browser.get(named).headers["cache-control"]
    assert browser.get("/style.css").headers["cache-control"] == "no-store"
    assert browser.get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(own_home: Path, name: signal.Signals) -> None:
    with served(own_home) as (port, process):
        Browser(port).get("/")
        process.send_signal(name)
        _, errors = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 0, errors
    assert errors == ""


def test_it_stops_by_itself(own_home: Path) -> None:
    done = subprocess.run(
        serve_command(own_home, "--for-seconds", "0.2"),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_a_home_that_runs_already_is_said_so(home: Path, port: int) -> None:
    done = subprocess.run(
        serve_command(home), capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )

    assert done.returncode == 4
    assert "is in use by process" in json.loads(done.stdout)["error"]["message"]


def test_a_port_in_use_is_said_so(home: Path, port: int) -> None:
    done = subprocess.run(
        serve_command(home, "--port", str(port)),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert done.returncode == 4
    assert "choose another with `--port`" in json.loads(done.stdout)["error"]["message"]
