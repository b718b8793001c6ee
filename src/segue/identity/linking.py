"""Links: the profile, person and account a signal is about, from its identifiers and what is known of them.

Most signals bring nothing new and are read off what is known. Where one does, all evidence that hangs
together with it is resolved again (`segue.identity.resolving`), and the links say what changed, with reasons.
"""

from collections.abc import Mapping, Sequence

from segue.core.ids import IdKey
from segue.core.records.identity import IdentityRules, Known, KnownAccount, Tie, Web
from segue.core.records.memory import Links
from segue.core.records.signals import Signal
from segue.core.units import DAY
from segue.identity.changes import changes_of, web_with

DEFAULT_RULES = IdentityRules()
STILL = 30 * DAY
"""How finely it is kept when an identifier was last seen with a profile."""


def link(
    signal: Signal,
    known: Known | Web,
    known_accounts: Mapping[str, KnownAccount],
    ids: IdKey,
    rules: IdentityRules = DEFAULT_RULES,
) -> Links:
    """Decide whom a signal is about, from its identifiers alone.

    Args:
        signal: Its identifiers are normalised.
        known: Where its profile belongs, if it brings nothing new (`is_news`); else all evidence that hangs
            together with its identifiers.
        known_accounts: Accounts named by the hash of its account identifier.
        ids: The tenant's id key.
        rules: The playbook's.

    Returns:
        Links to be folded as they are; folding them again changes nothing.
    """
    account_id, account_identifiers = _account(signal, known_accounts, ids)
    people = signal.person_identifiers
    if not people:
        return Links(account_id=account_id, account_identifiers=account_identifiers)
    if isinstance(known, Known):
        return Links(
            profile_id=known.profile_id,
            person_id=known.person_id,
            account_id=account_id or known.account_id,
            account_identifiers=account_identifiers,
            joined=bool(account_id) and account_id != known.account_id,
        )
    profile_id = ids.profile_id(signal.source, people[0])
    hashes = {ids.identifier_hash(item): item.partition(":")[0] for item in people}
    anchor = next(iter(hashes))
    news = tuple(
        Tie(profile_id, key, namespace, key == anchor, signal.occurred_at, signal.occurred_at)
        for key, namespace in hashes.items()
    )
    changes = changes_of(web_with(known, news), rules, profile_id)
    return Links(
        profile_id=profile_id,
        is_new=profile_id not in known.profiles,
        person_id=changes.person_id,
        identifiers=tuple((tie.key, tie.namespace) for tie in news if tie.key not in known.owners),
        merged=changes.merged,
        account_id=account_id or changes.account_id,
        account_identifiers=account_identifiers,
        joined=bool(account_id) and account_id != changes.account_id,
        anchor=anchor,
        evidence=tuple((tie.key, tie.namespace, signal.occurred_at) for tie in news),
        moved=changes.moved,
        owners=changes.owners,
        shared=changes.shared,
        refused=tuple((key, changes.refused[key]) for key in hashes if key in changes.refused),
    )


def is_news(ties: Mapping[str, tuple[int, int]], hashes: Sequence[str], at: int) -> bool:
    """Whether identifiers of one profile say anything of who is who that is not known yet.

    Args:
        ties: First and last time that the profile carried an identifier, by hash.
        hashes: What a signal carries.
        at: When it happened. That a tie still holds is news once a month.

    >>> is_news({"h": (1, 5)}, ["h"], 3), is_news({"h": (1, 5)}, ["h", "new"], 3)
    (False, True)
    """
    for key in hashes:
        known = ties.get(key)
        if known is None or not known[0] <= at <= known[1] + STILL:
            return True
    return False


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
