"""What merging or splitting people would change: told before it is done, and in the same words after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from segue.bootstrap.readings import Readings
from segue.core.errors import InputError, MissingError, SignalError
from segue.core.records.identity import IdentityRules, TouchedDecision, TouchedMessage, Web
from segue.core.records.signals import ACCOUNT_NAMESPACES, Kind, Signal
from segue.core.units import Instant
from segue.identity import names_of, resolve, words_of

MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Profile:
    """Where one source's view of one identifier goes, with all its signals, past ones and those to come.

    Attributes:
        namespace: Of the identifier that it is a view of; empty where an old log does not tell.
        moves: Whether it changes its person.
        while_merged: Messages received while both sides were one person, which go with it.
    """

    profile_id: str
    namespace: str
    moves: bool
    while_merged: int


@dataclass(frozen=True, slots=True)
class Side:
    """One person as it would be.

    Attributes:
        person_id: Its id then.
        was: Ids of the persons that its profiles belong to now.
        identifiers: (namespace, the identifier if it was named, else its hash).
        messages: Every message of its profiles.
        decisions: Every decision about it or on a signal of it.
    """

    person_id: str
    was: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    profiles: tuple[Profile, ...]
    messages: tuple[TouchedMessage, ...]
    decisions: tuple[TouchedDecision, ...]


@dataclass(frozen=True, slots=True)
class IdentityPlan:
    """What a human's word changes.

    Attributes:
        kind: `identity.merge` or `identity.split`.
        changes: Whether anything moves at all.
        sides: Every person that it leaves, the named ones first.
        merged_at: Since when what is split was one person, by recorded time.
        between: Ids of decisions about one side that a signal of another led to.
        nobodys: Identifiers (namespace, hash) that nobody of these people owns then.
    """

    kind: str
    changes: bool
    sides: tuple[Side, ...]
    merged_at: Instant | None
    between: tuple[str, ...]
    nobodys: tuple[tuple[str, str], ...]


def _spelt(readings: Readings, side: Sequence[str]) -> tuple[str, ...]:
    try:
        return readings.spell(side)
    except SignalError as error:
        raise MissingError(f"nobody can be known so: {error}") from error


def sides_of(
    readings: Readings, one: Sequence[str], other: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Hashes of the identifiers of both sides, with the identifiers.

    Raises:
        InputError: A side names too many or an account, both name the same, or too much hangs together.
        MissingError: A side names nobody, or an identifier is not known or can be none.
    """
    found: list[dict[str, str]] = []
    for side in (one, other):
        if not 1 <= len(side) <= MOST_NAMED:
            raise InputError(f"name 1 to {MOST_NAMED} identifiers on each side")
        spelt = _spelt(readings, side)
        if not spelt:
            raise MissingError("each identifier of a side stands for nobody; name one of somebody")
        for name in spelt:
            if name.partition(":")[0] in ACCOUNT_NAMESPACES:
                raise InputError(f"`{name}` is an account, no person; name people on both sides")
        found.append({readings.ids.identifier_hash(item): item for item in spelt})
    both = sorted(found[0].keys() & found[1].keys())
    if both:
        raise InputError(f"`{found[0][both[0]]}` is named on both sides")
    with readings.store.read() as reader:
        known = reader.web([*found[0], *found[1]])
    for key, name in (found[0] | found[1]).items():
        if key not in known.owners:
            raise MissingError(f"nobody is known as `{name}`")
    if not known.whole:
        name = next(iter(found[0].values()))
        raise InputError(
            f"too many identifiers hang together with `{name}` to split or merge it; "
            "one that many people share becomes shared with the next signals, see docs/identity.md"
        )
    return found[0], found[1]


def plan_of(
    readings: Readings, kind: Kind, one: Mapping[str, str], other: Mapping[str, str], rules: IdentityRules
) -> IdentityPlan:
    """What a word on two sides would change.

    Args:
        readings: Of the tenant.
        kind: `identity.merge` or `identity.split`.
        one: Hashes of identifiers of the one, with the identifiers.
        other: ... of the other.
        rules: The playbook's.
    """
    signal = Signal(
        *("", "segue.identity", "", kind, (), Instant(0), Instant(0)),
        body={"one": list(one), "other": list(other)},
    )
    with readings.store.read() as reader:
        web = reader.web([*one, *other])
        touched = reader.touched
        messages, decisions = touched.messages(sorted(web.profiles)), touched.decisions(sorted(web.profiles))
        placed_at = touched.placed_at(sorted(web.profiles))
    found = resolve(replace(web, words=(*web.words, *words_of(signal, web, rules))), rules)
    names = names_of(found, web.profiles)
    placed = {name: names[found.group[name]] for name in web.profiles}
    since = _since(web, placed, placed_at) if kind is Kind.IDENTITY_SPLIT else None
    concerned = _concerned(web, placed, [*one, *other])
    told = {**one, **other}
    sides = tuple(
        _side(web, placed, person, found.group, told, messages, decisions, since) for person in concerned
    )
    return IdentityPlan(
        kind=kind.value,
        changes=any(profile.moves for side in sides for profile in side.profiles),
        sides=sides,
        merged_at=since,
        between=tuple(
            item.id
            for item in decisions
            if placed.get(item.profile_id, "") != placed.get(item.trigger_profile_id, "")
            and item.profile_id in placed
            and item.trigger_profile_id in placed
        ),
        nobodys=tuple(
            sorted(
                {
                    (tie.namespace, told.get(tie.key, tie.key))
                    for tie in web.ties
                    if found.group[tie.key] not in names
                }
            )
        ),
    )


def _concerned(web: Web, placed: Mapping[str, str], named: Sequence[str]) -> list[str]:
    """Persons, as they will be, of all whose present person has a named identifier."""
    owners = [web.owners[key] for key in named if web.owners.get(key)]
    present = {web.profiles[name].person_id for name in owners if name in web.profiles}
    moved = {name for name, held in web.profiles.items() if placed[name] != held.person_id}
    found = [placed[name] for name in owners if name in placed]
    found += [
        placed[name]
        for name in sorted(web.profiles)
        if name in moved or web.profiles[name].person_id in present
    ]
    return list(dict.fromkeys(found))


def _since(web: Web, placed: Mapping[str, str], placed_at: Mapping[str, int]) -> Instant | None:
    """Since when profiles that go to different persons have been one."""
    first: dict[tuple[str, str], int] = {}
    for name, held in web.profiles.items():
        key = held.person_id, placed[name]
        first[key] = min(placed_at.get(name, 0), first.get(key, 2**62))
    split = [
        sorted(at for (was, _), at in first.items() if was == person) for person in {was for was, _ in first}
    ]
    found = [times[1] for times in split if len(times) > 1]
    return Instant(min(found)) if found else None


def _side(
    web: Web,
    placed: Mapping[str, str],
    person: str,
    group: Mapping[str, str],
    told: Mapping[str, str],
    messages: Iterable[TouchedMessage],
    decisions: Iterable[TouchedDecision],
    since: Instant | None,
) -> Side:
    own = sorted(name for name in web.profiles if placed[name] == person)
    mine = tuple(item for item in messages if item.profile_id in own)
    anchors = {tie.profile_id: tie.namespace for tie in web.ties if tie.anchor}
    keys = {tie.key: tie.namespace for tie in web.ties if group[tie.key] == group[person]}
    return Side(
        person_id=person,
        was=tuple(sorted({web.profiles[name].person_id for name in own})),
        identifiers=tuple(sorted((namespace, told.get(key, key)) for key, namespace in keys.items())),
        profiles=tuple(
            Profile(
                profile_id=name,
                namespace=anchors.get(name, ""),
                moves=web.profiles[name].person_id != person,
                while_merged=sum(
                    since is not None and item.profile_id == name and item.recorded_at >= since
                    for item in mine
                ),
            )
            for name in own
        ),
        messages=mine,
        decisions=tuple(
            item for item in decisions if item.profile_id in own or item.trigger_profile_id in own
        ),
    )
