"""What nobody knows of, from end to end: the page, the API and the command that say what became of it."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import segue
from segue.bootstrap import read_home
from segue.cli.commands import app
from segue.connectors.sandbox import Fault
from tests.e2e.browsing import START, Browser, as_demo
from tests.e2e.serving import a_key, served

RUNNER = CliRunner()


async def lose_answers(path: Path, *names: str) -> None:
    """Have an answer to each of these people get lost on the way, and looked up in vain."""
    async with segue.open(path, clock=segue.VirtualClock(START)) as running:
        assert running.sandbox is not None
        running.sandbox.fault("sms", Fault("reset", times=len(names)))
        for number, name in enumerate(names):
            who = [f"email:{name.lower()}@x.io"]
            facts = {"name": f"{name} Lee", "phone": f"+491511234567{number}"}
            text = {"channel": "sms", "text": "How much does it cost?"}
            await running.submit(
                [
                    segue.Signal("crm", f"p{name}", "profile.updated", who, START, {"facts": facts}),
                    segue.Signal("mail", f"m{name}", "message.received", who, START, text),
                ]
            )
        await running.settle(until=START + timedelta(days=2))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("effects") / "home"
    asyncio.run(lose_answers(path, "Ann", "Ben", "Eve"))
    as_demo(path)
    return path


@pytest.fixture(scope="module")
def port(home: Path) -> Iterator[int]:
    with served(home) as server:
        yield server.port


def unknown(home: Path) -> list[str]:
    with read_home(home) as readings:
        return [row.effect.id for row in readings.effects("unknown")]


def state_of(home: Path, effect_id: str) -> str:
    with read_home(home) as readings:
        return readings.effect(effect_id).state


def test_the_page_lists_what_nobody_knows_of_first_and_takes_an_operators_word(home: Path, port: int) -> None:
    browser, (effect_id, *_) = Browser(port), unknown(home)
    page = browser.get("/effects")

    answer = browser.send("/effects", f"/effects/{effect_id}/settle", word="happened")

    assert page.status == 200
    assert page.text.index('id="unknown"') < page.text.index('id="failed"')
    assert len(page.links("/decisions/")) >= 3
    assert not [word for word in ("Ann", "Ben", "Eve", "@x.io") if word in page.text]
    assert answer.place == "/effects?told=happened"
    assert "on the ledger as delivered" in browser.get(answer.place).text
    assert f"/effects/{effect_id}/settle" not in browser.get("/effects").text
    assert state_of(home, effect_id) == "delivered"


def test_a_second_click_changes_nothing_and_another_word_is_refused(home: Path, port: int) -> None:
    browser, (effect_id, *_) = Browser(port), unknown(home)
    token = browser.get("/effects").token
    path = f"/effects/{effect_id}/settle"

    wrong = browser.post(path, {"token": token, "word": "perhaps"})
    first, second = (browser.post(path, {"token": token, "word": word}) for word in ("did_not", "happened"))

    assert wrong.status == 400
    assert (first.place, second.place) == ("/effects?told=did_not", "/effects?told=late")
    assert state_of(home, effect_id) == "failed"
    assert browser.post("/effects/none/settle", {"token": token, "word": "happened"}).status == 404
    assert browser.get("/effects?state=failed").status == 200
    assert [browser.get(f"/effects?{query}").status for query in ("state=odd", "before=x")] == [400, 400]


def test_a_program_lists_and_settles(tmp_path: Path) -> None:
    path = tmp_path / "home"
    asyncio.run(lose_answers(path, "Ann"))
    as_demo(path)
    (effect_id,) = unknown(path)
    with served(path) as server:
        reads, server.key = a_key(path, "read"), a_key(path, "read", "act")
        listed = server.ask("GET", "/v1/effects?state=unknown").json["items"]
        forbidden = server.ask("POST", f"/v1/effects/{effect_id}/settle", {"word": "did_not"}, key=reads)
        done = server.ask("POST", f"/v1/effects/{effect_id}/settle", {"word": "did_not", "by": "rep:anna"})
        again = server.ask("POST", f"/v1/effects/{effect_id}/settle", {"word": "happened"})

        assert [item["id"] for item in listed] == [effect_id]
        assert forbidden.status == 403
        assert (done.status, done.json["state"]) == (200, "accepted")
        assert (again.status, again.json["code"]) == (409, "conflict")
        attempts = server.ask("GET", f"/v1/effects/{effect_id}").json["attempts"]
        assert attempts[-1]["detail"] == "rep:anna looked: it did not happen"


def test_a_command_settles_where_nothing_runs_the_home(tmp_path: Path) -> None:
    path = tmp_path / "home"
    asyncio.run(lose_answers(path, "Ann"))
    as_demo(path)
    (effect_id,) = unknown(path)
    words = ["effects", "settle", effect_id[:10], "--by", "rep:anna", "--home", str(path), "--json"]

    odd = RUNNER.invoke(app, [*words, "--as", "maybe"])
    done = RUNNER.invoke(app, [*words, "--as", "happened"])
    misplaced = RUNNER.invoke(app, ["effects", "--home", str(path), *words[1:5], "--as", "happened"])

    assert (odd.exit_code, misplaced.exit_code) == (2, 2)
    assert json.loads(done.stdout)["effect"] == effect_id
    assert state_of(path, effect_id) == "delivered"
