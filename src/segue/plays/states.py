"""Progress states: where a goal stands, read from facts alone."""

from segue.core.expr import Lookup, matches_permitting
from segue.core.records.playbook import Play, State


def state_of(play: Play, env: Lookup) -> State:
    """Find the state a goal is in: the last whose predicate is known to hold, else the first.

    Args:
        play: Whose states are tried, in order.
        env: Facts by name, with the goal bound.
    """
    return next(
        (state for state in reversed(play.states) if matches_permitting(state.when(env))), play.states[0]
    )
