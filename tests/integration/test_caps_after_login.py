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
