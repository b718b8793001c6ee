"""`docs/api.md` names everything there is: scopes, metrics, and the code of every problem."""

import re
from pathlib import Path

import pytest

import segue.api
from segue.api.metrics import Metrics
from segue.core import errors
from segue.stores.doors import SCOPES

DOCS = (Path(__file__).parents[3] / "docs/api.md").read_text(encoding="utf-8")
SOURCES = [path.read_text(encoding="utf-8") for path in Path(segue.api.__file__).parent.rglob("*.py")]
CODES = {code for text in SOURCES for code in re.findall(r'Refusal\(\s*\d+, "(\w+)"', text)}
OF_THE_TREE = {
    error.code
    for error in vars(errors).values()
    if isinstance(error, type)
    and issubclass(error, errors.SegueError)
    and error is not errors.SegueError
    and not issubclass(error, errors.ConnectorError)
}
TYPES = re.findall(r"^# TYPE (segue_\w+) ", Metrics().text().decode(), re.MULTILINE)
METRICS = {name for name in TYPES if not name.endswith("_created")}


@pytest.mark.parametrize("name", sorted({*SCOPES, *CODES, *OF_THE_TREE, *METRICS}))
def test_it_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCS


def test_there_is_something_to_document() -> None:
    assert {"too_large", "not_json", "unauthenticated"} <= CODES
    assert {"segue_running", "segue_signals_total"} <= METRICS
