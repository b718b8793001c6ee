"""Who is who as linking reads it: rules of the playbook, evidence that was kept, and what humans said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from segue.core.records.signals import NAMESPACE_RANK
from segue.core.units import DAY, HOUR

WordKind = Literal["same", "apart", "found"]
Claimed = Literal["first", "nobody"]

LAST_RANK = 9
"""Strength of a namespace that nobody ranked: the weakest."""


@dataclass(frozen=True, slots=True)
class NamespaceRule:
    """What identifiers of one namespace may do.

    Attributes:
        rank: Strength, 0 the strongest: on a conflict the weakest identifier gives way.
        per_person: At most so many a person; 0 is any number. 1 without a window is unique: two of them are
            two people, unless one signal names both.
        window: ... first seen within so many microseconds of each other; 0 is ever.
        people: An identifier that would link more people than this is shared and links nobody; 0 is any.
        claimed: Whose it is when people who cannot be one both claim it: of the `first`, or of `nobody`.
    """

    rank: int = LAST_RANK
    per_person: int = 0
    window: int = 0
    people: int = 0
    claimed: Claimed = "first"

    @property
    def is_unique(self) -> bool:
        """Whether a person has exactly one."""
        return self.per_person == 1 and not self.window


def _defaults() -> dict[str, NamespaceRule]:
    """What suits a company that sells software to companies."""
    rules = {name: NamespaceRule(rank) for name, rank in NAMESPACE_RANK.items()}
    for name in ("crm", "hubspot", "salesforce", "pipedrive"):
        rules[name] = NamespaceRule(NAMESPACE_RANK[name], per_person=1)
    email, phone, cookie = (NAMESPACE_RANK[name] for name in ("email", "phone", "cookie"))
    rules["email"] = NamespaceRule(email, per_person=5, window=30 * DAY, people=5)
    rules["phone"] = NamespaceRule(phone, per_person=4, window=30 * DAY, people=4, claimed="nobody")
    rules["cookie"] = rules["chat"] = NamespaceRule(cookie, people=4, claimed="nobody")
    return rules


@dataclass(frozen=True, slots=True)
class IdentityRules:
    """Rules of linking.

    Attributes:
        namespaces: Rule by namespace.
        blocked: Patterns of identifiers that stand for nobody, such as `email:qa-*@acme.io`.
        recycled: Once a claim was silent for so many microseconds, a newer one takes its identifier over.
        code_lasts: How long a linking code may be used, in microseconds.
        code_attempts: Refused codes of one sender in a day after which none is taken.
    """

    namespaces: Mapping[str, NamespaceRule] = field(default_factory=_defaults)
    blocked: tuple[str, ...] = ()
    recycled: int = 180 * DAY
    code_lasts: int = HOUR
    code_attempts: int = 5

    def of(self, namespace: str) -> NamespaceRule:
        """The rule of a namespace."""
        return self.namespaces.get(namespace, _UNRANKED)


_UNRANKED = NamespaceRule()


PROVEN, TOLD, CLAIMED = 0, 1, 2
"""Who vouches for a tie: who held a linking code, a system of record, or nobody (a web page claimed it)."""

UNKNOWN, DOUBTFUL, KNOWN = 0, 1, 2
"""How certain it is who a profile is: a number or visitor alone; somebody by a claim; somebody for sure."""

NAMELESS = frozenset({"cookie", "chat"})
"""Namespaces of what a person has but is not known by."""


class Tie(NamedTuple):
    """Evidence: signals of a profile carried an identifier.

    Attributes:
        key: Hash of the identifier.
        anchor: Whether the profile is this source's view of this very identifier.
        first_at: When it happened first, by the source's clock; `last_at` when last, kept coarsely.
        trust: `PROVEN`, `TOLD` or `CLAIMED`; the best there ever was.
    """

    profile_id: str
    key: str
    namespace: str
    anchor: bool
    first_at: int
    last_at: int
    trust: int = TOLD


CLAIMED_JOIN = -(2**52)
"""Added to the position of a membership that was only claimed, so that it ranks below every told one."""


class Held(NamedTuple):
    """Where a profile belongs now.

    Attributes:
        joined_seq: Position at which it joined the account; negative where that was only claimed.
        level: `UNKNOWN`, `DOUBTFUL` or `KNOWN`.
    """

    person_id: str
    first_seq: int
    account_id: str = ""
    joined_seq: int = 0
    level: int = UNKNOWN


class Word(NamedTuple):
    """What is said of two identifiers or profiles: one person, or two; the newest word counts.

    `found` is what an older log says without its evidence.
    """

    one: str
    other: str
    kind: WordKind
    seq: int = 0


class Owner(NamedTuple):
    """The profile that an identifier is of, and the person it belongs to now."""

    profile_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of one profile: its person, first sight, account.

    Attributes:
        is_claimed: Whether it was only claimed that the person belongs to the account.
    """

    profile_id: str
    person_id: str
    first_seq: int
    account_id: str = ""
    is_claimed: bool = False


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """The account an identifier names."""

    account_id: str


class Offer(NamedTuple):
    """A linking code that a message brought back, as it was offered.

    Attributes:
        profile_id: Whom it was offered to; empty where no such code was.
        channel: Channel it may come back on.
        expires_at: Until when, in microseconds.
        used_by: Hash of the identifier that brought it back first, or empty.
        attempts: Codes of the sender that were refused today.
    """

    profile_id: str = ""
    channel: str = ""
    expires_at: int = 0
    used_by: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Web:
    """All evidence that hangs together with some identifiers, across persons; it ends at shared ones.

    Attributes:
        ties: Evidence, refused or not.
        profiles: The profiles in it.
        owners: Profile that owns an identifier, or empty, by hash.
        shared: Hashes of identifiers that link nobody.
        words: What humans said of anybody in it.
        names: Addresses on record of profiles: `email` and `phone`; read where claims are in it.
        offer: What is known of the linking code that the signal brings.
        whole: Whether it was read to its end.
    """

    ties: tuple[Tie, ...] = ()
    profiles: Mapping[str, Held] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    words: tuple[Word, ...] = ()
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    offer: Offer | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class TouchedMessage:
    """A message that stays with its profile when the profile moves."""

    id: str
    profile_id: str
    channel: str
    direction: str
    by: str
    at: int
    recorded_at: int
    signal_id: str


@dataclass(frozen=True, slots=True)
class TouchedDecision:
    """A decision about a profile, or on a signal of a profile, that moves."""

    id: str
    profile_id: str
    trigger_profile_id: str
    play: str
    action: str
    mode: str
    at: int
