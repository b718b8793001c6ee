"""Colleagues are told of what waits for them: once, again near the end, no more than they need to know."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

import segue
from segue.bootstrap import App, create_home
from segue.connectors.sandbox import Done, Fault
from segue.privacy.links import unseal

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
BASE = "https://segue.example"
OWNER = "eve@acme.example"


@asynccontextmanager
async def running(path: Path, **settings: Any) -> AsyncIterator[App]:
    home = create_home(path / "home")
    file = home.playbook / "settings.yaml"
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump({**written, "public_base_url": BASE, **settings}), encoding="utf-8")
    async with segue.open(home.path, clock=segue.VirtualClock(START)) as app:
        yield app


def told(app: App) -> list[Done]:
    """Mails to colleagues, oldest first."""
    assert app.sandbox is not None
    mails = [done for done in app.sandbox.done() if done.connector == "email"]
    return [done for done in mails if done.arguments.get("purpose") == "internal"]


async def sick(app: App, owner: str = OWNER, at: datetime = START) -> None:
    """An account whose health fell far: a draft waits for a human."""
    who = ["crm:7", "email:ann@x.io", "account:x"]
    facts = {"name": "Ann Smithson", "email": "ann@x.io"}
    account = {
        "name": "Alder",
        "health": 20,
        "arr": {"amount": 100_000_00, "currency": "EUR"},
        "stage": "active",
    }
    account |= {"owner_email": owner} if owner else {}
    await app.submit(
        [
            segue.Signal("crm", "1", "profile.updated", who, at, {"facts": facts}),
            segue.Signal("crm", "2", "account.updated", ["account:x"], at, {"facts": account}),
        ]
    )
    await app.settle(until=at + timedelta(minutes=1))


async def test_the_owner_of_the_account_is_told_once_with_a_link_and_without_personal_data(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as app:
        await sick(app)

        (approval,) = app.approvals()
        (mail,) = told(app)
        assert mail.arguments["to"] == OWNER
        words = f"{mail.arguments['subject']}\n{mail.arguments['text']}"
        assert "health task" in words
        assert "S., Alder" in words
        assert "EUR" in words
        assert "8 Oct 10:00 (Europe/Berlin)" in words
        for word in ("Ann", "Smithson", "ann@x.io"):
            assert word not in words
        token = words.partition(f"{BASE}/a/")[2].split()[0]
        assert unseal(app.ids, "approval", token) == (approval.id,)


async def test_what_colleagues_are_told_is_no_touch_of_the_customer(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await sick(app)

        assert app.sandbox is not None
        assert app.sandbox.outbox() == []
        person = app.person("email:ann@x.io")
        assert (person.exposures, person.messages) == ((), ())


async def test_a_reminder_comes_in_the_last_quarter_and_only_then(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await sick(app)

        await app.settle(until=START + timedelta(hours=53))
        assert len(told(app)) == 1
        await app.settle(until=START + timedelta(hours=55))
        assert [mail.arguments["subject"].startswith("Reminder: ") for mail in told(app)] == [False, True]
        await app.settle(until=START + timedelta(days=5))
        assert len(told(app)) == 2


async def test_nobody_is_reminded_of_what_was_decided(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await sick(app)
        await app.approve(app.approvals()[0].id, "rep:eve")

        await app.settle(until=START + timedelta(days=5))

        assert len(told(app)) == 1


async def test_what_did_not_go_out_before_the_decision_is_not_told_any_more(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        assert app.sandbox is not None
        app.sandbox.fault("email", Fault("fail", times=1, seconds=3_600))
        await sick(app)
        (approval,) = app.approvals()
        assert told(app) == []

        await app.reject(approval.id, "rep:eve", "no")
        await app.settle(until=START + timedelta(hours=56))

        assert told(app) == []


async def test_the_kill_switch_does_not_silence_what_colleagues_hear(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await sick(app)
        await app.control(by="ops", kill_switch=True)
        await app.settle(until=START + timedelta(hours=55))

        assert len(told(app)) == 2


async def test_the_desk_is_told_where_an_account_has_no_owner(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        await sick(app, owner="")

        assert [mail.arguments["to"] for mail in told(app)] == ["desk@acme.example"]


async def test_nobody_is_told_where_nobody_is_named(tmp_path: Path) -> None:
    async with running(tmp_path, tell={"by": []}) as app:
        await sick(app)
        await app.settle(until=START + timedelta(days=2, hours=12))

        assert len(app.approvals()) == 1
        assert told(app) == []


async def test_a_conversation_handed_over_is_told_with_a_link_to_its_receipt(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        body = {"channel": "email", "text": "Can I talk to a human, please? My card is 4111 1111 1111 1111."}
        who = ["crm:7", "email:ann@x.io"]
        facts = {"name": "Ann Smithson", "email": "ann@x.io"}
        await app.submit([segue.Signal("crm", "1", "profile.updated", who, START, {"facts": facts})])
        await app.submit([segue.Signal("mail", "1", "message.received", who, START, body)])
        await app.settle(until=START + timedelta(minutes=1))

        (decision,) = app.decisions()
        (mail,) = told(app)
        assert mail.arguments["to"] == "desk@acme.example"
        assert "4111" not in mail.arguments["text"]
        assert "Smithson" not in mail.arguments["text"]
        token = mail.arguments["text"].rpartition("/a/")[2]
        assert unseal(app.ids, "decision", token) == (decision.id,)


async def test_a_mail_server_that_is_down_tells_later_and_once(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        assert app.sandbox is not None
        app.sandbox.fault("email", Fault("fail", times=2, seconds=60))
        await sick(app)

        await app.settle(until=START + timedelta(hours=1))

        assert len(told(app)) == 1
