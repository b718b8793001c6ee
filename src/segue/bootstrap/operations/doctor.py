"""The doctor: what is right and wrong with a home and its machine, each with what to do about it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from segue.bootstrap.home import Home, pin_zones
from segue.bootstrap.operations import checks_home, checks_machine, checks_model, vectors
from segue.bootstrap.operations.findings import Finding
from segue.core.errors import SegueError
from segue.core.ports import Clock


def examine(home: Path, clock: Clock, environment: Mapping[str, str] | None = None) -> list[Finding]:
    """Run every check; one that fails stops no other. Reads only, and works beside a running server.

    Args:
        home: The home.
        clock: The system's clock, which is looked at too.
        environment: Variables that the server is run with, as far as known: they set where traces go.

    Raises:
        MissingError: This is no home.
    """
    place = Home(home)
    place.master_key()
    pin_zones()
    checks: tuple[tuple[str, Callable[[], list[Finding]]], ...] = (
        ("zones", checks_machine.zones),
        ("disk", lambda: checks_machine.disk(home, clock)),
        ("clock", lambda: checks_machine.clock(place, clock)),
        ("lock", lambda: checks_home.lock(home)),
        ("permissions", lambda: checks_home.permissions(home)),
        ("version", lambda: checks_home.version(place)),
        ("log", lambda: checks_home.log(place)),
        ("books", lambda: checks_home.books(place)),
        ("playbook", lambda: checks_home.playbook(place)),
        ("token vectors", lambda: vectors.finding(place)),
        (checks_model.NAME, lambda: checks_model.language_model(place)),
        ("connectors", lambda: checks_home.connectors(place, environment or {})),
    )
    found: list[Finding] = []
    for name, check in checks:
        try:
            found += check()
        except (SegueError, OSError) as error:
            found.append(Finding(name, "fail", str(error)))
    return found
