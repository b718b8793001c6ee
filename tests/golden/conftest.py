"""`pytest tests/golden --record-golden` writes the snapshots anew; nothing else does."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-golden", action="store_true", help="write the golden snapshots anew")


@pytest.fixture
def records(request: pytest.FixtureRequest) -> bool:
    """Whether snapshots are written instead of compared."""
    return bool(request.config.getoption("--record-golden", default=False))
