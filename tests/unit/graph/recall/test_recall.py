"""Recall ranks what one person and the company said by how well it answers a question."""

from typing import Any

import numpy as np

from segue.core.records.meaning import TokenMeaning
from segue.core.units import DAY, HOUR, MINUTE, Instant
from segue.graph.recall import BYTES_AT_MOST, Depth, Said, packed_meaning, recall
from segue.graph.recall.vectors import TOKENS_AT_MOST, WIDTH, alike, packed, unpacked


def said(number: int, text: str, **other: Any) -> Said:
    known = {"thread": "t", "speaker": "Ann", "at": Instant(number * MINUTE), **other}
    return Said(id=f"m{number}", text=text, **known)


def first(question: str, *told: Said) -> str:
    return recall(question, told, 1)[0].said.id


def test_a_form_of_the_word_is_found() -> None:
    told = [said(1, "we are camping by the lake", thread="a"), said(2, "the invoice came", thread="b")]

    assert first("When did Ann go on a camp?", *told) == "m1"


def test_an_answer_without_the_words_is_found_beside_the_question_that_has_them() -> None:
    told = [
        said(1, "What is your budget for the forecasting module?", speaker="Segue"),
        said(2, "About forty thousand, I think."),
        *(said(9 + n, "Nice weather again", at=Instant((n + 1) * DAY)) for n in range(5)),
    ]

    found = recall("How much is Ann's budget for forecasting?", told, 2)

    assert {one.said.id for one in found} == {"m1", "m2"}


def test_the_speaker_who_is_named_comes_first() -> None:
    told = [
        said(1, "the price is too high", thread="a", speaker="Bob"),
        said(2, "the price is too high", thread="b", speaker="Ann"),
    ]

    assert first("What did Ann say about the price?", *told) == "m2"
    assert first("What did Bob say about the price?", *told) == "m1"


def test_a_question_for_a_time_prefers_a_message_that_tells_one() -> None:
    told = [said(1, "we signed the contract", thread="a"), said(2, "we signed it on Friday", thread="b")]

    assert first("When did Ann sign?", *told) == "m2"


def test_a_month_that_is_named_prefers_what_was_said_in_it() -> None:
    march, june = Instant(60 * DAY + HOUR), Instant(155 * DAY + HOUR)  # 1970
    told = [said(1, "the price is fine", at=june), said(2, "the price is fine", at=march)]

    assert first("What did Ann say about the price in March 1970?", *told) == "m2"


def test_the_order_in_which_messages_are_given_does_not_matter() -> None:
    told = [said(n, f"word{n % 3} and price {n}", thread=str(n % 2)) for n in range(12)]

    there = [one.said.id for one in recall("the price of word1", told)]
    back = [one.said.id for one in recall("the price of word1", told[::-1])]

    assert there == back


def test_without_messages_or_without_words_nothing_breaks() -> None:
    assert recall("anything", []) == []
    assert {one.said.id for one in recall("", [said(1, ""), said(2, "?")])} == {"m1", "m2"}


def test_one_message_alone_is_found() -> None:
    assert first("What is the price?", said(1, "the price is 9")) == "m1"


def test_what_has_no_word_of_the_question_near_it_says_so() -> None:
    told = [said(n, text) for n, text in enumerate(("the price", "a", "b", "c"))]

    found = {one.said.id: one.near for one in recall("price", told)}

    assert found == {"m0": True, "m1": True, "m2": True, "m3": False}


def test_packed_tokens_keep_within_their_bytes_and_stay_alike() -> None:
    vectors = np.sin(np.arange(90 * WIDTH, dtype=np.float32).reshape(90, WIDTH) ** 1.1)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    long, short = packed(vectors), packed(vectors[:TOKENS_AT_MOST])

    assert len(long) == BYTES_AT_MOST <= 2_048
    assert (unpacked(short) * vectors[:TOKENS_AT_MOST]).sum(axis=1).min() > 0.9


def test_a_message_without_words_is_alike_to_nothing() -> None:
    one = np.eye(2, WIDTH, dtype=np.float32)

    found = alike(one, np.ones(2), [b"", packed(one), b""])

    assert found[0] == found[2] == 0.0
    assert found[1] > 0.9


def test_a_message_not_read_yet_is_as_alike_as_the_others() -> None:
    one = np.eye(2, WIDTH, dtype=np.float32)

    found = alike(one, np.ones(2), [None, packed(one), b"", None])

    assert found[0] == found[3] == found[1:3].mean()


def test_common_words_and_marks_are_not_kept() -> None:
    meaning = TokenMeaning(("the", "price", "?"), np.eye(3, WIDTH, dtype=np.float32))

    assert len(packed_meaning(meaning)) == WIDTH // 2


def test_token_vectors_find_what_words_do_not() -> None:
    near, far = np.eye(2, WIDTH, dtype=np.float32)
    told = [said(1, "too expensive", thread="a"), said(2, "we lack the funds", thread="b")]
    kept = {"m1": packed(far[None]), "m2": packed(near[None])}
    meaning = TokenMeaning(("money",), near[None])

    found = recall("What about money?", told, 2, lambda ids: Depth(meaning, [kept[name] for name in ids]))

    assert [(one.said.id, one.near) for one in found] == [("m2", True), ("m1", False)]


def test_without_any_vectors_words_alone_decide() -> None:
    told = [said(1, "the price", thread="a"), said(2, "the weather", thread="b")]

    assert recall("the price?", told, 2, lambda _: None) == recall("the price?", told, 2)
