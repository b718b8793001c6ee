"""Import of a person: the events another home had of them are recorded here, under this home's own ids.

Nothing of it is decided again, and nothing that was still to be done is done twice: effects that had not gone
out and drafts that nobody had decided on end here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec.structs import replace

from segue.bootstrap.operations.exporting import FORMAT, Header, decode_header
from segue.core.errors import ConflictError, InputError
from segue.core.ids import IdKey
from segue.core.ports import Unit
from segue.core.records.effects import EffectChange, EffectState
from segue.core.records.events import Attempted, Event, Imported, Perceived, Received, Stepped
from segue.core.units import Instant
from segue.runtime.tenant import newest_stamp
from segue.stores import SqliteStore

_ID: Final = re.compile(r"(?<![0-9a-z])[0-9a-v]{26}(?![0-9a-z])")
_DECODER: Final = msgspec.json.Decoder(Event)
_OPEN: Final[Mapping[str, EffectState]] = {"pending": "cancelled", "unknown": "failed"}
"""States in which something was still to be done, and how that ends."""

_LONGEST: Final = 16_000_000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Who came.

    Attributes:
        ended: Effects and drafts that were still open, and end here.
    """

    person: str
    profiles: int
    events: int
    ended: int


def import_person(store: SqliteStore, lines: Iterable[bytes], now: Instant) -> ImportReport:
    """Record an export.

    Args:
        store: Open for writing, run by nothing.
        lines: Of `segue export`.
        now: The machine's time.

    Raises:
        InputError: A line is no part of an export, or speaks of somebody else; nothing was kept.
        ConflictError: Somebody with one of their identifiers is known here, or they were erased here.
    """
    given = iter(lines)
    header = _header(next(given, b""))
    names = {old: _anew(store.ids, made_of) for old, made_of in header.names.items()}
    profiles = tuple(names.get(profile, profile) for profile in header.profile_ids)
    _check(store, header, names, profiles)
    own = frozenset(f"profile:{profile}" for profile in profiles)
    events = [_event(number, line, names, own) for number, line in enumerate(given, start=2)]
    at = Instant(max(now, newest_stamp(store)))
    with store.write() as unit:
        unit.record(Imported(at, f"profile:{profiles[0]}", len(events)))
        for event in events:
            unit.record(event)
        ended = _ended(unit, events, at, f"profile:{profiles[0]}")
        unit.record(Imported(at, f"profile:{profiles[0]}"))
    return ImportReport(names.get(header.person_id, header.person_id), len(profiles), len(events), ended)


def _header(line: bytes) -> Header:
    try:
        header = decode_header(line)
    except msgspec.MsgspecError as error:
        raise InputError(f"line 1 is no head of an export: {error}") from error
    if header.format != FORMAT or not header.profile_ids:
        raise InputError(
            f"line 1: format `{header.format[:40]}` is none this version reads; it reads `{FORMAT}`"
        )
    return header


def _anew(ids: IdKey, made_of: list[str]) -> str:
    """The id that this home gives the same thing."""
    match made_of:
        case ["signal", source, source_id]:
            return ids.signal_id(source, source_id)
        case ["profile", source, identifier]:
            return ids.profile_id(source, identifier)
        case ["account", identifier]:
            return ids.account_id(identifier)
        case ["identifier", identifier]:
            return ids.identifier_hash(identifier)
        case _:
            raise InputError("line 1: `names` holds what is no id")


def _check(store: SqliteStore, header: Header, names: Mapping[str, str], profiles: tuple[str, ...]) -> None:
    hashes = [names[old] for old, made_of in header.names.items() if made_of[0] == "identifier"]
    with store.read() as reader:
        if reader.known(hashes) or any(reader.profile_person(profile) for profile in profiles):
            raise ConflictError("somebody with one of their identifiers is known here already")
    if any(store.was_erased(profile) for profile in profiles):
        raise ConflictError("this person was erased here, and is not brought back")


def _event(number: int, line: bytes, names: Mapping[str, str], own: frozenset[str]) -> Event:
    if len(line) > _LONGEST:
        raise InputError(f"line {number} is longer than {_LONGEST:,} bytes")
    try:
        text = _ID.sub(lambda found: names.get(found[0], found[0]), line.decode())
        event: Event = _DECODER.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"line {number} is no event of an export: {error}") from error
    if not isinstance(event, Received | Perceived | Stepped | Attempted):
        raise InputError(f"line {number}: an export holds no such event")
    if not isinstance(event, Received) and event.subject not in own:
        raise InputError(f"line {number} speaks of somebody else")
    return event


def _ended(unit: Unit, events: list[Event], at: Instant, subject: str) -> int:
    """End what was still open, in a step of its own."""
    steps = [event for event in events if isinstance(event, Stepped)]
    changes, drafts = [], {}
    for effect in (effect for step in steps for effect in step.effects):
        row = unit.effect(effect.id)
        if row is not None and row.state in _OPEN:
            changes.append(EffectChange(effect.id, _OPEN[row.state], "it was left to the home it came from"))
    for approval in (approval for step in steps for approval in step.approvals):
        drafts[approval.id] = approval
    left = tuple(replace(one, status="expired") for one in drafts.values() if one.status == "pending")
    if changes or left:
        unit.record(Stepped("", at, "", subject, effect_changes=tuple(changes), approvals=left))
    return len(changes) + len(left)
