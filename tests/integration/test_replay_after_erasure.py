"""What a step read of everybody stands in its decision: replay is told by it when some of them are erased."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.bootstrap import Home, create_home, replay
from segue.bootstrap.operations.erasing import erase

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
LATER = segue.VirtualClock(START + timedelta(days=30))
DORA, BEN, CLEO = "email:dora@z.example", "email:ben@birch.example", "email:cleo@clover.example"
CAP = """
seats:
  doc: So many mails a day are sent over everybody.
  when: action.purpose == "commercial" and action.channel == "email"
  per: tenant
  period: day
  limit: {limit}
"""


async def asked(path: Path, *people: str) -> None:
    """All ask the same in one hour, so that one counter counts them."""
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        body = {"channel": "email", "text": "How much does it cost?"}
        await app.submit([segue.Signal("t", who, "message.received", [who], START, body) for who in people])
        await app.settle(until=START + timedelta(hours=2))


async def let_out(path: Path, limit: int, *people: str) -> list[str]:
    """What the gate says to mails to these people, where there is a limit over everybody."""
    create_home(path)
    with (Home(path).playbook / "caps.yaml").open("a", encoding="utf-8") as caps:
        caps.write(CAP.format(limit=limit))
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        for who in people:
            body = {"channel": "email", "state": "granted"}
            await app.submit([segue.Signal("crm", who, "consent.changed", [who], START, body)])
        await app.settle()
        requests = [segue.GateRequest("mailer", who, [who], "commercial", "email") for who in people]
        answers = [(await app.gate.reserve(request)).answer for request in requests]
        for request, answer in zip(requests, answers, strict=True):
            if answer == "allow":
                await app.gate.commit("mailer", request.key)
        await app.settle()
    return list(answers)


async def test_what_others_fed_the_breaker_is_read_as_recorded(tmp_path: Path) -> None:
    await asked(tmp_path, DORA, BEN, CLEO)
    before = replay(tmp_path)

    erase(tmp_path, DORA, LATER)
    after = replay(tmp_path)

    assert before.decisions == before.identical
    assert (after.different, after.identical) == ([], after.decisions)
    assert 0 < after.decisions < before.decisions


async def test_what_others_took_of_a_budget_is_read_as_recorded(tmp_path: Path) -> None:
    answers = await let_out(tmp_path / "home", 5, DORA, BEN, CLEO)
    before = replay(tmp_path / "home")

    erase(tmp_path / "home", DORA, LATER)
    after = replay(tmp_path / "home")

    assert answers == ["allow"] * 3
    assert before.decisions == before.identical
    assert (after.different, after.identical) == ([], after.decisions)
    assert 0 < after.decisions < before.decisions


async def test_who_could_not_have_what_an_erased_one_took_is_not_replayable(tmp_path: Path) -> None:
    answers = await let_out(tmp_path / "home", 1, DORA, BEN)
    before = replay(tmp_path / "home")

    erase(tmp_path / "home", DORA, LATER)
    after = replay(tmp_path / "home")

    assert answers == ["allow", "hold"]
    assert before.decisions == before.identical
    assert (after.different, after.identical) == ([], after.decisions)
    assert after.not_replayable > 0


async def test_another_playbook_is_told_as_a_difference_all_the_same(tmp_path: Path) -> None:
    await let_out(tmp_path / "home", 5, DORA, BEN, CLEO)
    erase(tmp_path / "home", DORA, LATER)
    caps = Home(tmp_path / "home").playbook / "caps.yaml"
    caps.write_text(caps.read_text().replace("limit: 5", "limit: 2"))

    after = replay(tmp_path / "home")

    assert after.different


@pytest.mark.parametrize("erased", [0, 1], ids=["who came first", "who told last"])
async def test_a_colleagues_steps_are_told_apart_by_what_the_erased_one_fed(
    tmp_path: Path, erased: int
) -> None:
    pair = ("email:dora@z.example", "email:zoe@z.example")
    async with segue.open(tmp_path, clock=segue.VirtualClock(START)) as app:
        for number, who in enumerate(pair):
            ids, at = [who, "account:z"], START + timedelta(minutes=number)
            asks = {"channel": "email", "text": "How much does it cost?"}
            sent = {"channel": "email", "by": "rep:anna", "text": "I will send you the offer tomorrow"}
            signals: list[tuple[str, dict[str, Any]]] = [
                ("consent.changed", {"channel": "all", "state": "granted"}),
                ("message.received", asks),
                ("message.sent", sent),
                ("account.updated", {"facts": {"name": "ZCorp", "health": 40}}),
            ]
            await app.submit(
                [segue.Signal("crm", f"{kind}{who}", kind, ids, at, body) for kind, body in signals]
            )
        await app.settle(until=START + timedelta(days=3))
    before = replay(tmp_path)

    erase(tmp_path, pair[erased], LATER)
    after = replay(tmp_path)

    assert (before.different, after.different) == ([], [])
    assert after.identical == after.decisions
    assert after.not_replayable > 0
