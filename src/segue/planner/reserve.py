"""Reserve: which limits a candidate draws on, whether there is room, and the rows that set it aside."""

from datetime import date
from functools import lru_cache

from msgspec.structs import replace

from segue.core.ids import derive
from segue.core.records.effects import Reservation
from segue.core.records.playbook import Cap
from segue.core.units import Instant
from segue.core.zones import local_day
from segue.planner.options import Moment, Option
from segue.planner.reading import holds, text

ONCE = "once:"
"""Begins the key that lets one action serve one goal once."""


def reserve(moment: Moment, option: Option) -> Option:
    """Attach the reservations an option needs, or drop it naming the decision that took the last one."""
    rows: list[Reservation] = []
    decision_id = derive("decision", moment.signal.id, "0")
    keys = _keys(moment, option)
    option = replace(option, limits=tuple([key for _, key, _, _ in keys]))
    for name, key, limit, subject in keys:
        own = derive("reservation", key, option.candidate.id)
        taken, holder = _taken(moment, key, own)
        if limit >= 0 and taken + 1 > limit:
            first = f", first by decision {holder}" if holder else ""
            if key.startswith(ONCE):
                return option.drop("repeat", f"`{name}` was done for this goal already{first}")
            return option.drop("reservation", f"`{name}` is used up{first}")
        rows.append(
            Reservation(
                id=own,
                key=key,
                amount=1,
                limit=limit,
                state="held",
                subject=subject,
                decision_id=decision_id,
                at=moment.now,
            )
        )
    return replace(option, reservations=tuple(rows))


def _keys(moment: Moment, option: Option) -> list[tuple[str, str, int, str]]:
    """(cap name, ledger key, limit, subject) of every limit the option draws on."""
    candidate = option.candidate
    keys = []
    if candidate.goal_id and candidate.purpose != "mandatory":
        goal = next((g for g in moment.context.goals if g.id == candidate.goal_id), None)
        goal = option.want.goal if option.want else goal
        subject = goal.subject if goal else moment.context.subject
        keys.append((candidate.action, f"{ONCE}{candidate.goal_id}:{candidate.action}", 1, subject))
    if candidate.offer and (offer := moment.playbook.offers.get(candidate.offer)) and offer.budget:
        wanted = {offer.budget}
    else:
        wanted = set()
    for cap in moment.playbook.caps:
        if cap.name in wanted or holds(cap.when, option.view):
            unit, subject = _unit(cap, moment, option)
            if unit:
                keys.append(
                    (cap.name, f"cap:{cap.name}:{unit}:{period_key(cap, moment)}", cap.limit, subject)
                )
    return keys


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
    zone = text(moment.view, "person.zone", moment.playbook.settings.default_zone)
    return _period(cap.period, moment.now, zone)


@lru_cache(maxsize=64)
def _period(period: str, now: Instant, zone: str) -> str:
    day = date.fromordinal(local_day(now, zone))
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


def _taken(moment: Moment, key: str, own: str) -> tuple[int, str]:
    """How much of a key is held or used, the candidate's own row left out; and who took it first."""
    rows = [
        row
        for row in moment.context.reservations
        if row.key == key and row.state in {"held", "used"} and row.id != own
    ]
    total = moment.context.totals.get(key)
    if total is not None and not rows:
        return total.amount, total.decision_id
    first = min(rows, key=lambda row: (row.at, row.id), default=None)
    return sum(row.amount for row in rows), first.decision_id if first else ""


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
        for name, key, _limit, subject in _keys(moment, option)
        if name in counting
    )
