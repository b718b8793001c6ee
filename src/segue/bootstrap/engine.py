"""The engine hash: everything a decision depends on besides what was recorded."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from segue.core.encoding import digest

_PACKAGE = Path(__file__).parents[1]
_LOCK_FILE = _PACKAGE.parents[1] / "requirements" / "run.lock"


@dataclass(frozen=True, slots=True)
class Engine:
    """A hash, and the parts it is made of so that a difference can be named."""

    hash: str
    parts: dict[str, str]


def engine_of(playbook: str, perceiver: str) -> Engine:
    """The engine that runs here.

    Args:
        playbook: Hash of the playbook.
        perceiver: Hash of the perceiver's model.
    """
    parts = {
        "code": _code_hash(),
        "lock": _lock_hash(),
        "playbook": playbook,
        "tzdata": _version("tzdata"),
        "holidays": _version("holidays"),
        "perceiver": perceiver,
    }
    return Engine(digest(parts, size=16), parts)


@lru_cache(maxsize=1)
def _code_hash() -> str:
    made = blake2b(digest_size=16)
    for path in sorted(_PACKAGE.rglob("*.py")):
        made.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()


def _lock_hash() -> str:
    """Hash of the lock file; empty where the package was installed without its repository."""
    if not _LOCK_FILE.is_file():
        return ""
    return blake2b(_LOCK_FILE.read_bytes(), digest_size=16).hexdigest()


def installed_version() -> str:
    """Version of Segue that is installed; empty where it runs from a directory."""
    return _version("segue")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
