"""A login joins a visitor and a customer, in a whole app: the caps of the one outlive it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import segue
from segue.bootstrap import App, rebuild, replay

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
VISITOR, CUSTOMER = "cookie:c1", "user:u1"


def happened(source_id: str, kind: str, who: list[str], **body: str) -> segue.Signal:
    return segue.Signal("web", source_id, kind, who, START, body)


def viewed(source_id: str, *who: str) -> segue.Signal:
    return happened(source_id, "page.viewed", list(who), path="/pricing")


async def sent(app: App, key: str, *who: str) -> str:
    """What the gate says; where it allows, the tool sends."""
    request = segue.GateRequest("mailer", key, list(who), "commercial", "email")
    answer = (await app.gate.reserve(request)).answer
    if answer == "allow":
        await app.gate.commit("mailer", key)
    return answer


async def known(app: App) -> None:
    """The visitor came first, so that their profile names the person both become."""
    await app.submit([viewed("1", VISITOR)])
    await app.submit([happened("2", "consent.changed", [CUSTOMER], channel="email", state="granted")])
    await app.settle()


@pytest.mark.parametrize("signs_in", [True, False], ids=["signs in", "the request joins them"])
async def test_a_login_leaves_the_day_as_full_as_it_was(tmp_path: Path, *, signs_in: bool) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START)) as app:
        await known(app)
        before = [await sent(app, "k1", CUSTOMER), await sent(app, "k2", CUSTOMER)]
        if signs_in:
            await app.submit([viewed("3", CUSTOMER, VISITOR)])
            await app.settle()
        after = await sent(app, "k3", CUSTOMER, *(() if signs_in else (VISITOR,)))
        await app.settle()

    assert (before, after) == (["allow", "hold"], "hold")
    again = replay(tmp_path)
    assert again.identical == again.decisions
    assert rebuild(tmp_path).equal


async def test_a_login_leaves_the_week_as_full_as_it_was(tmp_path: Path) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START)) as app:
        await known(app)
        for day in range(3):
            await app.settle(until=START + timedelta(days=day))
            assert await sent(app, f"k{day}", CUSTOMER) == "allow"
        await app.settle(until=START + timedelta(days=3))

        await app.submit([viewed("3", CUSTOMER, VISITOR)])
        await app.settle()
        after = await sent(app, "k9", CUSTOMER)

    assert after == "hold"


async def test_a_split_leaves_the_day_as_full_for_both_as_it_was_for_one(tmp_path: Path) -> None:
    other = "user:u2"
    async with segue.open(tmp_path, clock=segue.VirtualClock(START)) as app:
        await known(app)
        await app.submit([happened("3", "consent.changed", [other], channel="email", state="granted")])
        await app.submit([viewed("4", CUSTOMER, VISITOR), viewed("5", other, VISITOR)])
        await app.settle()
        assert app.person(CUSTOMER).person_id == app.person(other).person_id
        before = await sent(app, "k1", other)
        await app.split([CUSTOMER], [other], by="eve")
        await app.settle()
        apart = app.person(CUSTOMER).person_id != app.person(other).person_id
        after = [await sent(app, "k2", CUSTOMER), await sent(app, "k3", other)]
        await app.settle(until=START + timedelta(days=1))
        tomorrow = [await sent(app, "k4", CUSTOMER), await sent(app, "k5", other)]
        await app.settle()

    assert apart
    assert (before, after, tomorrow) == ("allow", ["hold", "hold"], ["allow", "allow"])
    again = replay(tmp_path)
    assert again.identical == again.decisions
    assert rebuild(tmp_path).equal


async def test_a_split_never_gives_back_what_was_used_before_both_were_merged(tmp_path: Path) -> None:
    other, third = "user:u2", "user:u3"
    async with segue.open(tmp_path, clock=segue.VirtualClock(START)) as app:
        await known(app)
        granted = [
            happened(f"g{n}", "consent.changed", [name], channel="email", state="granted")
            for n, name in enumerate((other, third))
        ]
        await app.submit(granted)
        await app.settle()
        assert await sent(app, "k1", CUSTOMER) == "allow"
        await app.submit([viewed("4", CUSTOMER, VISITOR), viewed("5", other, VISITOR)])
        await app.settle()
        await app.split([CUSTOMER, VISITOR], [other], by="eve")
        await app.merge([other], [third], by="eve")
        await app.split([other], [third], by="eve")
        await app.settle()
        after = [await sent(app, f"l{n}", name) for n, name in enumerate((CUSTOMER, other, third))]

    assert after == ["hold", "hold", "hold"]
