"""People known by an address alone write to a whole app with the default playbook: all get a reaction."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import segue
from segue.bootstrap import App, rebuild, replay
from tests.unit.runtime.fakes import FakeConnector

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
NAMES = ("email", "sms", "chat", "helpdesk", "crm")
PRICE, NONSENSE = "How much does an extra seat cost per month?", "Who winks at the owl with the colours?"


class Outside:
    """All tools, and what they were asked to do."""

    def __init__(self) -> None:
        self.connectors = {name: FakeConnector(name=name) for name in NAMES}
        self.connectors["helpdesk"].verbs = dict.fromkeys(("hand_over", "create_ticket", "notify"), "K")

    def sent(self) -> list[tuple[str, str]]:
        """Channel and recipient of what went to customers."""
        asked = [(name, item) for name in ("email", "sms", "chat") for item in self.connectors[name].asked]
        found = [(name, str(item.arguments["to"])) for name, item in asked]
        return [(name, to) for name, to in found if not to.endswith("@acme.example")]

    def handed(self) -> list[str]:
        """The questions that were handed to the desk."""
        return [str(item.arguments["question"]) for item in self.connectors["helpdesk"].asked]


def wrote(who: str, text: str, channel: str = "email", n: int = 1) -> segue.Signal:
    at = START + timedelta(milliseconds=70 * n)
    body = {"channel": channel, "text": text}
    return segue.Signal("mail", f"{who}:{n}", "message.received", [who], at, body)


def known(who: str, **facts: str) -> segue.Signal:
    return segue.Signal("crm", f"known:{who}", "profile.updated", [who], START, {"facts": facts})


async def told(app: App, *signals: segue.Signal) -> None:
    await app.submit(signals)
    await app.settle(until=START + timedelta(minutes=10))


@pytest.mark.parametrize("facts", [{}, {"phone": "+4930123456"}], ids=["nothing", "a phone"])
async def test_whoever_writes_a_mail_is_answered_by_mail_whatever_is_on_record(
    tmp_path: Path, facts: dict[str, str]
) -> None:
    outside, who = Outside(), "email:es@x.io"
    clock = segue.VirtualClock(START)
    async with segue.open(tmp_path, clock=clock, connectors=outside.connectors) as app:
        await told(app, known(who, name="Es", **facts), wrote(who, PRICE))

    assert outside.sent() == [("email", "es@x.io")]
    assert replay(tmp_path).different == []
    assert rebuild(tmp_path).equal


async def test_whoever_writes_a_text_message_is_answered_by_one(tmp_path: Path) -> None:
    outside = Outside()
    clock = segue.VirtualClock(START)
    async with segue.open(tmp_path, clock=clock, connectors=outside.connectors) as app:
        await told(app, wrote("phone:+4930123456", PRICE, "sms"))

    assert outside.sent() == [("sms", "+4930123456")]


async def test_a_verified_address_goes_before_the_one_somebody_wrote_from(tmp_path: Path) -> None:
    outside, who = Outside(), "email:es@x.io"
    clock = segue.VirtualClock(START)
    async with segue.open(tmp_path, clock=clock, connectors=outside.connectors) as app:
        await told(app, known(who, email="es@work.io"), wrote(who, PRICE))

    assert outside.sent() == [("email", "es@work.io")]


async def test_a_question_nobody_can_be_answered_to_goes_to_a_human(tmp_path: Path) -> None:
    outside = Outside()
    clock = segue.VirtualClock(START)
    async with segue.open(tmp_path, clock=clock, connectors=outside.connectors) as app:
        await told(app, wrote("cookie:c1", PRICE, "chat"))

    assert (outside.sent(), outside.handed()) == ([], [PRICE])


async def test_seven_mails_that_are_not_understood_are_asked_back_once_and_shown_once(
    tmp_path: Path,
) -> None:
    outside = Outside()
    clock = segue.VirtualClock(START)
    async with segue.open(tmp_path, clock=clock, connectors=outside.connectors) as app:
        await told(app, *(wrote("email:es@x.io", NONSENSE, n=n) for n in range(7)))

    assert (outside.sent(), outside.handed()) == ([("email", "es@x.io")], [NONSENSE])
