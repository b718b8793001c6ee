"""A code offered in the chat makes the number that brings it back the same person, once, and no other."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import segue
from segue.bootstrap import ChatRoom, DoorSettings, Entered, Entry, rebuild, replay
from segue.connectors.sandbox import SandboxCompany
from segue.connectors.webchat import ChatBook, WebChat
from segue.core.encoding import encode
from segue.core.units import to_datetime
from segue.identity.codes import STAND_IN
from segue.privacy.vouching import signature

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
SITE = "https://www.example.com"
ANN, OTHER = "phone:+4915112345678", "phone:+4915187654321"
ASKS = "Could we move this to WhatsApp please?"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[ChatRoom]:
    async with opened(tmp_path) as found:
        yield found


@asynccontextmanager
async def opened(tmp_path: Path) -> AsyncIterator[ChatRoom]:
    book = ChatBook(None)
    clock = segue.VirtualClock(START)
    chat, company = WebChat(book, clock), SandboxCompany(None, clock)
    tools = {**company.connectors, "chat": chat}
    async with segue.open(tmp_path / "home", clock=clock, connectors=tools) as app:
        yield ChatRoom(app, chat, DoorSettings())
    book.close()
    company.close()


async def entered(room: ChatRoom, *, vouched: bool = True) -> Entered:
    """Come in as Ann, whom the site vouches for."""
    mail = "ann@x.io"
    signed = signature(room.secret_of(SITE), "u1", mail) if vouched else ""
    return await room.enter(Entry(origin=SITE, user="u1", email=mail, signature=signed))


async def settle(room: ChatRoom, **later: float) -> None:
    await room.app.settle(until=to_datetime(room.app.clock.now()) + timedelta(**later))


async def offered(room: ChatRoom) -> str:
    """Ask to go on by WhatsApp; the code that is offered."""
    ann = await entered(room)
    await room.say(ann.token, "m1", ASKS)
    await settle(room, minutes=1)
    text = room.chat.book.after(ann.visitor.id, 0)[-1].text
    found = re.search(r"LINK-\w{5}-\w{5}", text.partition("code")[2])
    assert found is not None, text
    return found[0]


async def writes(room: ChatRoom, number: str, text: str, name: str, channel: str = "whatsapp") -> None:
    body = {"channel": channel, "text": text}
    at = to_datetime(room.app.clock.now())
    await room.app.submit([segue.Signal(channel, name, "message.received", [number], at, body)])
    await settle(room, minutes=1)


def are_one(room: ChatRoom, number: str) -> bool:
    return room.app.person(number).person_id == room.app.person("user:u1").person_id


def told(room: ChatRoom, number: str) -> list[str]:
    """What became of codes that a number brought, and what it was answered."""
    view = room.app.person(number)
    states = [str(fact.value) for fact in view.facts if fact.predicate == "linking_code"]
    newest = max((item for item in view.decisions if item.mode == "act"), key=lambda item: item.at)
    return [*states, newest.action]


async def test_a_code_from_the_chat_joins_the_number_that_brings_it_back(room: ChatRoom) -> None:
    code = await offered(room)

    await writes(room, ANN, f"Hello, it is me: {code.lower()}", "w1")

    assert are_one(room, ANN)
    assert told(room, ANN) == ["joined", "confirm_link"]
    with room.app.store.read() as reader:
        written = b"".join(encode(row.event) for row in reader.log())
    assert code.encode() not in written.upper()
    assert STAND_IN.encode() in written


async def test_a_home_with_codes_is_replayed_and_rebuilt_equal(tmp_path: Path) -> None:
    async with opened(tmp_path) as room:
        code = await offered(room)
        await writes(room, ANN, code, "w1")
        await writes(room, OTHER, code, "w2")
        await writes(room, OTHER, "LINK-77777-00000", "w3")

    again = replay(tmp_path / "home")
    assert again.identical == again.decisions
    assert rebuild(tmp_path / "home").equal


async def test_the_link_in_the_offer_carries_the_code(room: ChatRoom) -> None:
    code = await offered(room)

    lines = [line.text for line in room.chat.book.after((await entered(room)).visitor.id, 0)]

    assert any(f"https://wa.me/4930901821?text={code}" in line for line in lines)


async def test_a_code_used_from_a_second_phone_joins_nobody(room: ChatRoom) -> None:
    code = await offered(room)
    await writes(room, ANN, code, "w1")

    await writes(room, OTHER, f"My friend sent me this: {code}", "w2")

    assert are_one(room, ANN)
    assert not are_one(room, OTHER)
    assert told(room, OTHER) == ["used", "refuse_link"]


async def test_a_code_that_is_too_old_joins_nobody(room: ChatRoom) -> None:
    code = await offered(room)
    await settle(room, hours=2)

    await writes(room, ANN, code, "w1")

    assert not are_one(room, ANN)
    assert told(room, ANN) == ["expired", "refuse_link"]


async def test_a_code_joins_nobody_on_another_channel_or_by_another_known_number(room: ChatRoom) -> None:
    code = await offered(room)
    named = segue.Signal("crm", "c1", "profile.updated", ["crm:7", OTHER], START, {"facts": {"name": "Bob"}})
    await room.app.submit([named])

    await writes(room, ANN, code, "w1", channel="sms")
    await writes(room, OTHER, code, "w2")

    assert (told(room, ANN)[0], told(room, OTHER)[0]) == ("channel", "known")
    assert not are_one(room, ANN)
    assert not are_one(room, OTHER)


async def test_who_guesses_is_not_listened_to_any_more_that_day(room: ChatRoom) -> None:
    code = await offered(room)
    for number in range(5):
        await writes(room, OTHER, f"LINK-7777{number}-00000", f"g{number}")
    guessed = told(room, OTHER)

    await writes(room, OTHER, code, "w1")
    late = told(room, OTHER)
    await writes(room, ANN, code, "w2")

    assert guessed[0] == "unknown"
    assert late[0] == "too_many"
    assert not are_one(room, OTHER)
    assert are_one(room, ANN)


async def test_nobody_gets_a_code_whom_no_site_vouches_for(room: ChatRoom) -> None:
    visitor = await entered(room, vouched=False)

    await room.say(visitor.token, "m1", ASKS)
    await settle(room, minutes=1)

    assert not any("LINK-" in line.text for line in room.chat.book.after(visitor.visitor.id, 0))


async def test_a_number_nobody_knows_is_told_how_to_get_a_code(room: ChatRoom) -> None:
    await writes(room, OTHER, "Where do I find my last invoice?", "w1")

    assert told(room, OTHER) == ["ask_to_link"]


async def test_a_split_by_a_human_outlasts_a_code(room: ChatRoom) -> None:
    code = await offered(room)
    await writes(room, ANN, code, "w1")
    await room.app.split([ANN], ["user:u1"], by="eve")

    await writes(room, ANN, f"{code} again", "w2")

    assert not are_one(room, ANN)
