"""What no order of receipt changes: messages, verified facts and exact identities, by valid time."""

from typing import Any

from segue.core.encoding import digest
from segue.stores import SqliteStore

_MESSAGES = (
    "SELECT id, thread, profile_id, channel, direction, by, text, at, signal_id FROM messages "
    "WHERE by != 'segue' ORDER BY id"
)
_FACTS = (
    "SELECT subject, predicate, qualifier, valid_from, valid_to, value, words, signal_id FROM believed "
    "WHERE trust = 'verified' AND predicate NOT LIKE 'detector.%' ORDER BY 1, 2, 3, 4"
)
_IDENTITIES = (
    "SELECT coalesce(person_id, identifiers.account_id), hash FROM identifiers "
    "LEFT JOIN profiles ON profiles.profile_id = identifiers.profile_id ORDER BY hash"
)


def valid_time_hash(store: SqliteStore) -> str:
    """Hash what outside signals said of the world; what Segue decided or noted itself is left out."""
    groups: dict[str, list[str]] = {}
    for owner, key in _rows(store, _IDENTITIES):
        groups.setdefault(owner, []).append(key)
    return digest(
        {
            "messages": _rows(store, _MESSAGES),
            "facts": [row for row in _rows(store, _FACTS) if _is_from_outside(store, row[-1])],
            "identities": sorted(groups.values()),
        }
    )


def _rows(store: SqliteStore, sql: str) -> list[tuple[Any, ...]]:
    writer = store._writer  # noqa: SLF001 - no port reads whole tables
    assert writer is not None
    return writer.run_text(sql)


def _is_from_outside(store: SqliteStore, signal_id: str) -> bool:
    with store.read() as reader:
        signal = reader.signal(signal_id)
    return signal is not None and not signal.source.startswith("segue.")
