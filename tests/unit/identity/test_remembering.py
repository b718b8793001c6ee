"""What was made of an identifier lately is not made again; what was refused is refused again."""

import pytest

from segue.core.errors import SignalError
from segue.identity import normalise
from segue.identity.remembering import lately


def test_the_same_identifier_is_read_once_and_a_very_long_one_never_kept() -> None:
    asked: list[str] = []

    @lately
    def shout(identifier: str) -> str:
        asked.append(identifier)
        return identifier.upper()

    told = [shout("user:a"), shout("user:a"), shout("user:" + "x" * 999), shout("user:" + "x" * 999)]

    assert told[0] == told[1] == "USER:A"
    assert [len(item) for item in asked] == [6, 1_004, 1_004]


def test_a_malformed_identifier_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(SignalError, match="has no namespace"):
            normalise("ann")
