"""Score: expected business value less cost, attention and risk, itemised, in micro-units, integers only."""

from msgspec.structs import replace

from segue.core.records.decisions import Score
from segue.core.units import PPM
from segue.learning import expect, half_even
from segue.planner.options import Moment, Option
from segue.planner.propose import NO_ACTION
from segue.planner.reading import text

ASSUMED = ("chance", "advance", "opt_out")
WAIT_DISCOUNT_PPM = 990_000
"""What a value is worth when it has to wait for a window (assumed)."""


def score(moment: Moment, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Score what is still alive; `no_action` is worth nothing by definition, the measure of all others."""
    return tuple(_scored(moment, option) if option.alive else option for option in options)


def _scored(moment: Moment, option: Option) -> Option:
    if option.candidate.action == NO_ACTION:
        return replace(option, score=Score(0))
    if option.want is None or option.action is None or option.action.bypass_score:
        return option
    found = _gain(moment, option)
    if option.verdict.defer_until is not None:
        waiting = half_even(found.total * WAIT_DISCOUNT_PPM, PPM) if found.total > 0 else found.total
        found = Score(waiting, (*found.items, ("waiting", waiting - found.total)), found.assumed)
    option = replace(option, score=found)
    return option.drop("score", "costs more than it is expected to bring") if found.total <= 0 else option


def _gain(moment: Moment, option: Option) -> Score:
    """ΔQ of doing it against doing nothing: one step of the goal's progress, less what it costs.

    gain = value x p(advance) x (p(goal | next state) - p(goal | state)); risk = p(opt-out) x (value x
    p(goal | state) + the price of an opt-out); attention = its price x (1 + touches of seven days).
    """
    want, action = option.want, option.action
    if want is None or action is None:
        return Score(0)
    touches = _touches(option)
    mood = text(option.view, "person.mood", "calm")
    expected = expect(want.play, want.state, action, mood, touches)
    value = want.goal.value_micro
    reaches = action.to == "person" and bool(option.candidate.channel)
    at_stake = half_even(value * expected.chance_now, PPM) + _price_of_opt_out(moment)
    items = (
        ("value", half_even(value * expected.lift, PPM)),
        ("cost", -action.cost_micro),
        ("attention", -moment.playbook.settings.attention_micro * (1 + touches) if reaches else 0),
        ("risk", -half_even(at_stake * expected.opt_out, PPM) if reaches else 0),
    )
    return Score(sum(amount for _, amount in items), items, ASSUMED)


def _touches(option: Option) -> int:
    value = option.view("person.touches_7d")
    return value if isinstance(value, int) else 0


def _price_of_opt_out(moment: Moment) -> int:
    harm = moment.playbook.outcomes.get("opt_out")
    return harm.harm_micro if harm else 0
