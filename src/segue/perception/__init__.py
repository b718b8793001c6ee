"""What a message means: by rules alone in a tenth of a millisecond, then by the encoder it is given."""

from segue.perception.intents import LEAST_EXAMPLES, Guess, IntentModel
from segue.perception.perceiver import OUT_OF_OFFICE, IntentRules, RulePerceiver
from segue.perception.phrased import ACCEPT_PPM, OPT_OUT
from segue.perception.reading import READ_AT_MOST
from segue.perception.tiers import TieredPerceiver

__all__ = [
    "ACCEPT_PPM",
    "LEAST_EXAMPLES",
    "OPT_OUT",
    "OUT_OF_OFFICE",
    "READ_AT_MOST",
    "Guess",
    "IntentModel",
    "IntentRules",
    "RulePerceiver",
    "TieredPerceiver",
]
