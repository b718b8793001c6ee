"""Fuzzy matching weighs evidence for and against; weights can be learned without labels."""

from segue.core.ids import derive, uniform
from segue.identity.likeness import level_of_digits, level_of_words, likeness, sound_of
from segue.identity.matching import Field, Fields, Matcher, propose


def by_first_letter(record: Fields) -> str:
    return record.get("name", "")[:1]


def by_born(record: Fields) -> str:
    return record.get("born", "")


MATCHER = Matcher(
    (Field("name", level_of_words), Field("born", level_of_digits), Field("city", level_of_words)),
    (by_first_letter, by_born),
)


def test_a_slip_of_the_finger_stays_close() -> None:
    assert level_of_words("katharina", "katharnia") == 2
    assert level_of_words("katharina", "susanne") == 0
    assert level_of_digits("19800101", "19810101") == 2
    assert level_of_digits("19800101", "18800191") == 1
    assert level_of_digits("12", "4711") == 0


def test_likeness_is_the_same_both_ways() -> None:
    assert likeness("dixon", "dicksonx") == likeness("dicksonx", "dixon")
    assert round(likeness("dixon", "dicksonx"), 3) == 0.813


def test_names_that_sound_alike_share_a_block() -> None:
    assert sound_of("Schmidt") == sound_of("schmitt")
    assert sound_of("") == ""


def test_every_field_says_what_it_adds() -> None:
    records = [
        {"name": "anna", "born": "19800101", "city": "bonn"},
        {"name": "anna", "born": "19800102", "city": "rome"},
    ]

    (found,) = propose(records, MATCHER, at_least=-60)

    told = {name: (level, bits) for name, level, bits in found.because}
    assert told["name"][0] == 3
    assert told["name"][1] > 0 > told["city"][1]
    assert [bits for _, _, bits in found.because] == sorted((b for _, b in told.values()), reverse=True)


def test_what_is_missing_speaks_neither_for_nor_against() -> None:
    known = {"name": "anna", "born": "19800101"}

    (with_city,) = propose([{**known, "city": "bonn"}, known], MATCHER, at_least=-60)

    assert {name for name, _, _ in with_city.because} == {"born", "name"}


def test_only_pairs_that_may_be_one_are_proposed() -> None:
    records = [{"name": "anna", "born": "19800101"}] * 3

    found = propose(records, MATCHER, may=lambda one, other: (one, other) != (0, 1))

    assert [(item.one, item.other) for item in found] == [(0, 2), (1, 2)]


def test_learned_weights_tell_a_field_that_says_nothing_from_one_that_does() -> None:
    records = [
        {
            "name": derive("name", str(n))[:8],
            "born": f"{1_900_000 + uniform('born', str(n))}",
            "city": ("bonn", "rome")[n % 2],
        }
        for n in range(300)
    ]
    records += [{**records[n], "city": ("bonn", "rome")[n % 2]} for n in range(0, 300, 3)]

    found = propose(records, MATCHER, learn=True)

    pairs = {(item.one, item.other) for item in found}
    truth = {(n, 300 + n // 3) for n in range(0, 300, 3)}
    assert len(pairs & truth) >= 99
    assert len(pairs - truth) <= 5
    weights = {name: bits for name, level, bits in found[0].because if level == 3}
    assert weights["born"] > weights.get("city", 0) + 3
