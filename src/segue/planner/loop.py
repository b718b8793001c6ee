"""The planner loop, top to bottom: perceive, remember, propose, check, score, choose, commit.

One pure step between a durable signal and a durable effect. No clock, no randomness, no I/O, no model
inference: live runtime, replay, simulation, golden tests and `explain` run this very function.
"""

from segue.core.records.context import Context
from segue.core.records.events import Stepped
from segue.core.records.percepts import Percept
from segue.core.records.signals import Signal
from segue.planner.check import check
from segue.planner.choose import choose
from segue.planner.commit import commit
from segue.planner.house import House
from segue.planner.propose import propose
from segue.planner.remember import remember
from segue.planner.score import score


def step(context: Context, signal: Signal, percept: Percept | None, house: House) -> Stepped:
    """Decide what follows from one signal.

    Args:
        context: What was known before it, as of the signal's now.
        signal: What happened.
        percept: What its words mean: perceived before the step and recorded as an input.
        house: The playbook and what else is decided with.

    Returns:
        Facts, decision, effects, timers and reservations, to be committed in one transaction.

    Raises:
        SignalError: The body lacks what its kind requires; the signal becomes a dead letter.
    """
    # Perceive came first: `percept` is a recorded input, so that a step never waits for a model.

    # Remember. The signal becomes facts, messages, counts, outcomes; detectors look at the counters;
    # plays that listen wake, open goals find their state, and the question is named: what to do next for
    # this person, whether another tool may send, what a human's word on a draft leads to, or what to do
    # instead of an effect that policy refused at the last moment. History is remembered, and asks
    # nothing.
    moment = remember(context, signal, percept, house)

    # Propose. Every action the woken plays allow, bound to a person, channel, sender and offer; arguments
    # come from systems of record alone. `no_action` is always among the options.
    options = propose(moment)

    # Check. Arm, kill switch, breaker, precondition, every policy (unknown restricts), and the ledger of
    # caps and concessions; what drops out keeps its stage and its reason for the receipt.
    options = check(moment, options)

    # Score. Value of the goal x chance to advance it, less cost, attention and the risk of losing the
    # person; integers in micro-units of one currency. Service and mandatory actions pass unscored.
    options = score(moment, options)

    # Choose. The best option that is worth more than silence; its draft is written, filtered and checked
    # again. A closed window makes waiting the choice; autonomy decides whether to act, ask a human, or
    # only watch.
    choice = choose(moment, options)

    # Commit. One event holds facts, goals, decision, effects, timers, reservations and derived signals.
    # Effects go out later, after a third check with fresh facts (`recheck`), and come back as signals.
    return commit(moment, choice)
