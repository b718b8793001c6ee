"""What each feature counts: set by hand, in round numbers, while looking at what fitted weights look like.

The public conversations that recall is measured on may be used for measuring only, so no fitted number ships;
`python -m benchmarks memory` tells how well weights do that are fitted to other conversations, and how well
these do.
"""

FIXED: dict[str, float] = {
    "window": 1.0,
    "covered_1": 1.0,
    "covered_2": 2.0,
    "sitting": 1.5,
    "relative": 1.0,
    "speaker": 2.0,
    "asks": -0.5,
    "length": 0.4,
    "after_question": 0.3,
    "answers": 1.0,
    "time_wanted": 2.0,
    "number_wanted": 0.5,
    "place_wanted": 1.0,
    "date": 3.0,
}

BY_TOKENS: dict[str, float] = {
    **FIXED,
    "covered_2": 1.5,
    "sitting": 0.75,
    "relative": 0.5,
    "tokens_window": 1.0,
    "tokens_relative": 4.0,
    "tokens_sitting": 3.0,
}
