"""One line of a consent or suppression list, checked and made into what is kept; pure, to be tried alone.

A grant needs its legal basis and its date; a withdrawal counts without either. What is not in a list is not
granted by it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from segue.core.encoding import digest
from segue.core.errors import InputError
from segue.core.records.signals import ACCOUNT_NAMESPACES, NewSignal
from segue.privacy.consent import ALL, DERIVED

COLUMNS = ("identifier", "email", "phone", "channel", "purpose", "brand", "state", "basis", "date", "source")
WHO = ("identifier", "email", "phone")
CHANNELS = tuple(
    name.partition(".")[2] for name in DERIVED if name not in {"consent.channel", "consent.withdrawn"}
)
"""Channels that consent is known by."""

PURPOSES = ("commercial", "service")
SOURCE = "consent-import"
_STATES = ("granted", "withdrawn")
_OLDEST = timedelta(days=3_650)
_LONGEST = 500

Normalise = Callable[[Sequence[str]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What lines are checked against.

    Attributes:
        normalise: Spells identifiers; raises `InputError`.
        brands: Brands there are.
        now: No line may speak of a later time.
        suppress: The file is a list of who must not be contacted: channel and state may be left out.
    """

    normalise: Normalise
    brands: Sequence[str]
    now: datetime
    suppress: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that can be kept."""

    identifiers: tuple[str, ...]
    channel: str
    purpose: str
    brand: str
    state: str
    basis: str
    at: datetime
    source: str
    dated: bool

    @property
    def scope(self) -> tuple[str, str, str]:
        """Channel, brand and purpose."""
        return self.channel, self.brand, self.purpose

    def signal(self) -> NewSignal:
        """What is told: history, under a key of all that the line says, so that told twice it is one."""
        told = {"channel": self.channel, "state": self.state, "purpose": self.purpose, "brand": self.brand}
        told |= {"basis": self.basis, "origin": self.source}
        body = {name: value for name, value in told.items() if value}
        when = self.at.isoformat() if self.dated else ""
        key = digest([list(self.identifiers), body, when], size=16)
        return NewSignal(SOURCE, key, "consent.changed", self.identifiers, self.at, body, history=True)


def entry_of(row: Mapping[str, str], rules: Rules) -> Entry:
    """Check one line.

    Raises:
        InputError: It cannot be kept; the message names the column.
    """
    state = _choice(row, "state", _STATES, "withdrawn" if rules.suppress else "")
    channel = _choice(row, "channel", (*CHANNELS, ALL), ALL if rules.suppress else "")
    basis, when = _text(row, "basis"), _text(row, "date")
    if state == "granted" and not basis:
        raise InputError("basis: a grant needs its legal basis, such as `double opt-in`")
    if state == "granted" and not when:
        raise InputError("date: a grant needs the date it was given, such as `2026-03-01`")
    return Entry(
        identifiers=_identifiers(row, rules),
        channel=channel,
        purpose=_choice(row, "purpose", PURPOSES, "") if _text(row, "purpose") else "",
        brand=_brand(row, rules),
        state=state,
        basis=basis,
        at=_at(when, state, rules.now) if when else rules.now,
        source=_text(row, "source"),
        dated=bool(when),
    )


def header_of(names: Sequence[str], *, suppress: bool) -> tuple[str, ...]:
    """Check the first line of a file; spelling of case and spaces does not matter.

    Raises:
        InputError: A column is unknown, said twice or missing.

    >>> header_of(["E-Mail", "Channel", "State"], suppress=False)
    ('email', 'channel', 'state')
    """
    found = tuple(name.strip().lower().replace("-", "").replace(" ", "_") for name in names)
    for name, written in zip(found, names, strict=True):
        if name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(COLUMNS)}"
            raise InputError(f"column `{written[:60]}` is unknown; {hint}")
    if len(set(found)) < len(found):
        raise InputError("a column is said twice")
    needed = [] if suppress else [name for name in ("channel", "state") if name not in found]
    if not set(WHO) & set(found):
        needed.insert(0, "email")
    if needed:
        raise InputError(f"column `{needed[0]}` is missing")
    return found


def _text(row: Mapping[str, str], name: str) -> str:
    text = row.get(name, "").strip()
    if len(text) > _LONGEST:
        raise InputError(f"{name}: longer than {_LONGEST} characters")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise InputError(f"{name}: is not UTF-8; save the file as UTF-8")
    return text


def _choice(row: Mapping[str, str], name: str, among: Sequence[str], default: str) -> str:
    text = _text(row, name).lower() or default
    if text in among:
        return text
    near = get_close_matches(text, among, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(among)}"
    raise InputError(f"{name}: `{text[:60]}` is unknown; {hint}" if text else f"{name}: is empty; {hint}")


def _brand(row: Mapping[str, str], rules: Rules) -> str:
    return _choice(row, "brand", rules.brands, "") if _text(row, "brand") else ""


def _identifiers(row: Mapping[str, str], rules: Rules) -> tuple[str, ...]:
    named = [text if name == "identifier" else f"{name}:{text}" for name in WHO if (text := _text(row, name))]
    if not named:
        raise InputError(f"nobody is named; fill in one of {', '.join(WHO)}")
    found = rules.normalise(named)
    if not found:
        raise InputError(f"`{named[0][:60]}` stands for nobody")
    accounts = [item for item in found if item.partition(":")[0] in ACCOUNT_NAMESPACES]
    if accounts:
        raise InputError(f"identifier: `{accounts[0][:60]}` names an account; consent is given by people")
    return found


def _at(text: str, state: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"date: `{text[:60]}` is no date; write `2026-03-01`") from error
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    if at > now:
        raise InputError(f"date: `{text[:60]}` has not come yet")
    if at < now - _OLDEST and state == "granted":
        raise InputError(f"date: `{text[:60]}` is more than ten years ago; ask anew")
    return max(at, now - _OLDEST)
