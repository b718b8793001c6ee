"""Promises over days: what was asked for is kept, what was promised is done or a colleague hears of it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

import segue
from segue.bootstrap import App, rebuild, replay
from segue.bootstrap.promised import promise_ledger, promises_ahead
from segue.cli.commands import app as cli
from segue.core.ids import IdKey
from segue.core.records.promised import Promised, promises_in
from segue.core.records.signals import Kind
from segue.core.units import DAY, to_instant
from tests.build import instant

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
KEY = IdKey(b"fixed id key for tests only")
ANN, ACME = "email:ann@x.io", "account:acme"
PERSON = {
    "name": "Ann Lee", "email": "ann@x.io", "time_zone": "Europe/Berlin", "country": "DE", "language": "en",
}  # fmt: skip
ACCOUNT = {"name": "Acme", "plan": "starter", "owner": "Eve", "arr": {"amount": 900_000, "currency": "EUR"}}


def signal(n: int, kind: str, body: Mapping[str, Any], at: datetime, who: str = ANN) -> segue.Signal:
    return segue.Signal("test", f"{n}", kind, (who,) if who == ACME else (who, ACME), at, body)


async def tell(app: App, *signals: segue.Signal) -> None:
    for one in signals:
        await app.settle(until=one.occurred_at)
        refused = [receipt.error for receipt in await app.submit([one]) if receipt.error]
        assert refused == []
    await app.settle(until=signals[-1].occurred_at + timedelta(minutes=1))


async def met(app: App) -> None:
    """Ann of Acme, who may be written to."""
    await tell(
        app,
        signal(1, "account.updated", {"facts": ACCOUNT}, START, ACME),
        signal(2, "profile.updated", {"facts": PERSON}, START),
        signal(3, "consent.changed", {"channel": "email", "state": "granted"}, START),
    )


def ledger(app: App) -> list[Promised]:
    return sorted(promises_in(app.person(ANN).facts), key=lambda one: one.said_at)


def prices(n: int, at: datetime) -> list[segue.Signal]:
    return [signal(n + i, "page.viewed", {"path": "/pricing"}, at + timedelta(minutes=i)) for i in range(3)]


async def test_ask_me_again_in_december_is_kept_and_wakes_the_play(tmp_path: Path) -> None:
    clock = segue.VirtualClock(START)
    async with segue.open(tmp_path, clock=clock, id_key=KEY) as app:
        await met(app)
        words = {"channel": "email", "text": "No thanks, not now. Ask me again in December."}
        await tell(app, signal(10, "message.received", words, START + timedelta(hours=1)))
        await tell(app, *prices(20, START + timedelta(days=9)))
        (asked,) = [one for one in ledger(app) if one.what == "ask_again"]
        before = [d for d in app.decisions(ANN) if d.play == "upgrade"]
        await app.settle(until=datetime(2026, 12, 2, 12, 0, tzinfo=UTC))
        kept = [one.state for one in ledger(app) if one.what == "ask_again"]
        sent = app.sandbox.outbox("email", "ann@x.io") if app.sandbox else []
        woken = [d for d in app.decisions(ANN) if app.explain(d.id).signal.kind is Kind.PROMISE_DUE]

    assert (asked.state, asked.due_at) == ("open", instant("2026-11-30T23:00:00Z"))
    assert {match.rule for d in before for c in d.considered for match in c.verdict.matches} >= {
        "ask-me-later-is-kept"
    }
    assert kept == ["kept"]
    assert [d.play for d in woken] == ["upgrade"]
    offers = [done for done in sent if done.at >= asked.due_at]
    assert offers
    assert [d for d in sent if to_instant(START) + DAY < d.at < asked.due_at] == []
    assert replay(tmp_path).different == []
    assert rebuild(tmp_path).equal


async def test_a_colleague_is_reminded_of_their_word_and_told_where_it_was_broken(tmp_path: Path) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await met(app)
        sent = {"channel": "email", "by": "rep:eve", "text": "Hello Ann, I'll call you on Thursday. Eve"}
        await tell(app, signal(10, "message.sent", sent, START + timedelta(hours=1)))
        await app.settle(until=START + timedelta(days=7))
        notes = [str(done.arguments["title"]) for done in app.sandbox.notices()] if app.sandbox else []
        mails = app.sandbox.outbox("email", "ann@x.io") if app.sandbox else []

    assert notes == ["Promised to Acme, due soon, call", "Promised to Acme, not kept, call"]
    assert mails == []


async def test_a_word_that_is_kept_reminds_nobody(tmp_path: Path) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await met(app)
        sent = {"channel": "email", "by": "rep:eve", "text": "Hello Ann, I'll call you on Thursday. Eve"}
        turns = {"turns": [{"speaker": "rep:eve", "text": "Hi"}, {"speaker": "customer", "text": "Hi"}]}
        await tell(
            app,
            signal(10, "message.sent", sent, START + timedelta(hours=1)),
            signal(11, "call.transcribed", turns, START + timedelta(hours=5)),
        )
        await app.settle(until=START + timedelta(days=7))
        states = [one.state for one in ledger(app)]
        notes = app.sandbox.notices() if app.sandbox else []

    assert (states, notes) == (["kept"], [])


async def test_the_ledger_is_told_to_people_and_machines(tmp_path: Path) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await met(app)
        words = {"channel": "email", "text": "I'll call you on Thursday."}
        await tell(app, signal(10, "message.received", words, START + timedelta(hours=1)))
        (line,) = promise_ledger(app, ANN)
        (late,) = promise_ledger(app, ANN, as_of=START + timedelta(days=4))

        (ahead,) = promises_ahead(app)

    told = json.loads(CliRunner().invoke(cli, ["promises", ANN, "--home", str(tmp_path), "--json"]).stdout)
    everybody = CliRunner().invoke(cli, ["promises", "--home", str(tmp_path), "--json"]).stdout
    shown = CliRunner().invoke(cli, ["promises", ANN, "--home", str(tmp_path)]).stdout

    assert (line.who, line.what, line.state, line.source_id) == ("customer", "call", "open", "10")
    assert line.due_at == instant("2026-10-09T00:00+02:00")
    assert late.state == "overdue"
    assert [(one["what"], one["state"], one["due_at"]) for one in told["promises"]] == [
        ("call", "open", "2026-10-08T22:00:00+00:00")
    ]
    assert "I'll call you on Thursday" in shown
    assert (ahead.id, ahead.person_id) == (line.id, line.person_id)
    assert json.loads(everybody)["promises"][0]["id"] == line.id
