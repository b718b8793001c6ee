"""The page of a percept on its words: everything has its place, and personal data stay hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.console.meaning import Meaning, meaning, why
from segue.console.veil import Veil
from segue.core.records.heard import read_again
from segue.core.records.percepts import (
    EMOTIONS,
    Entity,
    Intent,
    Percept,
    PiiSpan,
    Preference,
    Promise,
    Question,
)
from segue.core.records.signals import Kind, Signal
from tests.build import a_fact, a_signal

TEXT = "Please cancel our plan, Ann Lee. How much is a refund? Mail ann@x.io, not before 10.\n> old words"
WORDS = Percept(
    "model",
    "accept",
    intents=(
        Intent("cancel", 940_000, 0, 22, "I want to cancel"),
        Intent("refund", 700_000, 33, 54, "give ann@x.io a refund"),
    ),
    preferences=(Preference("not_before", 600, "not before 10", 70, 83),),
    promises=(Promise("customer", "call", "d1", "", 200, 300),),
    questions=(Question(33, 54, "refunds", 900_000),),
    entities=(Entity("time", "t600", 81, 83),),
    pii=(PiiSpan(60, 68, "email", 990_000),),
    emotions=tuple(1_000 * n for n in range(len(EMOTIONS))),
)


class Heard:
    """A reader that knows one percept."""

    def __init__(self, percept: Percept | None) -> None:
        self._percept = percept

    def percept(self, _: str) -> Percept | None:
        return self._percept


def message(text: str = TEXT) -> Signal:
    return a_signal("message.received", {"channel": "email", "text": text})


def view(percept: Percept = WORDS, signal: Signal | None = None, *, is_open: bool = False) -> Meaning:
    veil = Veil([a_fact("name", "Ann Lee"), a_fact("email", "ann@x.io")], is_open=is_open)
    found = meaning(Heard(percept), signal or message(), veil)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_everything_that_was_read_is_marked_on_its_words() -> None:
    page = view(is_open=True)

    marked = {
        mark.name: "".join(piece.text for piece in page.pieces if mark in piece.marks) for mark in page.marks
    }
    assert marked["cancel"] == "Please cancel our plan"
    assert marked["question"] == marked["refund"] == "How much is a refund?"
    assert marked["not before"] == "not before 10"
    assert "".join(piece.text for piece in page.pieces) == TEXT


def test_a_mark_ends_once_and_what_has_no_place_is_told_all_the_same() -> None:
    page = view()

    ends = [mark.number for piece in page.pieces for mark in piece.ends]
    assert sorted(ends) == sorted(mark.number for mark in page.marks if mark.end)
    assert [(mark.name, mark.end) for mark in page.marks][-1] == ("customer will call", 0)


def test_personal_data_are_hidden_until_they_are_revealed() -> None:
    hidden, shown = view(), view(is_open=True)

    told = " ".join([*(piece.text for piece in hidden.pieces), *(mark.evidence for mark in hidden.marks)])
    assert "Ann" not in told
    assert "ann@x.io" not in told
    assert [piece.text for piece in hidden.pieces if piece.hidden] == ["name", "email"]
    assert "ann@x.io" in "".join(piece.text for piece in shown.pieces)


def test_quoted_mail_was_not_read() -> None:
    assert "".join(piece.text for piece in view().pieces if not piece.read).strip() == "> old words"


def test_the_five_strongest_emotions_come_first() -> None:
    assert [ppm for _, ppm in view().emotions] == [27_000, 26_000, 25_000, 24_000, 23_000]


def test_a_second_reading_is_shown_on_the_message_it_is_about() -> None:
    first, better = Percept("rules", "ask"), Percept("both", "accept", (Intent("cancel", 900_000, 0, 13),))
    body = {"effect": "e", "state": "delivered", **read_again(message(), first, better)}

    page = view(first, a_signal(Kind.EFFECT_SETTLED, body))

    assert page.again
    assert page.percept == better
    assert page.pieces[0].text == "Please cancel"


def test_what_holds_no_words_has_no_page() -> None:
    assert meaning(Heard(None), message(), Veil()) is None  # type: ignore[arg-type]
    assert meaning(Heard(WORDS), message("  "), Veil()) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("percept", "because"),
    [
        (WORDS, "read in it: 2 intents, 1 wish, 1 promise, 1 answered question"),
        (Percept("m", "ask", language="cs"), "nothing in it in `cs` was sure enough to act on"),
        (Percept("m", "ask"), "nothing in it was sure enough to act on"),
        (Percept("m", "none"), "nobody was asked anything in it"),
    ],
)
def test_why_is_one_sentence(percept: Percept, because: str) -> None:
    assert why(percept) == because


spans = st.tuples(st.integers(-3, 60), st.integers(-3, 60))


@given(st.text(max_size=50), st.lists(spans, max_size=4), st.lists(spans, max_size=2))
def test_no_offsets_lose_a_word(text: str, marks: list[tuple[int, int]], pii: list[tuple[int, int]]) -> None:
    percept = Percept(
        "m",
        "accept",
        intents=tuple(Intent("cancel", 700_000, start, end) for start, end in marks),
        pii=tuple(PiiSpan(max(start, 0), max(end, 0), "email", 1) for start, end in pii),
    )
    signal = a_signal("message.received", {"channel": "chat", "text": text})

    for is_open in (True, False):
        page = meaning(Heard(percept), signal, Veil(is_open=is_open))  # type: ignore[arg-type]
        if page is not None and is_open:
            assert "".join(piece.text for piece in page.pieces) == text
