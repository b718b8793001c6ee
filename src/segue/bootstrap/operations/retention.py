"""Retention of a home: what would go, by class, and letting it go where nothing runs the home."""

from dataclasses import dataclass, field
from pathlib import Path

from segue.bootstrap.home import Home, pin_zones
from segue.core.errors import MissingError
from segue.core.ports import Clock
from segue.core.units import Instant
from segue.identity import normalise_all
from segue.playbook import load_settings
from segue.playbook.keeping import kept_for
from segue.privacy.expiring import DATA_CLASSES
from segue.runtime.retaining import cuts_at, held_by, unknown_in
from segue.runtime.tenant import newest_stamp
from segue.stores import SqliteStore

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class ClassReport:
    """One class of data.

    Attributes:
        days: How long it is kept; None is for ever.
        before_at: What was recorded before goes; None where nothing does.
        events: How many events lose something of it.
    """

    days: int | None
    before_at: Instant | None
    events: int = 0


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What goes, or went.

    Attributes:
        changed: How many events lose anything.
        held: How many would, but are of people whose data is held.
        waits: How many would, but something in them is still to be done.
        unknown: Identifiers under `hold` that nobody is known by; nothing goes while there are any.
    """

    dry_run: bool
    classes: dict[str, ClassReport] = field(default_factory=dict)
    changed: int = 0
    held: int = 0
    waits: int = 0
    unknown: tuple[str, ...] = ()


def retain(home: Path, clock: Clock, *, dry_run: bool) -> RetentionReport:
    """Let go of what was kept for long enough, or tell what would go.

    Args:
        home: The home.
        clock: When.
        dry_run: Only count; works beside a running server.

    Raises:
        MissingError: This is no home, or nobody is known by an identifier under `hold`.
        PlaybookErrors: `settings.yaml` cannot be used.
        LockedError: A process runs the home; it lets go by itself, once a day.
        SignalError: An identifier under `hold` is malformed.
    """
    pin_zones()
    place = Home(home)
    key, settings = place.master_key(), load_settings(place.playbook)
    opened = SqliteStore.open_read_only if dry_run else SqliteStore.open
    store = opened(home, master_key=key)
    try:
        now = Instant(max(clock.now(), newest_stamp(store)))
        kept_s = kept_for(settings.retention)
        cuts = cuts_at(now, kept_s)
        with store.read() as reader:
            names = normalise_all(settings.retention.hold, settings.default_country or None)
            held, unknown = held_by(reader, store.ids, names), unknown_in(reader, store.ids, names)
        if unknown and kept_s and not dry_run:
            raise MissingError(
                f"nobody is known as `{unknown[0]}` under `hold` of settings.yaml: nothing went; "
                "mend it, or take it out"
            )
        found = store.expire(now, cuts, held, dry_run=dry_run)
    finally:
        store.close()
    classes: dict[str, ClassReport] = {
        name: ClassReport(
            kept_s[name] // _DAY_S if name in kept_s else None,
            cuts.get(name),
            found.events.get(name, 0),
        )
        for name in DATA_CLASSES
    }
    return RetentionReport(dry_run, classes, found.changed, found.held, found.waits, unknown)
