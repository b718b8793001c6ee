"""A key of the gate, through everything that can happen to it, in a whole app: the table of docs/gate.md."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.bootstrap import App, replay
from segue.core.errors import ConflictError, MissingError

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
STATES = ("allowed", "committed", "released", "held", "denied")
Step = Callable[[App], Awaitable[object]]


def a_request(key: str, who: str = "ann", **more: Any) -> segue.GateRequest:
    fields = {"purpose": "commercial", "channel": "email", "brand": "acme"}
    return segue.GateRequest("automation", key, [f"email:{who}@x.io"], **{**fields, **more})


def happened(kind: str, body: dict[str, Any], who: str = "ann") -> segue.Signal:
    return segue.Signal("t", f"{kind}:{who}", kind, [f"crm:{who}", f"email:{who}@x.io"], START, body)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """An app that knows Ann, and one more person for every state a key can be in."""
    async with segue.open(tmp_path / "home", clock=segue.VirtualClock(START)) as app:
        for who in ("ann", *STATES):
            facts = {"name": who, "email": f"{who}@x.io", "time_zone": "Europe/Berlin", "country": "DE"}
            granted = {"channel": "all", "state": "granted"}
            await app.submit(
                [
                    happened("profile.updated", {"facts": facts}, who),
                    happened("consent.changed", granted, who),
                ]
            )
        await app.settle()
        yield app


TICKET = happened("ticket.opened", {"ticket": "1", "topic": "billing"})


async def to_all(app: App, kind: str, body: dict[str, Any]) -> None:
    await app.submit([happened(kind, body, who) for who in STATES])


WORLDS: dict[str, Step] = {
    "same": lambda app: app.settle(),
    "stop": lambda app: to_all(app, "message.received", {"channel": "email", "text": "STOP"}),
    "switch": lambda app: app.control(by="rep:eve", kill_switch=True),
    "ticket": lambda app: to_all(app, "ticket.opened", {"ticket": "1", "topic": "billing"}),
    "touch": lambda app: to_all(app, "message.sent", {"channel": "email", "by": "tool:other"}),
}
AGAIN = {"committed": "deny", "released": "deny", "held": "hold", "denied": "deny"}
ALLOWED_AGAIN = {"same": "allow", "stop": "deny", "switch": "hold", "ticket": "hold", "touch": "hold"}


def key_of(state: str) -> segue.GateRequest:
    return a_request(f"key:{state}", state, hold=state != "denied")


async def brought_to(app: App, state: str) -> None:
    """Let a key reach a state: what is held or denied met a day that is full."""
    if state in {"held", "denied"}:
        await app.gate.reserve(a_request(f"first:{state}", state))
    first = (await app.gate.reserve(key_of(state))).answer
    assert first == {"held": "hold", "denied": "deny"}.get(state, "allow")
    if state == "committed":
        await app.gate.commit("automation", f"key:{state}")
    if state == "released":
        await app.gate.release("automation", f"key:{state}")


async def free(app: App, who: str) -> bool:
    """Whether the person may be touched."""
    return (await app.gate.check(a_request(f"after:{who}", who))).answer == "allow"


@pytest.mark.parametrize("world", sorted(WORLDS))
async def test_a_key_that_is_asked_again(app: App, world: str) -> None:
    for state in STATES:
        await brought_to(app, state)
    await WORLDS[world](app)

    again = {state: await app.gate.reserve(key_of(state)) for state in STATES}
    position = _position(app)
    once_more = {state: await app.gate.reserve(key_of(state)) for state in STATES}

    assert {state: got.answer for state, got in again.items()} == {**AGAIN, "allowed": ALLOWED_AGAIN[world]}
    assert once_more == again
    assert _position(app) == position


async def test_what_a_tool_has_sent_counts_and_what_nothing_allowed_is_an_error(app: App) -> None:
    wrong = {"released": "was released", "held": "was on hold", "denied": "was denied"}
    for state in STATES:
        await brought_to(app, state)
        for _ in ("once", "and delivered again"):
            if state in wrong:
                with pytest.raises(ConflictError, match=wrong[state]):
                    await app.gate.commit("automation", f"key:{state}")
            else:
                await app.gate.commit("automation", f"key:{state}")
    await app.settle()

    for state in STATES:
        assert not await free(app, state)
        assert len(app.person(f"email:{state}@x.io").exposures) == 1


async def test_a_release_gives_back_what_was_set_aside_and_nothing_that_was_used(app: App) -> None:
    for state in STATES:
        await brought_to(app, state)
        for _ in ("once", "and delivered again"):
            if state == "committed":
                with pytest.raises(ConflictError, match="committed"):
                    await app.gate.release("automation", f"key:{state}")
            else:
                await app.gate.release("automation", f"key:{state}")
    await app.settle()

    assert [state for state in STATES if await free(app, state)] == ["allowed", "released"]
    await app.settle(until=START + timedelta(days=1))
    assert {(await app.gate.reserve(key_of(state))).answer for state in STATES} == {"deny"}


@pytest.mark.parametrize("tell", ["commit", "release"])
async def test_a_key_nobody_reserved_cannot_be_told_of(app: App, tell: str) -> None:
    await app.gate.check(a_request("k"))

    with pytest.raises(MissingError):
        await getattr(app.gate, tell)("automation", "k")


async def test_one_cap_is_one_touch_whatever_is_asked_again(app: App) -> None:
    await app.gate.reserve(a_request("a"))
    await app.gate.release("automation", "a")
    await app.gate.reserve(a_request("b"))
    await app.gate.commit("automation", "b")

    assert (await app.gate.reserve(a_request("a"))).answer == "deny"


async def test_a_release_lets_the_oldest_hold_go_before_a_newer_request(app: App) -> None:
    for key in ("k1", "k2", "k3"):
        await app.gate.reserve(a_request(key))

    await app.gate.release("automation", "k1")

    assert (await app.gate.reserve(a_request("k4"))).answer == "hold"
    assert [(await app.gate.reserve(a_request(key))).answer for key in ("k2", "k3")] == ["allow", "hold"]


async def test_a_check_is_answered_anew_and_takes_nothing(app: App) -> None:
    first = await app.gate.check(a_request("k"))
    await app.submit([TICKET])

    again = await app.gate.check(a_request("k"))
    await app.settle(until=START + timedelta(days=3))

    assert (first.answer, again.answer) == ("allow", "hold")
    assert (await app.gate.check(a_request("k"))).answer == "hold"
    assert {decision.mode for decision in app.decisions()} == {"allow", "hold"}
    assert app.counts()["reservations"] == 0


async def test_an_answer_of_yesterday_takes_todays_room(app: App) -> None:
    await app.gate.reserve(a_request("k"))
    await app.settle(until=START + timedelta(days=1))

    again = await app.gate.reserve(a_request("k"))

    assert again.answer == "allow"
    assert (await app.gate.check(a_request("other"))).answer == "hold"


async def test_keys_that_were_asked_again_replay_identically(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with segue.open(home, clock=segue.VirtualClock(START)) as app:
        await app.submit([happened("consent.changed", {"channel": "all", "state": "granted"})])
        await app.settle()
        await app.gate.reserve(a_request("k1"))
        await app.gate.reserve(a_request("k2"))
        await app.submit([TICKET])
        await app.gate.reserve(a_request("k1"))
        await app.gate.release("automation", "k2")
        await app.settle(until=START + timedelta(days=4))

    report = replay(home)

    assert report.decisions == report.identical > 0
    assert report.different == []


def _position(app: App) -> int:
    with app.store.read() as reader:
        return reader.position()
