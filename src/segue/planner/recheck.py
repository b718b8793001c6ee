"""Recheck: the third policy check, on the final arguments with fresh facts, just before a dispatch."""

from segue import policy
from segue.core.expr import Lookup
from segue.core.records.binding import Binding
from segue.core.records.context import Context, LedgerRow
from segue.core.records.decisions import Candidate, Match, Verdict
from segue.core.records.effects import NEVER_STOPPED
from segue.core.units import Instant
from segue.graph import FactView
from segue.planner.contact import with_contact
from segue.planner.control import killed
from segue.planner.house import House
from segue.planner.propose import candidate_of


def recheck(row: LedgerRow, context: Context, house: House, now: Instant) -> Verdict:
    """What policy says of an effect at its dispatch; an opt-out that landed in between wins."""
    effect = row.effect
    if killed(context) and effect.purpose not in NEVER_STOPPED:
        return Verdict((Match("kill-switch", "forbid", "the kill switch is on"),))
    candidate = candidate_of(effect, now)
    goal = next((item for item in context.goals if item.id == effect.goal_id), None)
    view = FactView(Binding(with_contact(context), house.playbook), house.derived)

    def bind(changed: Candidate) -> Lookup:
        return view.bind(candidate=changed, goal=goal)

    return policy.check(candidate, house.playbook.policies, bind, "dispatch", now)[1]
