"""The pages tell the truth: named functions exist, links lead somewhere, README code runs."""

import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
TABLE_HEADING = "## One signal, door to hand"
DOTTED = re.compile(r"`(segue(?:\.\w+)+)(?:\(\))?`")
LINK = re.compile(r"\[[^\]]*\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)")
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """List the Markdown pages of the project, at the root and in `docs/`."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def rows_of_the_table() -> list[str]:
    """Read the rows of the table under the heading, without its head and rule."""
    page = ROOT / "ARCHITECTURE.md"
    if not page.exists():
        return []
    _, _, section = page.read_text(encoding="utf-8").partition(f"\n{TABLE_HEADING}\n")
    own_part = section.partition("\n## ")[0]
    return [line for line in own_part.splitlines() if line.startswith("|")][2:]


def resolve(dotted: str) -> object:
    """Import the longest module of a dotted path, and follow the rest as attributes."""
    parts = dotted.split(".")
    found: object = None
    for i in range(1, len(parts) + 1):
        if i == 1 or (isinstance(found, ModuleType) and not hasattr(found, parts[i - 1])):
            found = importlib.import_module(".".join(parts[:i]))
        else:
            found = getattr(found, parts[i - 1])
    return found


def broken_links(page: Path) -> Iterator[str]:
    """Yield every relative link of a page that leads to no file."""
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not (page.parent / target).exists():
            yield target


def test_the_table_has_rows() -> None:
    assert rows_of_the_table(), f"ARCHITECTURE.md needs a table under `{TABLE_HEADING}`"


@pytest.mark.parametrize("row", rows_of_the_table())
def test_every_function_in_the_table_exists(row: str) -> None:
    named = DOTTED.findall(row)

    assert named, f"row names no function like `segue.planner.loop.step`: {row}"
    for dotted in named:
        found = resolve(dotted)
        assert callable(found) or inspect.ismodule(found), f"`{dotted}` is no function"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    assert list(broken_links(page)) == []


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    blocks = PYTHON_BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert blocks

    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False
        )

        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()


def test_the_changelog_tells_what_is_coming() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
