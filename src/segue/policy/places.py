"""Where a person may be: every zone that is possible, and the country whose rules hold."""

from collections.abc import Mapping
from typing import NamedTuple

from segue.core.facts import Root, best, subjects
from segue.core.records.binding import Binding
from segue.core.records.context import Context
from segue.core.records.memory import Fact
from segue.core.records.playbook import Settings
from segue.core.zones import zone
from segue.policy.calendars import zones_of_country, zones_of_phone

_READ = frozenset(
    {
        "time_zone",
        "phone",
        "country",
        "region",
        "preference.not_before",
        "preference.not_after",
        "preference.days",
        "preference.pause_until",
        "away_until",
    }
)


class Place(NamedTuple):
    """Where a person may be and when they care to be contacted.

    Attributes:
        zones: Every zone they may be in, by name; at least one.
        country: ISO 3166-1 alpha-2.
        region: ISO 3166-2 subdivision without the country, or empty.
        not_before: Their own earliest minute after midnight.
        not_after: Their own latest minute.
        days: Digits of the weekdays they named, Monday is 1; empty is any.
        pause_until: Instant until which they asked to be left alone or are out of office, or 0.
    """

    zones: tuple[str, ...]
    country: str
    region: str
    not_before: int
    not_after: int
    days: str
    pause_until: int


def zones_of(binding: Binding) -> tuple[str, ...]:
    """List every zone the person may be in, by name; contact hours hold in all of them."""
    return place_of(binding.context, binding.playbook.settings).zones


def place_of(context: Context, settings: Settings) -> Place:
    """Find out where the person may be, from profile, phone numbers, country, account, default."""
    told = _told(context)
    person, account = _text(told, "person", "country").upper(), _text(told, "account", "country").upper()
    zones: set[str] = set()
    by_phone = ""
    for fact in told.get(("person", "phone"), ()):
        region, ringing = zones_of_phone(str(fact.value), person or account or settings.default_country)
        zones.update(ringing)
        by_phone = by_phone or region
    own = _text(told, "person", "time_zone")
    if zone(own) is not None:
        zones.add(own)
    country = person or by_phone or account or settings.default_country
    region = _text(told, "person", "region")
    if not region and account == country:
        region = _text(told, "account", "region")
    return Place(
        zones=tuple(sorted(zones)) or _fallback(told, person, account, settings),
        country=country,
        region=region.upper().removeprefix(f"{country}-"),
        not_before=_number(told, "preference.not_before", 0),
        not_after=_number(told, "preference.not_after", 1_440),
        days=_text(told, "person", "preference.days"),
        pause_until=max(_number(told, "preference.pause_until", 0), _number(told, "away_until", 0)),
    )


_Told = Mapping[tuple[Root, str], list[Fact]]


def _told(context: Context) -> _Told:
    roots: tuple[Root, ...] = ("person", "account")
    root_of = {subject: root for root in roots for subject in subjects(context, root)}
    told: dict[tuple[Root, str], list[Fact]] = {}
    for fact in context.facts:
        if fact.predicate in _READ and not fact.qualifier and fact.subject in root_of:
            told.setdefault((root_of[fact.subject], fact.predicate), []).append(fact)
    return told


def _fallback(told: _Told, person: str, account: str, settings: Settings) -> tuple[str, ...]:
    """The zones of the person's country, else the account's own zone, else those of its country."""
    if zones := zones_of_country(person):
        return zones
    own = _text(told, "account", "time_zone")
    if zone(own) is not None:
        return (own,)
    return zones_of_country(account) or (settings.default_zone,)


def _text(told: _Told, root: Root, predicate: str) -> str:
    fact = best(told.get((root, predicate), ()))
    return fact.value if fact is not None and isinstance(fact.value, str) else ""


def _number(told: _Told, predicate: str, otherwise: int) -> int:
    fact = best(told.get(("person", predicate), ()))
    return fact.value if fact is not None and isinstance(fact.value, int) else otherwise
