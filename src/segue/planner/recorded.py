"""Recorded: what a step read across lanes stands in its decision, so that replay can read it again there."""

from collections.abc import Mapping

from msgspec.structs import replace

from segue.core.records.context import TENANT, Context, Total
from segue.core.records.decisions import Decision, SharedRead
from segue.core.units import HOUR
from segue.planner.control import counter_of
from segue.planner.reserve import FIRST_BY

_CHOSEN = counter_of("")


def lacking(logged: Decision, again: Decision, erased: int) -> dict[str, int]:
    """How much less a decision reads now of what others fed, by the name of the read, since some were erased.

    Args:
        logged: The decision with what it read then.
        again: The same as it comes out now.
        erased: Events that are gone. Each fed a counter by one at most: what lacks more lacks for another
            reason, and is left as it comes out now.
    """
    now = {read.name: read.value for read in again.shared if _is_amount(read)}
    less = {
        read.name: read.value - now.get(read.name, 0)
        for read in logged.shared
        if _is_amount(read) and read.value > now.get(read.name, 0)
    }
    return {name: n for name, n in less.items() if n <= erased or not name.startswith(_CHOSEN)}


def with_reads(context: Context, more: Mapping[str, int]) -> Context:
    """The context with so much more of what is counted over everybody: a play's choices of the hour, totals.

    >>> from segue.core.units import Instant
    >>> from segue.core.records.memory import Links
    >>> here = Context(Instant(0), 1, TENANT, Links())
    >>> with_reads(here, {"hour:chosen:upgrade": 2}).counts
    {('tenant', 'hour:chosen:upgrade'): {0: 2}}
    """
    counts, totals = dict(context.counts), dict(context.totals)
    hour = context.now // HOUR
    for name, n in more.items():
        if name.startswith(_CHOSEN):
            hours = counts.get((TENANT, name), {})
            counts[TENANT, name] = {**hours, hour: hours.get(hour, 0) + n}
        else:
            total = totals.get(name, Total(0, ""))
            totals[name] = replace(total, amount=total.amount + n)
    return replace(context, counts=counts, totals=totals)


def holders(decision: Decision) -> frozenset[str]:
    """Ids of the decisions that a decision names, since they took what it could not have."""
    told = (item.because.partition(FIRST_BY)[2] for item in decision.considered)
    return frozenset(name for name in told if name)


def _is_amount(read: SharedRead) -> bool:
    return isinstance(read.value, int) and not isinstance(read.value, bool)
