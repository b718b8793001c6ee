"""What names in expressions mean."""

from dataclasses import replace
from typing import Any

import pytest

from segue.core.expr import Value, World
from segue.core.records.binding import Binding, DerivedFact
from segue.core.records.decisions import FactUsed
from segue.core.records.percepts import Intent, Percept
from segue.core.records.playbook import Action
from segue.core.units import DAY, HOUR, Instant
from segue.graph import DERIVED, FactView, outcome_facts
from tests.build import (
    ACME,
    ANN,
    NOW,
    a_candidate,
    a_context,
    a_fact,
    a_goal,
    a_message,
    a_playbook,
    a_signal,
    an_exposure,
)

PLAYBOOK = a_playbook()
TODAY = 739_677


def view(*facts: Any, **fields: Any) -> FactView:
    binding = {
        name: fields.pop(name) for name in ("signal", "percept", "goal", "candidate") if name in fields
    }
    playbook = fields.pop("playbook", PLAYBOOK)
    return FactView(Binding(a_context(*facts, **fields), playbook, **binding), DERIVED)


def ago(microseconds: int) -> Instant:
    return Instant(NOW - microseconds)


def test_a_stored_fact_is_read_by_its_declared_name() -> None:
    seen = view(a_fact("plan", "pro", ACME), a_fact("name", "Ann"))

    assert (seen("account.plan"), seen("person.name"), seen("person.email")) == ("pro", "Ann", None)


def test_verified_beats_claimed_and_later_beats_earlier() -> None:
    claimed = a_fact("name", "Annie", trust="claimed", valid_from=NOW)
    early = a_fact("name", "A.", "profile:old", valid_from=ago(9 * HOUR))
    verified = a_fact("name", "Ann", valid_from=ago(5 * HOUR))

    assert view(claimed, early, verified, profile_ids=("old", "ann"))("person.name") == "Ann"


def test_equal_values_of_two_profiles_go_by_signal_then_by_lower_profile() -> None:
    high = a_fact("name", "high", "profile:z", signal_id="s9")
    low, lower = a_fact("name", "low", "profile:c"), a_fact("name", "lower", "profile:b")

    assert view(low, high, profile_ids=("c", "z"))("person.name") == "high"
    assert view(low, lower, profile_ids=("c", "b"))("person.name") == "lower"


def test_facts_of_other_contacts_are_not_the_persons() -> None:
    assert view(a_fact("name", "Bob", "profile:bob"))("person.name") is None


def test_money_is_in_micro_units_of_the_reporting_currency() -> None:
    yen = a_fact("arr", {"amount": 1_000, "currency": "JPY"}, ACME)

    assert view(yen)("account.arr") == 600 * 1_000_000


@pytest.mark.parametrize("value", [{"amount": 1, "currency": "QQQ"}, 12, {"amount": 1}])
def test_money_that_cannot_be_compared_is_unknown(value: Any) -> None:
    assert view(a_fact("arr", value, ACME))("account.arr") is None


def test_a_value_that_no_longer_fits_its_declaration_is_unknown() -> None:
    assert view(a_fact("health", "good", ACME))("account.health") is None


def test_a_list_is_a_tuple() -> None:
    assert view(a_fact("tags", ["vip", "beta"], ACME))("account.tags") == ("vip", "beta")


def test_a_counted_fact_sums_the_last_days_over_all_profiles() -> None:
    days = {TODAY + 1: 100, TODAY: 1, TODAY - 6: 2, TODAY - 7: 100}
    counts = {
        (ANN, "page:/pricing"): days,
        ("profile:old", "page:/pricing"): {TODAY: 4},
        ("profile:bob", "page:/pricing"): {TODAY: 100},
    }

    assert view(counts=counts, profile_ids=("old", "ann"))("person.pricing_views") == 7


def test_an_undeclared_name_is_unknown() -> None:
    assert view()("person.shoe_size") is None


def test_used_facts_are_listed_by_name_with_their_origin() -> None:
    seen = view(a_fact("plan", "pro", ACME, signal_id="s7"), signal=a_signal("page.viewed", id="s8"))
    for name in ("signal.kind", "account.plan", "person.email", "account.plan"):
        seen(name)

    assert seen.used() == (
        FactUsed("account.plan", "pro", "s7"),
        FactUsed("person.email", None),
        FactUsed("signal.kind", "page.viewed", "s8"),
    )


def test_candidates_share_what_does_not_depend_on_them() -> None:
    calls: list[str] = []

    def noted(name: str, fact: DerivedFact) -> DerivedFact:
        def of(binding: Binding) -> Value | None:
            calls.append(name)
            return fact.of(binding)

        return DerivedFact(fact.decl, of)

    derived = {name: noted(name, fact) for name, fact in DERIVED.items()}
    root = FactView(Binding(a_context(), PLAYBOOK), derived)
    one, two = root.bind(candidate=a_candidate("one")), root.bind(candidate=a_candidate("two"))

    names = [v("action.name") for v in (one, two, one)]
    moods = [v("person.mood") for v in (one, two, one)]

    assert (names, moods) == (["one", "two", "one"], [None, None, None])
    assert calls == ["action.name", "action.name", "person.mood"]
    assert [used.name for used in root.used()] == ["person.mood"]
    assert [used.name for used in one.used()] == ["action.name", "person.mood"]


def test_a_bound_view_keeps_what_is_not_given() -> None:
    seen = view().bind(goal=a_goal()).bind(candidate=a_candidate("one"))

    assert (seen("goal.state"), seen("action.name")) == ("at_risk", "one")


def test_every_derived_fact_is_declared_in_one_line_and_answers_when_nothing_is_known() -> None:
    nothing = Binding(a_context(profile_id="", person_id="", account_id="", profile_ids=()), PLAYBOOK)

    for name, fact in DERIVED.items():
        value = fact.of(nothing)
        assert fact.decl.name == name
        assert fact.decl.doc
        assert "\n" not in fact.decl.doc
        assert value is None or fact.decl.type.accepts(value)
        assert value is None or fact.decl.world is World.CLOSED


def test_open_tickets_are_those_not_solved_since() -> None:
    facts = (
        a_fact("ticket", "billing", qualifier="1"),
        a_fact("ticket", "login", qualifier="2", valid_from=ago(5 * HOUR)),
        a_fact("ticket_solved", "login", qualifier="2", valid_from=ago(3 * HOUR)),
        a_fact("ticket", "export", qualifier="3", valid_from=ago(2 * HOUR)),
        a_fact("ticket_solved", "export", qualifier="3", valid_from=ago(4 * HOUR)),
        a_fact("ticket", "api", ACME, qualifier="4"),
    )
    seen = view(*facts)

    assert seen("person.open_tickets") == ("billing", "export")
    assert seen("account.open_tickets") == ("api",)
    assert seen("person.ticket_solved_hours") == 3
    assert seen("account.ticket_solved_hours") is None


def test_touches_count_by_the_persons_own_day() -> None:
    touches = (
        an_exposure("e1", at=ago(10 * HOUR)),
        an_exposure("e2", at=ago(6 * DAY)),
        an_exposure("e3", at=ago(8 * DAY)),
    )
    angeles = a_fact("time_zone", "America/Los_Angeles")

    assert view(exposures=touches)("person.touches_7d") == 2
    assert view(exposures=touches)("person.touches_today") == 1
    assert view(angeles, exposures=touches)("person.touches_today") == 0


def test_the_zone_is_the_persons_else_the_accounts_else_the_default() -> None:
    account = a_fact("time_zone", "Asia/Tokyo", ACME)

    assert view(a_fact("time_zone", "Europe/Paris"), account)("person.zone") == "Europe/Paris"
    assert view(account)("person.zone") == "Asia/Tokyo"
    assert view(a_fact("time_zone", "Europe/Pariss"))("person.zone") == "Europe/Berlin"


def test_moods_wishes_and_hand_overs_of_the_person() -> None:
    seen = view(
        a_fact("mood", "angry", trust="claimed"),
        a_fact("conversation.claimed_by", "rep:anna"),
        a_fact("preference.channel", "whatsapp", trust="claimed"),
        a_fact("preference.avoid_channel", value=True, qualifier="email", trust="claimed"),
        a_fact("preference.pause_until", NOW + DAY, trust="claimed"),
        a_fact("email", "ann@acme.test"),
    )

    assert (seen("person.mood"), seen("person.angry")) == ("angry", True)
    assert seen("person.human_in_conversation")
    assert (seen("person.prefers_channel"), seen("person.avoids_channels")) == ("whatsapp", ("email",))
    assert seen("person.pause_until") == NOW + DAY
    assert (seen("person.known"), seen("person.is_contact")) == (True, True)


def test_dates_of_account_and_thread() -> None:
    messages = (a_message("m2", direction="out", by="segue"), a_message("m1", channel="sms", at=ago(3 * DAY)))
    seen = view(
        a_fact("renews_at", NOW + 10 * DAY + HOUR, ACME),
        a_fact("meeting", NOW + HOUR, qualifier="m1"),
        messages=messages,
    )

    assert seen("account.renews_in_days") == 10
    assert seen("meeting.upcoming")
    assert (seen("thread.last_inbound_days"), seen("thread.last_inbound_channel")) == (3, "sms")
    assert (seen("account.id"), seen("account.contacts")) == ("acme", 0)


def test_a_meeting_that_is_over_does_not_lie_ahead() -> None:
    assert view(a_fact("meeting", ago(HOUR), qualifier="m1"))("meeting.upcoming") is False


def test_an_outcome_holds_for_a_goal_that_was_open_when_it_came() -> None:
    reached = a_fact("outcome", value=True, subject=ACME, qualifier="renewal_saved", valid_from=ago(HOUR))
    before, after = a_goal(opened_at=ago(2 * HOUR)), a_goal(opened_at=NOW)
    other = a_goal("book-demo", ANN, opened_at=ago(2 * HOUR))

    seen = view(reached)

    assert seen("outcome.renewal_saved") is True
    assert [seen.bind(goal=goal)("outcome.renewal_saved") for goal in (before, after, other)] == [
        True,
        False,
        False,
    ]
    assert seen("outcome.demo_booked") is False
    assert (
        outcome_facts(["renewal_saved"])["outcome.renewal_saved"].of(Binding(a_context(), PLAYBOOK)) is False
    )


def test_names_of_the_occasion() -> None:
    percept = Percept(
        "m", decision="ask", intents=(Intent("pricing", 1), Intent("demo", 1)), risk=("legal",), language="de"
    )
    goal = a_goal(deadline_at=Instant(NOW + 5 * DAY))
    call = Action("call", "commercial", "crm", "task", "K", high_risk=True)
    candidate = a_candidate(
        "call", offer="ten", play="p", campaign="spring", sender="s", arguments={"text": "Hi"}
    )
    signal = a_signal("detector.fired", {"detector": "usage_dropped"}, occurred_at=ago(2 * HOUR))
    seen = view(
        signal=signal,
        percept=percept,
        goal=goal,
        candidate=candidate,
        playbook=replace(PLAYBOOK, actions={"call": call}),
    )

    expected = {
        "signal.kind": "detector.fired",
        "signal.detector": "usage_dropped",
        "signal.age_hours": 2,
        "message.intents": ("demo", "pricing"),
        "message.decision": "ask",
        "message.risk": ("legal",),
        "message.language": "de",
        "goal.state": "at_risk",
        "goal.deadline_days": 5,
        "goal.age_days": 1,
        "action.name": "call",
        "action.purpose": "commercial",
        "action.channel": "email",
        "action.high_risk": True,
        "action.offer": "ten",
        "action.brand": "acme",
        "action.play": "p",
        "action.tool": "mail",
        "action.campaign": "spring",
        "action.text": "Hi",
    }
    assert {name: seen(name) for name in expected} == expected


def test_a_machines_message_is_not_the_persons_last_word() -> None:
    found = view(
        messages=(
            a_message(id="m2", by="automatic", at=NOW),
            a_message(id="m1", by="customer", at=Instant(NOW - 3 * DAY)),
        )
    )

    assert found("thread.last_inbound_days") == 3


@pytest.mark.parametrize(
    ("bounced", "on_record", "channels"),
    [
        ("ann@x.io", "ann@x.io", ("email",)),
        ("ann@x.io", "ann@new.io", ()),
        ("ann@x.io", None, ()),
    ],
)
def test_a_channel_is_unreachable_while_its_dead_address_is_on_record(
    bounced: str, on_record: str | None, channels: tuple[str, ...]
) -> None:
    facts = [a_fact("undeliverable", bounced, qualifier="email")]
    facts += [a_fact("email", on_record)] if on_record else []

    assert view(*facts)("person.unreachable") == channels
