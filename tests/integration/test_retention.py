"""Retention: words go when they were kept for long enough, from every file; what happened stays."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import segue
from segue.bootstrap import create_home, read_home, rebuild, replay
from segue.bootstrap.keeping import kept_of
from segue.bootstrap.memories import memory_card
from segue.bootstrap.operations import retention
from segue.bootstrap.operations.backup import backup
from segue.bootstrap.operations.erasing import erase
from segue.bootstrap.operations.restore import restore
from segue.bootstrap.operations.retention import RetentionReport, retain
from segue.cli.commands import app as cli
from segue.console.settings import PageSettings
from segue.console.timeline import timeline
from segue.core.errors import InputError
from segue.core.ids import IdKey
from segue.core.records.events import Expired, Received
from segue.core.units import to_instant
from segue.playbook import PlaybookErrors, load

START = datetime(2024, 3, 4, 9, tzinfo=UTC)
IDS = IdKey(b"a fixed key for tests")
ANN, BEN = "email:ann@x.io", "email:ben@y.io"
OLD = (b"flamingo", b"pelican", b"tapir")
"""Words of the old messages, one of each person, and one of the page they looked at."""
NEW = b"heron"
LATER = segue.VirtualClock(START + timedelta(days=800))
KEPT = "{messages: 730d, page_views: 395d, hold: [%s]}"


def says(number: str, who: str, at: datetime, text: str) -> segue.Signal:
    body = {"channel": "email", "text": text, "thread": f"thread-{number}", "subject": "Our order"}
    return segue.Signal("mail", number, "message.received", [who], at, body)


def keep(home: Path, hold: str = "") -> None:
    settings = home / "playbook" / "settings.yaml"
    before = settings.read_text(encoding="utf-8").partition("retention:")[0]
    settings.write_text(f"{before}retention: {KEPT % hold}\n", encoding="utf-8")


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """Two people write and look at a page, are answered and handed over; one writes again two years later."""
    path = tmp_path / "home"
    create_home(path, id_key=IDS)
    keep(path)
    (path / "connectors.yaml").write_text("sandbox: true\n", encoding="utf-8")
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        views = {"path": "/tapir", "title": "All about the tapir"}
        await app.submit(
            [
                segue.Signal("crm", "1", "profile.updated", [ANN], START, {"facts": {"name": "Ann"}}),
                says("1", ANN, START, "We are 40 people. I want to talk to a human about the flamingo."),
                says("2", BEN, START, "I'll call you on Thursday about the pelican. What does it cost?"),
                segue.Signal("web", "3", "page.viewed", [BEN], START, views),
            ]
        )
        await app.settle(until=START + timedelta(days=120))
    async with segue.open(path, clock=segue.VirtualClock(START + timedelta(days=790))) as app:
        now = START + timedelta(days=790)
        await app.submit([says("4", ANN, now, "The heron is fine, thank you.")])
        await app.settle(until=now + timedelta(hours=2))
    return path


def left(home: Path, *words: bytes) -> dict[str, list[bytes]]:
    """Words by the file they still stand in; what tools were sent is the tools' to keep."""
    found = {}
    for path in home.rglob("*"):
        if path.is_file() and not path.name.startswith("sandbox.db"):
            there = [word for word in words if word in path.read_bytes()]
            if there:
                found[path.name.removesuffix("-wal")] = there
    return found


def readable(home: Path, *words: bytes) -> list[bytes]:
    """Words that anybody who holds the keys could still read in the log."""
    with read_home(home) as readings, readings.store.read() as reader:
        whole = "\n".join(repr(row.event) for row in reader.log()).encode()
    return [word for word in words if word in whole]


def test_a_preview_tells_what_would_go_and_changes_nothing(home: Path) -> None:
    before = (home / "segue.db").read_bytes()

    told = CliRunner().invoke(cli, ["retention", "--dry-run", "--json", "--home", str(home)])

    report = json.loads(told.stdout)
    assert report["dry_run"] is True
    assert report["classes"]["messages"]["days"] == 730
    assert report["classes"]["messages"]["events"] > 0
    assert report["classes"]["percepts"] == {"days": None, "before_at": None, "events": 0}
    assert (home / "segue.db").read_bytes() == before


def test_each_class_is_counted_by_what_it_would_take_by_itself(home: Path) -> None:
    settings = home / "playbook" / "settings.yaml"
    text = settings.read_text(encoding="utf-8").partition("retention:")[0]
    counts = {}
    for rules in ("page_views: 60d", "percepts: 60d", "messages: 60d, percepts: 60d, page_views: 60d"):
        settings.write_text(f"{text}retention: {{{rules}}}\n", encoding="utf-8")
        counts[rules] = retain(home, LATER, dry_run=True)
    alone, percepts, all_three = counts.values()

    assert alone.classes["page_views"].events == all_three.classes["page_views"].events > 0
    assert percepts.classes["percepts"].events == all_three.classes["percepts"].events > 0
    assert all_three.changed < sum(one.events for one in all_three.classes.values())
    lines = CliRunner().invoke(cli, ["retention", "--dry-run", "--home", str(home)]).stdout
    assert " events in all would lose something" in lines


def test_a_name_under_hold_that_nobody_is_known_by_stops_the_clean_up(home: Path) -> None:
    typo = "email:anne@x.io"
    keep(home, f'"{ANN}", "{typo}"')

    told = CliRunner().invoke(cli, ["retention", "--dry-run", "--json", "--home", str(home)])
    lines = CliRunner().invoke(cli, ["retention", "--dry-run", "--home", str(home)])
    refused = CliRunner().invoke(cli, ["retention", "--home", str(home)])

    assert json.loads(told.stdout)["unknown"] == [typo]
    assert f"nobody is known as `{typo}` under `hold`: nothing goes" in lines.stdout
    assert refused.exit_code != 0
    assert f"nobody is known as `{typo}`" in refused.stderr
    assert readable(home, *OLD) == list(OLD)


async def test_the_runtime_lets_nothing_go_while_a_name_under_hold_is_nobodys(home: Path) -> None:
    keep(home, '"email:anne@x.io"')

    async with segue.open(home) as app:
        await app.settle()

    assert readable(home, *OLD) == list(OLD)


def test_whoever_is_held_cannot_be_erased_until_they_are_let_go(home: Path) -> None:
    keep(home, f'"{ANN}"')

    refused = CliRunner().invoke(cli, ["erase", ANN, "--yes", ANN, "--home", str(home)])
    before = readable(home, NEW)
    keep(home)
    erase(home, ANN, LATER)

    assert refused.exit_code != 0
    assert f"their data is held by `{ANN}`" in refused.stderr
    assert before == [NEW]
    assert readable(home, NEW) == []


def test_what_is_held_is_told_at_every_run(home: Path) -> None:
    keep(home, f'"{ANN}"')

    first, second = (retain(home, LATER, dry_run=False) for _ in range(2))
    third = retain(home, LATER, dry_run=True)

    assert (second.changed, third.changed) == (0, 0)
    assert first.held == second.held == third.held > 0


def test_words_go_from_every_file_and_from_under_every_key_and_newer_ones_stay(home: Path) -> None:
    assert left(home, *OLD) == {"segue.db": list(OLD)}
    assert readable(home, *OLD) == list(OLD)

    report = retain(home, LATER, dry_run=False)

    assert report.changed > 0
    assert left(home, *OLD) == {}
    assert readable(home, *OLD) == []
    assert readable(home, NEW) == [NEW]
    assert left(home, NEW) == {"segue.db": [NEW]}


def test_what_happened_stays_with_its_decisions_and_facts(home: Path) -> None:
    then = START + timedelta(days=791)
    with read_home(home) as readings:
        before = readings.person(ANN, as_of=then)

    retain(home, LATER, dry_run=False)

    with read_home(home) as readings:
        after = readings.person(ANN, as_of=then)
        receipts = [readings.explain(decision.id) for decision in after.decisions]
    assert [m.id for m in after.messages] == [m.id for m in before.messages]
    assert sorted(m.text for m in after.messages) == ["", "The heron is fine, thank you."]
    assert [d.id for d in after.decisions] == [d.id for d in before.decisions]
    assert {(f.predicate, str(f.value)) for f in after.facts} == {
        (f.predicate, str(f.value)) for f in before.facts
    }
    assert all(receipt.decision.because for receipt in receipts)


async def test_names_that_a_source_chose_stay_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "home"
    create_home(path, id_key=IDS)
    settings = path / "playbook" / "settings.yaml"
    text = settings.read_text(encoding="utf-8").partition("retention:")[0]
    settings.write_text(f"{text}retention: {{messages: 30d, percepts: 30d, page_views: 30d}}\n", "utf-8")
    told: dict[str, dict[str, Any]] = {
        "event.tracked": {
            "event": "Saw the aardvark",
            "properties": {"animal": "badger", "note": "a cassowary", "said": "two dodos"},
        },
        "form.submitted": {"form": "gazelle", "text": "An elephant, please."},
        "message.sent": {"channel": "email", "by": "tool:m", "text": "A fox.", "campaign": "Hyena week"},
    }
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        await app.submit([segue.Signal("web", kind, kind, [ANN], START, body) for kind, body in told.items()])
        await app.settle(until=START + timedelta(days=1))

    retain(path, LATER, dry_run=False)

    stays = [b"aardvark", b"badger", b"gazelle", b"Hyena"]
    assert readable(path, *stays, b"cassowary", b"dodos", b"elephant", b"fox") == stays


def test_the_chain_holds_a_rebuild_is_equal_and_replay_says_expired(home: Path) -> None:
    steps = replay(home).steps

    retain(home, LATER, dry_run=False)

    report = replay(home)
    assert rebuild(home).equal
    assert report.different == []
    assert report.expired > 0
    assert report.steps + report.expired == steps
    said = CliRunner().invoke(cli, ["replay", "--home", str(home)])
    assert "not replayable: expired" in said.stdout
    with read_home(home) as readings, readings.store.read() as reader:
        (event,) = (row.event for row in reader.log() if isinstance(row.event, Expired))
    assert set(event.before) == {"messages", "page_views"}


def test_a_second_run_finds_nothing_more(home: Path) -> None:
    retain(home, LATER, dry_run=False)
    before = replay(home)

    again = retain(home, LATER, dry_run=False)

    assert (again.changed, again.held) == (0, 0)
    assert replay(home) == before


async def test_the_same_signal_sent_again_is_still_a_duplicate(home: Path) -> None:
    retain(home, LATER, dry_run=False)

    async with segue.open(home, clock=LATER) as app:
        text = "We are 40 people. I want to talk to a human about the flamingo."
        (taken,) = await app.submit([says("1", ANN, START, text)])
        (other,) = await app.submit([says("1", ANN, START, "Something else.")])

    assert (taken.state, other.state) == ("duplicate", "conflict")


def test_what_is_held_stays_until_it_is_let_go(home: Path) -> None:
    keep(home, f'"{ANN}"')

    held = retain(home, LATER, dry_run=False)
    kept = readable(home, *OLD)
    keep(home)
    freed = retain(home, LATER, dry_run=False)

    assert held.held > 0
    assert kept == [OLD[0]]
    assert freed.changed >= held.held
    assert readable(home, *OLD) == []


def test_a_restored_older_backup_loses_them_again(home: Path, tmp_path: Path) -> None:
    log, keys = tmp_path / "log", tmp_path / "keys"
    backup(home, log, keys, clock=LATER)
    retain(home, LATER, dry_run=False)

    restored = tmp_path / "restored"
    restore(log, keys, restored, master_key=home / "master.key", clock=LATER, tombstones=home)

    assert readable(restored, *OLD, NEW) == [NEW]
    assert left(restored, *OLD) == {}


@pytest.mark.parametrize("newer", ["the lost home", "newer keys"])
def test_a_hold_that_is_newer_than_the_backup_outlives_a_restore(
    home: Path, tmp_path: Path, newer: str
) -> None:
    log, keys = tmp_path / "log", tmp_path / "keys"
    backup(home, log, keys, clock=LATER)
    keep(home, f'"{ANN}"')
    retain(home, LATER, dry_run=False)
    later = tmp_path / "later keys"
    backup(home, tmp_path / "later log", later, clock=LATER)
    tombstones = home if newer == "the lost home" else later

    restored = tmp_path / "restored"
    report = restore(log, keys, restored, master_key=home / "master.key", clock=LATER, tombstones=tombstones)
    after_restore = readable(restored, *OLD)
    again = retain(restored, LATER, dry_run=False)

    with read_home(restored) as readings:
        assert report.held == (readings.person(ANN).person_id,)
    with pytest.raises(InputError, match="held by the keys of a newer home"):
        erase(restored, ANN, LATER)
    assert after_restore == [OLD[0]]
    assert (again.changed, again.held > 0) == (0, True)
    assert readable(restored, *OLD) == [OLD[0]]
    keep(restored, f'"{ANN}"')
    retain(restored, LATER, dry_run=False)
    keep(restored)
    retain(restored, LATER, dry_run=False)
    assert readable(restored, *OLD) == []


def test_an_erasure_after_it_leaves_nothing(home: Path) -> None:
    retain(home, LATER, dry_run=False)

    erase(home, ANN, LATER)

    assert readable(home, NEW) == []
    assert rebuild(home).equal


async def test_a_crash_in_the_middle_is_finished_at_the_next_start(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("the process ended")

    with monkeypatch.context() as patch:
        patch.setattr("segue.stores.projections.finish_expiring", crash)
        with pytest.raises(RuntimeError):
            retain(home, LATER, dry_run=False)
    assert left(home, *OLD) != {}

    async with segue.open(home, clock=LATER):
        pass

    assert left(home, *OLD) == {}
    assert rebuild(home).equal


async def test_the_runtime_lets_go_by_itself(home: Path) -> None:
    async with segue.open(home) as app:
        await app.settle()

    assert readable(home, *OLD) == []


async def test_without_rules_everything_is_kept(home: Path) -> None:
    settings = home / "playbook" / "settings.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").partition("retention:")[0], encoding="utf-8")

    report: RetentionReport = retention.retain(home, LATER, dry_run=False)

    assert report.changed == 0
    assert readable(home, *OLD) == list(OLD)
    with read_home(home) as readings, readings.store.read() as reader:
        assert all(not row.event.signal.expired for row in reader.log() if isinstance(row.event, Received))


def test_less_than_a_month_is_refused(home: Path) -> None:
    settings = home / "playbook" / "settings.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("messages: 730d", "messages: 20d"), encoding="utf-8")

    with pytest.raises(PlaybookErrors, match="write 30d or more"):
        load(home / "playbook")


def test_a_name_under_hold_that_nobody_has_is_refused(home: Path) -> None:
    keep(home, '"ann at x.io"')

    with pytest.raises(PlaybookErrors, match="names nobody"):
        load(home / "playbook")


def test_the_memory_card_tells_until_when_words_are_kept(home: Path) -> None:
    told = CliRunner().invoke(cli, ["memory", ANN, "--json", "--home", str(home)])
    lines = CliRunner().invoke(cli, ["memory", ANN, "--home", str(home)])
    with read_home(home) as readings:
        card = memory_card(readings, ANN)
    keep(home, f'"{ANN}"')
    held = CliRunner().invoke(cli, ["memory", ANN, "--home", str(home)])

    kept = json.loads(told.stdout)["kept"]
    assert kept["days"] == {"messages": 730, "percepts": None, "page_views": 395}
    goes = datetime.fromisoformat(kept["next_at"])
    assert timedelta(days=730) < goes - START <= timedelta(days=737)
    assert "kept for 730 days; the next go at the next clean-up" in lines.stdout
    assert card.kept.sentence_at(to_instant(START)).endswith(f"; the next go on {goes:%Y-%m-%d}.")
    assert "Their data is held" in held.stdout


def test_the_persons_page_says_that_words_are_gone_and_the_signals_page_too(home: Path) -> None:
    retain(home, LATER, dry_run=False)
    settings = PageSettings.of(load(home / "playbook"))

    with read_home(home) as readings, readings.store.read() as reader:
        view = readings.person(ANN)
        page = timeline(reader, view, settings)
        kept = kept_of(view, reader, readings.ids, settings.rules)
        old = reader.signal(min(view.messages, key=lambda message: message.at).signal_id)

    texts = [entry.text for _, entries in page.days for entry in entries if entry.kind == "in"]
    assert texts == ["The heron is fine, thank you.", "[no words any more]"]
    assert kept.sentence_at(LATER.now()).startswith(
        "Words of messages are kept for 730 days; the next go on "
    )
    assert old is not None
    assert old.expired
