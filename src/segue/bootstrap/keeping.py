"""Until when words of a person are kept: what the card, the pages and the API tell of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from segue.core.ids import IdKey
from segue.core.ports import PersonView, Reader
from segue.core.units import Instant, to_datetime
from segue.identity import normalise_all
from segue.privacy.expiring import DATA_CLASSES
from segue.runtime.retaining import goes_at, held_by

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Rules:
    """How long classes of data are kept, in seconds, and identifiers of people whose data is held."""

    kept_s: Mapping[str, int] = field(default_factory=dict)
    hold: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept_s: Mapping[str, int], hold: tuple[str, ...], country: str) -> "Rules":
        """Rules with identifiers as the store knows them.

        Raises:
            SignalError: One of them is malformed.
        """
        return cls(kept_s, normalise_all(hold, country or None))


KEEP_ALL = Rules()


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when words of a person are kept.

    Attributes:
        days: By class of data; None is for ever.
        held: Whether everything stays, however old it is.
        next_at: When words of their messages go next; None where none will.
    """

    days: Mapping[str, int | None]
    held: bool = False
    next_at: Instant | None = None

    @property
    def sentence(self) -> str:
        """The same in words.

        >>> Kept({"messages": None}).sentence
        'What they wrote and what we wrote is kept for ever.'
        """
        days = self.days.get("messages")
        if self.held:
            return "Their data is held: nothing of it goes, however old it is."
        if days is None:
            return "What they wrote and what we wrote is kept for ever."
        after = "none are left now" if self.next_at is None else f"the next go on {_day(self.next_at)}"
        return f"Words of messages are kept for {days} days; {after}."


FOR_EVER = Kept({})


def kept_of(view: PersonView, reader: Reader, ids: IdKey | None, rules: Rules) -> Kept:
    """Until when words of a person are kept."""
    days: dict[str, int | None] = {
        name: rules.kept_s[name] // _DAY_S if name in rules.kept_s else None for name in DATA_CLASSES
    }
    subjects = {f"profile:{name}" for name in view.profile_ids}
    held = ids is not None and not subjects.isdisjoint(held_by(reader, ids, rules.hold))
    kept_s = rules.kept_s.get("messages")
    worded = [message.at for message in view.messages if message.text]
    next_at = None if held or kept_s is None or not worded else goes_at(min(worded), kept_s)
    return Kept(days, held, next_at)


def _day(at: Instant) -> str:
    return f"{to_datetime(at):%Y-%m-%d}"
