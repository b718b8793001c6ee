"""Peers run by `make peers` alone: they need root, Debian packages, Node. One that started none fails."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.serving import Served
from tests.peers.mail_company import BOXES, mail_company
from tests.peers.mail_house import MailHouse, mail_house

collect_ignore_glob = [] if os.environ.get("SEGUE_PEERS") else ["test_*.py"]

_STARTED: list[str] = []


@pytest.fixture(scope="session")
def started() -> list[str]:
    """Where a test notes each real peer that it started."""
    return _STARTED


@pytest.fixture(scope="session")
def house(started: list[str]) -> Iterator[MailHouse]:
    """A Postfix and a Dovecot."""
    with tempfile.TemporaryDirectory(prefix="segue-peers-") as place, mail_house(Path(place), BOXES) as made:
        started += ["postfix", "dovecot"]
        yield made


@pytest.fixture(scope="session")
def segue(house: MailHouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A company that sends and gets its mails there."""
    with mail_company(house, tmp_path_factory.mktemp("company") / "home") as running:
        yield running


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of peers in which none was started."""
    if os.environ.get("SEGUE_PEERS") and not _STARTED and not session.config.option.collectonly:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell which peers ran."""
    if _STARTED:
        terminalreporter.write_line(f"peers started: {', '.join(sorted(set(_STARTED)))}")
