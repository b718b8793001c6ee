"""Backup beside a running home, and restore: nothing acknowledged is lost, nothing is sent twice."""

import asyncio
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

import segue
from segue.bootstrap import create_home, read_home, rebuild, replay
from segue.bootstrap.operations.backup import backup
from segue.bootstrap.operations.restore import restore
from segue.connectors.sandbox import Fault, SandboxCompany
from segue.core.errors import InputError, IntegrityError, MissingError
from segue.core.ports import LogRow
from segue.core.records.effects import Attempt
from segue.core.records.events import Attempted, Erased, Received, Restored, Stepped
from segue.core.records.signals import Kind
from segue.core.units import MINUTE
from segue.runtime.clock import SystemClock
from segue.runtime.settling import AFTER_RESTORE as MARK
from segue.stores import SqliteStore, read_master_key
from tests.crash.workload import a_day, introductions

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
TROUBLE = {"channel": "whatsapp", "text": "The weekly report is not working, we get an error message."}
WHO, BACK = ["crm:ann", "email:ann@alder.test"], {"name": "Ann Again"}
CLOCK = segue.VirtualClock(START)


def a_view(number: int, who: str = "email:ann@alder.test") -> segue.Signal:
    return segue.Signal("web", f"view-{number}", "page.viewed", [who], START, {"path": "/docs"})


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """A home whose people are known, and whose master key is kept elsewhere too."""
    path = tmp_path / "home"
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        await app.submit(introductions(START))
        await app.settle(until=START + timedelta(minutes=1))
    shutil.copy(path / "master.key", tmp_path / "master.key")
    return path


def backed_up(home: Path) -> tuple[Path, Path]:
    to, keys_to = home.parent / "log", home.parent / "keys"
    backup(home, to, keys_to, CLOCK)
    return to, keys_to


def restored(home: Path, to: Path, keys_to: Path, clock: segue.VirtualClock = CLOCK) -> Path:
    made = home.parent / "restored"
    restore(to, keys_to, made, master_key=home.parent / "master.key", clock=clock)
    return made


async def test_a_backup_under_load_holds_all_that_was_acknowledged_before_it(home: Path) -> None:
    told: list[str] = []
    stopping, enough = asyncio.Event(), asyncio.Event()

    async def client(app: segue.App) -> None:
        number = 0
        while not stopping.is_set():
            batch = [a_view(number + n, f"email:p{(number + n) % 50}@load.test") for n in range(20)]
            told.extend(receipt.id for receipt in await app.submit(batch))
            number += len(batch)
            if number >= 200:
                enough.set()

    async with segue.open(home) as app:
        load = asyncio.create_task(client(app))
        await enough.wait()
        before = list(told)
        report = await asyncio.to_thread(
            backup, home, home.parent / "log", home.parent / "keys", SystemClock()
        )
        during = len(told) - len(before)
        stopping.set()
        await load
    made = home.parent / "restored"
    restore(
        home.parent / "log",
        home.parent / "keys",
        made,
        master_key=home.parent / "master.key",
        clock=SystemClock(),
    )

    async with segue.open(made) as app:
        await app.settle()
        kept = {row.event.signal.id for row in logged(made) if isinstance(row.event, Received)}
        letters = app.dead_letters()
    assert during > 0
    assert set(before) <= kept
    assert report.position > 200
    assert letters == []
    assert rebuild(made).equal
    assert replay(made).different == []


def logged(home: Path) -> list[LogRow]:
    with read_home(home) as readings, readings.store.read() as reader:
        return list(reader.log())


@pytest.mark.parametrize(("seed", "taken_after"), [(0, 1), (1, 3)])
async def test_what_the_lost_time_sent_is_not_sent_again(tmp_path: Path, seed: int, taken_after: int) -> None:
    """The backup is taken in the middle of a day; the home lives on, is lost, and is put back a day later."""
    clock = segue.VirtualClock(START)
    outside = SandboxCompany(tmp_path / "company.db", clock)
    home, rounds = tmp_path / "home", a_day(seed)
    told: list[str] = []
    async with segue.open(home, clock=clock, connectors=outside.connectors) as app:
        for number, item in enumerate(rounds):
            if number == taken_after + 1:
                outside.fault("email", Fault("fail", times=2))
                backup(home, tmp_path / "log", tmp_path / "keys", clock)
                acknowledged = list(told)
            await app.settle(until=item.at)
            told += [receipt.id for receipt in await app.submit(item.signals)]
        await app.settle(until=START + timedelta(days=1))
        lost_time = len(outside.done())
    shutil.copy(home / "master.key", tmp_path / "master.key")
    made = tmp_path / "restored"
    restore(tmp_path / "log", tmp_path / "keys", made, master_key=tmp_path / "master.key", clock=clock)

    async with segue.open(made, clock=clock, connectors=outside.connectors) as app:
        for item in rounds:
            await app.submit(item.signals)
        await app.settle(until=START + timedelta(days=3))
        letters = app.dead_letters()

    done = outside.done()
    outside.close()
    keys = Counter((item.connector, item.key) for item in done)
    kept = {row.event.signal.id for row in logged(made) if isinstance(row.event, Received)}
    assert lost_time
    assert [key for key, times in keys.items() if times > 1] == []
    assert [item.key for item in done if item.repeats] == []
    assert set(acknowledged) <= kept
    assert letters == []
    assert rebuild(made).equal


async def test_nothing_is_sent_before_all_that_is_in_doubt_was_asked_about(tmp_path: Path) -> None:
    """Nothing gets through before the backup, everything after it; then SMS is slow to look things up."""
    clock = segue.VirtualClock(START)
    outside = SandboxCompany(tmp_path / "company.db", clock)
    home, rounds = tmp_path / "home", a_day(0)
    for name in outside.connectors:
        outside.fault(name, Fault("fail", times=-1, seconds=3_600))
    async with segue.open(home, clock=clock, connectors=outside.connectors) as app:
        for item in rounds:
            await app.settle(until=item.at)
            await app.submit(item.signals)
        await app.settle(until=rounds[-1].at + timedelta(minutes=1))
        backup(home, tmp_path / "log", tmp_path / "keys", clock)
        for name in outside.connectors:
            outside.clear_faults(name)
        await app.settle(until=rounds[-1].at + timedelta(hours=3))
    sent = {item.key for item in outside.done()}
    made = tmp_path / "restored"
    report = restore(tmp_path / "log", tmp_path / "keys", made, master_key=home / "master.key", clock=clock)
    outside.fault("sms", Fault("slow", seconds=20))
    view = segue.Signal("web", "new", "message.received", ["crm:dan"], clock.at, TROUBLE)

    async with segue.open(made, clock=clock, connectors=outside.connectors) as app:
        await app.submit([view])
        await app.settle(until=clock.at + timedelta(days=1))

    rows = logged(made)
    at = next(row.seq for row in rows if isinstance(row.event, Restored))
    marks = [row for row in rows if isinstance(row.event, Attempted) and row.event.attempt.detail == MARK]
    doubted = {attempt_of(row).effect_id for row in marks}
    later = [row for row in rows if row.seq > at and isinstance(row.event, Attempted)]
    asked = [first_end(later, effect_id) for effect_id in sorted(doubted)]
    others = [row.seq for row in later if attempt_of(row).effect_id not in doubted]
    done = Counter(item.key for item in outside.done())
    outside.close()
    assert report.doubted == len(doubted) >= 3
    assert doubted & sent
    assert others
    assert max(asked) < min(others)
    assert set(done.values()) == {1}


def attempt_of(row: LogRow) -> Attempt:
    assert isinstance(row.event, Attempted)
    return row.event.attempt


def first_end(rows: list[LogRow], effect_id: str) -> int:
    ends = (row.seq for row in rows if attempt_of(row).effect_id == effect_id and attempt_of(row).state)
    return next(ends)


async def test_timers_that_came_due_meanwhile_are_spread_and_decided_on_as_of_now(home: Path) -> None:
    async with segue.open(home, clock=segue.VirtualClock(START + timedelta(minutes=2))) as app:
        ticket = {"ticket": "t1", "topic": "billing"}
        await app.submit(
            [segue.Signal("helpdesk", "t1", "ticket.opened", ["email:ann@alder.test"], START, ticket)]
        )
        await app.settle(until=START + timedelta(minutes=3))
    with read_home(home) as readings, readings.store.read() as reader:
        due_at = reader.next_timer_at()
        assert due_at is not None
        waiting = reader.due_timers(due_at + 10**15, 1_000)  # type: ignore[arg-type]
    to, keys_to = backed_up(home)
    late = segue.VirtualClock(START + timedelta(days=400))
    made = restored(home, to, keys_to, late)

    async with segue.open(made, clock=late) as app:
        with app.store.read() as reader:
            first_at = reader.next_timer_at()
        await app.settle(until=START + timedelta(days=401))
        fired = [
            row.event.signal
            for row in logged(made)
            if isinstance(row.event, Received) and row.event.signal.kind is Kind.TIMER_FIRED
        ]
        nows = [
            row.event.now
            for row in logged(made)
            if isinstance(row.event, Stepped) and row.event.signal_id in {signal.id for signal in fired}
        ]

    at = late.now() - 86_400_000_000
    assert len(waiting) >= 2
    assert first_at is not None
    assert first_at > due_at
    assert {timer.id for timer in waiting} <= {str(signal.body["timer"]) for signal in fired}
    assert all(now >= at for now in nows)
    early = [signal for signal in fired if signal.received_at <= at + 15 * MINUTE]
    assert len({signal.received_at for signal in early}) == len(early)


async def test_whoever_was_erased_after_the_backup_stays_erased(home: Path) -> None:
    to, keys_to = backed_up(home)
    ann = person_of(home, "email:ann@alder.test")
    store = SqliteStore.open(home, master_key=read_master_key(home))
    store.erase(ann, CLOCK.now(), ("hash of ann",))
    store.close()
    made = home.parent / "restored"

    report = restore(to, keys_to, made, master_key=home.parent / "master.key", clock=CLOCK, tombstones=home)

    with read_home(made) as readings:
        assert readings.store.tombstones().keys() == {"hash of ann"}
        with pytest.raises(MissingError):
            readings.person("email:ann@alder.test")
        assert readings.person("email:cho@birch.test").facts
    assert report.forgotten == len(ann)
    assert b"Ann Lee" not in (made / "segue.db").read_bytes()


async def test_the_keys_of_a_later_backup_know_who_was_erased(home: Path) -> None:
    to, _ = backed_up(home)
    store = SqliteStore.open(home, master_key=read_master_key(home))
    store.erase(person_of(home, "email:ann@alder.test"), CLOCK.now(), ("hash of ann",))
    store.close()
    backup(home, home.parent / "log-2", home.parent / "keys-2", CLOCK)

    made = restored(home, to, home.parent / "keys-2")

    with read_home(made) as readings, pytest.raises(MissingError):
        readings.person("email:ann@alder.test")


async def test_a_backup_in_the_middle_of_an_erasure_is_restored_with_the_erasure_done(home: Path) -> None:
    ann = person_of(home, "email:ann@alder.test")
    store = SqliteStore.open(home, master_key=read_master_key(home))
    with store.write() as unit:
        unit.record(Erased(CLOCK.now(), ann, ("hash of ann",)))  # the keys are there still
    store.close()

    made = restored(home, *backed_up(home))

    with read_home(made) as readings:
        assert readings.store.tombstones().keys() == {"hash of ann"}
        with pytest.raises(MissingError):
            readings.person("email:ann@alder.test")


async def test_whoever_came_back_after_an_erasure_is_not_erased_by_a_restore(home: Path) -> None:
    ann = person_of(home, "email:ann@alder.test")
    store = SqliteStore.open(home, master_key=read_master_key(home))
    store.erase(ann, CLOCK.now())
    store.close()
    async with segue.open(home, clock=segue.VirtualClock(START + timedelta(hours=1))) as app:
        await app.submit([segue.Signal("crm:ann", "again", "profile.updated", WHO, START, {"facts": BACK})])
        await app.settle()
    to, keys_to = backed_up(home)

    made = home.parent / "restored"
    key = home.parent / "master.key"
    report = restore(to, keys_to, made, master_key=key, clock=CLOCK, tombstones=home)

    with read_home(made) as readings:
        facts = {fact.predicate: fact.value for fact in readings.person("email:ann@alder.test").facts}
    assert report.forgotten == 0
    assert facts["name"] == "Ann Again"


def person_of(home: Path, who: str) -> tuple[str, ...]:
    with read_home(home) as readings:
        return readings.person(who).profile_ids


async def test_the_log_half_holds_no_word_in_the_clear_and_neither_half_the_master_key(home: Path) -> None:
    to, keys_to = backed_up(home)

    master = (home / "master.key").read_bytes().strip()
    everything = [path for half in (to, keys_to) for path in half.rglob("*") if path.is_file()]
    assert b"Ann Lee" in (home / "segue.db").read_bytes()
    assert b"Ann Lee" not in (to / "segue.db").read_bytes()
    assert all(master not in path.read_bytes() for path in everything)
    assert "master.key" not in {path.name for path in everything}
    assert {path.stat().st_mode & 0o077 for path in everything if path.name != "manifest.json"} == {0}
    assert (keys_to / "home" / "playbook" / "settings.yaml").exists()
    assert (keys_to / "home" / "sandbox.db").exists()


async def test_a_home_inside_the_home_and_any_master_key_stay_out_of_its_backup(home: Path) -> None:
    create_home(home / "second-tenant")
    (home / "old").mkdir()
    shutil.copy(home / "master.key", home / "old" / "master.key")
    (home / "old" / "notes.txt").write_text("kept")

    to, keys_to = backed_up(home)

    names = {path.relative_to(keys_to / "home").parts[0] for path in (keys_to / "home").rglob("*")}
    everything = [path.name for half in (to, keys_to) for path in half.rglob("*")]
    assert names == {"playbook", "sandbox.db", "old"}
    assert everything.count("keys.db") == 1
    assert "master.key" not in everything
    assert (keys_to / "home" / "old" / "notes.txt").exists()


async def test_a_restored_home_tells_that_it_was_restored(home: Path) -> None:
    made = restored(home, *backed_up(home))

    events = [row.event for row in logged(made)]
    assert isinstance(events[-1], Restored)
    assert (made / "master.key").stat().st_mode & 0o777 == 0o600


async def test_a_half_backup_is_refused(home: Path) -> None:
    to, keys_to = backed_up(home)
    (to / "manifest.json").unlink()

    with pytest.raises(MissingError, match="half backup"):
        restored(home, to, keys_to)
    with pytest.raises(InputError, match="not empty"):
        backed_up(home)


async def test_damage_of_a_single_byte_is_refused_and_leaves_nothing(home: Path) -> None:
    to, keys_to = backed_up(home)
    with (to / "segue.db").open("r+b") as stream:
        stream.seek(5_000)
        byte = stream.read(1)
        stream.seek(5_000)
        stream.write(bytes([byte[0] ^ 1]))

    with pytest.raises(IntegrityError, match="hash differs"):
        restored(home, to, keys_to)
    assert sorted(path.name for path in home.parent.iterdir()) == ["home", "keys", "log", "master.key"]


async def test_a_wrong_master_key_swapped_halves_and_older_keys_are_told_apart(home: Path) -> None:
    to, keys_to = backed_up(home)
    other = home.parent / "other.key"
    other.write_text("00" * 32)

    with pytest.raises(IntegrityError, match="does not open with this master key"):
        restore(to, keys_to, home.parent / "made", master_key=other, clock=CLOCK)
    with pytest.raises(IntegrityError, match="swap the two"):
        restore(keys_to, to, home.parent / "made", master_key=other, clock=CLOCK)
    async with segue.open(home, clock=segue.VirtualClock(START + timedelta(hours=1))) as app:
        await app.submit([a_view(1)])
    backup(home, home.parent / "log-2", home.parent / "keys-2", CLOCK)
    with pytest.raises(InputError, match="before the log"):
        restore(
            home.parent / "log-2",
            keys_to,
            home.parent / "made",
            master_key=home.parent / "master.key",
            clock=CLOCK,
        )
    assert not (home.parent / "made").exists()


@pytest.mark.parametrize(
    ("to", "keys_to"), [("a", "a"), ("a", "a/b"), ("a/b", "a"), ("home/a", "b"), ("a", "home")]
)
async def test_one_place_or_a_nested_one_is_refused(home: Path, to: str, keys_to: str) -> None:
    with pytest.raises(InputError, match="give each its own"):
        backup(home, home.parent / to, home.parent / keys_to, CLOCK)


async def test_a_damaged_log_gives_no_backup(home: Path) -> None:
    raw = apsw.Connection(str(home / "segue.db"))
    raw.execute("UPDATE events SET at = at + 1 WHERE seq = 2")
    raw.close()

    with pytest.raises(IntegrityError, match="chain breaks"):
        backed_up(home)
    assert not (home.parent / "log" / "manifest.json").exists()
