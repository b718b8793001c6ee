"""Elicited priors: stated chances, combined without a float."""

from dataclasses import replace

import pytest

from segue.core.records.playbook import Action, State
from segue.learning import expect, half_even
from tests.build import a_play, expr

STATES = (
    State("at_risk", expr("true"), 300_000),
    State("engaged", expr("true"), 500_000),
)
OFFER = Action(
    "offer",
    "commercial",
    "email",
    "send",
    "K",
    advance_ppm={"at_risk": 200_000, "*": 100_000},
    opt_out_ppm=4_000,
)


@pytest.mark.parametrize(("n", "d", "rounded"), [(1, 2, 0), (3, 2, 2), (-1, 2, 0), (-3, 2, -2), (7, 3, 2)])
def test_halves_go_to_the_even_neighbour(n: int, d: int, rounded: int) -> None:
    assert half_even(n, d) == rounded


def test_the_lift_is_the_chance_to_advance_times_what_the_next_state_adds() -> None:
    play = a_play(states=STATES)

    expected = expect(play, STATES[0], OFFER, "calm", 0)

    assert expected.advance == 200_000
    assert expected.lift == 40_000


def test_from_the_last_state_the_goal_itself_is_next() -> None:
    play = a_play(states=STATES)

    assert expect(play, STATES[1], OFFER, "calm", 0).chance_next == 1_000_000


def test_anger_makes_a_commercial_action_all_but_useless_and_leaves_service_alone() -> None:
    play = a_play(states=STATES)

    angry = expect(play, STATES[0], OFFER, "angry", 0)
    service = expect(play, STATES[0], replace(OFFER, purpose="service"), "angry", 0)

    assert angry.advance == 20_000
    assert service.advance == 200_000


def test_every_touch_of_the_week_makes_an_opt_out_likelier() -> None:
    play = a_play(states=STATES)

    chances = [expect(play, STATES[0], OFFER, "calm", touches).opt_out for touches in (0, 1, 4)]

    assert chances == [4_000, 6_000, 12_000]
