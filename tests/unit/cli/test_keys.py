"""API keys on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from segue.bootstrap import create_home
from segue.cli.commands import app

RUNNER = CliRunner()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return create_home(tmp_path / "acme").path


def said(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RUNNER.invoke(app, [*arguments, "--json"]).stdout)
    return found


def test_a_key_is_told_once_and_listed_without_its_secret(home: Path) -> None:
    made = said("keys", "create", "--home", str(home), "--name", "site", "--scope", "ingest")

    (listed,) = said("keys", "list", "--home", str(home))["keys"]

    assert made["key"].startswith("sk_acme_")
    assert made["key"].startswith(listed["prefix"])
    assert made["key"].rpartition("_")[2] not in json.dumps(listed)
    assert (listed["name"], listed["scopes"], listed["last_used_at"]) == ("site", ["ingest"], None)


def test_a_revoked_key_is_listed_as_such(home: Path) -> None:
    made = said("keys", "create", "--home", str(home), "--name", "site", "--scope", "read")

    said("keys", "revoke", made["prefix"], "--home", str(home))

    assert said("keys", "list", "--home", str(home))["keys"][0]["revoked_at"] is not None


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--scope", "reed"), "scope `reed` is unknown"),
        (("--scope", "read", "--expires", "soon"), "`soon` is no time"),
        (("--scope", "read", "--expires", "2001-01-01"), "that time has passed"),
        (("--scope", "read", "--tenant", "A B"), "tenant `A B`"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(home: Path, more: tuple[str, ...], message: str) -> None:
    done = RUNNER.invoke(app, ["keys", "create", "--home", str(home), "--name", "x", *more, "--json"])

    assert done.exit_code == 2
    assert message in json.loads(done.stdout)["error"]["message"]


def test_an_unknown_key_cannot_be_revoked(home: Path) -> None:
    done = RUNNER.invoke(app, ["keys", "revoke", "sk_acme_0123456789", "--home", str(home), "--json"])

    assert done.exit_code == 3
