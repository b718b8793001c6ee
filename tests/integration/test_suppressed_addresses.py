"""A suppressed address is not written to, whoever has it: told by a list, left by the erased, or just now."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.bootstrap import App
from segue.bootstrap.consent_import import import_consent
from segue.bootstrap.operations.erasing import erase
from segue.runtime.gate import GateRequest

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
LATER = segue.VirtualClock(START + timedelta(days=1))
BAD = "bad2@x.io"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with segue.open(tmp_path / "home", clock=segue.VirtualClock(START)) as app:
        yield app


async def tell(app: App, kind: str, who: str, **body: Any) -> None:
    name = f"{kind} {who} {body}"
    (receipt,) = await app.submit([segue.Signal("crm", name[:200], kind, [who], app_now(app), body)])
    assert receipt.state == "accepted"
    await app.settle()


def app_now(app: App) -> datetime:
    return datetime.fromtimestamp(app.clock.now() / 1_000_000, UTC)


async def suppress(app: App, tmp_path: Path, column: str, value: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"{column}\n{value}\n", encoding="utf-8")
    await import_consent(app, file, suppress=True)
    await app.settle(until=app_now(app) + timedelta(hours=1))


async def answer(app: App, who: str, channel: str = "email", key: str = "k") -> str:
    return (await app.gate.check(GateRequest("mailer", key, [who], "commercial", channel))).answer


async def test_a_suppressed_address_is_not_written_to_under_another_name(app: App, tmp_path: Path) -> None:
    await suppress(app, tmp_path, "email", BAD)

    await tell(app, "consent.changed", "user:77", channel="all", state="granted")
    before = await answer(app, "user:77", key="before")
    await tell(app, "profile.updated", "user:77", facts={"email": "Bad2@X.io"})

    assert before == "allow"
    assert await answer(app, "user:77") == "deny"


async def test_a_question_is_not_answered_to_a_suppressed_address(app: App, tmp_path: Path) -> None:
    await suppress(app, tmp_path, "email", BAD)
    await tell(app, "profile.updated", "user:77", facts={"email": BAD})
    await tell(app, "profile.updated", "user:78", facts={"email": "good@x.io"})

    for who in ("user:77", "user:78"):
        await tell(app, "message.received", who, channel="email", text="How much does the pro plan cost?")
    await app.settle(until=app_now(app) + timedelta(days=1))

    with app.store.read() as reader:
        sent = [row.effect.arguments.get("to") for row in reader.effects(("sent", "delivered"), 50)]
    assert "good@x.io" in sent
    assert BAD not in sent


async def test_an_address_that_is_suppressed_after_the_draft_was_written_is_found_at_dispatch(
    app: App,
) -> None:
    await tell(app, "profile.updated", "user:77", facts={"email": BAD})
    question = {"channel": "email", "text": "How much does the pro plan cost?"}
    told = {"channel": "all", "state": "withdrawn"}

    await app.submit(
        [
            segue.Signal("mailbox", "1", "message.received", ["user:77"], app_now(app), question),
            segue.Signal("crm", "2", "consent.changed", [f"email:{BAD}"], app_now(app), told),
        ]
    )
    await app.settle(until=app_now(app) + timedelta(days=1))

    with app.store.read() as reader:
        rows = reader.effects(("pending", "sent", "delivered", "failed", "unknown", "cancelled"), 50)
    mine = [row.state for row in rows if row.effect.arguments.get("to") == BAD]
    assert mine == ["cancelled"]


async def test_a_suppressed_number_is_found_however_it_is_written(app: App, tmp_path: Path) -> None:
    await suppress(app, tmp_path, "phone", "+49 30 1234567")

    await tell(app, "consent.changed", "user:77", channel="all", state="granted")
    await tell(app, "profile.updated", "user:77", facts={"phone": "030 1234567", "email": "good@x.io"})

    assert [await answer(app, "user:77", channel, channel) for channel in ("sms", "email")] == [
        "deny",
        "allow",
    ]


async def test_consent_that_is_given_for_the_address_ends_its_suppression(app: App, tmp_path: Path) -> None:
    await suppress(app, tmp_path, "email", BAD)
    await tell(app, "consent.changed", "user:77", channel="all", state="granted")
    await tell(app, "profile.updated", "user:77", facts={"email": BAD})

    await tell(app, "consent.changed", f"email:{BAD}", channel="all", state="granted")

    assert await answer(app, "user:77") == "allow"


async def test_an_opt_out_that_outlived_its_person_holds_for_the_address(tmp_path: Path) -> None:
    home, clock = tmp_path / "home", segue.VirtualClock(START)
    async with segue.open(home, clock=clock) as app:
        await tell(app, "consent.changed", f"email:{BAD}", channel="email", state="withdrawn")
    erase(home, f"email:{BAD}", LATER)

    async with segue.open(home, clock=segue.VirtualClock(START + timedelta(days=2))) as app:
        await tell(app, "consent.changed", "user:77", channel="all", state="granted")
        await tell(app, "profile.updated", "user:77", facts={"email": BAD})
        under_another_name = await answer(app, "user:77")
        await tell(app, "profile.updated", f"email:{BAD}", facts={"name": "Anew"})
        before = await answer(app, f"email:{BAD}", key="before")
        await tell(app, "consent.changed", f"email:{BAD}", channel="email", state="granted")
        after = await answer(app, f"email:{BAD}", key="after")

    assert (under_another_name, before, after) == ("deny", "deny", "allow")
