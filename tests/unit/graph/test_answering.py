"""An approved answer stands only in its brand and until it expires, and is given in the person's language."""

from segue.core.records.percepts import Percept, Question
from segue.core.records.playbook import Answer
from segue.graph.answering import answered
from tests.build import NOW, a_playbook

ENGLISH = Answer("hours", "support", "en", "", "From nine.", ("hours_question",))
GERMAN = Answer("hours_de", "support", "de", "", "Ab neun.", ("hours_question",))
EXPIRED = Answer("sale", "sales", "en", "", "Half price.", ("sale_question",), "2020-01-01")
OTHERS = Answer("nimbus", "support", "en", "nimbus", "By chat.", ("chat_question",))
PLAYBOOK = a_playbook(answers={one.name: one for one in (ENGLISH, GERMAN, EXPIRED, OTHERS)})


def texts(*names: str, language: str = "en") -> list[str | None]:
    percept = Percept("m", questions=tuple(Question(0, 1, name) for name in names))
    found = answered(percept, PLAYBOOK, NOW, language, "acme")
    return [answer.text if answer else None for _, answer in found]


def test_the_wording_of_the_persons_language_is_taken() -> None:
    assert texts("hours") == ["From nine."]
    assert texts("hours", language="de") == ["Ab neun."]
    assert texts("hours_de", language="fr") != [None]


def test_what_expired_or_is_another_brands_answers_nothing() -> None:
    assert texts("sale", "nimbus", "", "gone") == [None, None, None, None]
