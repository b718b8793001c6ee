"""The kill switch in a whole app: nothing reaches a customer, and nothing is lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.bootstrap import App, rebuild, replay

START = datetime(2026, 10, 5, 8, tzinfo=UTC)


def wrote(number: int, text: str) -> segue.Signal:
    body = {"channel": "email", "text": text}
    return segue.Signal("t", f"m{number}", "message.received", ["email:ann@x.io"], START, body)


ANN = segue.Signal(
    "t", "p", "profile.updated", ["email:ann@x.io"], START, {"facts": {"name": "Ann", "email": "ann@x.io"}}
)


def a_request(key: str) -> segue.GateRequest:
    return segue.GateRequest("automation", key, ["email:ann@x.io"], "service", "email", brand="acme")


def did(app: App) -> list[tuple[str, str]]:
    assert app.sandbox is not None
    return [(done.connector, done.verb) for done in app.sandbox.done()]


def told_to(app: App) -> list[str]:
    """Who got e-mail that is no customer's: colleagues are told by it."""
    assert app.sandbox is not None
    sent = (done.arguments for done in app.sandbox.done() if done.connector == "email")
    return [words["to"] for words in sent if words["purpose"] == "internal"]


@pytest.mark.parametrize(
    ("stop", "lift"),
    [
        ({"kill_switch": True}, {"kill_switch": False}),
        ({"pause": "service-desk"}, {"resume": "service-desk"}),
    ],
    ids=["switch", "pause"],
)
async def test_what_came_while_it_was_stopped_is_answered_afterwards_once(
    tmp_path: Path, stop: dict[str, Any], lift: dict[str, Any]
) -> None:
    home = tmp_path / "home"
    async with segue.open(home, clock=segue.VirtualClock(START)) as app:
        await app.control(by="rep:eve", **stop)
        await app.submit([ANN, wrote(1, "How much does it cost?"), wrote(2, "How much does it cost?")])
        await app.settle(until=START + timedelta(days=2))
        while_stopped = did(app)
        await app.control(by="rep:eve", **lift)
        await app.settle(until=START + timedelta(days=3))

        assert while_stopped == []
        assert did(app) == [("email", "send")]

    report = replay(home)
    assert report.decisions == report.identical == 3
    assert rebuild(home).equal


async def test_humans_and_tools_are_served_while_the_switch_is_on(tmp_path: Path) -> None:
    async with segue.open(tmp_path / "home", clock=segue.VirtualClock(START)) as app:
        await app.control(by="rep:eve", kill_switch=True)
        await app.submit([wrote(1, "I want a refund for the unused seats.")])
        await app.settle()
        held = await app.gate.reserve(a_request("k"))
        while_stopped = did(app)
        await app.control(by="rep:eve", kill_switch=False)
        await app.settle(until=START + timedelta(hours=1))

        assert while_stopped == [("helpdesk", "hand_over"), ("email", "send")]
        assert told_to(app) == ["desk@acme.example"]
        assert (held.answer, held.until) == ("hold", None)
        assert (await app.gate.reserve(a_request("k"))).answer == "allow"
        assert ("automation", "release_hold") in did(app)
