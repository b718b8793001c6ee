"""Token vectors of a home: how many messages have them, and making those that are missing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from segue.bootstrap.home import Home, pin_zones
from segue.bootstrap.operations.findings import Finding
from segue.bootstrap.tokens import shipped_tokens
from segue.core.errors import MissingError
from segue.graph.recall import packed_meaning
from segue.playbook import load_settings
from segue.stores import SqliteStore

_AT_ONCE = 64

Told = Callable[[int, int], None]
"""Told how many messages have vectors, and how many there are."""


@dataclass(frozen=True, slots=True)
class VectorReport:
    """Token vectors of a home.

    Attributes:
        switched_on: Whether recall uses them (`recall: {tokens: true}` in settings.yaml).
        messages: How many messages there are.
        kept: How many of them have vectors of the model that ships.
        bytes: What these take.
    """

    switched_on: bool
    messages: int
    kept: int
    bytes: int


def vectors_of(home: Path) -> VectorReport:
    """Count; reads only, and works beside a running server.

    Raises:
        MissingError: This is no home, or it never ran.
        PlaybookErrors: `settings.yaml` cannot be used.
    """
    place = Home(home)
    store = SqliteStore.open_read_only(home, master_key=place.master_key())
    try:
        return _report(store, switched_on=load_settings(place.playbook).recall.tokens)
    finally:
        store.close()


def fill(home: Path, told: Told) -> VectorReport:
    """Make the vectors that are missing, in a home that nothing runs; what is made stays when it is cut off.

    Raises:
        MissingError: This is no home.
        LockedError: A process runs it, which makes them by itself where the switch is on.
        StorageError: The disk is full or failed.
    """
    pin_zones()
    place, encoder, after = Home(home), shipped_tokens(), 0
    settings = load_settings(place.playbook)
    store = SqliteStore.open(home, master_key=place.master_key())
    try:
        with store.read() as reader:
            messages, _, _ = reader.vectors.counts()
            kept = messages - reader.vectors.missing(encoder.model)
        while True:
            with store.read() as reader:
                unread = reader.unread(encoder.model, after, _AT_ONCE)
            if not unread:
                return _report(store, switched_on=settings.recall.tokens)
            rows = [(one.pos, packed_meaning(encoder.tokens(one.text))) for one in unread]
            store.keep_vectors(encoder.model, rows)
            after, kept = rows[-1][0], kept + len(rows)
            told(kept, messages)
    finally:
        store.close()


def finding(home: Home) -> list[Finding]:
    """Whether recall has the token vectors it is to use."""
    try:
        report = vectors_of(home.path)
    except MissingError:
        return []
    if not report.switched_on:
        told = f"; {report.kept:,} messages have them from before" if report.kept else ""
        return [Finding("token vectors", "ok", f"recall goes by words alone{told}")]
    size = f"{report.bytes / 1024**2:,.1f} MB"
    said = f"{report.kept:,} of {report.messages:,} messages have token vectors, {size}"
    if report.kept < report.messages:
        hint = "a running server makes the others by and by; `segue vectors --fill` does so without one"
        return [Finding("token vectors", "warn", said, hint)]
    return [Finding("token vectors", "ok", said)]


def _report(store: SqliteStore, *, switched_on: bool) -> VectorReport:
    with store.read() as reader:
        messages, _, size = reader.vectors.counts()
        kept = messages - reader.vectors.missing(shipped_tokens().model)
    return VectorReport(switched_on, messages, kept, size)
