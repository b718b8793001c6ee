"""Reserve: which limits a candidate draws on, whether there is room, and the rows that set it aside."""

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


class Limit(NamedTuple):
    """One limit that an option draws on: its name, its key on the ledger, how much, and whose it is."""

    name: str
    key: str
    limit: int
    subject: str


Taken: TypeAlias = Mapping[str, Sequence[Reservation]]
"""What is held or used of each key, among the reservations of the lane."""


def taken_in(moment: Moment) -> Taken:
    """Sort the lane's reservations by key."""
    found: dict[str, list[Reservation]] = {}
    for row in moment.context.reservations:
        if row.state in {"held", "used"}:
            found.setdefault(row.key, []).append(row)
    return found


def reserve(moment: Moment, option: Option, taken: Taken) -> Option:
    """Note the limits an option draws on, or drop it naming the decision that took the last one."""
    limits = _limits(moment, option)
    option = replace(option, limits=tuple([(limit.key, limit.limit, limit.subject) for limit in limits]))
    for name, key, limit, _ in limits:
        if limit < 0:
            continue
        amount, holder = _taken(moment, option, key, taken.get(key, ()))
        if amount + 1 > limit:
            first = f", first by decision {holder}" if holder else ""
            if key.startswith(ONCE):
                return option.drop("repeat", f"`{name}` was done for this goal already{first}")
            return option.drop("reservation", f"`{name}` is used up{first}")
    return option


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
                key = f"cap:{cap.name}:{unit}:{period_key(cap, moment)}"
                limits.append(Limit(cap.name, key, cap.limit, subject))
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
    if rows:
        own = derive("reservation", key, option.candidate.id)
        rows = [row for row in rows if row.id != own]
    if rows:
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
        for name, key, _limit, subject in _limits(moment, option)
        if name in counting
    )
