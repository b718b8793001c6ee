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

    def sentence_at(self, now: Instant) -> str:
        """The same in words; what is due by now goes when the next clean-up is made.

        >>> Kept({"messages": None}).sentence_at(Instant(0))
        'What they wrote and what we wrote is kept for ever.'
        >>> Kept({"messages": 30}, next_at=Instant(1)).sentence_at(Instant(2))
        'Words of messages are kept for 30 days; the next go at the next clean-up.'
        """
        days = self.days.get("messages")
        if self.held:
            return "Their data is held: nothing of it goes, however old it is."
        if days is None:
            return "What they wrote and what we wrote is kept for ever."
        return f"Words of messages are kept for {days} days; {self._next(now)}."

    def _next(self, now: Instant) -> str:
        if self.next_at is None:
            return "none are left now"
        return (
            "the next go at the next clean-up"
            if self.next_at <= now
            else f"the next go on {_day(self.next_at)}"
        )


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
