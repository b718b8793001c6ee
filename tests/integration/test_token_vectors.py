"""Token vectors: kept where the switch is on, used by recall, made for old messages, gone with the person."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import segue
from segue.bootstrap import create_home, read_home, rebuild, replay
from segue.bootstrap.operations.doctor import examine
from segue.bootstrap.operations.erasing import erase
from segue.bootstrap.operations.retention import retain
from segue.cli.commands import app as cli
from segue.core.ids import IdKey
from segue.core.records.events import Perceived
from segue.encoder import OnnxTokenEncoder
from segue.graph.recall import BYTES_AT_MOST, packed_meaning
from segue.stores.db import Db

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
IDS = IdKey(b"a fixed key for tests")
ANN, BEN = "email:ann@x.io", "email:ben@y.io"
OLD = (
    (ANN, "We lack the funds for another licence this quarter."),
    (ANN, "The weather in Lyon was lovely."),
    (BEN, "The onboarding went smoothly."),
)


def a_home(path: Path, *, on: bool) -> Path:
    create_home(path, id_key=IDS)
    switch(path, on=on)
    return path


def switch(home: Path, *, on: bool) -> None:
    settings = home / "playbook" / "settings.yaml"
    kept = settings.read_text(encoding="utf-8").partition("recall:")[0]
    settings.write_text(f"{kept}recall: {{tokens: {str(on).lower()}}}\n", encoding="utf-8")


async def live(home: Path, *texts: tuple[str, str], days: int = 0) -> None:
    async with segue.open(home, clock=segue.VirtualClock(START + timedelta(days=days))) as app:
        for number, (who, text) in enumerate(texts):
            at = START + timedelta(days=days, hours=number)
            body = {"channel": "email", "text": text, "thread": f"{days}-{number}"}
            await app.submit([segue.Signal("t", f"{days}-{number}", "message.received", [who], at, body)])
            await app.settle(until=at + timedelta(minutes=30))


def kept(home: Path) -> dict[str, bytes]:
    db = Db(home / "segue.db", read_only=True)
    try:
        rows = db.run_text("SELECT text, vectors FROM token_vectors JOIN messages USING (pos)")
        assert len(rows) == db.run_text("SELECT count(*) FROM token_vectors")[0][0]
        return dict(rows)
    finally:
        db.close()


def perceived(home: Path) -> Iterator[Perceived]:
    with read_home(home) as readings, readings.store.read() as reader:
        for row in reader.log():
            if isinstance(row.event, Perceived):
                yield row.event


def found(home: Path, query: str) -> list[str]:
    with read_home(home) as readings:
        return [one.text for one in readings.recall(ANN, query)]


async def test_recall_by_token_vectors_is_recorded_and_replay_needs_no_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = a_home(tmp_path / "home", on=True)
    await live(home, *OLD, (ANN, "Is there not enough money?"))
    model = OnnxTokenEncoder().model

    *_, last = perceived(home)
    monkeypatch.setattr(OnnxTokenEncoder, "tokens", lambda *_: pytest.fail("replay read a text"))
    report = replay(home)

    assert last.recalled_by == model
    with read_home(home) as readings, readings.store.read() as reader:
        best, _ = reader.recalled(last.signal_id).found[0]
    assert best.text == OLD[0][1]
    assert (report.different, report.not_replayable, report.steps > 0) == ([], 0, True)


async def test_vectors_are_those_of_the_words_and_small(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", on=True)
    await live(home, *OLD)
    encoder = OnnxTokenEncoder()

    vectors = kept(home)

    for _, text in OLD:
        assert vectors[text] == packed_meaning(encoder.tokens(text))
    assert max(map(len, vectors.values())) <= BYTES_AT_MOST


async def test_without_the_switch_nothing_is_kept_and_words_alone_decide(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", on=False)
    await live(home, *OLD, (ANN, "Is there not enough money?"))

    assert kept(home) == {}
    assert {event.recalled_by for event in perceived(home)} == {""}
    assert OLD[0][1] not in found(home, "Is there not enough money?")


async def test_what_was_stored_before_the_switch_is_made_up_for(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", on=False)
    await live(home, *OLD)
    switch(home, on=True)
    assert [
        (item.state, "0 of" in item.said)
        for item in examine(home, segue.VirtualClock(START))
        if item.check == "token vectors"
    ] == [("warn", True)]

    await live(home, (BEN, "Hello again."), days=1)

    assert {text for _, text in OLD} < set(kept(home))
    assert found(home, "Is there not enough money?")[0] == OLD[0][1]


async def test_filling_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", on=True)
    await live(home, *OLD)
    whole = kept(home)
    db = Db(home / "segue.db")
    db.run_text("DELETE FROM token_vectors WHERE pos IN (SELECT pos FROM messages ORDER BY pos DESC LIMIT 2)")
    db.close()

    done = CliRunner().invoke(cli, ["vectors", "--fill", "--home", str(home)])

    assert done.exit_code == 0
    assert "5 of 5 messages have token vectors" in done.stdout
    assert kept(home) == whole


async def test_on_the_systems_clock_they_are_made_beside_the_steps(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", on=True)
    at = datetime.now(UTC)

    async with segue.open(home) as app:
        for number, (who, text) in enumerate(OLD):
            body = {"channel": "email", "text": text}
            await app.submit([segue.Signal("t", f"{number}", "message.received", [who], at, body)])
        await app.settle()

    assert {text for _, text in OLD} <= set(kept(home))


async def test_a_rebuild_keeps_them_and_an_erasure_leaves_no_byte(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", on=True)
    await live(home, *OLD)
    before = kept(home)
    gone = [before[text] for who, text in OLD if who == ANN]

    assert rebuild(home).equal
    rebuilt = kept(home)
    erase(home, ANN, segue.VirtualClock(START + timedelta(days=1)))

    assert rebuilt == before
    assert kept(home)[OLD[2][1]] == before[OLD[2][1]]
    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    for vectors in gone:
        assert not any(vectors[start : start + 32] in data for data in files for start in (0, 64, 128))


async def test_vectors_of_words_that_expire_go_with_them(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", on=True)
    await live(home, *OLD)
    await live(home, (ANN, "The contract is signed."), days=50)
    gone = [kept(home)[text] for _, text in OLD]
    settings = home / "playbook" / "settings.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + "retention: {messages: 30d}\n", encoding="utf-8"
    )

    retain(home, segue.VirtualClock(START + timedelta(days=51)), dry_run=False)

    assert "The contract is signed." in kept(home)
    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    for vectors in gone:
        assert not any(vectors[:32] in data for data in files)
