"""An offer got lost and nobody knows whether it went out; a human looks and says so, in a whole app."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import segue
from segue.bootstrap import App, rebuild, replay
from segue.connectors.sandbox import Fault
from segue.core.errors import ConflictError
from segue.core.records.context import LedgerRow
from segue.core.records.events import Stepped

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
WHO = ["email:ann@x.io", "account:x"]
ACCOUNT = {"name": "X", "plan": "starter", "stage": "active", "arr": {"amount": 3_000_000, "currency": "EUR"}}
PERSON = {"name": "Ann", "email": "ann@x.io", "phone": "+4915112345678", "country": "DE", "brand": "acme"}


def granted(channel: str) -> segue.Signal:
    body = {"channel": channel, "purpose": "commercial", "state": "granted", "brand": "acme"}
    return segue.Signal("crm", channel, "consent.changed", WHO, START, body)


async def lose_an_offer(app: App) -> LedgerRow:
    """Have an offer by SMS get lost on the way, and looked up in vain for two days."""
    assert app.sandbox is not None
    app.sandbox.fault("sms", Fault("reset"))
    text = {"channel": "sms", "text": "We would like to upgrade to the bigger plan."}
    await app.submit(
        [
            segue.Signal("crm", "0", "account.updated", WHO[1:], START, {"facts": ACCOUNT}),
            segue.Signal("crm", "1", "profile.updated", WHO, START, {"facts": PERSON}),
            granted("sms"),
            granted("email"),
            segue.Signal("sms", "2", "message.received", WHO, START, text),
        ]
    )
    await app.settle(until=START + timedelta(days=2))
    (row,) = app.effects("unknown")
    return row


def reserved(app: App, row: LedgerRow) -> set[str]:
    """What became of all that was set aside for an effect."""
    found: dict[str, str] = {}
    with app.store.read() as reader:
        for logged in reader.log():
            rows = logged.event.reservations if isinstance(logged.event, Stepped) else ()
            found |= {item.id: item.state for item in rows if item.id in row.effect.reservations}
    return set(found.values())


async def test_what_happened_counts_as_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with segue.open(home, clock=segue.VirtualClock(START)) as app:
        row = await lose_an_offer(app)
        said_before = [item for item in app.person(WHO[0]).messages if item.by == "segue"]

        await app.settle_effect(row.effect.id, "happened", "rep:anna")
        await app.settle()

        assert app.effect(row.effect.id).state == "delivered"
        said = [item.text for item in app.person(WHO[0]).messages if item.by == "segue"]
        assert (said_before, said) == ([], [row.effect.arguments["text"]])
        assert reserved(app, row) == {"used"}
        with pytest.raises(ConflictError):
            await app.settle_effect(row.effect.id, "did_not", "rep:tom")

    report = replay(home)
    assert report.decisions == report.identical > 0
    assert rebuild(home).equal


async def test_what_did_not_happen_is_thought_over_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with segue.open(home, clock=segue.VirtualClock(START)) as app:
        row = await lose_an_offer(app)
        before = {item.id for item in app.decisions()}
        held = reserved(app, row)

        await app.settle_effect(row.effect.id, "did_not", "rep:anna")
        await app.settle(until=START + timedelta(days=3))

        assert app.effect(row.effect.id).state == "failed"
        (again,) = [item for item in app.decisions() if item.id not in before]
        assert (again.question, again.mode) == ("failed", "act")
        assert again.choice.candidate.connector == "email"
        assert (held, reserved(app, row)) == ({"held"}, {"released"})

    report = replay(home)
    assert report.decisions == report.identical > 0
    assert rebuild(home).equal
