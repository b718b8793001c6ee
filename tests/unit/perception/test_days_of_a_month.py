"""Days of a month that goes without saying, and what only looks like one."""

from collections.abc import Sequence

import pytest

from segue.perception.times import times
from segue.perception.tokens import tokenise


def read(text: str) -> Sequence[str]:
    return [time.code for time in times(text, tokenise(text))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I'll pay by the 15th.", "---15"),
        ("Please answer before the 3rd, thanks", "---03"),
        ("Can we meet on the 21st?", "---21"),
        ("We're away until the 30th of June", "--06-30"),
        ("You'll have it by 22nd latest", "---22"),
        ("Let's talk after the 10th please", "---10"),
        ("The 15th works for me", "---15"),
        ("We decide by the fifteenth", "---15"),
        ("By the 5th of next month we decide", "m+1-05"),
        ("the 1st of this month", "---01"),
        ("Could we meet on the 12th at 3pm?", "---12T15:00"),
        ("Can we push our call to the 12th at 2pm?", "---12T14:00"),
        ("It's due on the 1st or the 2nd", "---01 ---02"),
        ("not before the 3rd", "---03"),
        ("Friday the 13th is fine", "---13"),
        ("Ich zahle bis zum 15.", "---15"),
        ("Können wir uns am 21. treffen?", "---21"),
        ("Bitte nicht vor dem 3. anrufen", "---03"),
        ("Wir sind ab dem 12. wieder da", "---12"),
        ("Am 15. Juni passt es", "--06-15"),
        ("Merci de ne pas appeler avant le 15", "---15"),
        ("Je paie d'ici le 20.", "---20"),
        ("On se voit le 1er ?", "---01"),
        ("jusqu'au 30", "---30"),
        ("Je serai absent jusqu'au 30 juin", "--06-30"),
        ("antes del 15 por favor", "---15"),
        ("entro il 20", "---20"),
        ("voor de 15e graag", "---15"),
    ],
)
def test_a_day_without_a_month_is_a_time(text: str, code: str) -> None:
    assert read(text) == code.split()


@pytest.mark.parametrize(
    "text",
    [
        "This is the 3rd time I ask",
        "We sit on the 3rd floor",
        "by the 2nd week we gave up",
        "before the 2nd call",
        "in the 21st century",
        "by the 5th attempt it worked",
        "on the 1st and 2nd floor",
        "our 15th anniversary",
        "the 1st page and the 4th",
        "I was charged on the 3rd",
        "You invoiced us twice on the 15th",
        "On the 15th you debited 40 euros",
        "the 25th percentile",
        "He came 3rd",
        "version 15 is out",
        "the 45th",
        "by the third try",
        "Das ist am 3. Tag passiert",
        "Wir wurden am 3. abgebucht",
        "zum 3. Mal",
        "le 3 pièces",
        "les 15 personnes",
        "fui cobrado el 15",
        "a first and a second",
        "We are back for the 2nd year",
    ],
)
def test_what_only_looks_like_a_day_of_a_month_is_none(text: str) -> None:
    assert [code for code in read(text) if "-" in code] == []
