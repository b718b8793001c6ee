"""What Segue remembers is read and corrected by page, API and command line, by those who may."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import segue
from segue.cli.commands import app
from tests.e2e.browsing import START, Browser, as_demo, live
from tests.e2e.serving import Served, a_key, served

PASSWORD = "a long enough sentence"
WHO = "email:ann@x.io"
SAID = segue.Signal(
    "mail",
    "said",
    "message.received",
    [WHO],
    START,
    {"channel": "email", "text": "We are 40 people. My wife is in hospital, so no calls."},
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("memory") / "home"
    asyncio.run(live(path, SAID))
    as_demo(path)
    for role in ("viewer", "rep"):
        words = ["users", "add", role, "--role", role, "--password-stdin", "--home", str(path)]
        assert CliRunner().invoke(app, words, input=f"{PASSWORD}\n").exit_code == 0
    return path


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Served]:
    with served(home) as found:
        found.key = a_key(home)
        yield found


def signed_in(server: Served, name: str) -> Browser:
    browser = Browser(server.port)
    assert browser.sign_in(name, PASSWORD).status == 303
    return browser


def page_of(browser: Browser) -> str:
    return f"{browser.get('/decisions').links('/people/')[0]}/memory"


def item(server: Served, predicate: str) -> dict[str, Any]:
    card = server.ask("GET", f"/v1/people/{WHO}/memory").json
    found: dict[str, Any] = next(item for item in card["items"] if item["predicate"] == predicate)
    return found


def test_the_page_is_led_to_by_the_timeline_and_hides_what_is_personal_and_private(server: Served) -> None:
    browser = signed_in(server, "viewer")
    page = page_of(browser)

    shown = browser.get(page).text

    assert page in browser.get(page.removesuffix("/memory")).links("/people/")
    assert "size of the team" in shown
    assert [word for word in ("Ann", "ann@x.io", "hospital", "sensitive") if word in shown] == []
    assert '<form class="told-by"' not in shown


def test_a_rep_corrects_by_form_and_says_why(server: Served) -> None:
    browser = signed_in(server, "rep")
    page = page_of(browser)
    named = {"predicate": "team_size", "qualifier": "", "of": "person", "what": "correct"}

    unsaid = browser.send(page, page, **named, value="45", why=" ")
    wrong = browser.send(page, page, **named, value="many", why="on the phone")
    done = browser.send(page, page, **named, value="45", why="on the phone")

    assert unsaid.place.endswith("?told=why")
    assert wrong.status == 400
    assert done.place.endswith("?told=corrected")
    assert "It is corrected" in browser.get(done.place).text
    found = item(server, "team_size")
    assert (found["value"], found["trust"], found["words"]) == (45, "verified", "on the phone")


def test_a_viewer_and_a_form_of_another_site_correct_nothing(server: Served) -> None:
    fields = {"predicate": "team_size", "value": "1", "why": "x", "what": "correct"}
    viewer, rep = signed_in(server, "viewer"), signed_in(server, "rep")
    page = page_of(viewer)

    answers = [
        viewer.post(page, {"token": viewer.get("/you").token, **fields}),
        rep.post(page, fields),
        rep.post(page, {"token": rep.get("/you").token, **fields}, Sec_Fetch_Site="cross-site"),
    ]

    assert {answer.status for answer in answers} == {403}
    assert item(server, "team_size")["value"] != 1


def test_the_api_corrects_and_forgets_with_a_reason(server: Served) -> None:
    path = f"/v1/people/{WHO}/memory"
    body = {"predicate": "location", "value": "Lyon", "why": "told at the fair", "by": "rep:tom"}

    done = server.ask("POST", f"{path}/correct", body)
    found = item(server, "location")
    gone = server.ask("POST", f"{path}/forget", {"predicate": "location", "why": "she moved"})
    left = [item["predicate"] for item in server.ask("GET", path).json["items"]]

    assert (done.status, done.json["state"], gone.status) == (200, "accepted", 200)
    assert (found["value"], found["group"], found["tell"]) == ("Lyon", "told", "person")
    assert "location" not in left


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"predicate": "location", "value": "Lyon", "why": ""}, 422),
        ({"predicate": "locality", "value": "Lyon", "why": "x"}, 404),
        ({"predicate": "consent.email", "value": "granted", "why": "x"}, 422),
        ({"predicate": "team_size", "value": "many", "why": "x"}, 422),
        ({"predicate": "team_size", "value": None, "why": "x"}, 422),
    ],
)
def test_the_api_says_what_cannot_be_corrected(server: Served, body: dict[str, Any], status: int) -> None:
    answer = server.ask("POST", f"/v1/people/{WHO}/memory/correct", body)

    assert answer.status == status
    assert answer.json["detail"]


def test_a_key_that_only_reads_corrects_nothing(home: Path, server: Served) -> None:
    key = a_key(home, "read")
    body = {"predicate": "location", "value": "Lyon", "why": "x"}

    assert server.ask("GET", f"/v1/people/{WHO}/memory", key=key).status == 200
    assert server.ask("POST", f"/v1/people/{WHO}/memory/correct", body, key=key).status == 403


def test_the_command_corrects_where_no_server_runs(tmp_path: Path) -> None:
    home = tmp_path / "home"
    asyncio.run(live(home, SAID))

    def segue_memory(*words: str) -> Any:
        return CliRunner().invoke(app, ["memory", WHO, *words, "--home", str(home), "--json"])

    named = ("--why", "on the phone", "--by", "rep:anna")
    nameless = segue_memory("--correct", "team_size", "45", "--why", "on the phone")
    done = segue_memory("--correct", "team_size", "45", *named)
    gone = segue_memory("--forget", "sensitive.health", *named)
    card = {item["predicate"]: item for item in json.loads(segue_memory().stdout)["items"]}

    assert nameless.exit_code == 2
    assert json.loads(done.stdout)["state"] == json.loads(gone.stdout)["state"] == "accepted"
    assert (card["team_size"]["value"], card["team_size"]["source"]) == (45, "segue.memory")
    assert "sensitive.health" not in card
