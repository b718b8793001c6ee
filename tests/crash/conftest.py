"""Where crash tests keep their files: in memory where the machine has such a place, since they sync a lot."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a fresh directory is made in it


@pytest.fixture(scope="session")
def ram() -> Iterator[Path]:
    """Make a directory; `SEGUE_CRASH_DIR` names another place for it, for example a real disk."""
    place = os.environ.get("SEGUE_CRASH_DIR") or (_IN_MEMORY if _IN_MEMORY.is_dir() else None)
    with tempfile.TemporaryDirectory(prefix="segue-crash-", dir=place) as made:
        yield Path(made)
