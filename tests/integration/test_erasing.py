"""Erasing a person: no word of theirs is left in any file, others stay, and an opt-out outlives them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import segue
from segue.bootstrap import ChatRoom, DoorSettings, Entry, Home, create_home, read_home, rebuild, replay
from segue.bootstrap.operations.backup import backup
from segue.bootstrap.operations.erasing import erase
from segue.bootstrap.operations.restore import restore
from segue.cli.commands import app as cli
from segue.connectors.email import Book
from segue.connectors.webchat import ChatBook, WebChat
from segue.core.errors import LockedError, MissingError
from segue.core.ids import IdKey
from segue.core.units import to_instant
from segue.privacy import suppression_key
from segue.privacy.vouching import signature
from segue.stores.doors import DoorsDb, Wish, keep_wishes, waiting_wishes

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
LATER = segue.VirtualClock(START + timedelta(days=1))
NOW = to_instant(START)
IDS = IdKey(b"a fixed key for tests")
SITE = "https://www.example.com"
PHONE = "phone:+4915199988877"
ANN, BEN = "email:quillabeth@zanzibar.example", "email:ben@birch.example"
WORDS = (b"quillabeth", b"Quillabeth", b"Wolkenstein", b"zanzibar.example", b"4915199988877", b"flamingo")
"""What tells Ann: her name, address and number, and a word that only she said."""


def root(number: int, who: str) -> str:
    return f"root-{number}@{who.partition('@')[2]}"


def said(number: int, who: str, channel: str, text: str) -> segue.Signal:
    body = {"channel": channel, "text": text, "thread": root(number, who)}
    return segue.Signal("t", f"m{number}", "message.received", [who], START, body)


async def live(home: Path) -> None:
    """Ann writes by mail, by SMS and in the chat and gets answers; Ben does too."""
    create_home(home, id_key=IDS)
    clock, book = segue.VirtualClock(START), ChatBook(Home(home).chat)
    chat = WebChat(book, clock)
    async with segue.open(home, clock=clock, own={"chat": chat}) as app:
        room = ChatRoom(app, chat, DoorSettings())
        ann = {"name": "Quillabeth Wolkenstein", "email": ANN.partition(":")[2], "phone": "+4915199988877"}
        ben = {"name": "Ben Birch", "email": BEN.partition(":")[2]}
        await app.submit(
            [
                segue.Signal("crm", "1", "profile.updated", [ANN, PHONE], START, {"facts": ann}),
                segue.Signal("crm", "2", "profile.updated", [BEN], START, {"facts": ben}),
                said(1, ANN, "email", "How much does it cost? Our flamingo wants to know."),
                said(2, BEN, "email", "How much does it cost?"),
                said(3, ANN, "email", "I want a refund for the unused seats of the flamingo."),
                segue.Signal(
                    *("crm", "3", "consent.changed", [ANN], START),
                    {"channel": "email", "state": "withdrawn", "purpose": "commercial"},
                ),
            ]
        )
        for address in (ann["email"], ben["email"]):
            proof = signature(room.secret_of(SITE), "", address)
            entered = await room.enter(Entry(origin=SITE, email=address, signature=proof))
            animal = "flamingo" if address == ann["email"] else "heron"
            await room.say(entered.token, "m1", f"Where is our data stored? Ask the {animal}.")
        await app.settle(until=START + timedelta(hours=2))
        mail, doors = Book(Home(home).email, IDS), DoorsDb(Home(home).doors)
        for number, who in ((1, ANN), (2, BEN)):
            mail.keep_thread(f"m{number}@x", root(number, who), NOW)
            profile = app.person(who).profile_ids[0]
            keep_wishes(doors, [Wish(f"w{number}", profile, "", "all", "", "withdrawn", "page", NOW)])
        mail.close()
        doors.close()
    book.close()


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    await live(tmp_path / "home")
    return tmp_path / "home"


def left(home: Path) -> dict[str, list[bytes]]:
    """Words of Ann's by the file they still stand in."""
    found = {}
    for path in home.rglob("*"):
        if path.is_file() and (words := [word for word in WORDS if word in path.read_bytes()]):
            found[path.name] = words
    return found


def test_no_word_is_left_in_any_file_and_others_stay(home: Path) -> None:
    before = left(home)

    report = erase(home, ANN, LATER)

    assert {"segue.db", "chat.db", "sandbox.db"} <= {name.removesuffix("-wal") for name in before}
    assert left(home) == {}
    assert report.profiles >= 1
    assert set(report.files) == {"chat.db", "doors.db", "email.db", "sandbox.db"}
    with read_home(home) as readings:
        with pytest.raises(MissingError):
            readings.person(ANN)
        ben = readings.person(BEN)
    chat, mail, doors = ChatBook(Home(home).chat), Book(Home(home).email, IDS), DoorsDb(Home(home).doors)
    assert b"heron" in (home / "chat.db").read_bytes()
    assert (mail.thread("m1@x"), mail.thread("m2@x")) == ("", root(2, BEN))
    assert [wish.profile for wish in waiting_wishes(doors, 10)] == [ben.profile_ids[0]]
    for book in (chat, mail, doors):
        book.close()
    assert rebuild(home).equal


async def test_a_colleagues_decisions_replay_or_are_told_as_not_replayable(tmp_path: Path) -> None:
    path, start = tmp_path / "pair", datetime(2026, 10, 5, 8, tzinfo=UTC)
    told = (("zed", "We are 40 people."), ("bob", "Ask me again in March. We use Asana."))
    async with segue.open(path, clock=segue.VirtualClock(start)) as app:
        for number, (who, text) in enumerate(told):
            ids, body = (f"email:{who}@qq.io", "account:qq"), {"channel": "email", "text": text}
            at = start + timedelta(hours=2 * number)
            await app.settle(until=at)
            await app.submit([segue.Signal("mail", who, "message.received", ids, at, body)])
        await app.settle(until=start + timedelta(hours=4))
    before = replay(path)

    erase(path, "email:zed@qq.io", LATER)
    after = replay(path)

    assert before.decisions == before.identical > 0
    assert (after.different, after.decisions) == ([], after.identical)
    assert after.not_replayable > before.not_replayable


def test_an_opt_out_outlives_its_person(home: Path) -> None:
    report = erase(home, ANN, LATER)

    with read_home(home) as readings:
        tombstones = readings.store.tombstones()
    assert report.suppressed == len(tombstones) > 0
    assert suppression_key(IDS.identifier_hash(ANN), "email") in tombstones


def test_a_restore_forgets_in_every_file_who_was_erased_since(home: Path) -> None:
    to, keys_to, made = home.parent / "log", home.parent / "keys", home.parent / "restored"
    backup(home, to, keys_to, LATER)
    erase(home, ANN, LATER)

    restore(to, keys_to, made, master_key=home / "master.key", clock=LATER, tombstones=home)

    assert left(made) == {}
    assert b"heron" in (made / "chat.db").read_bytes()


async def test_a_running_home_is_not_touched(home: Path) -> None:
    async with segue.open(home, clock=segue.VirtualClock(START + timedelta(days=1))) as app:
        with pytest.raises(LockedError):
            erase(home, ANN, LATER)
        assert app.person(ANN).facts


def test_the_command_wants_the_name_twice(home: Path) -> None:
    words = ["erase", ANN, "--home", str(home), "--json"]

    once = CliRunner().invoke(cli, words)
    twice = CliRunner().invoke(cli, [*words, "--yes", ANN])
    again = CliRunner().invoke(cli, [*words, "--yes", ANN])

    assert (once.exit_code, twice.exit_code, again.exit_code) == (2, 0, 3)
    assert json.loads(twice.stdout)["profiles"] >= 1
