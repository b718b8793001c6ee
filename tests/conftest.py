"""What holds for every test: steady Hypothesis runs, and no network beyond loopback."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent
LOOPBACK = ["127.0.0.1", "::1"]
MAY_USE_LOOPBACK = tuple(TESTS / name for name in ("integration", "contract", "e2e", "crash", "peers"))

# `HYPOTHESIS_PROFILE=explore` searches with fresh seeds; the default gives the same run everywhere.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=1_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open loopback to the tests that start servers; sockets stay blocked for all others."""
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in MAY_USE_LOOPBACK):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))
