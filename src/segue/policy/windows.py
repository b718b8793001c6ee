"""Contact hours: law's and house's windows and the person's own wishes, in every zone they may be in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from segue.core.expr import FactDecl, Type, World
from segue.core.records.binding import Binding, DerivedFact, DerivedFacts
from segue.core.records.decisions import Candidate
from segue.core.records.playbook import Window
from segue.core.units import Instant
from segue.policy.calendars import public_holidays
from segue.policy.hours import opening
from segue.policy.places import Place, place_of

DAY_MINUTES = 1_440

_UNASKED = frozenset({"mandatory", "internal"})
"""Purposes that a person's own wishes do not delay."""


def opens_at(binding: Binding) -> Instant | None:
    """Find the earliest instant, from the candidate's time on, at which the person may be contacted.

    None where no such instant lies within 14 days. Actions that contact no person are always in hours, and
    so are those that no window governs and no wish of the person delays.
    """
    candidate = binding.candidate
    at = candidate.at if candidate is not None else binding.context.now
    if candidate is None or not _contacts_a_person(candidate, binding):
        return at
    place = place_of(binding.context, binding.playbook.settings)
    hours = allowed(candidate, place, binding.playbook.windows)
    if candidate.purpose == "commercial":
        at = Instant(max(at, place.pause_until))
    return at if hours.always else opening(place.zones, hours, at)


def is_open(binding: Binding) -> bool:
    """Whether the person may be contacted at the candidate's time."""
    candidate = binding.candidate
    return opens_at(binding) == (candidate.at if candidate is not None else binding.context.now)


def _by(binding: Binding) -> tuple[bool, str, str, Instant] | None:
    """Candidates that reach the person on one channel, for one purpose, at one time share their hours."""
    candidate = binding.candidate
    if candidate is None:
        return None
    return _contacts_a_person(candidate, binding), candidate.channel, candidate.purpose, candidate.at


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of each day in which a person may be contacted; call it with a proleptic ordinal.

    Attributes:
        windows: All of them must be open.
        country: Whose public holidays are closed where a window says so; `region` likewise.
        not_before: The person's own earliest minute after midnight; `not_after` likewise.
        days: Digits of the weekdays the person named, Monday is 1; empty is any.
    """

    windows: tuple[Window, ...]
    country: str
    region: str
    not_before: int = 0
    not_after: int = DAY_MINUTES
    days: str = ""

    def __call__(self, day: int) -> tuple[int, int] | None:
        """Open and close, in minutes after local midnight; None is closed all day."""
        opens, closes = self.not_before, self.not_after
        weekday = (day - 1) % 7
        if self.days and str(weekday + 1) not in self.days:
            return None
        for window in self.windows:
            own = window.hours[weekday]
            if own is None or (not window.on_holidays and self._is_holiday(day)):
                return None
            opens, closes = max(opens, own[0]), min(closes, own[1])
        return (opens, closes) if opens < closes else None

    @property
    def always(self) -> bool:
        """Whether nothing limits them."""
        return not (self.windows or self.days) and self.not_before <= 0 and self.not_after >= DAY_MINUTES

    def _is_holiday(self, day: int) -> bool:
        return day in public_holidays(self.country, self.region, date.fromordinal(day).year)


def allowed(candidate: Candidate, place: Place, windows: Iterable[Window]) -> Hours:
    """Find the hours in which a candidate may go out at a place."""
    governing = _governing(candidate, place, windows)
    if candidate.purpose in _UNASKED:
        return Hours(governing, place.country, place.region)
    return Hours(governing, place.country, place.region, place.not_before, place.not_after, place.days)


def _contacts_a_person(candidate: Candidate, binding: Binding) -> bool:
    """Internal actions, and mails to the account executive or the desk, wake no customer."""
    if not candidate.channel or candidate.purpose == "internal":
        return False
    action = binding.playbook.actions.get(candidate.action)
    return action is None or action.to == "person"


def _governing(candidate: Candidate, place: Place, windows: Iterable[Window]) -> tuple[Window, ...]:
    """The windows that fit best: of the region, else of the country, else of everywhere."""
    fitting = [
        window
        for window in windows
        if candidate.channel in window.channels
        and candidate.purpose in window.purposes
        and window.country in {place.country, "*"}
        and window.region in {place.region, "*"}
    ]
    closest = max(((w.country != "*", w.region != "*") for w in fitting), default=None)
    return tuple(w for w in fitting if (w.country != "*", w.region != "*") == closest)


DERIVED: DerivedFacts = {
    "window.open": DerivedFact(
        FactDecl(
            "window.open",
            Type.BOOL,
            World.CLOSED,
            default=False,
            doc="whether the person may be contacted at the time of the action",
        ),
        is_open,
        _by,
    ),
    "window.opens_at": DerivedFact(
        FactDecl(
            "window.opens_at",
            Type.INSTANT,
            doc="from when on the person may be contacted; unknown if not within 14 days",
        ),
        opens_at,
        _by,
    ),
}
