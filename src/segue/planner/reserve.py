"""Reserve: which limits a candidate draws on, whether there is room, and the rows that set it aside."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from segue.core.ids import derive
from segue.core.records.effects import Reservation
from segue.core.records.playbook import Cap
from segue.core.zones import local_day
from segue.planner.options import Moment, Option
from segue.planner.reading import holds, text

ONCE = "once:"
"""Begins the key that lets one action serve one goal once."""

FIRST_BY = ", first by decision "
"""Stands before the id of the decision that took the last of a limit, at the end of a reason."""

_OF_A_PERSON = re.compile(r"(cap:.+:person:)([^:]*)(:[^:]+)")
"""A key that counts by person: what stands before the person's id, the id, and the period."""


class Limit(NamedTuple):
    """One limit that an option draws on.

    Attributes:
        name: The action or the cap.
        key: Its key on the ledger.
        limit: How much there is of it.
        subject: Whose it is.
        before: Key under which the same was counted before the person had an account, or empty.
    """

    name: str
    key: str
    limit: int
    subject: str
    before: str = ""


Taken: TypeAlias = Mapping[str, Sequence[Reservation]]
"""What is held or used of each key, among the reservations of the lane."""


def taken_in(moment: Moment) -> Taken:
    """Sort the lane's reservations by key.

    What was taken while one person was known as several counts for the one they are: their earlier ids are
    among their profiles, because a person's id is that of the earliest profile. What was taken while two were
    taken for one counts for both: the id they shared is among the profiles of either or of their kin.
    """
    context = moment.context
    person_id, own = context.person_id, frozenset((*context.profile_ids, *context.kin))
    found: dict[str, list[Reservation]] = {}
    for row in context.reservations:
        if row.state in {"held", "used"}:
            found.setdefault(_key_now(row.key, person_id, own), []).append(row)
    return found


def _key_now(key: str, person_id: str, own: frozenset[str]) -> str:
    """The key under which a reservation counts today: that of the person their earlier ids became."""
    if person_id in key:
        return key
    match = _OF_A_PERSON.fullmatch(key)
    return f"{match[1]}{person_id}{match[3]}" if match and match[2] in own else key


def reserve(moment: Moment, option: Option, taken: Taken) -> Option:
    """Note the limits an option draws on, or drop it naming the decision that took the last one."""
    found = [(limit, _rows(limit, taken)) for limit in _limits(moment, option)]
    drawn = [(_held_under(limit, option, rows), limit.limit, limit.subject) for limit, rows in found]
    option = replace(option, limits=tuple(drawn))
    for limit, rows in found:
        if limit.limit < 0:
            continue
        amount, holder = _taken(moment, option, limit.key, rows)
        if amount + 1 > limit.limit:
            first = f"{FIRST_BY}{holder}" if holder else ""
            if limit.key.startswith(ONCE):
                return option.drop("repeat", f"`{limit.name}` was done for this goal already{first}")
            return option.drop("reservation", f"`{limit.name}` is used up{first}")
    return option


def _rows(limit: Limit, taken: Taken) -> Sequence[Reservation]:
    rows = taken.get(limit.key, ())
    earlier = taken.get(limit.before, ()) if limit.before else ()
    return [*rows, *earlier] if earlier else rows


def _held_under(limit: Limit, option: Option, rows: Sequence[Reservation]) -> str:
    """The limit's key; where the candidate holds its place already, the key it holds it under."""
    own = (row.key for row in rows if row.key != limit.key and _is_own(row, option))
    return next(own, limit.key)


def _is_own(row: Reservation, option: Option) -> bool:
    return row.id == derive("reservation", row.key, option.candidate.id)


def reservations(moment: Moment, option: Option) -> tuple[Reservation, ...]:
    """The rows that set aside what an option draws on."""
    decision_id = derive("decision", moment.signal.id, "0")
    return tuple(
        Reservation(
            id=derive("reservation", key, option.candidate.id),
            key=key,
            amount=1,
            limit=limit,
            state="held",
            subject=subject,
            decision_id=decision_id,
            at=moment.now,
        )
        for key, limit, subject in option.limits
    )


def _limits(moment: Moment, option: Option) -> list[Limit]:
    """Every limit the option draws on: once per goal, then caps in the playbook's order."""
    candidate = option.candidate
    limits = []
    if candidate.goal_id and candidate.purpose != "mandatory":
        goal = next((g for g in moment.context.goals if g.id == candidate.goal_id), None)
        goal = option.want.goal if option.want else goal
        subject = goal.subject if goal else moment.context.subject
        limits.append(Limit(candidate.action, f"{ONCE}{candidate.goal_id}:{candidate.action}", 1, subject))
    offer = moment.playbook.offers.get(candidate.offer)
    budget = offer.budget if offer else ""
    for cap in moment.playbook.caps:
        if (budget and cap.name == budget) or holds(cap.when, option.view):
            unit, subject = _unit(cap, moment, option)
            if unit:
                period = period_key(cap, moment)
                grown = cap.per == "account" and bool(moment.context.account_id and moment.context.person_id)
                before = f"cap:{cap.name}:person:{moment.context.person_id}:{period}" if grown else ""
                key = f"cap:{cap.name}:{unit}:{period}"
                limits.append(Limit(cap.name, key, cap.limit, subject, before))
    return limits


def _unit(cap: Cap, moment: Moment, option: Option) -> tuple[str, str]:
    context = moment.context
    match cap.per:
        case "person":
            subject = f"profile:{option.candidate.profile_id}" if option.candidate.profile_id else ""
            return f"person:{context.person_id}", subject or context.subject
        case "account" if context.account_id:
            return f"account:{context.account_id}", f"account:{context.account_id}"
        case "account":
            return f"person:{context.person_id}", context.subject
        case "owner":
            owner = text(moment.view, "account.owner")
            return (f"owner:{owner}" if owner else "", "tenant")
        case "tenant":
            return "tenant", "tenant"


def period_key(cap: Cap, moment: Moment) -> str:
    """The calendar period of a touch in the person's zone: a day, ISO week, month, year, or `ever`."""
    if cap.period == "ever":
        return "ever"
    zone = text(moment.view, "person.zone", moment.playbook.settings.default_zone)
    return _period(cap.period, local_day(moment.now, zone))


@lru_cache(maxsize=1_024)
def _period(period: str, on: int) -> str:
    day = date.fromordinal(on)
    match period:
        case "day":
            return day.isoformat()
        case "week":
            return f"{day:%G-W%V}"
        case "month":
            return f"{day:%Y-%m}"
        case "year":
            return f"{day:%Y}"
        case _:
            return "ever"


def _taken(moment: Moment, option: Option, key: str, rows: Sequence[Reservation]) -> tuple[int, str]:
    """How much of a key is held or used, the candidate's own row left out; and who took it first."""
    if rows and (rows := [row for row in rows if not _is_own(row, option)]):
        first = min(rows, key=lambda row: (row.at, row.id))
        return sum(row.amount for row in rows), first.decision_id
    total = moment.context.totals.get(key)
    return (total.amount, total.decision_id) if total is not None else (0, "")


def touch(moment: Moment, option: Option) -> tuple[Reservation, ...]:
    """What a touch by another tool takes of the caps that count touches by anyone, above any limit."""
    counting = {cap.name for cap in moment.playbook.caps if cap.counts_touches}
    return tuple(
        Reservation(
            id=derive("reservation", key, option.candidate.id),
            key=key,
            amount=1,
            limit=-1,
            state="used",
            subject=subject,
            decision_id="",
            at=moment.now,
        )
        for name, key, _limit, subject, _before in _limits(moment, option)
        if name in counting
    )
