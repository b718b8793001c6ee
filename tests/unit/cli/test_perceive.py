"""`segue perceive` reads an argument or a pipe, and says which home or channel there is none of."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from segue.cli.commands import app

RUNNER = CliRunner()


def test_a_home_that_is_not_there_is_told(tmp_path: Path) -> None:
    for command in (["perceive", "hello"], ["intents", "test"]):
        done = RUNNER.invoke(app, [*command, "--home", str(tmp_path / "nope")])

        assert done.exit_code == 3
        assert f"there is no home with a playbook in `{tmp_path / 'nope'}`; make one with" in done.stderr


def test_an_unknown_channel_is_told_with_the_known_ones() -> None:
    done = RUNNER.invoke(app, ["perceive", "hello", "--channel", "emial"])

    assert done.exit_code == 2
    assert "--channel: `emial` is unknown; did you mean `email`? write one of email, sms" in done.stderr


def test_a_pipe_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEGUE_HOME", raising=False)

    done = RUNNER.invoke(app, ["perceive", "-", "--channel", "Email", "--json"], "Please stop emailing me.\n")

    (wish,) = json.loads(done.stdout)["preferences"]
    assert (wish["kind"], wish["value"]) == ("stop", "email")


def test_a_pipe_that_is_no_text_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    done = RUNNER.invoke(app, ["perceive", "-"], b"ab\xff")

    assert done.exit_code == 2
    assert "standard input: byte 2 is no UTF-8" in done.stderr
