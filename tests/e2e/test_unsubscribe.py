"""Unsubscribing and preferences: a POST without cookies is enough, a GET changes nothing, no wish is lost."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import segue
from segue.bootstrap import App, Door, create_home, read_home
from segue.bootstrap.way_out import Choice
from segue.core.records.memory import Fact
from segue.privacy import Subscription
from segue.privacy.links import sign
from segue.runtime import waiting
from segue.stores.doors import waiting_wishes
from tests.e2e import serving
from tests.e2e.doors import Served, served

LONG_AGO = datetime(2026, 1, 5, 8, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PATIENCE_S = 20
WHO = ["crm:7", "email:ann@x.io"]
OFFERS = Choice("acme", "email", "commercial")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path / "home") as found:
        facts = {"facts": {"name": "Ann Lee", "email": "ann@x.io"}}
        granted = {"channel": "email", "state": "granted"}
        await found.door.app.submit(
            [
                segue.Signal("crm", "1", "profile.updated", WHO, LONG_AGO, facts),
                segue.Signal("crm", "2", "consent.changed", WHO, LONG_AGO, granted),
            ]
        )
        await found.door.app.settle()
        yield found


def link(door: Door, purpose: str = "commercial", channel: str = "email", brand: str = "acme") -> str:
    profile = door.app.person("email:ann@x.io").profile_ids[0]
    return f"/u/{sign(door.app.ids, Subscription(profile, brand, purpose, channel))}"


def allowed(door: Door, choice: Choice = OFFERS) -> bool | None:
    standing = door.way_out.standing(door.app.person("email:ann@x.io").profile_ids[0])
    assert standing is not None
    return standing.allows(choice)


def consents(app: App) -> list[Fact]:
    return [f for f in app.person("email:ann@x.io").facts if f.predicate.startswith("consent.")]


async def test_one_click_unsubscribes_without_cookies_and_only_from_what_the_mail_was_about(
    site: Served,
) -> None:
    answer = await site.client.post(link(site.door), data=ONE_CLICK)
    await site.door.app.settle()

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert allowed(site.door) is False
    assert allowed(site.door, Choice("acme", "email", "service")) is True
    assert allowed(site.door, Choice("nimbus", "email", "commercial")) is True


async def test_a_mail_program_may_send_it_as_multipart(site: Served) -> None:
    await site.client.post(link(site.door), data=ONE_CLICK, files={"x": b""})
    await site.door.app.settle()

    assert allowed(site.door) is False


async def test_a_link_that_is_only_fetched_changes_nothing(site: Served) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert (await site.client.request(method, link(site.door))).is_success
    await site.client.post(link(site.door), data={})
    await site.door.app.settle()

    assert allowed(site.door) is True
    assert len(consents(site.door.app)) == 1


async def test_unsubscribing_again_and_again_is_one_opt_out(site: Served) -> None:
    for _ in range(3):
        await site.client.post(link(site.door), data=ONE_CLICK)
    await site.door.app.settle()
    await site.client.post(link(site.door), data=ONE_CLICK)
    await site.door.app.settle()

    assert len(consents(site.door.app)) == 2
    assert [item.name for item in site.door.app.outcomes()] == ["opt_out"]


async def test_an_old_link_works_again_after_consent_was_given_anew(site: Served) -> None:
    await site.client.post(link(site.door), data=ONE_CLICK)
    await site.door.app.settle()
    await site.client.post(link(site.door), data={"preferences": "1", "want:acme:email:commercial": "1"})
    await site.door.app.settle()
    assert allowed(site.door) is True

    await site.client.post(link(site.door), data=ONE_CLICK)
    await site.door.app.settle()

    assert allowed(site.door) is False


async def test_preferences_are_kept_per_brand_channel_and_purpose(site: Served) -> None:
    ticked = {
        "want:acme:sms:commercial": "1",
        "want:acme:email:service": "1",
        "want:nimbus:email:service": "1",
    }

    answer = await site.client.post(link(site.door), data={"preferences": "1", **ticked})
    await site.door.app.settle()

    assert "saved" in answer.text
    assert allowed(site.door, Choice("acme", "sms", "commercial")) is True
    assert allowed(site.door, Choice("nimbus", "sms", "commercial")) is None
    assert allowed(site.door, OFFERS) is False
    assert allowed(site.door, Choice("acme", "email", "service")) is True
    assert allowed(site.door, Choice("acme", "phone", "service")) is False
    assert len([item for item in site.door.app.outcomes() if item.name == "opt_out"]) == 1


async def test_everything_is_every_brand_channel_and_purpose(site: Served) -> None:
    await site.client.post(link(site.door), data={"everything": "1"})
    await site.door.app.settle()

    for brand in ("acme", "nimbus"):
        for channel in ("email", "sms", "whatsapp", "phone", "chat"):
            for purpose in ("commercial", "service"):
                assert allowed(site.door, Choice(brand, channel, purpose)) is False


async def test_the_page_shows_no_personal_data_and_speaks_the_persons_language(site: Served) -> None:
    english = await site.client.get(link(site.door))
    german = await site.client.get(link(site.door), headers={"accept-language": "de-AT,en;q=0.5"})

    assert english.status_code == german.status_code == 200
    for page in (english.text, german.text, link(site.door)):
        for word in ("Ann", "Lee", "x.io", "ann@"):
            assert word not in page
    assert '<html lang="de">' in german.text
    assert "Abmelden" in german.text
    policy = english.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert english.headers["cache-control"] == "no-store"
    assert english.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_forged_link_opens_nothing(site: Served, method: str) -> None:
    good = link(site.door)
    changed = good[:-1] + ("0" if good[-1] != "0" else "1")
    for bad in (changed, "/u/x", "/u/" + "0" * 300, good[:-4]):
        answer = await site.client.request(method, bad, data=ONE_CLICK if method == "POST" else None)

        assert answer.status_code == 404
    await site.door.app.settle()
    assert allowed(site.door) is True


async def stopped(app: App) -> None:
    """Stop all sending: the kill switch, and every play on its own."""
    await app.control(by="ops", kill_switch=True)
    for play in app.playbook.plays:
        await app.control(by="ops", pause=play)
    await app.settle()


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"origin": "https://mail.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
        {"origin": "null", "referer": "https://mail.example/inbox"},
        {"cookie": "session=of-somebody-else"},
    ],
    ids=["a mail server", "a browser elsewhere", "a sandboxed frame", "a cookie"],
)
async def test_the_bytes_of_the_standard_are_enough_while_everything_is_stopped(
    site: Served, more: dict[str, str]
) -> None:
    """RFC 8058, 3.2: the body holds that one pair; there is no cookie, no sign-in, no token of a form."""
    await stopped(site.door.app)
    headers = {"content-type": "application/x-www-form-urlencoded", **more}

    answer = await site.client.post(
        link(site.door), content=b"List-Unsubscribe=One-Click", headers=headers, follow_redirects=False
    )
    await site.door.app.settle()

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert allowed(site.door) is False
    assert allowed(site.door, Choice("acme", "email", "service")) is True


@pytest.mark.parametrize("query", ["", "?List-Unsubscribe=One-Click", "?unsubscribe=1", "?everything=1"])
async def test_no_get_unsubscribes_whatever_it_says_while_everything_is_stopped(
    site: Served, query: str
) -> None:
    await stopped(site.door.app)

    for method in ("GET", "HEAD"):
        await site.client.request(method, f"{link(site.door)}{query}")
    answer = await site.client.post(f"{link(site.door)}{query}", content=b"")
    await site.door.app.settle()

    assert answer.status_code == 200
    assert allowed(site.door) is True
    assert len(consents(site.door.app)) == 1


def test_a_tenant_takes_its_own_links_and_no_other_tenant_does(tmp_path: Path) -> None:
    made = {name: create_home(tmp_path / name).path for name in ("acme", "nimbus")}
    signal = {
        "source": "crm",
        "kind": "profile.updated",
        "identifiers": WHO,
        "body": {"facts": {"name": "Ann"}},
    }
    form, who = {"content-type": "application/x-www-form-urlencoded"}, "/t/acme/v1/people/email:ann@x.io"

    with serving.served(tmp_path, "--tenants", str(tmp_path)) as front:
        key = serving.a_key(made["acme"], tenant="acme")
        front.ask("POST", "/t/acme/v1/signals", signal, key=key)
        ends_at = time.monotonic() + PATIENCE_S
        while front.ask("GET", who, key=key).status != 200 and time.monotonic() < ends_at:
            time.sleep(0.05)
        with read_home(made["acme"]) as readings:
            profile = readings.person("email:ann@x.io").profile_ids[0]
            token = sign(readings.ids, Subscription(profile, "acme", "commercial", "email"))
        own, foreign = (
            front.ask("POST", f"/t/{name}/u/{token}", b"List-Unsubscribe=One-Click", form, key="")
            for name in ("acme", "nimbus")
        )
        person = front.ask("GET", who, key=key).json

    assert (own.status, foreign.status) == (200, 404)
    assert [fact["value"] for fact in person["facts"] if fact["predicate"].startswith("consent.")] == [
        "withdrawn"
    ]


async def test_a_wish_outlives_a_full_inbox(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "HOLDS", 0)
    answer = await site.client.post(link(site.door), data=ONE_CLICK)

    assert answer.status_code == 200
    assert "unsubscribed" in answer.text
    assert len(waiting_wishes(site.door.db, 10)) == 1
    assert allowed(site.door) is True
    monkeypatch.setattr(waiting, "HOLDS", 20_000)
    await _until(lambda: allowed(site.door) is False)
    assert waiting_wishes(site.door.db, 10) == []


async def test_a_wish_that_waited_is_taken_in_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path / "home") as site:
        facts = {"facts": {"email": "ann@x.io"}}
        await site.door.app.submit([segue.Signal("crm", "1", "profile.updated", WHO, LONG_AGO, facts)])
        await site.door.app.settle()
        monkeypatch.setattr(waiting, "HOLDS", 0)
        await site.client.post(link(site.door), data=ONE_CLICK)
    monkeypatch.setattr(waiting, "HOLDS", 20_000)

    async with served(tmp_path / "home") as site:
        await _until(lambda: allowed(site.door) is False)


async def _until(holds: Any) -> None:
    for _ in range(PATIENCE_S * 20):
        if holds():
            return
        await asyncio.sleep(0.05)
    pytest.fail("it did not come true in time")
