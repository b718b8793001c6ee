"""What a message means: by rules alone in a tenth of a millisecond, then by the encoder it is given."""

from segue.perception.intents import LEAST_EXAMPLES, Guess, IntentModel
from segue.perception.perceiver import OUT_OF_OFFICE, IntentRules, RulePerceiver
from segue.perception.phrased import ACCEPT_PPM, OPT_OUT
from segue.perception.pledges import pledges
from segue.perception.private import without_private
from segue.perception.prompt import LONGEST_REPLY, PROMPT_VERSION, READ_BY_MODEL, instructions, most_tokens
from segue.perception.reading import READ_AT_MOST, text_of
from segue.perception.second import by_intent, labels_of, reread
from segue.perception.tiers import TieredPerceiver

__all__ = [
    "ACCEPT_PPM",
    "LEAST_EXAMPLES",
    "LONGEST_REPLY",
    "OPT_OUT",
    "OUT_OF_OFFICE",
    "PROMPT_VERSION",
    "READ_AT_MOST",
    "READ_BY_MODEL",
    "Guess",
    "IntentModel",
    "IntentRules",
    "RulePerceiver",
    "TieredPerceiver",
    "by_intent",
    "instructions",
    "labels_of",
    "most_tokens",
    "pledges",
    "reread",
    "text_of",
    "without_private",
]
