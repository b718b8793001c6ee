"""A watched mailbox: each mail is submitted once, through lost connections, restarts and renumbering."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from segue.connectors.email import Book, EmailForm, EmailInlet, People
from segue.core.errors import BusyError
from segue.core.records.signals import NewSignal
from segue.core.units import SECOND, Instant
from segue.runtime.admission import Accepted
from segue.runtime.clock import SystemClock
from tests.mails import IDS, KEY, OURS, a_bounce, a_mail
from tests.mailserver import LOGIN, MailServer, a_mail_server

USER, PASSWORD = LOGIN
PERSON = f"profile:{'0' * 26}"
KNOWN = {"email:ann@alder.test"}


class QuickClock(SystemClock):
    """The system's clock, with waits cut short."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, 0.02))


class Door:
    """Takes signals as the app would, or is busy for a while."""

    def __init__(self) -> None:
        self.taken: list[NewSignal] = []
        self.busy = 0

    async def submit(self, signals: Sequence[NewSignal]) -> list[Accepted]:
        if self.busy:
            self.busy -= 1
            raise BusyError("too much waits")
        self.taken += signals
        return [Accepted("s", "accepted") for _ in signals]

    async def has(self, count: int) -> list[NewSignal]:
        for _ in range(500):
            if len(self.taken) >= count:
                return self.taken
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.taken)} of {count} signals came")


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    async with a_mail_server() as made:
        yield made


def a_form(server: MailServer, **mailbox: Any) -> EmailForm:
    login = {"host": "127.0.0.1", "security": "plain", "user": USER, "password": "env:MAIL_PASSWORD"}
    return EmailForm.model_validate(
        {"smtp": {**login, "port": server.smtp_port}, "imap": {**login, "port": server.imap_port, **mailbox}}
    )


@asynccontextmanager
async def watching(
    server: MailServer, door: Door, book: Book | None = None, **mailbox: Any
) -> AsyncIterator[Book]:
    """Watch the mailbox inside the block, from when the folder is open."""
    kept = book or Book(None, IDS)
    form = a_form(server, **mailbox)
    assert form.imap is not None
    opened = asyncio.Event()
    inlet = EmailInlet(
        form,
        form.imap,
        People(lambda ids: bool(KNOWN.intersection(ids)), lambda effect: PERSON if effect == KEY else ""),
        IDS,
        clock=QuickClock(),
        book=kept,
        note=lambda event, fields: opened.set() if event == "inlet_open" else None,
    )
    task = asyncio.create_task(inlet.run(door.submit))
    try:
        await asyncio.wait_for(opened.wait(), 5)
        yield kept
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        if book is None:
            kept.close()


@pytest.mark.parametrize("idles", [True, False], ids=["IDLE", "polling"])
async def test_a_mail_becomes_a_signal_as_soon_as_it_comes(server: MailServer, *, idles: bool) -> None:
    server.idles, door = idles, Door()

    async with watching(server, door):
        server.deliver(a_mail("Hello", Message_ID="<m1@alder.test>"))
        (first,) = await door.has(1)
        server.deliver(a_mail("Again", Message_ID="<m2@alder.test>"))
        _, second = await door.has(2)

    assert (first.body["text"], second.body["text"]) == ("Hello", "Again")


async def test_nothing_in_the_mailbox_is_marked_or_removed(server: MailServer) -> None:
    door = Door()
    async with watching(server, door):
        server.deliver(a_mail())
        await door.has(1)

    verbs = {
        line.split(" ", 1)[1].removeprefix("UID ").split(" ")[0] for line in server.commands if " " in line
    }
    assert not verbs & {"SELECT", "STORE", "EXPUNGE", "COPY", "MOVE", "APPEND", "DELETE"}
    assert all("PEEK" in line for line in server.commands if " FETCH " in line)


async def test_strangers_own_mails_and_receipts_are_counted_only(server: MailServer) -> None:
    door = Door()
    async with watching(server, door) as book:
        server.deliver(a_mail(From="eve@elsewhere.test"))
        server.deliver(a_mail(**{"Message-ID": OURS}))
        server.deliver(a_bounce("delivered", "2.0.0", "250 ok"))
        server.deliver(a_mail())
        (signal,) = await door.has(1)
        await asyncio.sleep(0.1)
        counts = book.counts()

    assert signal.identifiers == ("email:ann@alder.test",)
    assert counts == {"unknown": 1, "own": 1, "receipt": 1, "accepted": 1}


async def test_a_bounce_names_the_person_the_effect_reached(server: MailServer) -> None:
    door = Door()
    async with watching(server, door):
        server.deliver(a_bounce())
        (signal,) = await door.has(1)

    assert (signal.kind, signal.subject) == ("message.bounced", PERSON)


async def test_a_lost_connection_is_made_again_and_loses_nothing(server: MailServer) -> None:
    door = Door()
    async with watching(server, door):
        server.deliver(a_mail("one", Message_ID="<m1@alder.test>"))
        await door.has(1)
        server.drop_connections()
        server.deliver(a_mail("two", Message_ID="<m2@alder.test>"))
        found = await door.has(2)

    assert [item.body["text"] for item in found] == ["one", "two"]


async def test_a_restart_reads_on_where_it_was(server: MailServer, tmp_path: Path) -> None:
    door, path = Door(), tmp_path / "email.db"
    server.deliver(a_mail("before anybody listened", Message_ID="<m0@alder.test>"))
    book = Book(path, IDS)
    async with watching(server, door, book):
        server.deliver(a_mail("one", Message_ID="<m1@alder.test>"))
        await door.has(1)
        await asyncio.sleep(0.1)
    book.close()
    server.deliver(a_mail("two", Message_ID="<m2@alder.test>"))

    book = Book(path, IDS)
    async with watching(server, door, book):
        found = await door.has(2)
    book.close()

    assert [item.body["text"] for item in found] == ["one", "two"]


async def test_while_nobody_takes_signals_the_mailbox_waits(server: MailServer) -> None:
    door = Door()
    door.busy = 3
    async with watching(server, door) as book:
        server.deliver(a_mail())
        await door.has(1)
        await asyncio.sleep(0.1)
        place = book.place("INBOX")

    assert place is not None
    assert place.uid == 101


async def test_a_place_is_kept_only_after_the_signal_is_on_disk(server: MailServer, tmp_path: Path) -> None:
    class Broken(Door):
        async def submit(self, signals: Sequence[NewSignal]) -> list[Accepted]:
            self.taken += signals
            raise OSError("the process ends here")

    broken, door, book = Broken(), Door(), Book(tmp_path / "email.db", IDS)
    async with watching(server, broken, book):
        server.deliver(a_mail())
        await broken.has(1)

    async with watching(server, door, book):
        (again,) = await door.has(1)

    assert again == broken.taken[0]
    book.close()


async def test_a_folder_that_was_numbered_anew_is_gone_through_again(
    server: MailServer, tmp_path: Path
) -> None:
    door, book = Door(), Book(tmp_path / "email.db", IDS)
    async with watching(server, door, book):
        server.deliver(a_mail("one", Message_ID="<m1@alder.test>"))
        await door.has(1)
        await asyncio.sleep(0.1)
    server.validity += 1
    server.deliver(a_mail("two", Message_ID="<m2@alder.test>"))

    async with watching(server, door, book):
        found = await door.has(3)

    assert [item.body["text"] for item in found] == ["one", "one", "two"]
    assert found[0] == found[1]
    book.close()


async def test_at_the_first_look_old_mails_can_become_history(server: MailServer) -> None:
    door = Door()
    server.deliver(a_mail("old", Message_ID="<m0@alder.test>"))
    async with watching(server, door, history_days=30):
        server.deliver(a_mail("new", Message_ID="<m1@alder.test>"))
        old, new = await door.has(2)

    assert (old.history, new.history) == (True, False)


async def test_a_thread_with_its_days_answers_is_a_loop(server: MailServer) -> None:
    door, book = Door(), Book(None, IDS)
    now = SystemClock().now()
    for number in range(10):
        book.keep_sent(f"k{number}", "<r>", KEY, Instant(now - number * SECOND))
    async with watching(server, door, book):
        server.deliver(a_mail(References=OURS))
        (signal,) = await door.has(1)

    assert signal.body["automatic"] == "loop"
    book.close()


async def test_an_answer_that_names_only_the_last_mail_is_found_by_the_book(server: MailServer) -> None:
    door = Door()
    async with watching(server, door):
        server.deliver(a_mail(Message_ID="<m1@alder.test>", References=OURS))
        await door.has(1)
        await asyncio.sleep(0.1)
        server.deliver(a_mail(Message_ID="<m2@alder.test>", In_Reply_To="<m1@alder.test>"))
        _, second = await door.has(2)

    assert second.body["thread"] == KEY


async def test_a_login_that_fails_is_told_and_tried_again(server: MailServer) -> None:
    server.refuses_login = True
    told, lost, opened = list[str](), asyncio.Event(), asyncio.Event()

    def note(event: str, fields: Mapping[str, Any]) -> None:
        told.append(f"{event} {fields.get('error', '')}")
        (opened if event == "inlet_open" else lost).set()

    form, book = a_form(server), Book(None, IDS)
    assert form.imap is not None
    people = People(lambda ids: True, lambda effect: "")
    inlet = EmailInlet(form, form.imap, people, IDS, clock=QuickClock(), book=book, note=note)
    task = asyncio.create_task(inlet.run(Door().submit))
    await asyncio.wait_for(lost.wait(), 5)
    server.refuses_login = False
    await asyncio.wait_for(opened.wait(), 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    book.close()

    assert told[0].startswith("inlet_lost LoginError")
    assert PASSWORD not in " ".join(told)
