"""One slip of the keyboard is put right; real words, and what could be two words, stay."""

import pytest

from segue.perception.spelling import Spelling

KNOWN = {"layer", "trail", "please", "cost"}
SPELLING = Spelling(["Please cancel my account", "my lawyer", "a trial", "form, farm"], KNOWN.__contains__)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pleese cancle my acount", "please cancel my account"),
        ("cancell my accounnt", "cancel my account"),
        ("CANCEK MY ACCOUNT", "cancel MY ACCOUNT"),
        ("acocunt, acccount; accoun!", "account, account; account!"),
    ],
)
def test_one_slip_is_put_right(written: str, meant: str) -> None:
    assert SPELLING.corrected(written) == meant


@pytest.mark.parametrize(
    "text", ["the top layer", "on the trail", "canncell it", "firm", "acc", "cost", "😍 1", ""]
)
def test_a_real_word_and_what_is_too_far_off_or_could_be_two_stays(text: str) -> None:
    assert SPELLING.corrected(text) == text
