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
    moment = remember(context, signal, percept, house)
    options = propose(moment)
    options = check(moment, options)
    options = score(moment, options)
    choice = choose(moment, options)
    return commit(moment, choice)
