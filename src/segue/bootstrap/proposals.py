"""Who may be one person: proposals for a human, who merges or does not; nothing is merged by likeness."""

from collections.abc import Callable
from dataclasses import dataclass

from segue.bootstrap.readings import Readings
from segue.identity.likeness import Level, level_of_digits, level_of_words, sound_of
from segue.identity.matching import Field, Fields, Matcher, propose

LEVELS = ("different", "similar", "close", "equal")


@dataclass(frozen=True, slots=True)
class Because:
    """How alike two people are in one field.

    Attributes:
        like: `equal`, `close`, `similar` or `different`.
        bits: Evidence for one person, to base two; negative is evidence against.
    """

    field: str
    like: str
    bits: float


@dataclass(frozen=True, slots=True)
class Proposed:
    """Two persons who may be one.

    Attributes:
        chance: Assumed probability; weights are elicited, not learned.
        because: The strongest evidence first.
    """

    one: str
    other: str
    chance: float
    because: tuple[Because, ...]


def proposals(readings: Readings, *, at_least: float = 0.5, limit: int = 50) -> list[Proposed]:
    """Pairs of persons that may be one, the likeliest first; those a human split are left out.

    Args:
        readings: Of the tenant.
        at_least: Least chance.
        limit: At most so many.
    """
    with readings.store.read() as reader:
        people, apart = reader.likely.records(), reader.likely.apart()
    names = list(people)
    records = [_compared(people[name]) for name in names]

    def may(one: int, other: int) -> bool:
        return frozenset((names[one], names[other])) not in apart

    found = (item for item in propose(records, MATCHER, may=may, at_least=-60) if item.chance >= at_least)
    return [
        Proposed(
            one=names[item.one],
            other=names[item.other],
            chance=round(item.chance, 4),
            because=tuple(Because(name, LEVELS[level], round(bits, 1)) for name, level, bits in item.because),
        )
        for item, _ in zip(found, range(limit), strict=False)
    ]


def _compared(person: dict[str, str]) -> Fields:
    """The fields that are compared, in small letters."""
    words = person.get("name", "").casefold().replace(".", " ").split()
    local, _, domain = person.get("email", "").casefold().partition("@")
    told = {
        "given_name": words[0] if len(words) > 1 else "",
        "surname": words[-1] if words else "",
        "mailbox": local.partition("+")[0],
        "domain": domain,
        "phone": "".join(char for char in person.get("phone", "") if char.isdigit()),
        "account": person.get("account", ""),
        "country": person.get("country", "").casefold(),
    }
    return {name: value for name, value in told.items() if value}


def _exactly(one: str, other: str) -> Level:
    return 3 if one == other else 0


def _block(*parts: Callable[[Fields], str]) -> Callable[[Fields], str]:
    def block(record: Fields) -> str:
        found = [part(record) for part in parts]
        return "\n".join(found) if all(found) else ""

    return block


def _of(name: str, length: int | None = None) -> Callable[[Fields], str]:
    return lambda record: record.get(name, "")[:length]


MATCHER = Matcher(
    fields=(
        Field("given_name", level_of_words, (0.1, 0.06, 0.06, 0.78), (0.93, 0.035, 0.015, 0.02)),
        Field("surname", level_of_words, (0.06, 0.04, 0.08, 0.82), (0.965, 0.02, 0.008, 0.007)),
        Field("mailbox", level_of_words, (0.25, 0.1, 0.15, 0.5), (0.975, 0.015, 0.006, 0.004)),
        Field("domain", _exactly, (0.35, 0.01, 0.01, 0.63), (0.96, 0.01, 0.01, 0.02)),
        Field("phone", level_of_digits, (0.3, 0.05, 0.15, 0.5), (0.993, 0.004, 0.002, 0.001)),
        Field("account", _exactly, (0.25, 0.01, 0.01, 0.73), (0.96, 0.01, 0.01, 0.02)),
        Field("country", _exactly, (0.05, 0.01, 0.01, 0.93), (0.68, 0.01, 0.01, 0.3)),
    ),
    blocks=(
        _block(lambda record: sound_of(record.get("surname", "")), _of("account")),
        _block(lambda record: sound_of(record.get("surname", "")), _of("given_name", 3)),
        _block(_of("mailbox")),
        _block(_of("mailbox", 4), _of("domain")),
        _of("phone"),
    ),
    prior=0.02,
)
"""Weights for people of companies: assumed until somebody measures."""
