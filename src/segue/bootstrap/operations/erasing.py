"""Erasing a person: the log forgets them, and so does every other file of the home."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from segue.bootstrap.home import Home, pin_zones
from segue.bootstrap.readings import Readings
from segue.connectors.email import Book
from segue.connectors.sandbox import SandboxCompany
from segue.connectors.webchat import ChatBook
from segue.core.errors import InputError
from segue.core.ids import IdKey
from segue.core.ports import Clock, PersonView
from segue.core.records.events import Received, Stepped
from segue.core.units import Instant
from segue.identity import normalise_all
from segue.playbook import load
from segue.privacy import suppression_key
from segue.runtime.retaining import held_by
from segue.runtime.tenant import newest_stamp
from segue.stores import SqliteStore
from segue.stores.copying import scrub_file
from segue.stores.doors import DoorsDb, forget_wishes

_CHAT, _CONSENT = "chat", "consent."
_ADDRESSES = frozenset({"email", "phone", "whatsapp"})


@dataclass(frozen=True, slots=True)
class Traces:
    """By what the other files of a home know somebody.

    Attributes:
        profile_ids: Their profiles.
        identifiers: Every identifier they were ever named by.
        effects: Ids of all that was asked of tools for them.
        threads: Names of their threads, as those who began them named them.
    """

    profile_ids: frozenset[str]
    identifiers: frozenset[str]
    effects: frozenset[str]
    threads: frozenset[str]


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """Who was erased.

    Attributes:
        profiles: How many profiles they had.
        suppressed: How many opt-outs outlive their data, as keyed hashes.
        files: Files besides the log that were gone through.
    """

    person: str
    profiles: int
    suppressed: int
    files: tuple[str, ...]


def erase(home: Path, who: str, clock: Clock) -> ErasureReport:
    """Erase a person from a home that nothing runs: keys first, then every word in every file.

    Begun again, it finishes what a crash cut off, as long as the person can still be named.

    Args:
        home: The home.
        who: An identifier such as `email:ann@x.io`, or a person id.
        clock: When.

    Raises:
        MissingError: This is no home, or nobody is known by that name.
        InputError: Their data is held.
        SignalError: The identifier is malformed.
        LockedError: A process runs the home.
        StorageError: A file cannot be written, or a reader keeps old pages in use.
    """
    pin_zones()
    place = Home(home)
    store = SqliteStore.open(home, master_key=place.master_key())
    try:
        settings = load(place.playbook).settings
        region = settings.default_country or None
        readings = Readings(store, lambda names: normalise_all(names, region), settings.rates.reporting)
        view = readings.person(who)
        _check_free(store, view, normalise_all(settings.retention_hold, region))
        traces = traces_of(store, view.profile_ids)
        suppressed = _suppressed(store, view, traces)
        # INVARIANT: other files first. Once the keys are gone nothing tells whose their rows were.
        files = forget(place, traces, clock, store.ids)
        store.erase(view.profile_ids, Instant(max(clock.now(), newest_stamp(store))), suppressed)
    finally:
        store.close()
    return ErasureReport(view.person_id, len(view.profile_ids), len(suppressed), files)


def _check_free(store: SqliteStore, view: PersonView, hold: Collection[str]) -> None:
    """Nobody is erased whose data is held: a hold is lifted by whoever set it, not in passing."""
    subjects = {f"profile:{name}" for name in view.profile_ids}
    with store.read() as reader:
        for name in hold:
            if not subjects.isdisjoint(held_by(reader, store.ids, [name])):
                raise InputError(
                    f"their data is held by `{name}` under `hold` of `retention` in settings.yaml; "
                    "take it out there to lift the hold, then erase"
                )
    if not subjects.isdisjoint(store.carried_holds()):
        raise InputError(
            "their data is held by the keys of a newer home, since the restore; to lift the hold write them "
            "under `hold` in settings.yaml, run `segue retention`, take them out again, then erase"
        )


def traces_of(store: SqliteStore, profile_ids: Collection[str]) -> Traces:
    """Go through the log for all by which other files know somebody."""
    wanted, known = frozenset(profile_ids), dict[str, bool]()
    effects, threads = set[str](), set[str]()
    with store.read() as reader:

        def is_theirs(identifier: str) -> bool:
            if identifier not in known:
                found = reader.known([store.ids.identifier_hash(identifier)])
                known[identifier] = any(owner.profile_id in wanted for owner in found.values())
            return known[identifier]

        for row in reader.log():
            if isinstance(row.event, Received):
                signal = row.event.signal
                theirs = [is_theirs(identifier) for identifier in signal.person_identifiers]
                thread = signal.body.get("thread")
                if any(theirs) and isinstance(thread, str) and thread:
                    threads.add(thread)
            elif isinstance(row.event, Stepped):
                effects |= {item.id for item in row.event.effects if item.profile_id in wanted}
    names = frozenset(name for name, is_one in known.items() if is_one)
    return Traces(wanted, names, frozenset(effects), frozenset(threads))


def forget(home: Home, traces: Traces, clock: Clock, ids: IdKey) -> tuple[str, ...]:
    """Forget somebody in every file beside log and keys; names the files that were gone through."""
    for path in home.books:
        _forget_in(path, home, traces, clock, ids)
        scrub_file(path)
    return tuple(path.name for path in home.books)


def _forget_in(path: Path, home: Home, traces: Traces, clock: Clock, ids: IdKey) -> None:
    if path == home.chat:
        chat = ChatBook(path)
        for visitor in _visitors(traces):
            chat.forget(visitor)
        chat.close()
    elif path == home.email:
        mail = Book(path, ids)
        mail.forget_person(traces.effects, traces.threads)
        mail.close()
    elif path == home.sandbox:
        company = SandboxCompany(path, clock)
        company.forget_person(traces.effects, tuple(_addresses(traces)))
        company.close()
    else:
        doors = DoorsDb(path)
        forget_wishes(doors, traces.profile_ids)
        doors.close()


def _addresses(traces: Traces) -> Iterator[str]:
    """What names somebody wherever it stands; a number such as that of `crm:7` does not."""
    for identifier in sorted(traces.identifiers):
        namespace, _, name = identifier.partition(":")
        if namespace in _ADDRESSES:
            yield name


def _visitors(traces: Traces) -> Iterator[str]:
    for identifier in sorted(traces.identifiers):
        namespace, _, name = identifier.partition(":")
        if namespace == _CHAT:
            yield name


def _suppressed(store: SqliteStore, view: PersonView, traces: Traces) -> tuple[str, ...]:
    """Keys of the opt-outs that outlive the data: every address, for every channel that was taken back."""
    channels = {
        fact.predicate.removeprefix(_CONSENT).partition(".")[0]
        for fact in view.facts
        if fact.predicate.startswith(_CONSENT) and fact.value == "withdrawn"
    }
    hashes = sorted(store.ids.identifier_hash(name) for name in traces.identifiers)
    return tuple(suppression_key(key, channel) for key in hashes for channel in sorted(channels))
