"""The floors of the house hold: imports go down, pure code stays pure, files stay small."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "segue"
LOOP_LINES_BELOW = 200
FILE_LINES_UP_TO = 500


def lines_of(path: Path) -> int:
    """Count the lines of one file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def contract(name: str) -> dict[str, list[str]]:
    """Read one of import-linter's contracts."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = {entry["id"]: entry for entry in project["tool"]["importlinter"]["contracts"]}
    return cast("dict[str, list[str]]", found[name])


def front_pages_of_pure_packages() -> list[Path]:
    """List the `__init__.py` of every package that the contract `pure` is about, as far as it exists."""
    names = [expression.split(".")[1] for expression in contract("pure")["source_modules"]]
    return [page for name in names if (page := PACKAGE / name / "__init__.py").exists()]


def modules_imported_by(path: Path) -> Iterator[str]:
    """Yield the full name of every module that a file names in an import."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "segue" if node.level else node.module or ""


def test_no_floor_is_crossed() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]

    report = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert report.returncode == 0, report.stdout + report.stderr


# The `pure` contract names `segue.core.*` and so on, because import-linter refuses a package that does not
# exist yet. That leaves out each package's own front page, which is checked here.
@pytest.mark.parametrize("front_page", front_pages_of_pure_packages(), ids=lambda page: page.parent.name)
def test_the_front_page_of_a_pure_package_does_no_io(front_page: Path) -> None:
    forbidden = contract("pure")["forbidden_modules"]

    impure = [module for module in modules_imported_by(front_page) if module.split(".")[0] in forbidden]

    assert impure == []


def test_library_holds_data_only() -> None:
    assert list((PACKAGE / "library").rglob("*.py")) == []


def test_the_planner_loop_reads_in_one_sitting() -> None:
    loop = PACKAGE / "planner" / "loop.py"
    if not loop.parent.exists():
        pytest.skip("there is no package `planner`")

    assert loop.exists(), "`segue/planner/loop.py` is where the step is read; it is missing"
    assert lines_of(loop) < LOOP_LINES_BELOW


def test_no_source_file_is_too_long() -> None:
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in sorted(PACKAGE.rglob("*.py"))
        if (lines := lines_of(path)) > FILE_LINES_UP_TO
    }

    assert too_long == {}
