"""A home: one tenant's directory with its store, keys, playbook, journal and sandbox."""

import json
import os
import re
import shutil
import zoneinfo
from dataclasses import dataclass
from pathlib import Path

from segue import stores
from segue.core.errors import InputError, MissingError
from segue.core.ids import IdKey
from segue.playbook import load
from segue.stores.doors import DOORS_FILE

PLAYBOOK = "playbook"
SANDBOX = "sandbox.db"
CHAT, EMAIL = "chat.db", "email.db"
STORY = "demo.json"
_DEMO_FILES = (
    *("*.db", "*.db-wal", "*.db-shm", "*.yaml", "segue.log*", "lock", "server.json"),
    *(stores.MASTER_KEY_FILE, STORY, PLAYBOOK, "second-tenant"),
)
_TENANT = re.compile(r"^tenant:.*$", re.MULTILINE)
_LIBRARY = Path(__file__).parents[1] / "library"


@dataclass(frozen=True, slots=True)
class Home:
    """Where the files of one tenant are.

    >>> Home(Path("acme")).playbook.as_posix()
    'acme/playbook'
    """

    path: Path

    @property
    def playbook(self) -> Path:
        """The tenant's own copy of the library."""
        return self.path / PLAYBOOK

    @property
    def sandbox(self) -> Path:
        """Database of the sandbox company."""
        return self.path / SANDBOX

    @property
    def story(self) -> Path:
        """Report of the demo that ran here, if one did."""
        return self.path / STORY

    @property
    def books(self) -> tuple[Path, ...]:
        """Databases beside log and keys that are there; each belongs to one door or tool."""
        return tuple(path for path in (self.doors, self.chat, self.email, self.sandbox) if path.is_file())

    @property
    def doors(self) -> Path:
        """Database of the doors: API keys, users, sessions."""
        return self.path / DOORS_FILE

    @property
    def chat(self) -> Path:
        """Database of the web chat: visitors and the lines they see."""
        return self.path / CHAT

    @property
    def door_settings(self) -> Path:
        """Settings of the doors, if the tenant has any."""
        return self.path / "server.yaml"

    @property
    def connectors(self) -> Path:
        """Settings of the tools that are real, if there are any."""
        return self.path / "connectors.yaml"

    @property
    def email(self) -> Path:
        """What the e-mail connector remembers."""
        return self.path / EMAIL

    def master_key(self) -> bytes:
        """The key that wraps all others.

        Raises:
            MissingError: This is no home.
        """
        return stores.read_master_key(self.path)


def bundled(name: str) -> Path:
    """Directory of a bundled playbook.

    Raises:
        MissingError: There is none of that name.
    """
    if name not in libraries():
        raise MissingError(f"no playbook `{name}`; there are {', '.join(libraries())}")
    return _LIBRARY / name


def libraries() -> list[str]:
    """Names of the bundled playbooks."""
    return sorted(path.name for path in _LIBRARY.iterdir() if path.is_dir())


def create_home(
    path: str | Path,
    *,
    library: str | Path = "saas",
    tenant: str = "",
    id_key: IdKey | None = None,
    master_key: bytes | None = None,
) -> Home:
    """Make a home, with a copy of a playbook that the tenant may change.

    Args:
        path: Made if missing.
        library: Name of a bundled playbook, or a directory to copy.
        tenant: What pages call the tenant; empty leaves the name that the playbook gives.
        id_key: Drawn if not given; demo and tests give one.
        master_key: 32 bytes; drawn if not given.

    Raises:
        InputError: There is a home already, or none can be made there.
        MissingError: There is no such library.
        PlaybookErrors: The directory to copy cannot be used; nothing was made.
    """
    source = bundled(library) if isinstance(library, str) else library
    if not source.is_dir():
        raise MissingError(f"no playbook `{library}`; there are {', '.join(libraries())}")
    home = Home(Path(path))
    if not isinstance(library, str):
        load(source)
    if os.path.lexists(home.playbook):
        raise InputError(f"`{home.path}` has a playbook already")
    stores.create_home(home.path, ids=id_key, master_key=master_key)
    shutil.copytree(source, home.playbook)
    if tenant.isprintable() and tenant:
        _call(home.playbook / "settings.yaml", tenant)
    return home


def _call(settings: Path, tenant: str) -> None:
    written = settings.read_text(encoding="utf-8")
    named = f"tenant: {json.dumps(tenant, ensure_ascii=False)}"  # what JSON writes of a text YAML reads
    settings.write_text(_TENANT.sub(lambda _: named, written, count=1), encoding="utf-8")


def remove_demo(path: Path) -> None:
    """Remove the home of a demo with everything in it; any other home, or what is no home, is never touched.

    Raises:
        InputError: The directory holds something else than a demo.
        LockedError: A process runs it.
    """
    if not path.exists() or not any(path.iterdir()):
        return
    if not (path / stores.MASTER_KEY_FILE).is_file():
        raise InputError(f"`{path}` is no home; it is left as it is")
    if not Home(path).story.is_file():
        raise InputError(f"`{path}` is the home of a tenant, not of a demo; it is left as it is")
    foreign = sorted(item.name for item in path.iterdir() if not any(item.match(p) for p in _DEMO_FILES))
    if foreign:
        raise InputError(f"`{path}` holds `{foreign[0]}`, which no demo made; it is left as it is")
    lock = stores.HomeLock(path)
    try:
        shutil.rmtree(path)
    finally:
        lock.close()


def pin_zones() -> None:
    """Read time zones from the tzdata package alone: the same on every machine."""
    zoneinfo.reset_tzpath(())
