"""Retention: what was kept for long enough goes, a week of it at once, as the settings say.

Nothing is decided on it, so it is no signal: what was done is an event of its own, `expired`.
"""

from collections.abc import Iterable, Mapping

from segue.core.ids import IdKey
from segue.core.ports import Reader
from segue.core.units import DAY, SECOND, Instant
from segue.runtime.tenant import Tenant

EVERY_S = 86_400.0
_AT_ONCE = 7 * DAY


def cuts_at(now: Instant, kept_s: Mapping[str, int]) -> dict[str, Instant]:
    """What was recorded before which instant goes, by class; a whole week at once, for it costs a rebuild.

    >>> cuts_at(Instant(100 * DAY), {"messages": 30 * 86_400}) == {"messages": 70 * DAY}
    True
    """
    old = {name: now - seconds * SECOND for name, seconds in sorted(kept_s.items())}
    return {name: Instant(at - at % _AT_ONCE) for name, at in old.items()}


def goes_at(at: Instant, kept_s: int) -> Instant:
    """When what was recorded then goes.

    >>> goes_at(Instant(3 * DAY), 30 * 86_400) == 37 * DAY
    True
    """
    return Instant((at // _AT_ONCE + 1) * _AT_ONCE + kept_s * SECOND)


def held_by(reader: Reader, ids: IdKey, identifiers: Iterable[str]) -> tuple[str, ...]:
    """Subjects of everybody whose data is held, by any identifier of theirs; unknown ones hold nothing."""
    hashes = [ids.identifier_hash(identifier) for identifier in identifiers]
    people = sorted({known.person_id for known in reader.known(hashes).values()} if hashes else ())
    views = [reader.person(person_id, as_of=None, known_at=None) for person_id in people]
    return tuple(sorted(f"profile:{name}" for view in views if view for name in view.profile_ids))


def unknown_in(reader: Reader, ids: IdKey, identifiers: Iterable[str]) -> tuple[str, ...]:
    """Identifiers under `hold` that nobody is known by: most likely mistyped, so that they hold nobody."""
    hashes = {identifier: ids.identifier_hash(identifier) for identifier in identifiers}
    known = reader.known(list(hashes.values())) if hashes else {}
    return tuple(name for name, one in hashes.items() if one not in known)


class Retaining:
    """Lets go of what was kept for long enough; synchronous, called by the one writer."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def run(self) -> None:
        """Do it, where the settings give any class an end and somebody is known by each name under `hold`.

        Raises:
            StorageError: It is begun again.
            SignalError: An identifier under `hold` is malformed; nothing goes.
        """
        tenant, mind = self._tenant, self._tenant.mind
        if not mind.kept_s:
            return
        now = tenant.time.now()
        with tenant.store.read() as reader:
            names = mind.normalise(mind.hold)
            held, unknown = held_by(reader, tenant.ids, names), unknown_in(reader, tenant.ids, names)
        if unknown:
            tenant.note("retention", {"nothing_goes": f"{len(unknown)} names under `hold` are nobody's"})
            return
        found = tenant.store.expire(now, cuts_at(now, mind.kept_s), held)
        tenant.note("retention", {"found": str(found)})
