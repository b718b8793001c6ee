"""The lock files pin what pyproject asks for, by hash, and name no place to fetch it from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("run.lock", "dev.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)(?: ; [^\\]+)? \\$", re.MULTILINE)


def lock(name: str) -> str:
    """Read one lock file."""
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def pins(name: str) -> dict[str, set[str]]:
    """Read the pinned versions of a lock file; a package may have one for each Python."""
    found: dict[str, set[str]] = {}
    for package, version in PIN.findall(lock(name)):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def asked_for(name: str) -> list[Requirement]:
    """List what pyproject asks for and the lock file must therefore pin."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(project["project"]["dependencies"])
    if name == "dev.lock":
        groups = project["dependency-groups"].values()
        wanted += [entry for group in groups for entry in group if isinstance(entry, str)]
    return [Requirement(line) for line in wanted]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(name: str) -> None:
    places = re.findall(r"\S+://\S+|^--?(?!hash)\w\S*.*$|@ .*$", lock(name), re.MULTILINE)

    assert places == []


@pytest.mark.parametrize("name", ["package-lock.json", "requirements.lock"])
def test_the_locks_of_the_peers_name_no_address_either(name: str) -> None:
    text = (ROOT / "peers" / name).read_text(encoding="utf-8")

    assert re.findall(r"\S+://\S+", text) == [], "npm writes `funding` into its lock: take it out"
    assert re.findall(r"sha(?:256|512)[:-]", text) != []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(name: str) -> None:
    text = lock(name)

    entries = [line for line in text.splitlines() if line and line[0] not in "# "]
    hashed = re.findall(r"^\S.* \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)

    assert len(entries) == len(hashed) == len(PIN.findall(text))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_all_that_pyproject_asks_for(name: str) -> None:
    pinned = pins(name)

    stale = [
        str(wanted)
        for wanted in asked_for(name)
        if not any(wanted.specifier.contains(v) for v in pinned.get(canonicalize_name(wanted.name), ()))
    ]

    assert stale == [], "run `make lock`"
