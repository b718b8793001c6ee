"""Tier 0 of perception: what a message means by rules alone, offline, in about a tenth of a millisecond."""

from segue.perception.perceiver import ACCEPT_PPM, OPT_OUT, OUT_OF_OFFICE, IntentRules, RulePerceiver
from segue.perception.reading import READ_AT_MOST

__all__ = ["ACCEPT_PPM", "OPT_OUT", "OUT_OF_OFFICE", "READ_AT_MOST", "IntentRules", "RulePerceiver"]
