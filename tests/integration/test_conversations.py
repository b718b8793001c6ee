"""A conversation goes to a colleague and comes back: silence, one brief, a reminder, a promise kept."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import segue
from segue.bootstrap import App, rebuild, replay
from segue.bootstrap.conversations import conversation_of
from segue.cli.commands import app as cli
from segue.core.errors import MissingError, SegueError
from segue.core.ids import IdKey
from segue.core.records.promised import promises_in
from segue.core.units import to_datetime

START = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)  # a Monday
KEY = IdKey(b"fixed id key for tests only")
ANN, ACME = "email:ann@x.io", "account:acme"
PERSON = {
    "name": "Ann Lee", "email": "ann@x.io", "time_zone": "Europe/Berlin", "country": "DE", "language": "en",
}  # fmt: skip
ACCOUNT = {
    "name": "Acme", "plan": "starter", "owner": "Eve", "owner_email": "eve@acme.example",
    "arr": {"amount": 900_000, "currency": "EUR"},
}  # fmt: skip
THREAT = "You charged us twice on contract CAL-4471. If it is not sorted our lawyer will be in touch."


def signal(kind: str, body: Mapping[str, Any], hours: float, who: str = ANN) -> segue.Signal:
    at = START + timedelta(hours=hours)
    return segue.Signal("test", f"{kind}:{hours}", kind, (who,) if who == ACME else (who, ACME), at, body)


async def tell(app: App, *signals: segue.Signal) -> None:
    for one in signals:
        await app.settle(until=one.occurred_at)
        assert [receipt.error for receipt in await app.submit([one]) if receipt.error] == []
    await app.settle(until=signals[-1].occurred_at + timedelta(minutes=5))


async def met(app: App) -> None:
    await tell(
        app,
        signal("account.updated", {"facts": ACCOUNT}, 0, ACME),
        signal("profile.updated", {"facts": PERSON}, 0),
        signal("consent.changed", {"channel": "email", "state": "granted"}, 0),
    )


def mail(text: str, hours: float) -> segue.Signal:
    return signal("message.received", {"channel": "email", "text": text}, hours)


def prices(hours: float) -> list[segue.Signal]:
    return [signal("page.viewed", {"path": "/pricing"}, hours + n / 60) for n in range(3)]


def sent(app: App) -> list[str]:
    assert app.sandbox is not None
    return [str(done.arguments["text"]) for done in app.sandbox.outbox("email", "ann@x.io")]


async def test_while_a_colleague_writes_segue_is_silent_and_its_one_brief_is_kept_up_to_date(
    tmp_path: Path,
) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await met(app)
        await tell(app, mail(THREAT, 1))
        await app.converse(ANN, "claim", by="rep:eve", role="support")
        await tell(app, mail("The second charge is on invoice 2210.", 2), *prices(3))
        briefs = app.sandbox.briefs() if app.sandbox else {}
        silent = sent(app)

    (brief,) = briefs.values()
    assert "CAL-4471" in brief
    assert "invoice 2210" in brief
    assert silent == []
    assert replay(tmp_path).different == []
    assert rebuild(tmp_path).equal


async def test_a_colleague_who_is_silent_is_reminded_after_two_days_and_the_customer_is_not(
    tmp_path: Path,
) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await met(app)
        await tell(app, mail(THREAT, 1), signal("conversation.claimed", {"by": "rep:eve"}, 2))
        await app.settle(until=START + timedelta(hours=49))
        early = len(app.sandbox.notices()) if app.sandbox else -1
        await app.settle(until=START + timedelta(hours=52))
        notices = [str(done.arguments["title"]) for done in app.sandbox.notices()] if app.sandbox else []
        told = app.sandbox.done() if app.sandbox else []
        silent = sent(app)

    reminders = [one for one in told if str(one.arguments.get("subject", "")).startswith("Reminder")]
    assert (early, notices) == (0, ["Somebody at Acme waits for an answer"])
    assert [one.arguments["to"] for one in reminders] == ["eve@acme.example"]
    assert silent == []


async def test_a_conversation_comes_back_with_a_promise_that_is_kept_in_time(tmp_path: Path) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await met(app)
        await tell(app, mail(THREAT, 1), signal("conversation.claimed", {"by": "rep:eve"}, 2))
        back = {"by": "rep:eve", "promise": {"what": "reply", "due": "2026-11-13T17:00:00+01:00"}}
        await tell(app, signal("conversation.released", back, 3))
        owner = conversation_of(app, ANN).owner
        await app.settle(until=datetime(2026, 11, 13, 16, 0, tzinfo=UTC))
        states = [one.state for one in promises_in(app.person(ANN).facts) if one.handed_back]
        words = sent(app)

    assert owner == "segue"
    assert [text for text in words if "as promised" in text] == words
    assert (len(words), states) == (1, ["kept"])


async def test_who_writes_from_an_own_mailbox_withdraws_the_draft_that_waits(tmp_path: Path) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await met(app)
        at_risk = {"facts": {"health": 45, "renews_at": "2026-12-20", "stage": "active"}}
        await tell(app, signal("account.updated", at_risk, 1, ACME), mail("That is too expensive for us.", 2))
        (draft,) = app.approvals()
        own = {"channel": "email", "by": "rep:eve", "text": "Hello Ann, let us talk. Eve"}
        await tell(app, signal("message.sent", own, 3))
        (after,) = [one for one in app.approvals("expired") if one.id == draft.id]
        owner = conversation_of(app, ANN)
        with pytest.raises(MissingError):
            await app.approve(draft.id, "rep:eve")
        await app.settle(until=START + timedelta(days=4))
        later = conversation_of(app, ANN, as_of=to_datetime(app.now)).owner

    assert (after.by, after.because) == ("rep:eve", "rep:eve has taken the conversation over")
    assert (owner.owner, owner.holders[0].claimed) == ("rep:eve", False)
    assert later == "segue"


async def test_who_claims_an_account_withdraws_what_waits_for_anybody_there(tmp_path: Path) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await met(app)
        at_risk = {"facts": {"health": 45, "renews_at": "2026-12-20", "stage": "active"}}
        await tell(app, signal("account.updated", at_risk, 1, ACME), mail("That is too expensive for us.", 2))
        waiting = len(app.approvals())
        await tell(app, signal("conversation.claimed", {"by": "rep:eve"}, 3, ACME))
        owner, left = conversation_of(app, ANN).owner, len(app.approvals())
        await tell(app, signal("conversation.released", {"by": "rep:eve"}, 4, ACME))
        then = conversation_of(app, ANN).owner

    assert (waiting, owner, left, then) == (1, "rep:eve", 0, "segue")


async def test_a_held_account_is_left_alone_until_then(tmp_path: Path) -> None:
    until = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await met(app)
        await app.converse(ANN, "hold", by="rep:eve", until=until)
        await tell(app, *prices(1))
        held = conversation_of(app, ANN)
        rules = {m.rule for d in app.decisions(ANN) for c in d.considered for m in c.verdict.matches}
        await app.settle(until=until - timedelta(minutes=1))
        before = sent(app)
        await app.settle(until=until + timedelta(hours=12))
        after = sent(app)

    assert (held.held_by, held.held_until) == ("rep:eve", int(until.timestamp()) * 1_000_000)
    assert "account-is-held" in rules
    assert (before, len(after)) == ([], 1)


@pytest.mark.parametrize(
    ("word", "told", "problem"),
    [
        ("steal", {}, "none of claim"),
        ("claim", {"role": "supprt"}, "did you mean `support`"),
        ("claim", {"promise": {"what": "call"}}, "goes with `hand-back`"),
        ("hand-back", {"promise": {"what": "fly"}}, "promise.what"),
        ("hand-back", {"promise": {"what": "call", "due": "soon"}}, "promise.due"),
        ("hand-back", {"until": START + timedelta(days=1)}, "leave it out"),
        ("hold", {"until": START - timedelta(days=1)}, "is past"),
        ("hold", {"role": "support"}, "by name"),
    ],
)
async def test_what_is_wrong_is_said_at_once(
    tmp_path: Path, word: str, told: dict[str, Any], problem: str
) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await met(app)

        with pytest.raises(SegueError, match=problem):
            await app.converse(ANN, word, by="rep:eve", **told)


def test_the_command_tells_whose_it_is_and_takes_a_word(tmp_path: Path) -> None:
    async def known() -> None:
        async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
            await met(app)

    asyncio.run(known())
    home = ["--home", str(tmp_path), "--json"]

    first = json.loads(CliRunner().invoke(cli, ["conversation", ANN, *home]).stdout)
    taken = CliRunner().invoke(cli, ["conversation", ANN, "claim", "--by", "rep:eve", *home])
    then = json.loads(CliRunner().invoke(cli, ["conversation", ANN, *home]).stdout)
    shown = CliRunner().invoke(cli, ["conversation", ANN, "--home", str(tmp_path)]).stdout

    assert (first["owner"], first["holders"]) == ("segue", [])
    assert json.loads(taken.stdout)["state"] == "accepted"
    assert then["owner"] == "rep:eve"
    assert "rep:eve's" in shown
