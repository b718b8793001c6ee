"""Controls over everybody: arms, the kill switch, and the breaker on what a play lets out."""

from segue.core.records.context import TENANT, Context
from segue.core.records.decisions import Candidate, SharedRead
from segue.core.units import HOUR
from segue.planner.options import Moment, Option

WEEK_HOURS = 168


def arm_forbids(moment: Moment, candidate: Candidate, *, service: bool) -> bool:
    """Whether the unit's arm keeps Segue from this: service, safety and opt-outs are for everyone."""
    if moment.arm.name == "agent" or service:
        return False
    return candidate.purpose in {"commercial", "internal"}


def killed(context: Context) -> bool:
    """Whether the tenant's kill switch is on."""
    told = context.by_predicate.get("kill_switch", ())
    return any(fact.subject == TENANT and fact.value is True for fact in told)


def paused(context: Context, play: str) -> bool:
    """Whether a human or the breaker paused a play."""
    told = context.by_predicate.get("paused", ())
    return any(f.subject == TENANT and f.qualifier == play and f.value is True for f in told)


def counter_of(play: str) -> str:
    """Name of the hourly counter of a play's chosen candidates."""
    return f"hour:chosen:{play}"


def hour_of(moment: Moment) -> int:
    """Hours since the epoch at the step's now."""
    return moment.now // HOUR


def breaker_forbids(moment: Moment, play: str) -> str:
    """Why a play may let nothing out now, or empty."""
    if not play:
        return ""
    if paused(moment.context, play):
        return f"play `{play}` is paused"
    return f"play `{play}` exceeds its usual rate" if tripped(moment, play) else ""


def tripped(moment: Moment, play: str) -> bool:
    """Whether a play's chosen candidates of this hour have reached the limit.

    The limit is its usual rate (mean over the hours of the past week in which it chose anything) times the
    set factor, never below the set floor.
    """
    hours = moment.context.counts.get((TENANT, counter_of(play)), {})
    this = hour_of(moment)
    past = [n for hour, n in hours.items() if this - WEEK_HOURS <= hour < this and n > 0]
    settings = moment.playbook.settings
    usual = -(-sum(past) // len(past)) if past else 0
    return hours.get(this, 0) >= max(settings.breaker_floor, usual * settings.breaker_factor)


def shared_reads(moment: Moment, options: tuple[Option, ...]) -> tuple[SharedRead, ...]:
    """What the step looked at across lanes, with the log position it was true at."""
    position = moment.context.position
    reads = [SharedRead("kill_switch", killed(moment.context), position)]
    this = hour_of(moment)
    for want in moment.wants:
        hours = moment.context.counts.get((TENANT, counter_of(want.play.name)), {})
        reads.append(SharedRead(counter_of(want.play.name), hours.get(this, 0), position))
    totals = moment.context.totals
    keys = sorted({key for option in options for key, _, _ in option.limits if key in totals})
    return (*reads, *(SharedRead(key, totals[key].amount, position) for key in keys))
