"""The whole house behind `segue.open`: real store, planner, playbook; a fake mail tool."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

import segue
from segue.bootstrap import read_home, rebuild, replay
from segue.core.errors import LockedError, MissingError
from segue.core.ids import IdKey
from segue.core.records.context import Context
from segue.core.records.effects import Timer
from segue.core.records.signals import Kind, Signal
from segue.core.units import HOUR, Instant
from segue.playbook import PlaybookErrors
from segue.runtime.admission import admit
from segue.runtime.hooks import CRASH_POINTS
from segue.runtime.parts import Parts
from segue.runtime.tenant import Tenant
from segue.runtime.virtual import VirtualDriver
from segue.stores import SqliteStore, create_home, read_master_key
from tests.unit.runtime.fakes import FakeConnector, a_mind, an_effect

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
KEY = IdKey(b"a fixed key for tests")


def a_signal(kind: str, body: dict[str, Any], source_id: str, **more: Any) -> segue.Signal:
    fields: dict[str, Any] = {
        "source": "crm",
        "source_id": source_id,
        "kind": kind,
        "identifiers": ["email:ann@x.io", "account:x"],
        "occurred_at": START,
        "body": body,
    }
    return segue.Signal(**{**fields, **more})


def a_story() -> list[segue.Signal]:
    return [
        a_signal("profile.updated", {"facts": {"time_zone": "Europe/Berlin", "name": "Ann Lee"}}, "1"),
        a_signal("message.received", {"channel": "email", "text": "What does the pro plan cost?"}, "2"),
        a_signal("ticket.opened", {"ticket": "t1", "topic": "billing"}, "3", source="helpdesk"),
        a_signal("page.viewed", {"path": "/pricing"}, "4", source="web"),
    ]


async def lived(path: Path) -> None:
    async with segue.open(path, clock=segue.VirtualClock(START), id_key=KEY) as app:
        for signal in a_story():
            await app.submit([signal])
            await app.settle(until=app_now(app) + timedelta(hours=1))
        await app.settle(until=START + timedelta(days=10))


def app_now(app: segue.App) -> datetime:
    return START + timedelta(microseconds=app.clock.now() - segue.VirtualClock(START).now())


async def test_what_was_told_is_known_of_the_person(tmp_path: Path) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START)) as app:
        receipts = await app.submit(a_story())
        await app.settle(until=START + timedelta(hours=1))
        person = app.person("email:ann@x.io")
        letters = app.dead_letters()
        found = app.recall("email:ann@x.io", "plan cost")

    assert [receipt.state for receipt in receipts] == ["accepted"] * 4
    assert letters == []
    assert {"name", "ticket"} <= {fact.predicate for fact in person.facts}
    assert found[0].source_id == "2"


async def test_a_bad_signal_gets_its_error_and_hinders_no_other(tmp_path: Path) -> None:
    good, bad = a_story()[0], a_signal("no.such", {}, "x")

    async with segue.open(tmp_path, clock=segue.VirtualClock(START)) as app:
        receipts = await app.submit([bad, good])

    assert [receipt.state for receipt in receipts] == ["refused", "accepted"]
    assert "kind `no.such` is unknown" in str(receipts[0].error)


async def test_replay_is_identical_and_rebuild_equal(tmp_path: Path) -> None:
    await lived(tmp_path)

    again, rebuilt = replay(tmp_path), rebuild(tmp_path)

    assert again.steps >= 4
    assert again.decisions
    assert again.different == []
    assert again.identical == again.decisions
    assert rebuilt.equal


async def test_two_runs_decide_the_same(tmp_path: Path) -> None:
    seen = []
    for name in ("one", "two"):
        await lived(tmp_path / name)
        with read_home(tmp_path / name) as home:
            seen.append(([item.id for item in home.decisions()], home.store.projection_hash()))

    assert seen[0] == seen[1]


async def test_a_home_is_run_once_and_read_by_all(tmp_path: Path) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START)) as app:
        await app.submit(a_story())
        await app.settle()
        with pytest.raises(LockedError):
            async with segue.open(tmp_path):
                pass
        with read_home(tmp_path) as home:
            known = home.person("email:ann@x.io")

    assert known.account_id


async def test_a_home_can_be_read_while_a_play_of_its_has_mistakes(tmp_path: Path) -> None:
    await lived(tmp_path)
    (tmp_path / "playbook" / "plays" / "broken.yaml").write_text("broken: [")

    with read_home(tmp_path) as home:
        decisions = home.decisions()
    with pytest.raises(PlaybookErrors):
        async with segue.open(tmp_path, clock=segue.VirtualClock(START)):
            pass

    assert decisions


async def test_the_gate_answers_and_keeps_its_answer(tmp_path: Path) -> None:
    request = segue.GateRequest("mailer", "k1", ["email:ann@x.io"], "commercial", "email", campaign="upgrade")
    async with segue.open(tmp_path, clock=segue.VirtualClock(START)) as app:
        await app.submit(a_story())
        await app.settle()
        first = await app.gate.reserve(request)
        again = await app.gate.reserve(request)

    assert first == again
    assert first.answer in {"hold", "deny"}
    assert first.because
    assert first.decision_id


async def test_a_directory_with_other_things_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(MissingError):
        async with segue.open(tmp_path):
            pass


async def test_a_reopened_home_goes_on(tmp_path: Path) -> None:
    await lived(tmp_path)

    async with segue.open(tmp_path, clock=segue.VirtualClock(START + timedelta(days=11))) as app:
        before = app.counts()["events"]
        (receipt,) = await app.submit([a_story()[0]])
        await app.settle(until=START + timedelta(days=12))
        person = app.person("email:ann@x.io")

    assert receipt.state == "duplicate"
    assert before
    assert person.person_id


async def test_the_system_clock_runs_the_same_house(tmp_path: Path) -> None:
    async with segue.open(tmp_path) as app:
        receipts = await app.submit(a_story())
        await app.settle()
        person = app.person("email:ann@x.io")
        letters = app.dead_letters()

    assert {receipt.state for receipt in receipts} == {"accepted"}
    assert letters == []
    assert person.facts


async def test_the_journal_is_json_lines_without_personal_data(tmp_path: Path) -> None:
    await lived(tmp_path)

    lines = [json.loads(line) for line in (tmp_path / "segue.log").read_text().splitlines()]

    assert {line["event"] for line in lines} >= {"decision"}
    assert "ann@x.io" not in json.dumps(lines)


async def test_a_home_acts_in_its_sandbox_unless_told_otherwise(tmp_path: Path) -> None:
    async with segue.open(tmp_path / "own", clock=segue.VirtualClock(START)) as app:
        own = app.sandbox
    async with segue.open(tmp_path / "given", clock=segue.VirtualClock(START), connectors={}) as app:
        given = app.sandbox

    assert own is not None
    assert (tmp_path / "own" / "sandbox.db").exists()
    assert given is None


async def test_one_signal_passes_every_crash_point(tmp_path: Path) -> None:
    passed: list[str] = []
    create_home(tmp_path)
    clock = segue.VirtualClock(START)
    store = SqliteStore.open(tmp_path, master_key=read_master_key(tmp_path), hook=passed.append)
    tenant = Tenant.of(store, store.ids, clock=clock, mind=a_mind(sends_later), hook=passed.append)
    driver = VirtualDriver(Parts.of(tenant, {"mail": FakeConnector()}), clock)

    await driver.start()
    await driver.submit([admit(a_story()[3], tenant.mind, store.ids, tenant.time.now())])
    await driver.settle(Instant(clock.now() + 2 * HOUR))
    await driver.stop()
    store.close()

    assert set(passed) == set(CRASH_POINTS)


def sends_later(context: Context, signal: Signal) -> dict[str, Any]:
    """Send an effect, and set a timer for an hour later."""
    if signal.kind is not Kind.PAGE_VIEWED:
        return {}
    timer = Timer("t", "look_again", context.subject, Instant(context.now + HOUR), signal.id)
    return {"effects": (an_effect(context, signal),), "timers": (timer,)}


async def test_a_reload_puts_the_changed_playbook_in_force(tmp_path: Path) -> None:
    async with segue.open(tmp_path, clock=segue.VirtualClock(START)) as app:
        before = app.playbook.hash
        path = tmp_path / "playbook" / "settings.yaml"
        written = path.read_text()
        path.write_text(written + "\n")
        same = await app.reload()
        path.write_text("nonsense: [")
        with pytest.raises(PlaybookErrors):
            await app.reload()
        kept = app.playbook.hash
        path.write_text(written.replace("EUR 1.50", "EUR 1.60"))
        changed = await app.reload()

    assert same.hash == kept == before
    assert changed.hash != before


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = ("sqlalchemy", "apsw", "asyncio", "msgspec")
    code = f"import sys, segue; print([name for name in {heavy} if name in sys.modules])"

    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    assert {name: getattr(segue, name).__name__ for name in dir(segue)}
