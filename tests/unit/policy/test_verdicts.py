"""The verdict on a candidate."""

from collections.abc import Callable
from typing import Any

import pytest

from segue.core.errors import PlaybookError
from segue.core.expr import Lookup, Value
from segue.core.records.decisions import Candidate
from segue.core.records.playbook import Policy
from segue.core.units import HOUR, MINUTE, Instant
from segue.policy import check
from tests.build import NOW, a_candidate, a_policy


def facts(**known: Value) -> Callable[[Candidate], Lookup]:
    """Facts by name (`__` for the dot), with what a candidate says of itself."""
    given = {name.replace("__", "."): value for name, value in known.items()}

    def bind(candidate: Candidate) -> Lookup:
        own: dict[str, Value] = {
            "action.channel": candidate.channel,
            "action.purpose": candidate.purpose,
            "action.offer": candidate.offer,
        }
        return {**given, **own}.get

    return bind


def verdict(*policies: Policy, at: Any = "candidate", **known: Value) -> Any:
    return check(a_candidate(), policies, facts(**known), at, NOW)[1]


def test_a_person_with_a_billing_ticket_is_not_sold_to() -> None:
    rule = a_policy("ticket", 'action.purpose == "commercial" and "billing" in person.open_tickets')

    spoken, silent = verdict(rule, person__open_tickets=("billing",)), verdict(rule)

    assert (spoken.forbidden, spoken.rule, spoken.matches[0].why) == (True, "ticket", "because of ticket")
    assert silent.matches == ()


@pytest.mark.parametrize("then", ["forbid", "escalate", "approve"])
def test_unknown_speaks_in_a_rule_that_restricts_and_is_named(then: str) -> None:
    (match,) = verdict(a_policy("sms", "not consent.sms", then)).matches

    assert (match.then, match.unknown) == (then, ("consent.sms",))


def test_unknown_is_silent_in_a_transform() -> None:
    rule = a_policy("sms", "consent.sms", "transform", set=(("channel", "sms"),))

    changed, found = check(a_candidate(), (rule,), facts(), "candidate", NOW)

    assert (changed, found.matches) == (a_candidate(), ())


def test_all_that_matches_is_returned_in_order() -> None:
    rules = [a_policy(name, "person.angry", then) for name, then in (("a", "approve"), ("b", "forbid"))]

    found = verdict(*rules, a_policy("c", "account.health < 10"), person__angry=True, account__health=50)

    assert [(m.rule, m.then) for m in found.matches] == [("a", "approve"), ("b", "forbid")]
    assert found.needs_approval


@pytest.mark.parametrize("at", ["candidate", "draft", "dispatch"])
def test_a_rule_takes_part_in_its_own_checks_only(at: str) -> None:
    rule = a_policy("links", 'action.text == ""', at=frozenset({"draft"}))

    assert verdict(rule, at=at).forbidden is (at == "draft")


def test_it_is_deferred_until_the_latest_of_all() -> None:
    early = a_policy("hours", "not window.open", "defer", until="window.opens_at")
    late = a_policy("pause", "not window.open", "defer", until="person.pause_until")

    found = verdict(
        early, late, window__opens_at=Instant(NOW + HOUR), person__pause_until=Instant(NOW + 2 * HOUR)
    )

    assert found.defer_until == NOW + 2 * HOUR
    assert [match.until for match in found.matches] == [NOW + HOUR, NOW + 2 * HOUR]
    assert not found.forbidden


def test_a_deferral_never_ends_in_the_past() -> None:
    rule = a_policy("hours", "not window.open", "defer", until="window.opens_at")

    assert verdict(rule, window__opens_at=Instant(NOW - HOUR)).defer_until == NOW + MINUTE


def test_a_deferral_without_an_end_forbids_and_says_what_is_missing() -> None:
    rule = a_policy("hours", "not window.open", "defer", until="window.opens_at")

    found = verdict(rule)

    assert found.forbidden
    assert found.defer_until is None
    assert found.matches[0].unknown == ("window.opens_at",)


def test_what_can_be_held_is_looked_at_again_after_the_shortest_time() -> None:
    rules = (a_policy("a", "person.angry", hold_for_s=7_200), a_policy("b", "person.angry", hold_for_s=3_600))

    assert verdict(*rules, person__angry=True).hold_until == NOW + HOUR


def test_one_plain_no_holds_nothing() -> None:
    rules = (a_policy("a", "person.angry", hold_for_s=7_200), a_policy("b", "person.angry"))

    assert verdict(*rules, person__angry=True).hold_until is None


def test_nothing_forbidden_holds_nothing() -> None:
    rule = a_policy("a", "person.angry", "approve", hold_for_s=7_200)

    assert verdict(rule, person__angry=True).hold_until is None


def test_transforms_are_checked_again_and_remembered() -> None:
    rules = (
        a_policy("no-mail", 'action.channel == "email"', "transform", set=(("channel", "whatsapp"),)),
        a_policy("no-whatsapp", 'action.channel == "whatsapp"'),
    )

    changed, found = check(a_candidate(), rules, facts(), "candidate", NOW)

    assert changed.channel == "whatsapp"
    assert [(m.rule, m.then) for m in found.matches] == [("no-mail", "transform"), ("no-whatsapp", "forbid")]


def test_transforms_set_texts_facts_and_arguments() -> None:
    sets = (
        ("sender", "person.owner_name"),
        ("offer", '"account.plan"'),
        ("at", "window.opens_at"),
        ("arguments.footer", "You write to an AI"),
        ("arguments.plan", "account.plan"),
    )
    rule = a_policy("all", "person.angry", "transform", set=sets)
    known = facts(
        person__angry=True,
        person__owner_name="anna",
        window__opens_at=Instant(NOW + HOUR),
        account__plan="pro",
    )

    changed, _ = check(a_candidate(arguments={"text": "Hi"}), (rule,), known, "candidate", NOW)

    assert (changed.sender, changed.offer, changed.at) == ("anna", "account.plan", NOW + HOUR)
    assert changed.arguments == {"text": "Hi", "footer": "You write to an AI", "plan": "pro"}


def test_a_transform_to_an_unknown_fact_changes_nothing() -> None:
    rule = a_policy("owner", "person.angry", "transform", set=(("sender", "account.owner"),))

    changed, found = check(a_candidate(), (rule,), facts(person__angry=True), "candidate", NOW)

    assert changed == a_candidate()
    assert [match.rule for match in found.matches] == ["owner"]


def test_a_transform_may_not_choose_the_person() -> None:
    rule = a_policy("bad", "person.angry", "transform", set=(("profile_id", "bob"),))

    with pytest.raises(PlaybookError, match=r"`bad`.*`profile_id`"):
        check(a_candidate(), (rule,), facts(person__angry=True), "candidate", NOW)


def test_transforms_that_undo_each_other_forbid() -> None:
    rules = (
        a_policy("a", 'action.channel == "email"', "transform", set=(("channel", "sms"),)),
        a_policy("b", 'action.channel == "sms"', "transform", set=(("channel", "email"),)),
    )

    _, found = check(a_candidate(), rules, facts(), "candidate", NOW)

    assert found.forbidden
    assert found.rule == "transform-loop"
