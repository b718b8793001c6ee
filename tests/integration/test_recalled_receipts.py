"""Receipts outside the pages tell what was recalled before a decision, and leave out what is private."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from typer.testing import CliRunner

import segue
from segue.api.telling import decision_receipt
from segue.bootstrap import open_door
from segue.cli.commands import app as cli

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
ANN = ("email:ann@x.io",)
SAID = "Single sign-on is a must for us. My wife is in hospital until Friday."


async def asked(home: Path) -> str:
    """Ann asks for a human about what she wrote half a year ago; the decision on it."""
    async with segue.open(home, clock=segue.VirtualClock(START)) as app:
        for number, (days, text) in enumerate(
            ((180, SAID), (0, "Is single sign-on there? I want to talk to a human."))
        ):
            at = START - timedelta(days=days)
            body = {"channel": "email", "text": text}
            await app.submit(
                [segue.Signal("mail", f"{number}", "message.received", ANN, at, body, history=days > 0)]
            )
        await app.settle(until=START + timedelta(hours=1))
        return app.decisions(ANN[0])[0].id


async def test_the_apis_receipt_tells_what_was_recalled_without_what_is_private(tmp_path: Path) -> None:
    decision_id = await asked(tmp_path / "home")

    async with open_door(tmp_path / "home") as door:
        receipt = decision_receipt(door.app.explain(decision_id), "EUR")

    (one,) = receipt.recalled
    assert one.text == "Single sign-on is a must for us. [private]"
    assert (one.channel, one.by, one.at.date()) == (
        "email",
        "customer",
        (START - timedelta(days=180)).date(),
    )
    assert receipt.recalled_by == ""


async def test_the_commands_receipt_tells_the_same(tmp_path: Path) -> None:
    decision_id = await asked(tmp_path / "home")

    told = CliRunner().invoke(cli, ["explain", decision_id, "--json", "--home", str(tmp_path / "home")])
    lines = CliRunner().invoke(cli, ["explain", decision_id, "--home", str(tmp_path / "home")])

    (one,) = json.loads(told.stdout)["recalled"]
    assert one["text"] == "Single sign-on is a must for us. [private]"
    assert one["at"].startswith("2026-04-08")
    assert "hospital" not in lines.stdout
    assert "Single sign-on is a must" in lines.stdout
