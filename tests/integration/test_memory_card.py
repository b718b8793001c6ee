"""The memory card tells where each thing known of a person comes from, and how to correct it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import segue
from segue.bootstrap import replay
from segue.bootstrap.memories import memory_card
from segue.core.ids import IdKey
from segue.core.records.events import Perceived

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
KEY = IdKey(b"fixed id key for tests only")
ANN = ("email:ann@x.io",)


def told(kind: str, source: str, source_id: str, body: dict[str, object]) -> segue.Signal:
    return segue.Signal(source, source_id, kind, ANN, START, body, history=True)


async def test_each_item_has_its_source_and_a_way_to_correct_it(tmp_path: Path) -> None:
    story = [
        told("profile.updated", "crm", "1", {"facts": {"name": "Ann"}}),
        told("message.received", "mail", "2", {"channel": "email", "text": "I'll send the contract today."}),
        told("message.received", "mail", "3", {"channel": "email", "text": "Our budget is 40,000 EUR."}),
    ]

    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await app.submit(story)
        await app.settle(until=START + timedelta(days=3))
        card = memory_card(app, "email:ann@x.io", "What is Ann's budget?", k=1)
        first = memory_card(app, "email:ann@x.io", as_of=START + timedelta(hours=1))

    items = {item.predicate: item for item in card.items}
    assert (items["name"].source, items["name"].source_id) == ("crm", "1")
    assert "`crm`" in items["name"].correct
    assert items["promise.customer"].words
    assert items["promise.customer"].state == "broken"
    assert [item.state for item in first.items if item.state] == ["open"]
    assert [found.source_id for found in card.recalled] == ["3"]


async def test_what_answers_a_message_is_recorded_before_its_step_and_read_again_by_replay(
    tmp_path: Path,
) -> None:
    texts = ("Our budget for forecasting is 40,000 EUR.", "Does the forecasting budget still fit?")

    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        for number, text in enumerate(texts):
            body = {"channel": "email", "text": text}
            await app.submit([segue.Signal("mail", f"{number}", "message.received", ANN, START, body)])
            await app.settle(until=START + timedelta(hours=number + 1))
        with app.store.read() as reader:
            events = [row.event for row in reader.log()]
            first, second = (event for event in events if isinstance(event, Perceived))
            earlier = reader.person(app.person_id("email:ann@x.io"), as_of=None, known_at=None)
    report = replay(tmp_path)

    assert first.recalled == ()
    assert earlier is not None
    assert [one.message_id for one in second.recalled] == [
        message.id for message in earlier.messages if message.text == texts[0]
    ]
    assert (report.different, report.steps > 0) == ([], True)


async def test_a_question_is_handed_over_with_what_was_said_of_it_long_ago(tmp_path: Path) -> None:
    half_a_year_ago = START - timedelta(days=180)
    turns = [
        {"speaker": "customer", "text": "We need single sign-on before we go on."},
        {"speaker": "rep:tom", "text": "Single sign-on costs you nothing extra in the first year."},
    ]
    call = segue.Signal(
        "calls", "1", "call.transcribed", ANN, half_a_year_ago, {"turns": turns}, history=True
    )
    since = [
        segue.Signal(
            *("mail", f"since {n}", "message.received", ANN, half_a_year_ago + timedelta(days=9 * n)),
            {"channel": "email", "text": f"Thanks, number {n} works."},
            history=True,
        )
        for n in range(1, 8)
    ]
    body = {"channel": "email", "text": "What does single sign-on cost? I want to talk to a human."}

    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await app.submit([call, *since])
        await app.submit([segue.Signal("mail", "today", "message.received", ANN, START, body)])
        await app.settle(until=START + timedelta(hours=1))
        (decision,) = app.decisions("email:ann@x.io")
        receipt = app.explain(decision.id)
    report = replay(tmp_path)

    (promise,) = (one for one, _ in receipt.recalled.found if one.by == "rep:tom")
    brief = str(receipt.ledger[0].effect.arguments["brief"])
    assert f"out call of 2026-04-08, message {promise.id}, rep:tom: {turns[1]['text']}" in brief
    assert (report.different, report.identical) == ([], 1)


async def test_the_question_an_answer_leaves_open_is_handed_over_with_what_was_said_of_it(
    tmp_path: Path,
) -> None:
    turns = [{"speaker": "rep:tom", "text": "Printing labels in Welsh is planned for the spring."}]
    call = segue.Signal(
        "calls", "1", "call.transcribed", ANN, START - timedelta(days=180), {"turns": turns}, history=True
    )
    body = {"channel": "sms", "text": "How much does a seat cost? And can labels be printed in Welsh?"}
    known = {"facts": {"phone": "+442079460100", "language": "en", "country": "GB"}}

    async with segue.open(tmp_path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        await app.submit([call, segue.Signal("crm", "2", "profile.updated", ANN, START, known)])
        await app.submit([segue.Signal("sms", "3", "message.received", ANN, START, body)])
        await app.settle(until=START + timedelta(hours=1))
        handed = next(d for d in app.decisions("email:ann@x.io") if d.action == "hand_over_question")
        receipt = app.explain(handed.id)
    report = replay(tmp_path)

    assert "Printing labels in Welsh is planned" in str(receipt.ledger[0].effect.arguments["brief"])
    assert [one.by for one, _ in receipt.recalled.found] == ["rep:tom"]
    assert report.different == []
