"""Claims: which identifiers of a signal that anybody could have sent may be linked to one another.

A web page tells that this visitor is that user, and nobody vouches for it. So a claim joins what is nameless,
such as a cookie, and what is new; it never makes one person of two who are both known by name, as a shared
browser or whoever wants to read another's mail would.
"""

from collections.abc import Mapping

from segue.core.ids import IdKey
from segue.core.records.identity import Known
from segue.core.records.signals import Signal

_NAMELESS = frozenset({"cookie", "chat"})
_ADDRESSES = frozenset({"email", "phone"})
_ID_ALONE = frozenset({"user"})
"""Whoever is known by the site's own id alone has nothing that another could be sent: an alias joins it."""


def believable(
    signal: Signal, known: Mapping[str, Known], names: Mapping[str, frozenset[str]], ids: IdKey
) -> tuple[str, ...]:
    """Identifiers that count, the account's included; the first one always does.

    Args:
        signal: A claim; its identifiers are normalised.
        known: Owners of the hashes of its person identifiers, as far as they were seen before.
        names: By what each of these persons is known: namespaces, `email` and `phone` where on record.
        ids: The tenant's id key.
    """
    kept: list[str] = []
    persons: set[str] = set()
    own: frozenset[str] = frozenset()
    for item in signal.person_identifiers:
        owner, namespace = known.get(ids.identifier_hash(item)), item.partition(":")[0]
        theirs = frozenset({namespace}) if owner is None else names.get(owner.person_id, frozenset())
        theirs -= _NAMELESS
        is_same = owner is not None and owner.person_id in persons
        if kept and not is_same and _clash(own, theirs, namespace, is_new=owner is None):
            continue
        kept.append(item)
        own |= theirs
        persons |= {owner.person_id} if owner is not None else set()
    return (*kept, *(item for item in signal.identifiers if item not in signal.person_identifiers))


def _clash(own: frozenset[str], theirs: frozenset[str], by: str, *, is_new: bool) -> bool:
    """Whether two names speak of two people, as far as anybody can tell."""
    shared = own & theirs
    if is_new:
        return bool(shared & _ADDRESSES)
    return bool(shared) and (by in _NAMELESS or _ID_ALONE not in {own, theirs})
