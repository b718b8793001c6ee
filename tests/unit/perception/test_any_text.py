"""Whatever is written, the percept is bounded and its offsets lie in the text."""

from hypothesis import given
from hypothesis import strategies as st

from segue.core.records.signals import Kind, Signal
from segue.core.units import PPM, Instant
from segue.perception import IntentRules, RulePerceiver

PERCEIVER = RulePerceiver({"cancel": IntentRules("cancel", ("cancel", "cancel * now"))})
words = st.sampled_from(
    ["not", "before", "after", "10", "nine", "until", "in", "two", "weeks", "cancel", "now", "stop", "don't"]
) | st.sampled_from(["call", "me", "please", "email", "😡", ".", ",", "\n", ">", "--", "İ"])
texts = st.text(max_size=80) | st.lists(words, max_size=15).map(" ".join)


@given(
    st.text(max_size=80) | st.lists(words, max_size=15).map(" ".join), st.sampled_from(["sms", "email", ""])
)
def test_offsets_lie_in_the_text_and_probabilities_in_their_range(text: str, channel: str) -> None:
    body = {"channel": channel, "text": text}

    percept = PERCEIVER.perceive(
        Signal("s", "x", "1", Kind.MESSAGE_RECEIVED, (), Instant(0), Instant(0), body)
    )

    if percept is not None:
        assert all(0 <= item.start < item.end <= len(text) for item in percept.preferences)
        assert all(0 <= item.start <= item.end <= len(text) for item in percept.intents)
        assert all(0 <= item.p_ppm <= PPM for item in percept.intents)
        assert -PPM <= percept.sentiment <= PPM
        assert percept.model == PERCEIVER.model
