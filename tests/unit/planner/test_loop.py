"""The loop: what one signal leads to, and why everything else did not happen."""

from dataclasses import replace

import msgspec
import pytest

from segue.core.encoding import encode
from segue.core.records.context import TENANT
from segue.core.records.decisions import Stage
from segue.core.records.events import Stepped
from segue.core.records.memory import Arm
from segue.core.records.playbook import OutcomeKind
from segue.core.records.signals import Kind
from segue.core.units import DAY, HOUR
from tests.build import NOW, SETTINGS, a_fact, a_policy, a_signal, an_exposure, expr
from tests.unit.planner.build import (
    EURO,
    a_discount,
    a_template,
    an_action,
    book,
    decide,
    listens,
    upgrade_play,
)


def dropped(stepped: Stepped, action: str = "offer_upgrade") -> tuple[Stage, str]:
    assert stepped.decision is not None
    found = next(item for item in stepped.decision.considered if item.candidate.action == action)
    return found.dropped_at, found.because


def test_the_action_that_is_worth_most_is_chosen_and_asked_of_its_connector() -> None:
    stepped = decide(book())

    assert stepped.decision is not None
    assert stepped.decision.action == "offer_upgrade"
    assert stepped.decision.mode == "act"
    (effect,) = stepped.effects
    assert effect.connector == "email"
    assert effect.arguments["to"] == "ann@acme.test"
    assert effect.decision_id == stepped.decision.id


def test_the_score_is_itemised_and_adds_up() -> None:
    stepped = decide(book())

    assert stepped.decision is not None
    score = stepped.decision.choice.score
    assert score is not None
    items = dict(score.items)
    assert items["value"] == 100_000 * 1_000_000 * 9 // 100
    assert items["cost"] == -100_000_000
    assert score.total == sum(items.values())
    assert "advance" in score.assumed


def test_silence_wins_when_everything_costs_more_than_it_brings() -> None:
    stepped = decide(book(actions=(an_action(cost_micro=10**12),)))

    assert stepped.decision is not None
    assert stepped.decision.action == "no_action"
    assert stepped.decision.because == "silence is worth more than anything that could be said"
    assert stepped.effects == ()


def test_history_is_remembered_and_never_acts() -> None:
    stepped = decide(book(), signal=a_signal(Kind.PAGE_VIEWED, {"path": "/pricing"}, history=True))

    assert stepped.decision is None
    assert stepped.effects == ()
    assert stepped.counts != ()


def test_a_signal_no_play_listens_to_leads_to_no_decision() -> None:
    stepped = decide(book(), signal=a_signal(Kind.MAIL_OPENED, {}))

    assert stepped.decision is None


def test_a_policy_that_forbids_is_named_and_the_goal_is_looked_at_again() -> None:
    stepped = decide(book(), a_fact("ticket", "billing", qualifier="t1"))

    assert dropped(stepped) == ("policy", "because of no-sales-on-tickets")
    (timer,) = [timer for timer in stepped.timers if timer.kind == "look_again"]
    assert NOW + DAY <= timer.due_at <= NOW + DAY + SETTINGS.spread_s * 1_000_000


def test_a_cap_drops_the_second_touch_and_names_the_first_decision() -> None:
    playbook = book()
    first = decide(playbook)
    (held,) = [row for row in first.reservations if row.key.startswith("cap:daily")]

    second = decide(playbook, reservations=(held,), signal=a_signal(Kind.PAGE_VIEWED, {"path": "/"}, id="s2"))

    stage, because = dropped(second)
    assert stage == "reservation"
    assert held.decision_id in because


def test_a_released_reservation_leaves_room() -> None:
    first = decide(book())
    released = tuple(msgspec.structs.replace(row, state="released") for row in first.reservations)

    second = decide(book(), reservations=released)

    assert second.effects != ()


@pytest.mark.parametrize("arm", ["holdout", "usual"])
def test_only_the_agent_arm_is_acted_on(arm: str) -> None:
    stepped = decide(book(), arms=(Arm("account:acme", arm, NOW, 1),))  # type: ignore[arg-type]

    assert dropped(stepped)[0] == "arm"


def test_a_new_unit_is_assigned_once_and_the_draw_is_recorded() -> None:
    stepped = decide(book())

    (arm,) = stepped.arms
    assert arm.unit == "account:acme"
    assert arm.name == "agent"


def test_the_kill_switch_stops_everything_but_what_is_mandatory() -> None:
    on = a_fact("kill_switch", value=True, subject=TENANT)
    mandatory = an_action("confirm", purpose="mandatory", bypass_score=True)
    play = upgrade_play(actions=("offer_upgrade", "confirm"))

    stepped = decide(book(play, actions=(an_action(), mandatory)), on)

    assert dropped(stepped)[0] == "kill_switch"
    assert stepped.decision is not None
    assert stepped.decision.action == "confirm"


def test_a_play_beyond_its_usual_rate_is_paused_with_one_alert() -> None:
    hour = NOW // HOUR
    counts = {(TENANT, "hour:chosen:upgrade"): {hour: SETTINGS.breaker_floor}}

    tripping = decide(book(), counts=counts)
    after = decide(book(), a_fact("paused", value=True, subject=TENANT, qualifier="upgrade"), counts=counts)

    assert dropped(tripping)[0] == "breaker"
    assert [effect.verb for effect in tripping.effects] == ["notify"]
    assert [fact.qualifier for fact in tripping.facts if fact.predicate == "paused"] == ["upgrade"]
    assert dropped(after)[0] == "breaker"
    assert after.effects == ()


def test_a_busy_play_may_do_what_it_usually_does() -> None:
    hour = NOW // HOUR
    usual = {hour - n: 100 for n in range(1, 20)}
    counts = {(TENANT, "hour:chosen:upgrade"): {**usual, hour: 400}}

    stepped = decide(book(), counts=counts)

    assert stepped.effects != ()


def test_what_needs_approval_waits_with_its_room_reserved() -> None:
    stepped = decide(book(policies=(a_policy("ask-first", "true", "approve"),)))

    assert stepped.effects == ()
    (approval,) = stepped.approvals
    assert approval.status == "pending"
    assert approval.effects[0].arguments["to"] == "ann@acme.test"
    assert stepped.reservations != ()
    assert [timer.kind for timer in stepped.timers if timer.kind == "expire"] == ["expire"]


def test_shadow_plays_decide_and_do_nothing() -> None:
    stepped = decide(book(upgrade_play(autonomy="shadow")))

    assert stepped.decision is not None
    assert stepped.decision.mode == "shadow"
    assert stepped.effects == ()


def test_the_more_valuable_of_two_plays_gets_the_only_touch() -> None:
    rich = upgrade_play(value=expr("account.arr * 9"), actions=("offer_more",))
    playbook = book(
        upgrade_play(), replace(rich, name="rich"), actions=(an_action(), an_action("offer_more"))
    )

    stepped = decide(playbook)

    assert stepped.decision is not None
    assert stepped.decision.play == "rich"
    assert len(stepped.effects) == 1
    assert dropped(stepped)[0] == "choice"


def test_a_closed_window_makes_waiting_a_candidate_of_its_own() -> None:
    later = NOW + 5 * HOUR
    quiet = a_policy("quiet", "true", "defer", until="account.renews_at")

    stepped = decide(book(policies=(quiet,)), a_fact("renews_at", later, subject="account:acme"))

    assert stepped.decision is not None
    assert stepped.decision.action == "wait_until"
    assert stepped.decision.until == later
    assert stepped.effects == ()
    (timer,) = [timer for timer in stepped.timers if timer.kind == "look_again"]
    assert timer.due_at >= later


def test_touches_of_the_week_make_attention_dearer() -> None:
    calm = decide(book())
    tired = decide(book(), exposures=tuple(an_exposure(f"e{n}", at=NOW - DAY) for n in range(3)))

    assert calm.decision is not None
    assert tired.decision is not None
    assert calm.decision.choice.score is not None
    assert tired.decision.choice.score is not None
    assert dict(tired.decision.choice.score.items)["attention"] == 4 * -SETTINGS.attention_micro
    assert tired.decision.choice.score.total < calm.decision.choice.score.total


def test_a_draft_with_a_foreign_link_never_goes_out() -> None:
    stepped = decide(book(templates={"upgrade": a_template(words="See https://evil.test now")}))

    assert dropped(stepped) == ("draft", "the link `https://evil.test` is not allowed")
    assert stepped.effects == ()


def test_a_person_without_an_address_is_not_written_to() -> None:
    stepped = decide(book(actions=(an_action(channel="sms"),)))

    assert dropped(stepped) == ("draft", "no address for sms")
    assert stepped.effects == ()


def test_the_propensity_floor_sometimes_leaves_an_action_out_and_says_so() -> None:
    settings = replace(SETTINGS, no_action_floor_ppm=1_000_000)

    stepped = decide(book(settings=settings))

    assert stepped.decision is not None
    assert stepped.decision.action == "no_action"
    assert dict(stepped.decision.draws)["no_action_floor"] < 1_000_000
    assert sum(ppm for _, ppm in stepped.decision.propensities) == 1_000_000


def test_equal_inputs_give_equal_bytes() -> None:
    assert encode(decide(book())) == encode(decide(book()))


def test_facts_used_name_their_value() -> None:
    stepped = decide(book(), a_fact("ticket", "billing", qualifier="t1"))

    assert stepped.decision is not None
    used = {fact.name: fact.value for fact in stepped.decision.facts}
    assert used["person.open_tickets"] == ("billing",)


def test_a_listener_may_look_at_facts() -> None:
    play = upgrade_play(listen=(listens(Kind.PAGE_VIEWED, when=expr("account.health < 40")),))

    sick = decide(book(play), a_fact("health", 30, subject="account:acme"))
    well = decide(book(play), a_fact("health", 80, subject="account:acme"))

    assert sick.decision is not None
    assert well.decision is None


def test_an_offer_is_made_only_to_those_it_is_for() -> None:
    offer = replace(a_discount()["ten"], to=expr("account.health < 50"))
    playbook = book(actions=(an_action(offer="ten"),), offers={"ten": offer})

    sick = decide(playbook, a_fact("health", 30, subject="account:acme"))
    unknown = decide(playbook)

    assert sick.effects != ()
    assert dropped(unknown) == ("precondition", "needs `account.health < 50` (unknown: account.health)")


def test_a_percentage_that_is_not_the_offers_never_goes_out() -> None:
    words = {"upgrade": a_template(words="Only today: 30% off.")}
    right = {"upgrade": a_template(words="Only today: 10% off.")}
    action = (an_action(offer="ten"),)

    wrong = decide(book(actions=action, offers=a_discount(), templates=words))
    fine = decide(book(actions=action, offers=a_discount(), templates=right))

    assert dropped(wrong) == ("draft", "`30%` is not in the offer")
    assert fine.effects != ()


def test_an_opt_out_is_counted_as_a_harm_and_only_once() -> None:
    opt_out = OutcomeKind("opt_out", harm=True, scope="person", harm_micro=150 * EURO)
    playbook = book(outcomes={"opt_out": opt_out})
    stop = a_signal(Kind.CONSENT_CHANGED, {"channel": "email", "state": "withdrawn"})

    first = decide(playbook, signal=stop)
    again = decide(playbook, a_fact("consent.email", "withdrawn"), signal=stop)
    past = decide(playbook, signal=msgspec.structs.replace(stop, history=True))
    a_colleague = a_fact("consent.email", "withdrawn", subject="profile:colleague")
    beside = decide(playbook, a_colleague, signal=stop)

    assert len(beside.outcomes) == 1, "a colleague's opt-out is not the person's own"
    assert [(h.name, h.harm, h.value_micro) for h in first.outcomes] == [("opt_out", True, 150 * EURO)]
    assert again.outcomes == ()
    assert past.outcomes == ()


def test_an_action_serves_its_goal_once_and_then_there_is_nothing_to_look_again_for() -> None:
    playbook = book(upgrade_play(look_again_s=86_400), caps=())
    first = decide(playbook)
    again = decide(
        playbook,
        goals=first.goals,
        reservations=first.reservations,
        signal=a_signal(Kind.PAGE_VIEWED, {"path": "/"}, id="s2"),
    )

    assert [timer.kind for timer in first.timers] == ["look_again"]
    assert dropped(again)[0] == "repeat"
    assert again.timers == ()


def test_where_no_action_fits_the_receipt_says_so_in_plain_words() -> None:
    stepped = decide(book(actions=(an_action(when=expr("account.health < 10")),)))

    assert stepped.decision is not None
    assert stepped.decision.because == "none of the playbook's actions fits what is known"
