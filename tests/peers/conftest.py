"""Peers run by `make peers` alone: they need root, Debian packages, Node. One that started none fails."""

import os

import pytest

collect_ignore_glob = [] if os.environ.get("SEGUE_PEERS") else ["test_*.py"]

_STARTED: list[str] = []


@pytest.fixture(scope="session")
def started() -> list[str]:
    """Where a test notes each real peer that it started."""
    return _STARTED


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of peers in which none was started."""
    if os.environ.get("SEGUE_PEERS") and not _STARTED and not session.config.option.collectonly:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell which peers ran."""
    if _STARTED:
        terminalreporter.write_line(f"peers started: {', '.join(sorted(set(_STARTED)))}")
