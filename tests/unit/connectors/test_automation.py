"""The automation tool: it asks before each send, waits when told to, and drops what is denied."""

from pathlib import Path
from typing import Any

import pytest

from segue.connectors.sandbox import Campaign, GateReply, SandboxCompany
from segue.core.errors import BusyError
from segue.core.ports import Request
from segue.core.units import to_datetime
from segue.runtime.clock import VirtualClock
from tests.build import NOW


class Door:
    """A gate that gives one answer."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.committed: list[str] = []

    async def reserve(self, message: Campaign) -> GateReply:
        return GateReply(self.answer, "because")

    async def commit(self, key: str) -> None:
        self.committed.append(key)


class ClosedDoor(Door):
    """A gate that answers nothing, or does not hear that something was sent."""

    def __init__(self, *, answers: str = "") -> None:
        super().__init__(answers)

    async def reserve(self, message: Campaign) -> GateReply:
        if not self.answer:
            raise BusyError("the gate is closed")
        return await super().reserve(message)

    async def commit(self, key: str) -> None:
        raise BusyError("the gate is closed")


def a_company(door: Door, path: Path | None = None) -> SandboxCompany:
    company = SandboxCompany(path, VirtualClock(to_datetime(NOW)))
    company.automation.connect(door)
    return company


def a_message(key: str = "k1", **more: Any) -> Campaign:
    return Campaign(key, "upgrade", ("email:ann@x.io", "phone:+491"), **more)


def released(answer: str) -> Request:
    return Request("effect", "release_hold", {"key": "k1", "answer": answer}, 1, 30.0)


async def test_what_the_gate_allows_is_sent_and_committed() -> None:
    door = Door("allow")
    company = a_company(door)

    await company.automation.send(a_message())

    assert [sent.message.key for sent in company.automation.sent] == ["k1"]
    assert door.committed == ["k1"]


async def test_what_the_gate_denies_is_dropped_with_the_reason() -> None:
    company = a_company(Door("deny"))

    await company.automation.send(a_message())

    assert company.automation.sent == []
    assert [because for _, because in company.automation.denied] == ["because"]


async def test_what_is_held_goes_out_when_the_gate_says_so_and_once() -> None:
    door = Door("hold")
    company = a_company(door)
    await company.automation.send(a_message())
    assert company.automation.sent == []

    connector = company.connectors["automation"]
    await connector.perform(released("allow"))
    await connector.perform(released("allow"))
    await company.automation.settle()

    assert len(company.automation.sent) == 1
    assert door.committed == ["k1"]
    assert company.automation.held == {}


async def test_what_was_held_and_then_denied_never_goes_out() -> None:
    company = a_company(Door("hold"))
    await company.automation.send(a_message())

    await company.connectors["automation"].perform(released("deny"))

    assert company.automation.sent == []
    assert len(company.automation.denied) == 1


async def test_what_was_settled_is_settled_for_good() -> None:
    door = Door("allow")
    company = a_company(door)
    await company.automation.send(a_message())
    door.answer = "deny"

    again = await company.automation.send(a_message())
    await company.connectors["automation"].perform(released("deny"))

    assert again.answer == "allow"
    assert len(company.automation.sent) == 1
    assert company.automation.denied == []


async def test_what_is_held_sent_and_denied_outlives_a_restart(tmp_path: Path) -> None:
    door = Door("hold")
    first = a_company(door, tmp_path / "company.db")
    for key, answer in (("k1", "hold"), ("k2", "deny"), ("k3", "allow")):
        door.answer = answer
        await first.automation.send(a_message(key))
    before = (first.automation.held, first.automation.denied, first.automation.sent)
    first.close()

    second = a_company(door, tmp_path / "company.db")
    after = (second.automation.held, second.automation.denied, second.automation.sent)
    await second.connectors["automation"].perform(released("allow"))

    assert after == before
    assert sorted(sent.message.key for sent in second.automation.sent) == ["k1", "k3"]
    second.close()


async def test_a_commit_still_owed_is_owed_after_a_restart(tmp_path: Path) -> None:
    first = a_company(ClosedDoor(answers="allow"), tmp_path / "company.db")
    with pytest.raises(BusyError):
        await first.automation.send(a_message())
    first.close()

    door = Door("allow")
    second = a_company(door, tmp_path / "company.db")
    await second.automation.settle()
    await second.automation.settle()

    assert door.committed == ["k1"]
    assert len(second.automation.sent) == 1
    second.close()


async def test_what_the_gate_never_answered_is_asked_again_after_a_restart(tmp_path: Path) -> None:
    first = a_company(ClosedDoor(), tmp_path / "company.db")
    with pytest.raises(BusyError):
        await first.automation.send(a_message())
    first.close()

    second = a_company(Door("allow"), tmp_path / "company.db")
    await second.automation.settle()

    assert [sent.message.key for sent in second.automation.sent] == ["k1"]
    second.close()


async def test_a_release_that_was_cut_off_is_made_up_for_by_its_repetition() -> None:
    company = a_company(Door("hold"))
    connector = company.connectors["automation"]
    await connector.perform(released("allow"))  # The tool has heard of it, and knows nothing of the message.
    await company.automation.send(a_message())

    await connector.perform(released("allow"))

    assert len(company.automation.sent) == 1


async def test_what_the_tool_sent_is_among_what_reached_customers() -> None:
    company = a_company(Door("allow"))
    await company.connectors["email"].perform(Request("e1", "send", {"to": "ann@x.io", "text": "a"}, 1, 30.0))
    await company.automation.send(a_message("k1", text="b"))
    await company.automation.send(a_message("k2", text="c", channel="sms"))

    def seen(**asked: Any) -> list[tuple[str, str, str]]:
        return [(d.connector, d.arguments["to"], d.arguments["text"]) for d in company.outbox(**asked)]

    own, by_email, by_sms = (
        ("email", "ann@x.io", "a"),
        ("automation", "ann@x.io", "b"),
        ("automation", "+491", "c"),
    )
    assert seen() == [own, by_email, by_sms]
    assert seen(channel="email") == seen(to="ann@x.io") == [own, by_email]
    assert seen(by_tool=False) == [own]
    assert [done.key for done in company.done()] == ["e1"]
