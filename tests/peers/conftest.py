"""Peers run by `make peers` alone: they need root, Debian packages and Node. A run that started none fails."""

import os
from collections.abc import Iterator

import pytest

collect_ignore_glob = [] if os.environ.get("SEGUE_PEERS") else ["test_*.py"]

_STARTED: list[str] = []


@pytest.fixture
def started(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Where a test notes each real peer that it started."""
    before = len(_STARTED)
    yield _STARTED
    assert len(_STARTED) > before, f"{request.node.name} started no peer"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of peers in which none was started."""
    if os.environ.get("SEGUE_PEERS") and not _STARTED and not session.config.option.collectonly:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell which peers ran."""
    if _STARTED:
        terminalreporter.write_line(f"peers started: {', '.join(sorted(set(_STARTED)))}")
