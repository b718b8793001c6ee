"""An action that asks leaves out what is known, and is not done where nothing is left to ask."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from segue.core.records.memory import Fact
from segue.core.records.playbook import Playbook, Template
from tests.build import a_fact
from tests.unit.planner.build import a_template, an_action, book, decide, upgrade_play

if TYPE_CHECKING:
    from segue.core.records.events import Stepped

ASKS = {"person.role": "What is your role?", "person.country": "Which country are you in?"}


def asking() -> Playbook:
    action = an_action("ask_details", template="details", asks=ASKS)

    def words(values: Mapping[str, Any]) -> str:
        return f"Two things:\n{values['asks']}"

    template: Template = a_template("details", text=words, names=frozenset({"asks"}))
    return book(
        upgrade_play(actions=("ask_details",)),
        actions=(action,),
        templates={"details": template},
        policies=(),
    )


def words_of(*facts: Fact) -> list[str]:
    stepped: Stepped = decide(asking(), *facts)
    return [str(effect.arguments["text"]) for effect in stepped.effects]


def test_everything_is_asked_while_nothing_is_known() -> None:
    assert words_of() == ["Two things:\nWhat is your role?\nWhich country are you in?"]


def test_what_the_customer_said_already_is_not_asked() -> None:
    assert words_of(a_fact("role", "cfo", trust="claimed")) == ["Two things:\nWhich country are you in?"]


def test_nothing_is_sent_where_all_of_it_is_known() -> None:
    stepped = decide(asking(), a_fact("role", "cfo", trust="claimed"), a_fact("country", "DE"))

    assert stepped.effects == ()
    assert stepped.decision is not None
    assert [item.because for item in stepped.decision.considered if item.dropped_at] == [
        "all it would ask is known: person.role, person.country"
    ]
