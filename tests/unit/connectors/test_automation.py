"""The automation tool: it asks before each send, waits when told to, and drops what is denied."""

from segue.connectors.sandbox import Campaign, GateReply, SandboxCompany
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


def a_company(door: Door) -> SandboxCompany:
    company = SandboxCompany(None, VirtualClock(to_datetime(NOW)))
    company.automation.connect(door)
    return company


def a_message(key: str = "k1") -> Campaign:
    return Campaign(key, "upgrade", ("email:ann@x.io",))


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
