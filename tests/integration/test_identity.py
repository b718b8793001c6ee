"""People are split and merged by humans: nothing moves but who is who, and the log says so."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.bootstrap import App, rebuild, replay
from segue.bootstrap.proposals import proposals
from segue.core.errors import InputError, MissingError

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
ANN, BOB, PHONE = "email:ann@x.io", "email:bob@x.io", "phone:+493012345678"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with segue.open(
        tmp_path / "home", clock=segue.VirtualClock(START), id_key=segue.IdKey(b"0123456789abcdef")
    ) as app:
        yield app


async def tell(app: App, number: int, *who: str, source: str = "mail", **body: Any) -> None:
    at = START + timedelta(minutes=number)
    await app.settle(until=at)
    text = {"channel": "email", "text": f"Message {number}, thank you."} | body
    (receipt,) = await app.submit([segue.Signal(source, str(number), "message.received", who, at, text)])
    assert receipt.state == "accepted"
    await app.settle(until=at)


async def a_mistaken_merge(app: App) -> None:
    """Ann and Bob write; somebody gives both addresses in one form; both write on."""
    await tell(app, 1, ANN, PHONE)
    await tell(app, 2, BOB)
    await tell(app, 3, ANN, BOB, source="form")
    await tell(app, 4, BOB)


def texts(app: App, who: str) -> set[str]:
    return {message.text[8:9] for message in app.person(who).messages}


async def test_a_split_restores_both_people(app: App) -> None:
    await a_mistaken_merge(app)
    assert texts(app, ANN) == texts(app, BOB) == {"1", "2", "3", "4"}

    await app.split([ANN], [BOB], by="eve")

    assert texts(app, ANN) == {"1", "3"}
    assert texts(app, BOB) == {"2", "4"}
    assert app.person_id(PHONE) == app.person_id(ANN)


async def test_no_later_signal_joins_what_a_human_split(app: App) -> None:
    await a_mistaken_merge(app)
    await app.split([ANN], [BOB], by="eve")

    await tell(app, 5, BOB, ANN, source="shop")
    await tell(app, 6, PHONE, BOB, source="shop")

    assert app.person_id(ANN) != app.person_id(BOB)


async def test_what_was_known_stays_known_as_it_was(app: App) -> None:
    await a_mistaken_merge(app)
    merged_at = START + timedelta(minutes=4)
    before = app.person(ANN, known_at=merged_at).profile_ids
    await app.settle(until=START + timedelta(minutes=10))

    await app.split([ANN], [BOB], by="eve")

    assert app.person(ANN, known_at=merged_at).profile_ids == before
    assert len(app.person(ANN, known_at=START + timedelta(minutes=2)).profile_ids) == 1
    assert len(app.person(ANN).profile_ids) == 2


async def test_a_dry_run_tells_what_moves_and_changes_nothing(app: App) -> None:
    await a_mistaken_merge(app)
    position, store = app.position(), app.store.projection_hash()

    plan = await app.split([ANN], [BOB], by="eve", dry_run=True)

    assert (app.position(), app.store.projection_hash()) == (position, store)
    assert plan.changes
    ann, bob = plan.sides
    assert ("email", ANN) in ann.identifiers
    assert ("email", BOB) in bob.identifiers
    assert len(ann.messages) == len(bob.messages) == 2
    assert [profile.while_merged for profile in bob.profiles] == [1]
    assert all(profile.moves for profile in bob.profiles)

    done = await app.split([ANN], [BOB], by="eve")
    assert done == plan
    assert {app.person_id(ANN), app.person_id(BOB)} == {ann.person_id, bob.person_id}


async def test_every_decision_touched_is_listed(app: App) -> None:
    await tell(app, 1, ANN, BOB, source="form", text="We want to cancel our contract.")

    plan = await app.split([ANN], [BOB], by="eve", dry_run=True)

    told = {decision.id for side in plan.sides for decision in side.decisions}
    assert told == {decision.id for decision in app.decisions()} != set()


async def test_split_and_merged_again_all_is_as_before(app: App) -> None:
    await a_mistaken_merge(app)
    before = (app.person(ANN), identities(app))

    await app.split([ANN], [BOB], by="eve")
    await app.merge([ANN], [BOB], by="eve")

    assert (app.person(ANN), identities(app)) == before


async def test_replay_and_rebuild_agree_with_what_happened(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with segue.open(home, clock=segue.VirtualClock(START)) as app:
        await a_mistaken_merge(app)
        await app.split([ANN], [BOB], by="eve")
        await tell(app, 5, BOB, PHONE, source="shop")
        await app.merge([PHONE], [BOB], by="eve")

    report = replay(home)
    assert report.different == []
    assert report.steps > 5
    assert rebuild(home).equal


async def test_who_is_unknown_cannot_be_split(app: App) -> None:
    await tell(app, 1, ANN)

    with pytest.raises(MissingError, match=r"nobody is known as `email:bob@x\.io`"):
        await app.split([ANN], [BOB], by="eve")
    with pytest.raises(InputError, match="is named on both sides"):
        await app.merge([ANN], [ANN], by="eve")
    with pytest.raises(InputError, match="name 1 to 50 identifiers"):
        await app.merge([ANN], [], by="eve")


@pytest.mark.parametrize("sides", [([ANN], ["account:x"]), (["company:x"], [ANN])])
async def test_an_account_is_no_person_to_merge_or_split(
    app: App, sides: tuple[list[str], list[str]]
) -> None:
    await app.submit(
        [
            segue.Signal("crm", f"{n}", "profile.updated", [ANN, who], START, {"facts": {"name": "Ann"}})
            for n, who in enumerate(("account:x", "company:x"))
        ]
    )
    await app.settle()

    for word in (app.merge, app.split):
        with pytest.raises(InputError, match="is an account, no person"):
            await word(*sides, by="eve", dry_run=True)


async def test_whoever_was_one_person_with_the_erased_keeps_an_identity(app: App) -> None:
    await a_mistaken_merge(app)
    ann = app.person_id(ANN)
    await app.split([ANN], [BOB], by="eve")
    bob = app.person_id(BOB)

    app.store.erase(app.person(ANN).profile_ids, app.now)

    assert app.person_id(BOB) == bob != ann
    assert texts(app, BOB) == {"2", "4"}
    with pytest.raises(MissingError):
        app.person(ANN)


async def test_the_rest_of_a_person_is_not_named_after_an_erased_profile(app: App) -> None:
    await tell(app, 1, ANN)
    await tell(app, 2, BOB)
    await tell(app, 3, BOB, ANN, source="form")
    first = app.person_id(BOB)

    app.store.erase((first,), app.now)

    assert app.person_id(BOB) != first
    assert first not in app.person(BOB).profile_ids


async def introduce(app: App, key: str, name: str, email: str) -> None:
    facts = {"facts": {"name": name, "email": email, "country": "DE"}}
    who = [f"crm:{key}", f"email:{email}", "account:acme"]
    await app.submit([segue.Signal("crm", key, "profile.updated", who, START, facts)])
    await app.settle()


async def test_likeness_only_proposes_and_what_a_human_split_is_not_proposed_again(app: App) -> None:
    await introduce(app, "1", "Anna Meier", "anna.meier@acme.io")
    await introduce(app, "2", "Anna Meyer", "anna.meyer@acme.io")
    await introduce(app, "3", "Tom Baker", "tom@acme.io")

    (pair,) = proposals(app)

    assert {pair.one, pair.other} == {app.person_id("crm:1"), app.person_id("crm:2")}
    assert pair.chance > 0.9
    assert ("given_name", "equal") in {(part.field, part.like) for part in pair.because}
    assert app.person_id("crm:1") != app.person_id("crm:2")

    await app.split(["crm:1"], ["crm:2"], by="eve")
    assert proposals(app) == []


def identities(app: App) -> list[Any]:
    writer = app.store._writer  # noqa: SLF001 - no port reads whole tables
    assert writer is not None
    return [
        writer.run_text("SELECT profile_id, person_id FROM profiles ORDER BY 1"),
        writer.run_text("SELECT hash, profile_id, shared FROM identifiers ORDER BY 1"),
        writer.run_text("SELECT * FROM evidence ORDER BY 1, 2"),
    ]
