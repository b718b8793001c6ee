"""Learning: what actions are expected to do; for now elicited priors, labelled as assumed."""

from segue.learning.priors import MOOD_FACTOR_PPM, Expectation, expect, half_even

__all__ = ["MOOD_FACTOR_PPM", "Expectation", "expect", "half_even"]
