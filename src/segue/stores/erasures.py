"""Erasures that a log put back from a backup lacks: the newest tombstones win."""

from dataclasses import dataclass

from segue.core.records.events import Erased
from segue.stores.db import Db
from segue.stores.keys import Keys
from segue.stores.log import Log

_SEALED_BEFORE = "SELECT 1 FROM events WHERE key_id = ? AND seq < ? UNION ALL SELECT 1 FROM event_parts "
_SEALED_BEFORE += "WHERE key_id = ? AND seq < ? LIMIT 1"
_PROFILE = "profile:"


@dataclass(frozen=True, slots=True)
class Erasures:
    """Profiles to erase again, and keyed hashes nobody may contact that log or key file does not name."""

    profile_ids: tuple[str, ...]
    suppressed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to erase."""
        return bool(self.profile_ids or self.suppressed)

    @classmethod
    def of(cls, db: Db, log: Log, keys: Keys) -> "Erasures":
        """Compare the key file with the `Erased` events of the log.

        Whoever came back after an erasure has another key, and is left alone.
        """
        told = [(row.seq, row.event) for row in log.walk() if isinstance(row.event, Erased)]
        known = {f"{_PROFILE}{profile_id}" for _, event in told for profile_id in event.profile_ids}
        lacking = {subject for _, subject in keys.erasures()} - known
        key_ids = {subject: key_id for key_id, subject in keys.held().items()} if told else {}
        for seq, event in told:
            for profile_id in event.profile_ids:
                key_id = key_ids.get(f"{_PROFILE}{profile_id}")
                if key_id is not None and db.query(_SEALED_BEFORE, (key_id, seq, key_id, seq)):
                    lacking.add(f"{_PROFILE}{profile_id}")  # the backup was taken in the middle of it
        suppressed = keys.tombstones().keys() ^ {key for _, event in told for key in event.suppressed}
        profiles = sorted(subject.removeprefix(_PROFILE) for subject in lacking)
        return cls(tuple(profiles), tuple(sorted(suppressed)))
