"""Answers under an `Idempotency-Key`: told again for a day, to who asked, and to no other request."""

from pathlib import Path

import pytest

from segue.core.units import DAY, Instant
from segue.stores.doors import Answer, Answers, Begun, DoorsDb, Reused, Running

NOW = Instant(1_000_000_000)
MASTER = bytes(range(32))
TOLD = Answer(200, "application/json", b'{"because":"ann@x.io asked for it"}')


@pytest.fixture
def answers() -> Answers:
    return Answers(DoorsDb(None), MASTER)


def test_the_same_request_is_told_the_same_answer(answers: Answers) -> None:
    first = answers.begin("key", "k1", b"question", NOW)
    answers.end("key", "k1", TOLD)

    assert isinstance(first, Begun)
    assert answers.begin("key", "k1", b"question", Instant(NOW + DAY - 1)) == TOLD


def test_another_request_under_the_key_is_told_apart(answers: Answers) -> None:
    answers.begin("key", "k1", b"question", NOW)
    answers.end("key", "k1", TOLD)

    assert isinstance(answers.begin("key", "k1", b"another", NOW), Reused)
    assert isinstance(answers.begin("other caller", "k1", b"another", NOW), Begun)


def test_a_request_under_way_is_not_begun_twice(answers: Answers) -> None:
    answers.begin("key", "k1", b"question", NOW)

    assert isinstance(answers.begin("key", "k1", b"question", NOW), Running)


def test_a_key_is_free_again_after_a_day_and_after_a_failure(answers: Answers) -> None:
    answers.begin("key", "k1", b"question", NOW)
    answers.end("key", "k1", TOLD)
    answers.begin("key", "k2", b"question", NOW)
    answers.forget("key", "k2")

    assert isinstance(answers.begin("key", "k1", b"another", Instant(NOW + DAY)), Begun)
    assert isinstance(answers.begin("key", "k2", b"another", NOW), Begun)


def test_what_a_dead_process_began_is_free(tmp_path: Path) -> None:
    db = DoorsDb(tmp_path / "doors.db")
    Answers(db, MASTER).begin("key", "k1", b"question", NOW)

    assert isinstance(Answers(db, MASTER).begin("key", "k1", b"question", NOW), Begun)
    db.close()


def test_no_word_of_an_answer_stands_in_the_file(tmp_path: Path) -> None:
    db = DoorsDb(tmp_path / "doors.db")
    answers = Answers(db, MASTER)
    answers.begin("key", "k1", b"question", NOW)
    answers.end("key", "k1", TOLD)
    db.close()

    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"ann@x.io" not in held
