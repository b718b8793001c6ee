"""Links: the profile, person and account a signal is about, from its identifiers and what is known of them.

Most signals bring nothing new and are read off what is known. Where one does, all evidence that hangs
together with it is resolved again (`segue.identity.resolving`), and the links say what changed, with reasons.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from segue.core.ids import IdKey
from segue.core.records.identity import CLAIMED, TOLD, IdentityRules, Known, KnownAccount, Tie, Web
from segue.core.records.memory import Links, Trust
from segue.core.records.signals import Kind, Signal
from segue.core.units import DAY
from segue.identity.changes import changes_of, web_with
from segue.identity.codes import FIELD
from segue.identity.handshake import proven, shaken

Account: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
"""An account and (hash, namespace) of identifiers first seen of it."""

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
    account = _account(signal, known_accounts, ids)
    people = signal.person_identifiers
    if not people:
        return Links(account_id=account[0], account_identifiers=account[1])
    if isinstance(known, Known):
        links = Links(profile_id=known.profile_id, person_id=known.person_id, account_id=known.account_id)
        return _in_account(signal, links, account, is_claimed=known.is_claimed) if account[0] else links
    links, is_claimed = _linked(signal, known, ids, rules)
    return _in_account(signal, links, account, is_claimed=is_claimed) if account[0] else links


def _linked(signal: Signal, known: Web, ids: IdKey, rules: IdentityRules) -> tuple[Links, bool]:
    """Links of news, in the account that the person has; and whether that is only claimed."""
    people = signal.person_identifiers
    trust = CLAIMED if signal.trust == "claimed" else TOLD
    profile_id = ids.profile_id(signal.source, people[0])
    hashes = {ids.identifier_hash(item): item.partition(":")[0] for item in people}
    anchor = next(iter(hashes))
    news = tuple(
        Tie(profile_id, key, namespace, key == anchor, signal.occurred_at, signal.occurred_at, trust)
        for key, namespace in hashes.items()
    )
    web, code, shake = web_with(known, news), signal.body.get(FIELD), None
    if isinstance(code, str) and signal.kind is Kind.MESSAGE_RECEIVED:
        shake, web = proven(web, shaken(signal, code, known, anchor, rules), news[0], rules)
    changes = changes_of(web, rules, profile_id)
    links = Links(
        profile_id=profile_id,
        is_new=profile_id not in known.profiles,
        person_id=changes.person_id,
        identifiers=tuple((tie.key, tie.namespace) for tie in news if tie.key not in known.owners),
        merged=changes.merged,
        account_id=changes.account_id,
        anchor=anchor,
        evidence=tuple((tie.key, tie.namespace, signal.occurred_at) for tie in news),
        moved=changes.moved,
        owners=changes.owners,
        shared=changes.shared,
        refused=tuple((key, changes.refused[key]) for key in hashes if key in changes.refused),
        claimed=trust == CLAIMED,
        levels=changes.levels,
        handshake=shake,
    )
    return links, changes.is_claimed


def _in_account(signal: Signal, links: Links, account: Account, *, is_claimed: bool) -> Links:
    """The same in the account that the signal names: the person joins it, unless a mere claim moves them.

    What such a claim says of an account is about that account alone.
    """
    account_id, identifiers = account
    says = signal.trust == "claimed"
    if says and links.account_id and not is_claimed and account_id != links.account_id:
        if signal.kind is Kind.ACCOUNT_UPDATED:
            return Links(account_id=account_id, account_identifiers=identifiers)
        return links
    joins = account_id != links.account_id or (is_claimed and not says)
    return replace(
        links,
        account_id=account_id,
        account_identifiers=identifiers,
        joined=joins,
        claimed=links.claimed or (joins and says),
    )


def is_news(
    ties: Mapping[str, tuple[int, int, int]], hashes: Sequence[str], at: int, trust: Trust = "verified"
) -> bool:
    """Whether identifiers of one profile say anything of who is who that is not known yet.

    Args:
        ties: First and last time that the profile carried an identifier, and who vouches for it, by hash.
        hashes: What a signal carries.
        at: When it happened. That a tie still holds is news once a month.
        trust: The signal's; that somebody vouches for what was claimed is news.

    >>> is_news({"h": (1, 5, 1)}, ["h"], 3), is_news({"h": (1, 5, 2)}, ["h"], 3)
    (False, True)
    """
    mine = CLAIMED if trust == "claimed" else TOLD
    for key in hashes:
        known = ties.get(key)
        if known is None or mine < known[2] or not known[0] <= at <= known[1] + STILL:
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


def _account(signal: Signal, known_accounts: Mapping[str, KnownAccount], ids: IdKey) -> Account:
    identifier = signal.account_identifier
    if not identifier:
        return "", ()
    key = ids.identifier_hash(identifier)
    if (found := known_accounts.get(key)) is not None:
        return found.account_id, ()
    return ids.account_id(identifier), ((key, identifier.partition(":")[0]),)
