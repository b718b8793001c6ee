"""What a remembered predicate means: how many values it has, how long it holds, and who may be told of it.

One table for everything read in words. Facts of systems of record are declared in the playbook's
`facts.yaml`; they do not fade, and a playbook may say otherwise who is told of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from segue.core.units import DAY, HOUR, PPM, Instant

Group = Literal["who", "preferences", "promises", "told", "moods", "private", "accounts", "opt_outs", "other"]
Tell = Literal["person", "account", "staff", "nobody"]
"""Who may be told of a fact besides the colleagues in whose hands the message lies.

`person`: the one it is about, and colleagues of ours; `account`: other contacts of the account as well;
`staff`: colleagues of ours alone; `nobody`: it stands in the message and nowhere else.
"""


@dataclass(frozen=True, slots=True)
class Predicate:
    """What is declared of one predicate.

    Attributes:
        title: What it is, for people.
        group: Where it stands on the memory card.
        many: Whether it holds several values at a time, told apart by their qualifier.
        lasts: How long it is believed, in microseconds; 0 until it is contradicted.
        half_life: After how long half of its confidence is gone, in microseconds; 0: it does not fade.
        trusted_ppm: Confidence in it on the day it was said (assumed).
        tell: Who may be told.
        sensitive: Whether it is nobody's business but the person's own.
        type: Type of its value: `int`, `text`, `money`, `instant`, `bool`.
        least: The smallest number that a human may set, or the smallest amount in minor units.
        most: The largest; of a text its characters.
    """

    title: str
    group: Group
    many: bool = False
    lasts: int = 0
    half_life: int = 0
    trusted_ppm: int = 900_000
    tell: Tell = "person"
    sensitive: bool = False
    type: str = "text"
    least: int | None = None
    most: int | None = None


_PEOPLE: Final = 2_000_000
_AMOUNT: Final = 10**14
_CHARACTERS: Final = 200
_DAY_MINUTES: Final = 1_440
_YEAR: Final = 365 * DAY
_PRIVATE_FOR: Final = 180 * DAY
MOOD_FOR: Final = 72 * HOUR
"""How long a mood is believed after the message that showed it."""

TOOL: Final = "current_tool"
SENSITIVE: Final = "sensitive"
"""First part of a predicate that tells of something private; what it is about comes behind a dot."""

TOLD: Final[Mapping[str, Predicate]] = MappingProxyType(
    {
        "team_size": Predicate(
            "size of the team", "told", half_life=_YEAR, type="int", least=1, most=_PEOPLE
        ),
        TOOL: Predicate("tool in use today", "told", many=True, half_life=_YEAR, most=_CHARACTERS),
        "budget": Predicate("budget", "told", half_life=_YEAR // 2, type="money", least=0, most=_AMOUNT),
        "seats_wanted": Predicate(
            "seats wanted", "told", half_life=_YEAR // 4, type="int", least=1, most=_PEOPLE
        ),
        "go_live": Predicate("wants to go live", "told", half_life=_YEAR // 4, type="instant"),
        "decides_by": Predicate("wants to decide by", "told", half_life=_YEAR // 4, type="instant"),
        "job": Predicate("job", "told", half_life=2 * _YEAR, most=_CHARACTERS),
        "team": Predicate("team", "told", half_life=2 * _YEAR, most=_CHARACTERS),
        "location": Predicate("place", "told", half_life=2 * _YEAR, most=_CHARACTERS),
    }
)
"""Facts that customers state about themselves, found by `segue.perception.told`; the person's, `claimed`."""

TOPICS: Final = ("health", "family", "union", "religion")
"""What is private: `sensitive.health` and so on."""

PREDICATES: Final[Mapping[str, Predicate]] = MappingProxyType(
    {
        **TOLD,
        **{
            f"{SENSITIVE}.{topic}": Predicate(
                "something private", "private", lasts=_PRIVATE_FOR, tell="nobody", sensitive=True, type="bool"
            )
            for topic in TOPICS
        },
        "mood": Predicate("mood", "moods", lasts=MOOD_FOR, half_life=DAY, tell="staff"),
        "mood_ppm": Predicate("how surely", "moods", lasts=MOOD_FOR, half_life=DAY, tell="staff", type="int"),
        "sentiment": Predicate(
            "good or bad", "moods", lasts=MOOD_FOR, half_life=DAY, tell="staff", type="int"
        ),
        "preference.channel": Predicate("likes to be reached by", "preferences"),
        "preference.avoid_channel": Predicate("not to be reached by", "preferences", many=True, type="bool"),
        "preference.not_before": Predicate(
            "not before, minutes after midnight", "preferences", type="int", least=0, most=_DAY_MINUTES
        ),
        "preference.not_after": Predicate(
            "not after, minutes after midnight", "preferences", type="int", least=0, most=_DAY_MINUTES
        ),
        "preference.days": Predicate("only on these days, Monday is 1", "preferences"),
        "preference.frequency": Predicate("how often", "preferences"),
        "preference.pause_until": Predicate("left alone until", "preferences", type="instant"),
        "away_until": Predicate("away until", "preferences", tell="staff", type="instant"),
    }
)
"""All predicates that are read in words, but promises and consent, whose second part is open."""

_OPEN: Final[tuple[tuple[str, Predicate], ...]] = (
    ("consent.", Predicate("consent", "opt_outs", many=True)),
    ("promise.", Predicate("promise", "promises", many=True)),
    ("preference.", Predicate("wish", "preferences")),
)
_WHO: Final = frozenset(
    [
        "name",
        "email",
        "phone",
        "chat",
        "title",
        "role",
        "time_zone",
        "country",
        "region",
        "language",
        "brand",
        "preferred_channel",
    ]
)
_RECORD: Final = Predicate("", "other", trusted_ppm=PPM)
_IDENTITY: Final = Predicate("", "who", trusted_ppm=PPM)
_ACCOUNT: Final = Predicate("", "accounts", trusted_ppm=PPM, tell="account")


def predicate_of(name: str, *, of_account: bool = False) -> Predicate:
    """What is declared of a predicate; one of a system of record does not fade.

    >>> (
    ...     predicate_of("mood").group,
    ...     predicate_of("consent.email").group,
    ...     predicate_of("arr", of_account=True).tell,
    ... )
    ('moods', 'opt_outs', 'account')
    """
    if of_account:
        return _ACCOUNT
    known = PREDICATES.get(name)
    if known is None:
        known = next((one for beginning, one in _OPEN if name.startswith(beginning)), None)
    return known or (_IDENTITY if name in _WHO else _RECORD)


def is_instant(name: str) -> bool:
    """Whether a whole number under this name is an instant.

    >>> is_instant("meeting"), is_instant("renews_at"), is_instant("go_live"), is_instant("seats")
    (True, True, True, False)
    """
    return name == "meeting" or name.endswith(("_at", "_until")) or predicate_of(name).type == "instant"


def ends_at(name: str, said_at: Instant) -> Instant | None:
    """Until when something said at an instant is believed, or None where nothing ends it by itself."""
    lasts = predicate_of(name).lasts
    return Instant(said_at + lasts) if lasts else None


def faded(ppm: int, age: int, half_life: int) -> int:
    """What is left of a confidence after `age` microseconds: halved in every half-life, evenly in between.

    >>> faded(800_000, 0, 10), faded(800_000, 10, 10), faded(800_000, 15, 10), faded(800_000, 99, 0)
    (800000, 400000, 300000, 800000)
    """
    if half_life <= 0 or age <= 0:
        return ppm
    halvings, rest = divmod(age, half_life)
    left = ppm >> min(halvings, 64)
    return left - left * rest // (2 * half_life)
