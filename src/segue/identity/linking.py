"""Exact links: identifiers that occur in one signal belong to one person, whatever the order of signals.

An identifier is owned by the profile that brought it first; every signal joins the persons of all owners it
meets. So persons are the connected components of identifiers, a union-find whose result no order changes.
"""

from collections.abc import Mapping

from segue.core.ids import IdKey
from segue.core.ports import Known, KnownAccount
from segue.core.records.memory import Links
from segue.core.records.signals import Signal


def link(
    signal: Signal,
    known: Mapping[str, Known],
    known_accounts: Mapping[str, KnownAccount],
    ids: IdKey,
    account_of: str,
) -> Links:
    """Decide whom a signal is about, from its identifiers alone.

    Args:
        signal: Its identifiers are normalised.
        known: Owners of the hashes of its person identifiers, as far as they were seen before.
        known_accounts: Accounts named by the hash of its account identifier.
        ids: The tenant's id key.
        account_of: Account the resulting person (`persons(known)`) is a member of already, or empty.

    Returns:
        Links to be folded as they are. `is_new` is true whenever no identifier is owned by the signal's own
        profile; folding a profile again changes nothing.
    """
    account_id, account_identifiers = _account(signal, known_accounts, ids)
    people = signal.person_identifiers
    if not people:
        return Links(account_id=account_id or account_of, account_identifiers=account_identifiers)
    profile_id = ids.profile_id(signal.source, people[0])
    hashes = {ids.identifier_hash(item): item.partition(":")[0] for item in people}
    person_id, *merged = persons(known) or (profile_id,)
    return Links(
        profile_id=profile_id,
        is_new=all(owner.profile_id != profile_id for owner in known.values()),
        person_id=person_id,
        identifiers=tuple((key, namespace) for key, namespace in hashes.items() if key not in known),
        merged=tuple(merged),
        account_id=account_id or account_of,
        account_identifiers=account_identifiers,
        joined=bool(account_id) and account_id != account_of,
    )


def persons(known: Mapping[str, Known]) -> tuple[str, ...]:
    """List the persons known, the earliest first: the first one stays, the others are merged into it.

    >>> persons({"h1": Known("p2", "p2", 7), "h2": Known("p1", "p1", 3), "h3": Known("p9", "p1", 3)})
    ('p1', 'p2')
    """
    first: dict[str, int] = {}
    for owner in known.values():
        first[owner.person_id] = min(owner.first_seq, first.get(owner.person_id, owner.first_seq))
    return tuple(sorted(first, key=lambda person_id: (first[person_id], person_id)))


def subject_links(subject: str, person_id: str, account_id: str) -> Links:
    """Links of a signal Segue made itself, which names its subject in place of identifiers.

    Args:
        subject: `profile:ID`, `account:ID` or `tenant`.
        person_id: The person that profile belongs to now, or empty.
        account_id: The account that person is a member of now, or empty.

    >>> subject_links("profile:p1", "p0", "a1").person_id
    'p0'
    """
    scope, _, name = subject.partition(":")
    if scope == "profile":
        return Links(profile_id=name, person_id=person_id or name, account_id=account_id)
    if scope == "account":
        return Links(account_id=name)
    return Links()


def _account(
    signal: Signal, known_accounts: Mapping[str, KnownAccount], ids: IdKey
) -> tuple[str, tuple[tuple[str, str], ...]]:
    identifier = signal.account_identifier
    if not identifier:
        return "", ()
    key = ids.identifier_hash(identifier)
    if (found := known_accounts.get(key)) is not None:
        return found.account_id, ()
    return ids.account_id(identifier), ((key, identifier.partition(":")[0]),)
