"""The chat room lets everybody into their own conversation and nobody into another's; all is decided."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.bootstrap import ChatRoom, DoorSettings, Entered, Entry
from segue.connectors.webchat import ChatBook, WebChat
from segue.core.errors import ConflictError, InputError, MissingError
from segue.core.units import to_datetime
from segue.privacy.vouching import signature

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
SITE = "https://www.example.com"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[ChatRoom]:
    book = ChatBook(None)
    clock = segue.VirtualClock(START)
    chat = WebChat(book, clock)
    async with segue.open(tmp_path / "home", clock=clock, connectors={"chat": chat}) as app:
        yield ChatRoom(app, chat, DoorSettings())
    book.close()


async def enter(room: ChatRoom, **given: Any) -> Entered:
    return await room.enter(Entry(**{"origin": SITE, **given}))


def signed(room: ChatRoom, user: str, email: str = "") -> dict[str, str]:
    return {"user": user, "email": email, "signature": signature(room.secret_of(SITE), user, email)}


async def settle(room: ChatRoom, **later: float) -> None:
    await room.app.settle(until=to_datetime(room.app.clock.now()) + timedelta(**later))


def heard(room: ChatRoom, entered: Entered) -> list[tuple[str, str]]:
    return [(line.by, line.text) for line in room.chat.book.after(entered.visitor.id, 0)]


async def test_a_visitor_is_told_of_the_ai_first_and_gets_an_approved_answer(room: ChatRoom) -> None:
    entered = await enter(room)

    await room.say(entered.token, "m1", "Where is our data stored?")
    await settle(room, minutes=1)

    (first, told), (second, _), (third, answer) = heard(room, entered)
    assert (first, second, third) == ("notice", "visitor", "segue")
    assert "AI assistant" in told
    assert answer.startswith("Data is stored in the EU")


async def test_a_german_visitor_is_answered_in_german(room: ChatRoom) -> None:
    entered = await enter(room, language="de-AT")

    await room.say(entered.token, "m1", "Was kostet das?")
    await settle(room, minutes=1)

    lines = heard(room, entered)
    assert "KI-Assistenten" in lines[0][1]
    assert lines[-1][1].startswith("Unsere Tarife")


async def test_a_message_sent_twice_is_one_message(room: ChatRoom) -> None:
    entered = await enter(room)

    first = await room.say(entered.token, "m1", "Where is our data stored?")
    await settle(room, minutes=1)
    again = await room.say(entered.token, "m1", "Where is our data stored?")
    await settle(room, minutes=1)

    assert again == first
    assert [by for by, _ in heard(room, entered)] == ["notice", "visitor", "segue"]
    with pytest.raises(ConflictError):
        await room.say(entered.token, "m1", "Other words")


async def test_who_asks_for_a_human_is_told_when_one_was_asked(room: ChatRoom) -> None:
    entered = await enter(room)

    _, signal_id = await room.say(entered.token, "m1", "Can I talk to a human, please?")
    await settle(room, minutes=1)
    await room.follow(entered.visitor, signal_id)
    await room.follow(entered.visitor, signal_id)

    assert [text for by, text in heard(room, entered) if by == "notice"][1:] == [
        "A colleague of ours has been asked to take over and will get back to you."
    ]


async def test_a_token_goes_on_with_its_conversation_on_the_next_page(room: ChatRoom) -> None:
    first = await enter(room)

    second = await enter(room, token=first.token)

    assert second.visitor == first.visitor


@pytest.mark.parametrize("token", ["", "x", "04d3", "é" * 30, "0" * 5_000])
async def test_a_forged_token_opens_nothing(room: ChatRoom, token: str) -> None:
    first = await enter(room)
    forged = first.token[:-1] + ("0" if first.token[-1] != "0" else "1")

    for bad in (token, forged, room.link(first.token)[0]):
        assert room.visitor(bad) is None
        assert (await enter(room, token=bad)).visitor != first.visitor
        with pytest.raises(MissingError):
            await room.say(bad, "m1", "Hello")


async def test_a_link_joins_another_device_until_it_expires(room: ChatRoom) -> None:
    first = await enter(room)
    link, _ = room.link(first.token)

    joined = await enter(room, link=link)
    await settle(room, minutes=31)
    late = await enter(room, link=link)

    assert (joined.visitor, joined.by_link) == (first.visitor, True)
    assert late.visitor != first.visitor
    assert heard(room, first)[-1] == ("notice", "This conversation was opened on another device.")
    assert (await enter(room, token=joined.token)).visitor == first.visitor


async def test_a_token_opens_nothing_after_three_months(room: ChatRoom) -> None:
    first = await enter(room)

    await settle(room, days=91)

    assert room.visitor(first.token) is None


async def test_a_site_that_vouches_links_the_visitor_to_its_user(room: ChatRoom) -> None:
    app = room.app
    facts = {"facts": {"name": "Ann Lee", "email": "ann@x.io"}}
    await app.submit([segue.Signal("crm", "1", "profile.updated", ["crm:7", "email:ann@x.io"], START, facts)])

    entered = await enter(room, **signed(room, "42", "ann@x.io"))
    await room.say(entered.token, "m1", "Where is our data stored?")
    await settle(room, minutes=1)

    assert entered.is_vouched
    ann = app.person("email:ann@x.io")
    assert app.person(f"chat:{entered.visitor.id}").person_id == ann.person_id
    assert [item.text for item in ann.messages if item.direction == "in"] == ["Where is our data stored?"]
    assert heard(room, entered)[-1][0] == "segue"


@pytest.mark.parametrize("signature_", ["", "0" * 64])
async def test_who_says_who_he_is_without_a_signature_links_nothing(room: ChatRoom, signature_: str) -> None:
    app = room.app
    facts = {"facts": {"name": "Ann Lee", "email": "ann@x.io"}}
    await app.submit([segue.Signal("crm", "1", "profile.updated", ["crm:7", "email:ann@x.io"], START, facts)])

    entered = await enter(room, user="42", email="ann@x.io", signature=signature_)
    await room.say(entered.token, "m1", "I am ann@x.io, what did we agree?")
    await settle(room, minutes=1)

    assert not entered.is_vouched
    stranger = app.person(f"chat:{entered.visitor.id}")
    assert stranger.person_id != app.person("email:ann@x.io").person_id
    assert app.person("email:ann@x.io").messages == ()
    with pytest.raises(MissingError):
        app.person("user:42")


async def test_a_conversation_of_a_known_user_is_closed_to_everybody_else(room: ChatRoom) -> None:
    ann = await enter(room, **signed(room, "42"))

    signed_out = await enter(room, token=ann.token)
    other_user = await enter(room, token=ann.token, **signed(room, "43"))
    other_site = await enter(room, token=ann.token, user="42", signature=signature("guess", "42"))

    assert len({ann.visitor.id, signed_out.visitor.id, other_user.visitor.id, other_site.visitor.id}) == 4


async def test_a_known_user_goes_on_anywhere_the_site_vouches(room: ChatRoom) -> None:
    anonymous = await enter(room)
    ann = await enter(room, token=anonymous.token, **signed(room, "42"))

    elsewhere = await enter(room, **signed(room, "42"))

    assert ann.visitor.id == anonymous.visitor.id == elsewhere.visitor.id


async def test_a_link_never_makes_its_opener_the_one_who_began(room: ChatRoom) -> None:
    anonymous = await enter(room)
    link, _ = room.link(anonymous.token)

    joined = await enter(room, link=link, **signed(room, "42"))
    await room.say(joined.token, "m1", "Hello there")
    await settle(room, minutes=1)

    assert not joined.is_vouched
    with pytest.raises(MissingError):
        room.app.person("user:42")


@pytest.mark.parametrize(
    ("key", "text"),
    [("", "Hi"), ("a b", "Hi"), ("k" * 65, "Hi"), ("k", " "), ("k", "x" * 4_001), ("k", "\ud800")],
)
async def test_what_cannot_be_a_message_is_told(room: ChatRoom, key: str, text: str) -> None:
    entered = await enter(room)

    with pytest.raises(InputError):
        await room.say(entered.token, key, text)

    assert len(heard(room, entered)) == 1


async def test_an_unknown_brand_is_told(room: ChatRoom) -> None:
    with pytest.raises(InputError, match="there are acme, nimbus"):
        await enter(room, brand="nobody")


async def test_visitors_cannot_be_guessed_from_one_another(room: ChatRoom) -> None:
    ids = {(await enter(room)).visitor.id for _ in range(20)}

    assert len(ids) == 20
    assert all(len(visitor) == 26 for visitor in ids)
