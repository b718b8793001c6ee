"""Export of a person: everything the log holds of them, one event a line, and of nobody else.

Of an event about several people only their own parts are written; what is the account's or the tenant's
stays.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace

from segue.bootstrap.readings import Readings
from segue.core.encoding import encode
from segue.core.ids import IdKey
from segue.core.records.events import Attempted, Event, Perceived, Received, Stepped
from segue.core.records.memory import Links
from segue.core.records.signals import Signal
from segue.core.units import Instant, to_datetime
from segue.stores import SqliteStore
from segue.stores.split import join, signal_subject, split

FORMAT = "segue.person/1"
_OWN_SUBJECTS = ("facts", "counts", "goals", "outcomes", "timers", "reservations", "approvals", "derived")
"""Fields of a step whose items name whom they are about."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of an export.

    Attributes:
        person_id: Who.
        profile_ids: All their profiles.
        exported_at: When.
        names: Ids and hashes that were made with the home's id key, each with what it was made of, so that
            another home makes its own.
        format: Of the lines that follow.
    """

    person_id: str
    profile_ids: tuple[str, ...]
    exported_at: str
    names: dict[str, list[str]]
    format: str = FORMAT


def export_person(readings: Readings, who: str, now: Instant) -> Iterator[bytes]:
    """The lines of an export, as canonical JSON without line ends.

    Raises:
        MissingError: Nobody is known by `who`; whoever was erased is not.
    """
    view = readings.person(who)
    events = list(events_of(readings.store, view.profile_ids))
    names = _names(events, readings.ids)
    yield encode(
        Header(view.person_id, view.profile_ids, to_datetime(now).isoformat(), dict(sorted(names.items())))
    )
    for event in events:
        yield encode(event)


def events_of(store: SqliteStore, profile_ids: Collection[str]) -> Iterator[Event]:
    """Every event of a person in the order of the log, with their own parts alone."""
    own = frozenset(f"profile:{profile_id}" for profile_id in profile_ids)
    with store.read() as reader:
        stepped = {row.event.signal_id for row in reader.log() if isinstance(row.event, Stepped)}
        for row in reader.log():
            event = row.event
            match event:
                case Received() if _is_settled(event.signal, store.ids, own, stepped):
                    yield event
                case Perceived() | Attempted() if event.subject in own:
                    yield event
                case Stepped():
                    mine = _own_part(event, own, reader.profile_of_effect)
                    if mine is not None:
                        yield mine
                case _:
                    pass


def _is_settled(signal: Signal, ids: IdKey, own: frozenset[str], stepped: Collection[str]) -> bool:
    """Whether a signal is theirs and was decided on: what waits still is decided where it came in."""
    return signal.id in stepped and signal_subject(signal, ids, lambda _: None) in own


def _own_part(event: Stepped, own: frozenset[str], profile_of_effect: Any) -> Stepped | None:  # noqa: ANN401 - a method
    """A step as far as it is theirs; None where nothing in it is."""
    bare, parts = split(event, profile_of_effect)
    joined = [fields for subject, fields in parts.items() if subject in own]
    if event.subject in own:
        return _without_others(join(bare, joined), own)
    if not joined:
        return None
    decided = event.decision is not None and f"profile:{event.decision.profile_id}" in own
    shell = replace(
        bare,
        links=Links(),
        subject=next(subject for subject in parts if subject in own),
        decision=bare.decision if decided else None,
        **dict.fromkeys((*_OWN_SUBJECTS, "messages", "exposures", "effects", "effect_changes", "arms"), ()),
        timers_cancelled=(),
    )
    return _without_others(join(shell, joined), own)


def _without_others(event: Stepped, own: frozenset[str]) -> Stepped:
    """Leave out what is the account's, the tenant's or another person's."""
    kept = {
        name: tuple(item for item in getattr(event, name) if item.subject in own) for name in _OWN_SUBJECTS
    }
    kept["arms"] = tuple(arm for arm in event.arms if arm.unit == f"person:{event.person_id}")
    return replace(event, **kept)


def _names(events: list[Event], ids: IdKey) -> dict[str, list[str]]:
    """What each keyed id was made of: of signals, profiles, accounts and identifiers."""
    found: dict[str, list[str]] = {}
    for event in events:
        if not isinstance(event, Received):
            continue
        signal = event.signal
        for key in (signal.source, f"segue.claims.{signal.source}"):
            if ids.signal_id(key, signal.source_id) == signal.id:
                found[signal.id] = ["signal", key, signal.source_id]
        for identifier in signal.identifiers:
            found[ids.identifier_hash(identifier)] = ["identifier", identifier]
        for identifier in signal.person_identifiers[:1]:
            found[ids.profile_id(signal.source, identifier)] = ["profile", signal.source, identifier]
        if signal.account_identifier:
            found[ids.account_id(signal.account_identifier)] = ["account", signal.account_identifier]
    return found


def decode_header(line: bytes) -> Header:
    """Read the first line of an export.

    Raises:
        msgspec.MsgspecError: It is none.
    """
    return msgspec.json.decode(line, type=Header)
