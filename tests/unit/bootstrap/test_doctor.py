"""The doctor finds what is wrong with a home, says what to do, and disturbs nobody."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

import segue
from segue.bootstrap.operations import checks_model
from segue.bootstrap.operations.doctor import examine
from segue.bootstrap.operations.findings import Finding
from segue.core.errors import MissingError

START = datetime(2026, 10, 5, 8, tzinfo=UTC)
LATER = segue.VirtualClock(START + timedelta(days=1))


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    async with segue.open(path, clock=segue.VirtualClock(START)) as app:
        await app.submit(
            [
                segue.Signal(
                    "crm", "1", "profile.updated", ["email:ann@x.io"], START, {"facts": {"name": "Ann"}}
                )
            ]
        )
        await app.settle()
    return path


def found(home: Path, check: str, clock: segue.VirtualClock = LATER) -> Finding:
    return next(finding for finding in examine(home, clock) if finding.check == check)


def test_a_sound_home_has_nothing_that_fails(home: Path) -> None:
    findings = examine(home, LATER)

    names = [finding.check for finding in findings]
    assert names == [
        "zones",
        "disk",
        "fsync",
        "clock",
        "lock",
        "permissions",
        "version",
        "log",
        "books",
        "playbook",
        "token vectors",
        "model",
        "connectors",
        "outbound",
    ]
    assert [finding for finding in findings if finding.state == "fail"] == []


async def test_it_works_beside_the_running_home_and_says_who_runs_it(home: Path) -> None:
    async with segue.open(home, clock=LATER):
        finding = found(home, "lock")

    assert finding.said.startswith("process ")
    assert found(home, "lock").said == "nobody runs it"


def test_keys_that_others_may_read_fail(home: Path) -> None:
    home.chmod(0o755)
    (home / "master.key").chmod(0o644)

    finding = found(home, "permissions")

    assert finding.state == "fail"
    assert "master.key" in finding.said
    assert "chmod" in finding.hint


def test_a_broken_playbook_fails_and_the_other_checks_go_on(home: Path) -> None:
    (home / "playbook" / "settings.yaml").write_text("nonsense: [")

    assert found(home, "playbook").state == "fail"
    assert found(home, "connectors").state == "ok"


def test_a_changed_event_is_found(home: Path) -> None:
    raw = apsw.Connection(str(home / "segue.db"))
    raw.execute("UPDATE events SET at = at + 1 WHERE seq = 1")
    raw.close()

    finding = found(home, "log")

    assert finding.state == "fail"
    assert "chain breaks" in finding.said


def test_a_clock_behind_the_log_is_noticed(home: Path) -> None:
    behind = segue.VirtualClock(START - timedelta(days=3))

    finding = found(home, "clock", behind)

    assert finding.state == "warn"
    assert "3.0 days ahead" in finding.said


def test_an_absurd_clock_fails(home: Path) -> None:
    assert found(home, "clock", segue.VirtualClock(datetime(1970, 1, 2, tzinfo=UTC))).state == "fail"


def test_a_home_of_a_newer_version_fails(home: Path) -> None:
    raw = apsw.Connection(str(home / "segue.db"))
    raw.execute("UPDATE meta SET value = '99' WHERE name = 'log version'")
    raw.close()

    assert found(home, "version").state == "fail"


def outbound(home: Path, **environment: str) -> list[str]:
    return [item.said for item in examine(home, LATER, environment) if item.check == "outbound"]


MAIL = """
email:
  smtp: {host: smtp.example.com, port: 587, user: me, password: "env:SECRET"}
  imap: {host: imap.example.com, port: 1993, user: me, password: "env:SECRET"}
"""


def test_every_host_of_the_real_settings_is_told_with_the_data_that_goes_there(home: Path) -> None:
    (home / "connectors.yaml").write_text(MAIL)

    said = outbound(home, OTEL_EXPORTER_OTLP_ENDPOINT="https://me:secret@traces.example.com:4318")

    assert said == [
        "email sends addresses, names, messages, a login to smtp.example.com",
        "email sends ids of mails, a login to imap.example.com:1993",
        "traces sends ids of signals and decisions, times to traces.example.com:4318",
    ]
    assert "SECRET" not in "".join(said)
    assert found(home, "connectors").said.startswith("tools are those of `connectors.yaml`")


def test_a_home_that_acts_in_its_sandbox_sends_nothing_anywhere(home: Path) -> None:
    assert outbound(home, OTEL_TRACES_EXPORTER="none") == ["no tool sends data off this machine"]
    assert outbound(home, OTEL_TRACES_EXPORTER="otlp")[0].endswith("to localhost:4317")
    assert "sandbox company" in found(home, "connectors").said


def test_wrong_settings_of_tools_fail(home: Path) -> None:
    (home / "connectors.yaml").write_text("emial: {}")

    finding = found(home, "connectors")

    assert finding.state == "fail"
    assert "emial" in finding.said


def switch_on(home: Path, *more: str) -> None:
    settings = home / "playbook" / "settings.yaml"
    budget = "{tokens: 9000, money: EUR 1}"
    told = (
        "enabled: true",
        "url: https://llm.example:8443/v1",
        "model: small",
        "price: {input: EUR 1, output: EUR 2}",
    )
    lines = [*told, f"per_decision: {budget}", f"per_day: {budget}", *more]
    settings.write_text("\n  ".join([f"{settings.read_text()}llm:", *lines]) + "\n")


def test_no_words_leave_to_a_model_that_is_not_switched_on(home: Path) -> None:
    assert "no words leave" in found(home, "model").said


def test_the_host_of_a_language_model_is_told_with_what_goes_there(home: Path) -> None:
    switch_on(home)

    finding = found(home, "model")

    assert finding.state == "ok"
    assert finding.said == (
        "llm sends message words with personal data replaced to llm.example:8443, where `small` reads them"
    )


def test_a_language_model_whose_key_is_missing_is_warned_of(home: Path) -> None:
    switch_on(home, "key: env:NO_SUCH_KEY")

    finding = found(home, "model")

    assert finding.state == "warn"
    assert "no variable `NO_SUCH_KEY`" in finding.said


def test_a_language_model_without_its_extra_fails(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on(home)
    monkeypatch.setattr(checks_model, "is_installed", lambda: False)

    finding = found(home, "model")

    assert finding.state == "fail"
    assert "pip install 'segue[llm]'" in finding.said


def test_what_is_no_home_is_no_patient(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        examine(tmp_path, LATER)


def test_a_home_that_never_ran_is_sound_and_one_that_lost_its_log_is_not(home: Path, tmp_path: Path) -> None:
    segue.create_home(tmp_path / "fresh")
    (home / "segue.db").unlink()

    assert [item for item in examine(tmp_path / "fresh", LATER) if item.state == "fail"] == []
    assert found(home, "log").state == "fail"


async def test_a_damaged_database_of_a_door_is_named(home: Path) -> None:
    sound = found(home, "books")
    (home / "chat.db").write_bytes(b"SQLite format 3\x00" + bytes(100) + b"no database")

    damaged = found(home, "chat.db")

    assert (sound.state, "sandbox.db" in sound.said) == ("ok", True)
    assert damaged.state == "fail"
    assert "newest backup" in damaged.hint
