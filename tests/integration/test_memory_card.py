"""The memory card tells where each thing known of a person comes from, and how to correct it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import segue
from segue.bootstrap.memories import memory_card
from segue.core.ids import IdKey

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
        later = memory_card(app, "email:ann@x.io", as_of=START + timedelta(days=3))

    items = {item.predicate: item for item in card.items}
    assert (items["name"].source, items["name"].source_id) == ("crm", "1")
    assert "`crm`" in items["name"].correct
    assert items["promise.customer"].words
    assert items["promise.customer"].state == "open"
    assert [item.state for item in later.items if item.state] == ["overdue"]
    assert [found.source_id for found in card.recalled] == ["3"]
