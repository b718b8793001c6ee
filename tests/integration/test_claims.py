"""What a key that everybody can read may say: it neither gives consent nor redirects anybody's mail."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from segue import api
from segue.bootstrap import Door, create_home, open_door
from segue.runtime.clock import VirtualClock
from segue.runtime.gate import GateRequest
from tests.asgi import posted
from tests.e2e.serving import a_key

NOON = datetime(2026, 11, 3, 11, tzinfo=UTC)
"""A time at which anybody may be written to."""

WITHDRAWN = {"channel": "email", "state": "withdrawn"}
GRANTED = {"channel": "email", "state": "granted"}
TRACK = {"type": "track", "userId": "v2", "messageId": "m1", "event": "consent.changed"}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    create_home(tmp_path / "home")
    async with open_door(tmp_path / "home", clock=VirtualClock(NOON)) as found:
        yield found


async def post(door: Door, path: str, told: object, scope: str = "ingest") -> dict[str, Any]:
    """What the API answers to a request by a key of that scope."""
    app = Litestar(api.routes(door), openapi_config=None)
    answered = await posted(app, path, a_key(door.home.path, scope), told)
    await door.app.settle()
    return answered.body


def crm(number: int, who: str, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"source": "crm", "source_id": str(number), "kind": kind, "identifiers": [who], "body": body}


async def answer(door: Door, who: str) -> str:
    request = GateRequest("mailer", "k", [who], "commercial", "email")
    return (await door.app.gate.check(request)).answer


async def test_a_system_of_record_gives_consent(door: Door) -> None:
    await post(door, "/v1/signals", crm(1, "user:v2", "consent.changed", GRANTED), "record")

    assert await answer(door, "user:v2") == "allow"


@pytest.mark.parametrize("scope", ["ingest", "record"])
async def test_no_client_library_overrides_an_opt_out(door: Door, scope: str) -> None:
    await post(door, "/v1/signals", crm(1, "user:v2", "consent.changed", WITHDRAWN), "record")

    segment = await post(door, "/v1/track", TRACK | {"properties": GRANTED}, scope)
    posthog = await post(
        door,
        "/batch/",
        {"batch": [{"event": "consent.changed", "distinct_id": "v2", "properties": GRANTED}]},
        scope,
    )

    assert "scope `record`" in segment["errors"][0]["error"]
    assert "scope `record`" in posthog["errors"][0]["error"]
    assert await answer(door, "user:v2") == "deny"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("consent.changed", GRANTED),
        ("message.received", {"channel": "email", "text": "Please cancel everything."}),
        ("outcome.reached", {"outcome": "renewal_saved"}),
        ("ticket.opened", {"ticket": "7", "topic": "billing"}),
    ],
)
async def test_a_key_that_everybody_can_read_speaks_for_nobody(
    door: Door, kind: str, body: dict[str, Any]
) -> None:
    event = {"specversion": "1.0", "id": "1", "source": "page", "type": kind, "subject": "v2", "data": body}

    native = await post(door, "/v1/signals", crm(1, "user:v2", kind, body))
    cloud = await post(door, "/v1/cloudevents", event)

    receipts = [*native["receipts"], *cloud["receipts"]]
    assert [item["state"] for item in receipts] == ["refused", "refused"]
    assert all("scope `record`" in item["error"] for item in receipts)


async def test_a_withdrawal_counts_whoever_told_it(door: Door) -> None:
    await post(door, "/v1/signals", crm(1, "user:v2", "consent.changed", GRANTED), "record")

    told = await post(door, "/v1/track", TRACK | {"properties": WITHDRAWN})

    assert told["errors"] == []
    assert await answer(door, "user:v2") == "deny"


async def test_a_claimed_address_never_replaces_the_one_on_record(door: Door) -> None:
    facts = {"facts": {"email": "ann@x.io", "name": "Ann"}}
    await post(door, "/v1/signals", crm(1, "user:v1", "profile.updated", facts), "record")

    identify = {"type": "identify", "userId": "v1", "messageId": "i1", "traits": {"email": "evil@evil.io"}}
    await post(door, "/v1/identify", identify)
    await post(
        door,
        "/batch/",
        {
            "batch": [
                {"event": "$set", "distinct_id": "v1", "properties": {"$set": {"email": "evil@evil.io"}}}
            ]
        },
    )

    emails = {
        fact.trust: fact.value for fact in door.app.person("user:v1").facts if fact.predicate == "email"
    }
    assert emails == {"verified": "ann@x.io", "claimed": "evil@evil.io"}


@pytest.mark.parametrize(
    "claim",
    [
        {"type": "alias", "userId": "evil", "previousId": "v1", "messageId": "a1"},
        {"type": "identify", "userId": "evil", "messageId": "a1", "traits": {"email": "ann@x.io"}},
        {"type": "identify", "userId": "v1", "messageId": "a1", "traits": {"email": "evil@evil.io"}},
    ],
    ids=["alias", "the other's address", "the own address"],
)
async def test_a_claim_makes_no_one_person_of_two_customers(door: Door, claim: dict[str, Any]) -> None:
    ann, evil = {"facts": {"email": "ann@x.io"}}, {"facts": {"email": "evil@evil.io"}}
    named = {"identifiers": ["user:v1", "email:ann@x.io"]}
    await post(door, "/v1/signals", crm(1, "user:v1", "profile.updated", ann) | named, "record")
    await post(door, "/v1/signals", crm(2, "user:evil", "profile.updated", evil), "record")

    told = await post(door, "/v1/batch", {"batch": [claim]})

    assert told["errors"] == []
    assert door.app.person("user:v1").person_id != door.app.person("user:evil").person_id


async def test_a_visitor_who_signs_in_is_that_user(door: Door) -> None:
    ann = {"facts": {"email": "ann@x.io"}}
    await post(door, "/v1/signals", crm(1, "user:v1", "profile.updated", ann), "record")
    await post(door, "/v1/page", {"anonymousId": "c1", "messageId": "p1", "properties": {"path": "/"}})

    await post(door, "/v1/identify", {"anonymousId": "c1", "userId": "v1", "messageId": "i1"})

    assert door.app.person("cookie:c1").person_id == door.app.person("user:v1").person_id


async def test_a_claimed_chat_is_nobodys_address(door: Door) -> None:
    identify = {
        "type": "identify",
        "userId": "v1",
        "messageId": "i1",
        "traits": {"chat": "evil", "name": "V"},
    }

    await post(door, "/v1/identify", identify)

    assert {fact.predicate for fact in door.app.person("user:v1").facts} == {"name"}


@pytest.mark.parametrize("source", ["consent-import", "portal", "chat", "email", "segue.timer"])
async def test_nobody_speaks_as_one_of_segues_own_doors(door: Door, source: str) -> None:
    signal = crm(1, "user:v1", "page.viewed", {"path": "/"}) | {"source": source}

    told = await post(door, "/v1/signals", [signal], "record")

    assert told["receipts"][0]["state"] == "refused"
    assert f"source `{source}`" in told["receipts"][0]["error"]


async def test_a_claim_does_not_keep_out_what_a_system_of_record_tells_under_that_key(door: Door) -> None:
    await post(door, "/v1/signals", crm(1, "user:v2", "page.viewed", {"path": "/"}))

    told = await post(door, "/v1/signals", crm(1, "user:v2", "consent.changed", WITHDRAWN), "record")

    assert told["receipts"][0]["state"] == "accepted"
    assert await answer(door, "user:v2") == "deny"


async def test_a_claimed_group_moves_nobody_out_of_the_account_on_record(door: Door) -> None:
    placed = {"identifiers": ["user:v1", "account:alder"]}
    await post(door, "/v1/signals", crm(1, "user:v1", "profile.updated", {"facts": {}}) | placed, "record")
    before = door.app.person("user:v1").account_id
    group = {
        "type": "group",
        "userId": "v1",
        "groupId": "evil",
        "messageId": "g1",
        "traits": {"name": "Evil"},
    }

    told = await post(door, "/v1/batch", {"batch": [group]})
    await post(door, "/v1/batch", {"batch": [group | {"messageId": "g2", "anonymousId": "c9"}]})

    found = door.app.person("user:v1")
    assert told["errors"] == []
    assert (found.account_id, bool(before)) == (before, True)
    assert "Evil" not in {fact.value for fact in found.facts}


async def test_a_claimed_group_holds_until_a_system_of_record_says_otherwise(door: Door) -> None:
    group = {"type": "group", "userId": "v1", "groupId": "alder", "messageId": "g1", "traits": {}}
    await post(door, "/v1/batch", {"batch": [group]})
    claimed = door.app.person("user:v1").account_id
    await post(door, "/v1/batch", {"batch": [group | {"groupId": "birch", "messageId": "g2"}]})
    moved = door.app.person("user:v1").account_id

    placed = {"identifiers": ["user:v1", "account:birch"]}
    await post(door, "/v1/signals", crm(1, "user:v1", "page.viewed", {"path": "/"}) | placed, "record")
    await post(door, "/v1/batch", {"batch": [group | {"messageId": "g3"}]})

    assert len({"", claimed, moved}) == 3
    assert door.app.person("user:v1").account_id == moved
