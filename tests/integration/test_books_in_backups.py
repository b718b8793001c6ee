"""Databases of doors and tools in a backup: none knows more than the log, no way in outlives a restore."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import segue
from segue.bootstrap import App, ChatRoom, DoorSettings, Entry, Home
from segue.bootstrap.operations.backup import backup
from segue.bootstrap.operations.restore import restore
from segue.bootstrap.way_out import Choice, WayOut
from segue.connectors.email import Book
from segue.connectors.email.book import Place
from segue.connectors.webchat import ChatBook, WebChat
from segue.core.ids import IdKey
from segue.core.units import Instant, to_instant
from segue.privacy import Subscription
from segue.privacy.links import sign
from segue.stores import read_master_key
from segue.stores.doors import (
    Answer,
    Answers,
    DoorsDb,
    Reveals,
    Sessions,
    Wish,
    keep_wishes,
    waiting_wishes,
    wishes_done,
)

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
NOW = to_instant(START)
SITE = "https://www.example.com"
IDS = IdKey(b"a fixed key for tests")


@dataclass(frozen=True)
class Doors:
    """A running home with its chat and its way out."""

    app: App
    room: ChatRoom
    way_out: WayOut


@asynccontextmanager
async def running(home: Path, minutes: float = 0.0) -> AsyncIterator[Doors]:
    clock = segue.VirtualClock(START + timedelta(minutes=minutes))
    book, db = ChatBook(Home(home).chat), DoorsDb(Home(home).doors)
    chat = WebChat(book, clock)
    async with segue.open(home, clock=clock, id_key=None, own={"chat": chat}) as app:
        yield Doors(app, ChatRoom(app, chat, DoorSettings()), WayOut(app, db))
    book.close()
    db.close()


def entry(token: str = "", link: str = "") -> Entry:
    return Entry(origin=SITE, token=token, link=link)


def backed_up(home: Path, minutes: float = 0.0, name: str = "1") -> tuple[Path, Path]:
    to, keys_to = home.parent / f"log-{name}", home.parent / f"keys-{name}"
    backup(home, to, keys_to, segue.VirtualClock(START + timedelta(minutes=minutes)))
    return to, keys_to


def restored(home: Path, to: Path, keys_to: Path, minutes: float) -> Path:
    made = home.parent / "restored"
    clock = segue.VirtualClock(START + timedelta(minutes=minutes))
    restore(to, keys_to, made, master_key=home / "master.key", clock=clock)
    return made


async def a_home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    segue.bootstrap.create_home(home, id_key=IDS)
    async with running(home) as doors:
        await doors.app.settle()
    return home


# --- who is let in after a restore --------------------------------------------------------------------


async def test_a_conversation_goes_on_after_a_restore_but_no_link_and_no_later_token_opens_one(
    tmp_path: Path,
) -> None:
    home = await a_home(tmp_path)
    async with running(home) as doors:
        known = await doors.room.enter(entry())
        await doors.room.say(known.token, "m1", "Where is our data stored?")
        link, _ = doors.room.link(known.token)
    halves = backed_up(home, 1)
    async with running(home, 2) as doors:
        lost = await doors.room.enter(entry())

    made = restored(home, *halves, minutes=3)

    async with running(made, 4) as doors:
        room = doors.room
        stranger = await room.enter(entry())
        again, by_link = await room.enter(entry(known.token)), await room.enter(entry(link=link))
        late = await room.enter(entry(lost.token))
        said = [line.text for line in room.chat.book.after(again.visitor.id, 0)]
        fresh = await room.enter(entry(link=room.link(known.token)[0]))
    assert again.visitor.id == fresh.visitor.id == known.visitor.id
    assert "Where is our data stored?" in said
    others = {stranger.visitor.id, by_link.visitor.id, late.visitor.id}
    assert len(others) == 3
    assert not others & {known.visitor.id, lost.visitor.id}


async def test_whoever_was_signed_in_is_not_and_nobodys_data_stay_open(tmp_path: Path) -> None:
    home = await a_home(tmp_path)
    db = DoorsDb(Home(home).doors)
    cookie = Sessions(db).start("anna", NOW)
    Reveals(db).add("anna", "p1", b"browser", NOW)
    db.close()

    made = restored(home, *backed_up(home), minutes=1)

    db = DoorsDb(Home(made).doors)
    later = Instant(NOW + 60_000_000)
    assert Sessions(db).find(cookie, later) is None
    assert Reveals(db).open_to(b"browser", later) == frozenset()
    assert [(item.by, item.whom) for item in Reveals(db).newest(10)] == [("anna", "p1")]
    db.close()


async def test_an_unsubscribe_link_of_the_lost_time_works_before_its_person_is_known_again(
    tmp_path: Path,
) -> None:
    home = await a_home(tmp_path)
    halves = backed_up(home)
    ann = segue.Signal("crm", "1", "profile.updated", ["email:ann@x.io"], START, {"facts": {"name": "Ann"}})
    async with running(home, 1) as doors:
        await doors.app.submit([ann])
        await doors.app.settle()
        profile = doors.app.person("email:ann@x.io").profile_ids[0]
        token = sign(doors.app.ids, Subscription(profile, "acme", "commercial", "email"))

    made = restored(home, *halves, minutes=2)

    async with running(made, 3) as doors:
        found = doors.way_out.subscription(token)
        assert found is not None
        own = Choice(found.brand, found.channel, found.purpose)
        await doors.way_out.wish(found.profile_id, "withdrawn", [own], "one-click")
        await doors.app.submit([ann])
        await doors.app.settle()
        standing = doors.way_out.standing(doors.app.person("email:ann@x.io").profile_ids[0])
    assert standing is not None
    assert standing.allows(own) is False


# --- nothing in a backup knows more than its log ------------------------------------------------------


async def test_how_far_a_mailbox_was_read_and_waiting_wishes_are_copied_before_the_log(
    tmp_path: Path,
) -> None:
    home = await a_home(tmp_path)
    mail, doors = Book(Home(home).email, IDS), DoorsDb(Home(home).doors)
    wish = Wish("w", "p", "acme", "email", "", "withdrawn", "one-click", NOW)
    mail.keep_place("INBOX", Place(7, 10, NOW))
    keep_wishes(doors, [wish])

    def meanwhile(what: str, _done: int, _total: int) -> None:
        if what == "keys":  # the log is copied: what comes now is not in it
            mail.keep_place("INBOX", Place(7, 11, NOW))
            wishes_done(doors, ["w"])

    backup(home, tmp_path / "log", tmp_path / "keys", segue.VirtualClock(START), meanwhile)

    mail.close()
    doors.close()
    made = restored(home, tmp_path / "log", tmp_path / "keys", minutes=1)
    mail, doors = Book(Home(made).email, IDS), DoorsDb(Home(made).doors)
    assert mail.place("INBOX") == Place(7, 10, NOW)
    assert waiting_wishes(doors, 10) == [wish]
    mail.close()
    doors.close()


async def test_files_of_a_later_backup_do_not_hide_what_the_log_lost(tmp_path: Path) -> None:
    home = await a_home(tmp_path)
    to, _ = backed_up(home, 1, "1")
    async with running(home, 2) as doors:
        view = {"path": "/docs"}
        await doors.app.submit([segue.Signal("web", "1", "page.viewed", ["email:a@x.io"], START, view)])
        await doors.app.settle()
    mail = Book(Home(home).email, IDS)
    mail.keep_place("INBOX", Place(7, 30, to_instant(START + timedelta(minutes=20))))
    mail.close()
    db = DoorsDb(Home(home).doors)
    answers = Answers(db, read_master_key(home))
    answers.begin("key", "once", b"asked", NOW)
    answers.end("key", "once", Answer(200, "application/json", b"{}"))
    db.close()
    _, keys_to = backed_up(home, 30, "2")

    made = restored(home, to, keys_to, minutes=31)

    mail, db = Book(Home(made).email, IDS), DoorsDb(Home(made).doors)
    place = mail.place("INBOX")
    assert place is not None
    assert (place.validity, place.at) == (0, to_instant(START + timedelta(minutes=1)))
    again = Answers(db, read_master_key(made)).begin("key", "once", b"asked", NOW)
    assert not isinstance(again, Answer)
    mail.close()
    db.close()


async def test_every_database_of_a_home_is_in_its_backup(tmp_path: Path) -> None:
    home = await a_home(tmp_path)
    Book(Home(home).email, IDS).close()
    shutil.copy(home / "master.key", tmp_path / "master.key")

    made = restored(home, *backed_up(home), minutes=1)

    names = {path.name for path in Home(home).books}
    assert names == {"chat.db", "doors.db", "email.db", "sandbox.db"}
    assert {path.name for path in home.glob("*.db")} == names | {"segue.db", "keys.db"}
    assert {path.name for path in Home(made).books} == names


async def test_a_backup_names_the_files_beside_the_keys_that_can_be_read_as_they_are(tmp_path: Path) -> None:
    home = await a_home(tmp_path)
    async with running(home) as doors:
        visitor = await doors.room.enter(entry())
        await doors.room.say(visitor.token, "m1", "Quokkas ate our invoice")

    report = backup(home, tmp_path / "log", tmp_path / "keys", segue.VirtualClock(START))

    beside = [path for path in (tmp_path / "keys").rglob("*") if path.is_file()]
    assert report.in_the_clear == ("chat.db", "sandbox.db")
    assert {path.name for path in beside if b"Quokkas" in path.read_bytes()} == {"chat.db"}
