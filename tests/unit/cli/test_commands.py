"""The command line: every command is documented, speaks JSON, and says what is wrong in one line."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import segue
from segue.bootstrap import create_home, remove_demo
from segue.cli.commands import app
from segue.connectors.sandbox import Fault
from segue.core.errors import InputError
from segue.playbook import load_settings

RUNNER = CliRunner()
DOCS = (Path(__file__).parents[3] / "docs/cli.md").read_text(encoding="utf-8")
START = datetime(2026, 10, 5, 8, tzinfo=UTC)


def commands() -> dict[str, Any]:
    """Every command by name; those of a group by the group's name and their own."""
    return dict(_below(typer.main.get_command(app), ()))


def _below(group: Any, above: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name, command in vars(group)["commands"].items():
        if "commands" in vars(command):
            yield from _below(command, (*above, name))
        else:
            yield " ".join((*above, name)), command


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """A home in which Ann opened a ticket and wrote something nobody foresaw."""
    path = tmp_path / "home"
    who = ["crm:7", "email:ann@x.io", "account:x"]
    facts = {"name": "Ann Lee", "email": "ann@x.io"}
    async with segue.open(path, clock=segue.VirtualClock(START)) as running:
        await running.submit(
            [
                segue.Signal("crm", "1", "profile.updated", who, START, {"facts": facts}),
                segue.Signal(
                    "mail", "2", "message.received", who, START, {"channel": "email", "text": "Blub."}
                ),
            ]
        )
        await running.settle(until=START + timedelta(hours=1))
    return path


async def test_instants_are_written_as_times(home: Path) -> None:
    at = START + timedelta(hours=2)
    starts = "2026-11-04T09:00:00+00:00"
    async with segue.open(home, clock=segue.VirtualClock(at)) as running:
        body = {"meeting": "m1", "starts_at": starts, "title": "Demo"}
        await running.submit([segue.Signal("cal", "1", "meeting.booked", ["email:ann@x.io"], at, body)])
        promise = {"channel": "email", "text": "I'll send the contract on Thursday."}
        await running.submit([segue.Signal("mail", "9", "message.received", ["email:ann@x.io"], at, promise)])
        await running.settle(until=at + timedelta(hours=1))

    for command in ("memory", "person"):
        told = RUNNER.invoke(app, [command, "email:ann@x.io", "--home", str(home)]).stdout
        assert "meeting[m1] = 2026-11-04 09:00 UTC" in told
        assert not re.search(r"\d{16}", told)


def said(*arguments: str) -> dict[str, object]:
    done = RUNNER.invoke(app, [*arguments, "--json"])
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_documented_with_its_options(name: str) -> None:
    assert f"`segue {name}" in DOCS
    for parameter in commands()[name].params:
        if parameter.param_type_name == "option":
            assert any(option in DOCS for option in (*parameter.opts, *parameter.secondary_opts))


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_has_json_and_home(name: str) -> None:
    options = {option for parameter in commands()[name].params for option in parameter.opts}

    assert "--json" in options
    assert options & {"--home", "--tenants"}


def test_init_makes_a_home_with_its_own_playbook(tmp_path: Path) -> None:
    made = said("init", "--home", str(tmp_path / "home"))

    assert "service-desk" in str(made["plays"])
    assert load_settings(tmp_path / "home" / "playbook").tenant == "home"


def test_init_gives_the_tenant_a_name_and_keeps_that_of_a_playbook_of_ones_own(tmp_path: Path) -> None:
    said("init", "--home", str(tmp_path / "named"), "--name", "Ann & Co")
    said("init", "--home", str(tmp_path / "copied"), "--library", str(tmp_path / "named" / "playbook"))

    assert load_settings(tmp_path / "named" / "playbook").tenant == "Ann & Co"
    assert load_settings(tmp_path / "copied" / "playbook").tenant == "Ann & Co"


def test_a_person_is_shown_with_floats_and_times(home: Path) -> None:
    person = said("person", "email:Ann@X.io", "--home", str(home))

    facts = person["facts"]
    assert isinstance(facts, list)
    names = {fact["predicate"]: fact for fact in facts}
    assert names["name"]["value"] == "Ann Lee"
    assert names["name"]["valid_from"] == "2026-10-05T08:00:00+00:00"


def test_a_person_as_of_before_anything_was_known_has_no_facts(home: Path) -> None:
    then = said("person", "email:ann@x.io", "--as-of", "2026-10-01T00:00:00Z", "--home", str(home))

    assert then["facts"] == []


def test_a_decision_is_explained_by_the_beginning_of_its_id(home: Path) -> None:
    listed = said("decisions", "--home", str(home))["decisions"]
    assert isinstance(listed, list)
    (decision,) = listed

    receipt = said("explain", decision["id"][:6], "--home", str(home))

    told = receipt["decision"]
    assert isinstance(told, dict)
    assert told["id"] == decision["id"]
    assert {item["dropped_at"] for item in told["considered"]} > {""}


def test_readable_forms_say_the_same(home: Path) -> None:
    where = ("--home", str(home))
    listed = RUNNER.invoke(app, ["decisions", *where]).stdout

    explained = RUNNER.invoke(app, ["explain", listed.split()[0], *where]).stdout
    person = RUNNER.invoke(app, ["person", "email:ann@x.io", *where]).stdout

    assert "ask_back" in listed
    assert "candidates" in explained
    assert "Blub." in person
    assert RUNNER.invoke(app, ["approvals", *where]).stdout == "nothing waits\n"


def test_replay_is_identical_and_rebuild_equal(home: Path) -> None:
    replayed = said("replay", "--home", str(home))
    rebuilt = said("rebuild", "--home", str(home))

    assert replayed["decisions"] == replayed["identical"] == 1
    assert rebuilt["equal"] is True


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("person", "email:nobody@x.io"), 3, "nobody is known as `email:nobody@x.io`"),
        (("person", "email:ann@x.io", "--as-of", "soon"), 2, "`soon` is not a time"),
        (("person", "email:ann@x.io", "--as-of", "2026-10-05T08:00"), 2, "has no zone"),
        (("explain", "zzzz"), 3, "no decision begins with `zzzz`"),
    ],
)
def test_what_is_wrong_is_one_line_and_an_exit_code(
    home: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    plain = RUNNER.invoke(app, [*arguments, "--home", str(home)])
    as_json = RUNNER.invoke(app, [*arguments, "--home", str(home), "--json"])

    assert plain.exit_code == as_json.exit_code == code
    assert message in plain.stderr
    assert plain.stderr.count("\n") == 1
    assert message in json.loads(as_json.stdout)["error"]["message"]


def test_a_directory_that_is_no_home_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("x")

    done = RUNNER.invoke(app, ["decisions", "--home", str(tmp_path / "letters")])

    assert done.exit_code == 3
    assert done.stderr.startswith("segue: ")


def test_a_fresh_demo_removes_the_home_of_a_demo_and_nothing_else(home: Path, tmp_path: Path) -> None:
    letters, tenant = tmp_path / "letters", tmp_path / "tenant"
    letters.mkdir()
    (letters / "a.txt").write_text("x")
    create_home(tenant)
    create_home(home_with_notes := tmp_path / "notes")
    (home_with_notes / "demo.json").write_text("{}")
    (home_with_notes / "notes.txt").write_text("mine")
    (home / "demo.json").write_text("{}")

    remove_demo(home)
    with pytest.raises(InputError, match="is no home; it is left as it is"):
        remove_demo(letters)
    with pytest.raises(InputError, match="is the home of a tenant, not of a demo"):
        remove_demo(tenant)
    with pytest.raises(InputError, match=r"holds `notes\.txt`, which no demo made"):
        remove_demo(home_with_notes)

    assert not home.exists()
    assert (letters / "a.txt").exists()
    assert (tenant / "master.key").exists()
    assert (home_with_notes / "notes.txt").exists()


async def test_effects_that_failed_are_listed_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "home"
    who = ["email:ann@x.io"]
    body = {"channel": "email", "text": "How much does it cost?"}
    profile = {"facts": {"email": "ann@x.io"}}
    async with segue.open(path, clock=segue.VirtualClock(START)) as running:
        assert running.sandbox is not None
        running.sandbox.fault("email", Fault("refuse"))
        await running.submit(
            [
                segue.Signal("crm", "1", "profile.updated", who, START, profile),
                segue.Signal("mail", "2", "message.received", who, START, body),
            ]
        )
        await running.settle(until=START + timedelta(hours=1))

    failed = said("effects", "--state", "failed", "--home", str(path))["effects"]
    open_ones = said("effects", "--home", str(path))["effects"]
    plain = RUNNER.invoke(app, ["effects", "--home", str(path)])
    unknown = RUNNER.invoke(app, ["effects", "--state", "faild", "--home", str(path)])

    assert isinstance(failed, list)
    assert [row["effect"]["connector"] for row in failed] == ["email"]
    assert open_ones == failed
    assert "email refuses `send`" in plain.stdout
    assert unknown.exit_code == 2
    assert "did you mean `failed`?" in unknown.stderr
