"""What becomes of persons when evidence or a human's word is added: who moves, and who keeps the name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from segue.core.records.identity import (
    CLAIMED,
    DOUBTFUL,
    KNOWN,
    UNKNOWN,
    Held,
    IdentityRules,
    Tie,
    Web,
    Word,
    WordKind,
)
from segue.core.records.memory import Links
from segue.core.records.signals import Kind, Signal
from segue.identity.hubs import hubs_of
from segue.identity.resolving import Resolution, newest_words, resolve

_LATER = Held("", 2**62)
_NEWEST = 2**62
_NAMES_SOMEBODY = 2
"""Weakest rank of namespaces that say who somebody is: ids of a CRM, a site or a helpdesk, and e-mail."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What the links of one signal say besides its own profile.

    Attributes:
        person_id: Person of the own profile; empty without one.
        account_id: The account that person is a member of, or empty.
        merged: Persons that became part of `person_id` whole.
        moved: (profile, person) of what else moves.
        owners: (hash, profile) of identifiers whose owner changes.
        shared: Hashes found to be shared.
        refused: Why an identifier of the own profile does not join, by hash.
        levels: (profile, level) where it is now more or less certain who somebody is.
        is_claimed: Whether it was only claimed that the person belongs to the account.
    """

    person_id: str = ""
    account_id: str = ""
    merged: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    owners: tuple[tuple[str, str], ...] = ()
    shared: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[tuple[str, int], ...] = ()
    is_claimed: bool = False


def web_with(web: Web, ties: Iterable[Tie]) -> Web:
    """A web with more evidence in it."""
    known = {(tie.profile_id, tie.key): tie for tie in web.ties}
    for tie in ties:
        held = known.get((tie.profile_id, tie.key))
        known[tie.profile_id, tie.key] = tie if held is None else _both(held, tie)
    return replace(web, ties=tuple(known.values()))


def _both(held: Tie, tie: Tie) -> Tie:
    return held._replace(
        anchor=held.anchor or tie.anchor,
        first_at=min(held.first_at, tie.first_at),
        last_at=max(held.last_at, tie.last_at),
        trust=min(held.trust, tie.trust),
    )


def changes_of(web: Web, rules: IdentityRules, profile_id: str = "") -> Changes:
    """Resolve a web and compare with where everything is.

    Args:
        web: The new evidence and words are in it.
        rules: The playbook's.
        profile_id: The signal's own profile.
    """
    if (alone := _alone(web, rules, profile_id)) is not None:
        return alone
    hubs = frozenset() if web.whole else hubs_of(web)
    refused = {} if web.whole else _unread(web, profile_id, hubs)
    web = web if web.whole else _bounded(web, profile_id)
    found = resolve(web, rules)
    profiles = dict(web.profiles) if not profile_id else {profile_id: _LATER, **web.profiles}
    names = names_of(found, profiles)
    person_id = names[found.group[profile_id]] if profile_id else ""
    placed = {name: names[found.group[name]] for name in profiles}
    merged = _merged(web, placed, person_id) if profile_id else ()
    account_id, joined_seq = _account_of(web, placed, person_id)
    return Changes(
        person_id=person_id,
        account_id=account_id,
        is_claimed=joined_seq < 0,
        merged=merged,
        moved=tuple(
            (name, placed[name])
            for name, held in sorted(web.profiles.items())
            if placed[name] != held.person_id and held.person_id not in merged
        ),
        owners=_owners(web, found, profiles, profile_id),
        shared=tuple(sorted((found.shared | hubs) - web.shared)),
        refused=refused | {key: why for (name, key), why in found.refused.items() if name == profile_id},
        levels=_levels(web, found, profiles, rules) if web.whole else (),
    )


def _alone(web: Web, rules: IdentityRules, profile_id: str) -> Changes | None:
    """The same where nobody else is in the web, as when somebody is seen first: there is nothing to resolve.

    None where there is: another profile, words, two identifiers of a kind, or claims beside records.
    """
    kinds, trusts = {tie.namespace for tie in web.ties}, {tie.trust for tie in web.ties}
    others = web.words or web.shared or web.names or not web.whole or set(web.profiles) - {profile_id}
    if others or len(kinds) < len(web.ties) or len(trusts) != 1:
        return None
    if any(tie.profile_id != profile_id for tie in web.ties):
        return None
    held = web.profiles.get(profile_id, _LATER)
    named = any(rules.of(kind).rank <= _NAMES_SOMEBODY for kind in kinds)
    level = UNKNOWN if not named else DOUBTFUL if trusts == {CLAIMED} else KNOWN
    keys = sorted(tie.key for tie in web.ties)
    return Changes(
        person_id=profile_id,
        account_id=held.account_id,
        is_claimed=held.joined_seq < 0,
        moved=((profile_id, profile_id),) if held.person_id not in {"", profile_id} else (),
        owners=tuple((key, profile_id) for key in keys if web.owners.get(key, profile_id) != profile_id),
        levels=((profile_id, level),) if level != held.level else (),
    )


def _levels(
    web: Web, found: Resolution, profiles: Mapping[str, Held], rules: IdentityRules
) -> tuple[tuple[str, int], ...]:
    """Where certainty changes: known by what names somebody, through evidence that somebody vouches for."""
    named = [tie for tie in web.ties if rules.of(tie.namespace).rank <= _NAMES_SOMEBODY]
    vouched = tuple(tie for tie in web.ties if tie.trust != CLAIMED)
    sure_web = replace(web, ties=vouched, shared=found.shared)
    firm = found if len(vouched) == len(web.ties) else resolve(sure_web, rules)
    sure = {firm.group[tie.key] for tie in named if tie.trust != CLAIMED}
    said = {found.group[tie.key] for tie in named}
    levels = {
        name: KNOWN if firm.group.get(name) in sure else DOUBTFUL if found.group[name] in said else UNKNOWN
        for name in profiles
    }
    return tuple(sorted((name, level) for name, level in levels.items() if level != profiles[name].level))


def _bounded(web: Web, profile_id: str) -> Web:
    """A web too large to be read whole stays as it is: what is new joins nothing but its own identifier."""
    words = [Word(name, held.person_id, "found") for name, held in web.profiles.items()]
    own = [tie for tie in web.ties if tie.anchor and tie.profile_id == profile_id]
    owned = [Word(key, owner, "found") for key, owner in web.owners.items() if owner]
    return replace(web, ties=tuple(own), words=(*words, *owned))


def _unread(web: Web, profile_id: str, hubs: frozenset[str]) -> dict[str, str]:
    """Why identifiers of a profile join nothing in a web too large to be read whole."""
    ends = {tie.key: tie.anchor for tie in web.ties if tie.profile_id == profile_id}
    return {key: "shared" if key in hubs else "crowd" for key, anchor in ends.items() if not anchor}


def names_of(found: Resolution, profiles: Mapping[str, Held]) -> dict[str, str]:
    """The earliest profile of each group: its person's name."""
    names: dict[str, str] = {}
    for name in sorted(profiles, key=lambda item: (profiles[item].first_seq, item)):
        names.setdefault(found.group[name], name)
    return names


def _merged(web: Web, placed: Mapping[str, str], person_id: str) -> tuple[str, ...]:
    """Old persons all of whose profiles are the own person's now, the earliest first."""
    left = {held.person_id for name, held in web.profiles.items() if placed[name] != person_id}
    first: dict[str, int] = {}
    for held in web.profiles.values():
        if held.person_id not in left and held.person_id != person_id:
            first[held.person_id] = min(held.first_seq, first.get(held.person_id, held.first_seq))
    return tuple(sorted(first, key=lambda name: (first[name], name)))


def _account_of(web: Web, placed: Mapping[str, str], person_id: str) -> tuple[str, int]:
    """What the person, as it is from now on, joined last."""
    joined = [
        (-held.joined_seq, name, held.account_id, held.joined_seq)
        for name, held in web.profiles.items()
        if placed[name] == person_id and held.account_id
    ]
    return min(joined)[2:] if joined else ("", 0)


def _owners(
    web: Web, found: Resolution, profiles: Mapping[str, Held], profile_id: str
) -> tuple[tuple[str, str], ...]:
    """An identifier is owned by the earliest profile of its person that carried it, if there is one."""
    earliest = names_of(found, profiles)
    best: dict[str, tuple[int, str]] = {}
    for tie in web.ties:
        if found.group[tie.profile_id] == found.group[tie.key]:
            mine = (profiles[tie.profile_id].first_seq, tie.profile_id)
            best[tie.key] = min(mine, best.get(tie.key, mine))
    changed = []
    for key in sorted({tie.key for tie in web.ties}):
        owner = web.owners.get(key, profile_id)
        if owner and key in web.shared:
            continue  # of what was shared before, not all is in the web
        new = best[key][1] if key in best else earliest.get(found.group[key], "")
        if new != owner:
            changed.append((key, new))
    return tuple(changed)


def judge(signal: Signal, web: Web, rules: IdentityRules) -> Links:
    """What a human's word that two are one person, or are not, changes.

    Args:
        signal: An `identity.merge` or `identity.split`; `one` and `other` of its body list what it names.
        web: All evidence that hangs together with them.
        rules: The playbook's.
    """
    words = words_of(signal, web, rules)
    changes = changes_of(replace(web, words=(*web.words, *words)), rules)
    return Links(
        moved=changes.moved,
        owners=changes.owners,
        shared=changes.shared,
        levels=changes.levels,
        words=tuple((word.one, word.other, word.kind) for word in words),
    )


def words_of(signal: Signal, web: Web, rules: IdentityRules) -> tuple[Word, ...]:
    """A split keeps every pair apart; a merge joins all, and what a person has only once as well.

    Either takes back what was said before to the contrary of any two of the same people.
    """
    one = [str(item) for item in signal.body.get("one", ())]
    other = [str(item) for item in signal.body.get("other", ())]
    if signal.kind is Kind.IDENTITY_SPLIT:
        pairs = [(first, second) for first in one for second in other if first != second]
        words = tuple(Word(*_pair(*pair), "apart", _NEWEST) for pair in pairs)
        unsaid = tuple(word for word in newest_words(web.words) if word.kind != "same")
        found = resolve(replace(web, words=(*unsaid, *words)), rules)
        return (*words, *_taken_back(web, found, (one, other), "same"))
    found = resolve(web, rules)
    named = dict.fromkeys((*one, *other))
    groups = {found.group[item] for item in named if item in found.group}
    ids = [
        tie.key
        for tie in web.ties
        if rules.of(tie.namespace).is_unique and found.group.get(tie.key) in groups
    ]
    nodes = list(dict.fromkeys((*named, *sorted(ids))))
    words = tuple(Word(*_pair(nodes[0], node), "same", _NEWEST) for node in nodes[1:])
    return (*words, *_taken_back(web, found, (one, other), "apart"))


def _taken_back(
    web: Web, found: Resolution, sides: tuple[list[str], list[str]], kind: WordKind
) -> tuple[Word, ...]:
    """The contrary of older words between two sides."""
    contrary: WordKind = "apart" if kind == "same" else "same"
    one, other = ({found.group.get(item, item) for item in side} for side in sides)
    pairs = set()
    for word in newest_words(web.words):
        ends = found.group.get(word.one, word.one), found.group.get(word.other, word.other)
        if word.kind == kind and any(a in one and b in other for a, b in (ends, ends[::-1])):
            pairs.add(_pair(word.one, word.other))
    return tuple(Word(*pair, contrary, _NEWEST) for pair in sorted(pairs))


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
