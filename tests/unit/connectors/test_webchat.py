"""The web chat says each reply once, in order, and shows it again until the conversation is forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from segue.connectors.webchat import ChatBook, Visitor, WebChat, notice
from segue.connectors.webchat.book import KEPT
from segue.core.errors import ConflictError, RefusedError
from segue.core.ports import Request
from segue.core.units import Instant, to_datetime
from segue.runtime.clock import VirtualClock
from tests.build import NOW


@pytest.fixture
def chat() -> Iterator[WebChat]:
    book = ChatBook(None)
    yield WebChat(book, VirtualClock(to_datetime(NOW)))
    book.close()


def welcomed(chat: WebChat, vouched: str = "") -> Visitor:
    return chat.book.welcome(Visitor("", "acme", "en", vouched), NOW, lambda number: f"v{number}")


def a_reply(to: str, text: str = "Hello", key: str = "effect1", verb: str = "send") -> Request:
    return Request(key, verb, {"to": to, "text": text}, 1, 30.0)


async def test_a_reply_is_said_once_however_often_it_is_asked_for(chat: WebChat) -> None:
    ann = welcomed(chat)

    first = await chat.perform(a_reply(ann.id))
    again = await chat.perform(a_reply(ann.id))

    assert again == first == await chat.look_up(a_reply(ann.id))
    assert [(line.n, line.by, line.text) for line in chat.book.after(ann.id, 0)] == [(1, "segue", "Hello")]


async def test_a_key_with_other_words_or_for_somebody_else_is_refused(chat: WebChat) -> None:
    ann, bob = welcomed(chat), welcomed(chat)
    await chat.perform(a_reply(ann.id))

    for request in (a_reply(ann.id, "Other words"), a_reply(bob.id)):
        with pytest.raises(RefusedError):
            await chat.perform(request)

    assert chat.book.after(bob.id, 0) == []


@pytest.mark.parametrize("request_", [a_reply("nobody"), a_reply("v1", verb="fly"), a_reply("v1", "")])
async def test_what_cannot_be_said_is_refused(chat: WebChat, request_: Request) -> None:
    welcomed(chat)

    with pytest.raises(RefusedError):
        await chat.perform(request_)


async def test_what_was_never_sent_is_not_found(chat: WebChat) -> None:
    assert await chat.look_up(a_reply("v1")) is None


async def test_whoever_listens_is_woken_and_nobody_else(chat: WebChat) -> None:
    ann, bob = welcomed(chat), welcomed(chat)

    with chat.listening(ann.id) as hers, chat.listening(bob.id) as his:
        await chat.perform(a_reply(ann.id))

        assert (hers.is_set(), his.is_set()) == (True, False)
        assert (chat.listeners(), chat.listeners(ann.id)) == (2, 1)
    assert chat.listeners() == 0


def test_lines_are_numbered_per_conversation_and_read_on_from_any_of_them(chat: WebChat) -> None:
    ann, bob = welcomed(chat), welcomed(chat)
    for key in ("a", "b", "c"):
        chat.book.add(ann.id, key, "visitor", key, NOW)
    chat.book.add(bob.id, "a", "visitor", "other", NOW)

    assert [line.n for line in chat.book.after(ann.id, 0)] == [1, 2, 3]
    assert [line.key for line in chat.book.after(ann.id, 2)] == ["c"]
    assert [line.n for line in chat.book.after(bob.id, 0)] == [1]


def test_a_message_sent_again_with_other_words_is_in_conflict(chat: WebChat) -> None:
    ann = welcomed(chat)
    chat.book.add(ann.id, "a", "visitor", "first", NOW)

    with pytest.raises(ConflictError):
        chat.book.add(ann.id, "a", "visitor", "second", NOW)

    assert [line.text for line in chat.book.after(ann.id, 0)] == ["first"]


def test_the_first_to_be_vouched_for_stands(chat: WebChat) -> None:
    ann = welcomed(chat)

    chat.book.vouch(ann.id, "ann")
    chat.book.vouch(ann.id, "eve")

    found = chat.book.visitor(ann.id)
    assert found is not None
    assert found.vouched == "ann"
    assert chat.book.vouched_for("ann", "acme") == found
    assert chat.book.vouched_for("ann", "nimbus") is None


def test_a_conversation_that_was_silent_for_long_is_forgotten(tmp_path: Path) -> None:
    book = ChatBook(tmp_path / "chat.db")
    chat = WebChat(book, VirtualClock(to_datetime(NOW)))
    old, new = welcomed(chat), welcomed(chat)
    book.add(old.id, "a", "visitor", "a secret word", NOW)
    book.add(new.id, "a", "visitor", "hello", Instant(NOW + KEPT))

    swept = book.sweep(Instant(NOW + KEPT + 1))
    book.close()

    assert swept == 1
    again = ChatBook(tmp_path / "chat.db")
    assert again.visitor(old.id) is None
    assert again.after(old.id, 0) == []
    assert again.visitor(new.id) is not None
    again.close()
    assert b"a secret word" not in (tmp_path / "chat.db").read_bytes()


def test_every_notice_is_said_in_the_language_of_the_visitor() -> None:
    assert "KI-Assistenten" in notice("ai", "de")
    assert "AI assistant" in notice("ai", "xx")
