"""Elicited priors: chances people stated in plain words, combined without a float."""

from dataclasses import dataclass

from segue.core.records.playbook import Action, Play, State
from segue.core.units import PPM

MOOD_FACTOR_PPM = {
    "excited": 1_500_000,
    "curious": 1_200_000,
    "confused": 600_000,
    "frustrated": 400_000,
    "angry": 100_000,
}
"""How a mood changes the chance that a commercial action advances its goal (assumed); others are 1."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an action is expected to do to a goal, all in ppm.

    Attributes:
        chance_now: p(goal | state).
        chance_next: p(goal | next state).
        advance: p(advance | action, state, mood).
        opt_out: p(opt-out | action, touches of the last seven days).
    """

    chance_now: int
    chance_next: int
    advance: int
    opt_out: int

    @property
    def lift(self) -> int:
        """Rise of the goal's chance, in ppm, half to even."""
        return half_even(self.advance * max(0, self.chance_next - self.chance_now), PPM)


def expect(play: Play, state: State, action: Action, mood: str, touches_7d: int) -> Expectation:
    """Combine the playbook's elicited priors for one action in one state.

    Fatigue raises the chance of an opt-out by half of itself per touch of the last seven days (assumed).
    """
    place = play.states.index(state)
    following = play.states[place + 1].chance_ppm if place + 1 < len(play.states) else PPM
    advance = action.advance_ppm.get(state.name, action.advance_ppm.get("*", 0))
    if action.purpose == "commercial":
        advance = min(PPM, half_even(advance * MOOD_FACTOR_PPM.get(mood, PPM), PPM))
    opt_out = min(PPM, action.opt_out_ppm * (2 + max(0, touches_7d)) // 2)
    return Expectation(state.chance_ppm, following, advance, opt_out)


def half_even(numerator: int, denominator: int) -> int:
    """Divide integers, rounding half to even, so that equal inputs give equal scores on every machine.

    >>> half_even(5, 2), half_even(7, 2), half_even(-5, 2)
    (2, 4, -2)
    """
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return quotient + (twice > denominator or (twice == denominator and quotient % 2 == 1))
