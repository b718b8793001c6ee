"""Check: arm, kill switch, breaker, precondition, policy and the reservation ledger, in that order."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from segue import policy
from segue.core.records.decisions import Candidate
from segue.core.records.effects import NEVER_STOPPED
from segue.core.records.parking import KILL_SWITCH, of_play
from segue.planner.blanks import still_to_ask
from segue.planner.control import arm_forbids, breaker_forbids, killed
from segue.planner.failures import SHOW
from segue.planner.options import Moment, Option, Stop
from segue.planner.parking import is_answered
from segue.planner.propose import NO_ACTION
from segue.planner.reading import holds
from segue.planner.reserve import Taken, reserve, taken_in


def check(moment: Moment, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Drop what may not be done, each with the stage and the reason."""
    plays = {option.candidate.play for option in options}
    closed = {play: breaker_forbids(moment, play) for play in plays}
    gates = Gates(killed(moment.context), closed, taken_in(moment))
    return tuple(_checked(moment, gates, option) for option in options)


class Gates(NamedTuple):
    """What is one for all options: the kill switch, what the breaker says by play, and what is taken."""

    killed: bool
    breaker: Mapping[str, str]
    taken: Taken


def _checked(moment: Moment, gates: Gates, option: Option) -> Option:
    if option.candidate.action == NO_ACTION:
        return option
    if option.candidate.action == SHOW:
        return _policy(moment, option)
    option = _gated(moment, gates, option)
    for stage in (_precondition, _policy):
        if not option.alive:
            return option
        option = stage(moment, option)
    return reserve(moment, option, gates.taken) if option.alive else option


def _gated(moment: Moment, gates: Gates, option: Option) -> Option:
    candidate = option.candidate
    service = option.want is not None and option.want.play.service
    if moment.question != "gate" and arm_forbids(moment, candidate, service=service):
        return option.drop("arm", f"the {moment.arm.name} arm is not acted on by Segue")
    if candidate.connector in moment.tried:
        return option.drop("repeat", f"`{candidate.connector}` was tried before")
    if candidate.purpose == "mandatory":
        return option
    if candidate.channel and is_answered(moment):
        return option.drop("repeat", "a colleague has answered meanwhile")
    return replace(option, stop=_stop(gates, candidate))


def _stop(gates: Gates, candidate: Candidate) -> Stop | None:
    if gates.killed and candidate.purpose not in NEVER_STOPPED:
        return Stop("kill_switch", "the kill switch is on", KILL_SWITCH)
    because = gates.breaker[candidate.play]
    return Stop("breaker", because, of_play(candidate.play)) if because else None


def _precondition(moment: Moment, option: Option) -> Option:
    """What action and offer ask for must be known to hold."""
    offer = moment.playbook.offers.get(option.candidate.offer)
    needed = (option.action.when if option.action else None, offer.to if offer else None)
    for condition in needed:
        if condition is None or holds(condition, option.view):
            continue
        unknown = condition.explain(option.view)
        detail = f" (unknown: {', '.join(unknown)})" if unknown else ""
        return option.drop("precondition", f"needs `{condition.source}`{detail}")
    if option.action is not None and option.action.asks and not still_to_ask(option):
        return option.drop("precondition", f"all it would ask is known: {', '.join(option.action.asks)}")
    return option


def _policy(moment: Moment, option: Option) -> Option:
    """Every rule speaks; in the arms that are not the agent's, other tools meet the mandatory rules only."""
    rules = moment.playbook.policies
    if moment.question == "gate" and moment.arm.name != "agent":
        rules = tuple(rule for rule in rules if rule.mandatory)

    candidate, verdict = policy.check(option.candidate, rules, option.bind, "candidate", moment.now)
    option = replace(option.rebound(candidate), verdict=verdict)
    if verdict.forbidden:
        return option.drop("policy", next(m.why for m in verdict.matches if m.then == "forbid"))
    return option
