"""What each kind of signal adds to memory."""

from typing import Any

import pytest

from segue.core.errors import SignalError
from segue.core.ids import derive
from segue.core.records.memory import Arm, Count
from segue.core.records.percepts import Intent, Percept, Preference
from segue.core.units import DAY, HOUR
from segue.graph import Memory, remember
from tests.build import (
    ACME,
    ANN,
    NOW,
    a_context,
    a_fact,
    a_goal,
    a_ledger_row,
    a_message,
    a_playbook,
    a_signal,
    an_exposure,
    instant,
)

PLAYBOOK = a_playbook()
TODAY = 739_677


def remembered(kind: str, body: dict[str, Any], *facts: Any, **fields: Any) -> Memory:
    percept = fields.pop("percept", None)
    return remember(
        a_signal(kind, body, identifiers=("user:ann",)), percept, a_context(*facts, **fields), PLAYBOOK
    )


def stored(memory: Memory) -> set[tuple[str, str, str, Any]]:
    return {(fact.subject, fact.predicate, fact.qualifier, fact.value) for fact in memory.facts}


def test_a_message_of_the_customer_is_kept_with_its_thread() -> None:
    memory = remembered("message.received", {"channel": "sms", "text": "Hi", "thread": "t9", "brand": "acme"})

    (message,) = memory.messages
    assert (message.direction, message.by, message.text, message.brand) == ("in", "customer", "Hi", "acme")
    assert message.id == derive("s1", "0")
    assert message.thread == derive("thread", "sms", "t9")


def test_a_message_without_a_thread_goes_by_channel_and_profile_whoever_the_person_is() -> None:
    body = {"channel": "sms", "text": "Hi"}

    before = remembered("message.received", body)
    merged = remembered("message.received", body, person_id="bob", profile_ids=("bob", "ann"))

    assert before.messages == merged.messages


def test_every_signal_from_outside_is_counted_by_its_kind() -> None:
    memory = remembered("mail.opened", {})

    assert memory.counts == (
        Count(ANN, "signal:mail.opened", TODAY, 1),
        Count(ACME, "signal:mail.opened", TODAY, 1),
    )


@pytest.mark.parametrize(
    ("by", "purpose"), [("rep:anna", "service"), ("tool:mailer", "commercial")], ids=["rep", "tool"]
)
def test_a_touch_by_others_is_an_exposure(by: str, purpose: str) -> None:
    arms = (Arm("account:acme", "usual", NOW, 1), Arm("person:ann", "agent", instant("2026-04-01T00:00Z"), 1))

    memory = remembered(
        "message.sent", {"channel": "email", "by": by, "text": "Buy", "campaign": "spring"}, arms=arms
    )

    (touch,), (message,) = memory.exposures, memory.messages
    assert (touch.by, touch.purpose, touch.campaign, touch.account_id) == (by, purpose, "spring", "acme")
    assert touch.arm == "usual"
    assert (message.direction, message.by) == ("out", by)


def test_a_touch_without_text_is_no_message() -> None:
    memory = remembered("message.sent", {"channel": "email", "by": "tool:mailer"})

    assert memory.messages == ()
    assert len(memory.exposures) == 1


def test_a_call_is_a_thread_of_turns() -> None:
    turns = [{"speaker": "rep:anna", "text": "Hello"}, {"speaker": "customer", "text": "Too expensive"}]

    memory = remembered("call.transcribed", {"turns": turns})

    assert [(m.direction, m.by, m.channel) for m in memory.messages] == [
        ("out", "rep:anna", "call"),
        ("in", "customer", "call"),
    ]
    assert len({m.id for m in memory.messages}) == 2
    assert len({m.thread for m in memory.messages}) == 1


def test_page_views_are_counted_by_path() -> None:
    memory = remembered("page.viewed", {"path": "/pricing"})

    assert Count(ANN, "page:/pricing", TODAY, 1) in memory.counts
    assert Count(ACME, "page:/pricing", TODAY, 1) in memory.counts


def test_an_event_without_a_kind_of_its_own_is_counted_by_name() -> None:
    memory = remembered("event.tracked", {"event": "Report Shared", "properties": {"size": 3}})

    assert Count(ANN, "event:Report Shared", TODAY, 1) in memory.counts
    assert Count(ACME, "signal:event.tracked", TODAY, 1) in memory.counts
    assert memory.facts == ()


def test_usage_counts_on_account_and_tenant_for_its_day() -> None:
    memory = remembered("usage.recorded", {"count": 7, "metric": "logins", "day": "2026-03-01"})

    assert set(memory.counts) == {
        Count(subject, name, TODAY - 1, 7)
        for subject in (ACME, "tenant")
        for name in ("usage", "usage:logins")
    }


def test_usage_without_an_account_counts_on_the_person_on_the_local_day() -> None:
    late = instant("2026-03-02T23:30:00Z")
    signal = a_signal("usage.recorded", {"count": 3}, occurred_at=late)

    memory = remember(signal, None, a_context(account_id=""), PLAYBOOK)

    assert memory.counts == (Count(ANN, "usage", TODAY + 1, 3), Count("tenant", "usage", TODAY + 1, 3))


def test_an_open_ticket_is_known_of_person_and_account() -> None:
    memory = remembered("ticket.opened", {"ticket": "9", "topic": "billing", "text": "Wrong invoice"})

    assert stored(memory) == {(ANN, "ticket", "9", "billing"), (ACME, "ticket", "9", "billing")}
    assert memory.messages[0].channel == "ticket"


def test_a_solved_ticket_ends_for_everybody_who_had_it() -> None:
    opened = a_fact("ticket", "billing", "profile:cfo", qualifier="9")

    memory = remembered("ticket.solved", {"ticket": "9"}, opened)

    subjects = (ANN, ACME, "profile:cfo")
    assert stored(memory) == {
        *((who, "ticket", "9", None) for who in subjects),
        *((who, "ticket_solved", "9", "billing") for who in subjects),
    }


def test_only_declared_facts_are_remembered() -> None:
    memory = remembered("profile.updated", {"facts": {"name": "Ann", "shoe_size": 38}})

    assert stored(memory) == {(ANN, "name", "", "Ann")}
    assert memory.facts[0].trust == "verified"


def test_account_facts_are_kept_in_their_declared_types() -> None:
    facts = {
        "arr": {"amount": 50_000, "currency": "USD"},
        "renews_at": "2026-06-01",
        "churn": "0.25",
        "tags": ["vip"],
        "plan": None,
    }

    memory = remembered("account.updated", {"facts": facts})

    assert {f.predicate: f.value for f in memory.facts} == {
        "arr": {"amount": 50_000, "currency": "USD"},
        "renews_at": instant("2026-06-01T00:00:00Z"),
        "churn": 250_000,
        "tags": ["vip"],
        "plan": None,
    }


def test_a_meeting_is_booked_moved_and_cancelled_under_one_id() -> None:
    starts = {"meeting": "m1", "starts_at": "2026-03-05T10:00:00+01:00"}

    booked = remembered("meeting.booked", starts)
    cancelled = remembered("meeting.cancelled", {"meeting": "m1"}, *booked.facts)

    assert stored(booked) == {(who, "meeting", "m1", instant("2026-03-05T09:00:00Z")) for who in (ANN, ACME)}
    assert stored(cancelled) == {(who, "meeting", "m1", None) for who in (ANN, ACME)}


def test_consent_is_kept_by_channel_and_brand() -> None:
    memory = remembered("consent.changed", {"channel": "all", "state": "withdrawn", "brand": "acme"})

    assert stored(memory) == {(ANN, "consent.all", "acme", "withdrawn")}


def test_a_claimed_conversation_is_released_under_the_profile_that_had_it() -> None:
    claimed = a_fact("conversation.claimed_by", "rep:anna", "profile:old")

    memory = remembered("conversation.released", {}, claimed, profile_ids=("old", "ann"))

    assert ("profile:old", "conversation.claimed_by", "", None) in stored(memory)


def test_controls_are_facts_of_the_tenant() -> None:
    killed = remembered("control.changed", {"kill_switch": True, "by": "ops"})
    paused = remembered("control.changed", {"pause": "book-demo", "by": "ops"})
    resumed = remembered("control.changed", {"resume": "book-demo", "by": "ops"})

    assert stored(killed) == {("tenant", "kill_switch", "", True)}
    assert stored(paused) == {("tenant", "paused", "book-demo", True)}
    assert stored(resumed) == {("tenant", "paused", "book-demo", None)}
    assert killed.counts == ()


def test_an_outcome_counts_once_per_goal() -> None:
    body = {"outcome": "renewal_saved", "effect": "f1"}
    goal = a_goal()
    won = a_goal(status="won")

    first = remembered("outcome.reached", body, goals=(goal,), ledger=(a_ledger_row(),))
    again = remember(a_signal("outcome.reached", body, id="s2"), None, a_context(goals=(won,)), PLAYBOOK)

    (outcome,) = first.outcomes
    assert (outcome.subject, outcome.goal_id, outcome.value_micro) == (ACME, "g1", 1_000_000)
    assert outcome.decision_id == "d1"
    assert again.outcomes[0].id == outcome.id
    assert (ACME, "outcome", "renewal_saved", True) in stored(first)


def test_an_outcome_without_a_goal_is_worth_what_it_says() -> None:
    body = {"outcome": "demo_booked", "value": {"amount": 1_000, "currency": "USD"}}

    (outcome,) = remembered("outcome.reached", body).outcomes

    assert (outcome.subject, outcome.goal_id, outcome.value_micro) == (ANN, "", 900_000_000)


def test_a_harm_is_flagged() -> None:
    (outcome,) = remembered("outcome.reached", {"outcome": "complaint"}).outcomes

    assert outcome.harm


def test_what_segue_sent_is_a_message_and_a_touch() -> None:
    earlier = a_message(thread="t7", channel="sms")
    body = {"effect": "f1", "state": "sent", "reference": "<1@mail>"}

    row = a_ledger_row(channel="sms")
    memory = remembered("effect.settled", body, ledger=(row,), messages=(earlier,))

    (message,), (touch,) = memory.messages, memory.exposures
    assert (message.by, message.direction, message.text) == ("segue", "out", "Hi Ann")
    assert (message.thread, message.reference) == ("t7", "<1@mail>")
    assert (touch.by, touch.effect_id, touch.purpose) == ("segue", "f1", "commercial")


@pytest.mark.parametrize(
    ("arguments", "key"), [({"text": "Hi"}, "f1"), ({"text": "Hi", "thread": "root@x.io"}, "root@x.io")]
)
def test_a_mail_begins_a_thread_of_its_own_unless_it_answers_in_one(
    arguments: dict[str, Any], key: str
) -> None:
    row = a_ledger_row(arguments=arguments)
    body = {"effect": "f1", "state": "sent"}

    (message,) = remembered("effect.settled", body, ledger=(row,), messages=(a_message(),)).messages

    assert message.thread == derive("thread", "email", key)


def test_a_message_that_a_machine_wrote_is_kept_as_such_and_not_counted() -> None:
    body = {"channel": "email", "text": "I am away.", "automatic": "out_of_office"}

    memory = remembered("message.received", body)

    assert [(item.by, item.direction) for item in memory.messages] == [("automatic", "in")]
    assert memory.counts == ()


def test_a_message_in_a_loop_is_still_the_persons() -> None:
    body = {"channel": "email", "text": "Again.", "automatic": "loop"}

    (message,) = remembered("message.received", body).messages

    assert message.by == "customer"


def test_a_message_that_came_back_for_good_tells_which_address_is_dead() -> None:
    body = {"channel": "email", "effect": "f1", "severity": "hard", "status": "5.1.1"}

    memory = remembered("message.bounced", body, ledger=(a_ledger_row(arguments={"to": "ann@x.io"}),))

    assert stored(memory) == {(ANN, "undeliverable", "email", "ann@x.io")}


def test_an_effect_that_was_refused_for_its_address_tells_that_it_is_dead() -> None:
    body = {"effect": "f1", "state": "failed", "detail": "no such address: 550 5.1.1 user unknown"}

    memory = remembered("effect.settled", body, ledger=(a_ledger_row(arguments={"to": "ann@x.io"}),))

    assert stored(memory) == {(ANN, "undeliverable", "email", "ann@x.io")}
    assert memory.messages == ()


@pytest.mark.parametrize(
    "body", [{"severity": "soft", "effect": "f1"}, {"severity": "hard", "effect": "f9"}, {"effect": "f1"}, {}]
)
def test_a_message_that_only_came_back_once_changes_nothing(body: dict[str, Any]) -> None:
    row = a_ledger_row(arguments={"to": "ann@x.io"})

    memory = remembered("message.bounced", {"channel": "email", **body}, ledger=(row,))

    assert memory.facts == ()


def test_a_complaint_about_a_channel_takes_back_its_consent() -> None:
    memory = remembered("outcome.reached", {"outcome": "complaint", "channel": "email"})

    assert (ANN, "consent.email", "", "withdrawn") in stored(memory)


@pytest.mark.parametrize("trust", ["claimed", "verified"])
def test_a_withdrawal_counts_whoever_told_it_and_how_sure_it_is_stays_known(trust: str) -> None:
    body = {"channel": "email", "state": "withdrawn", "trust": trust}

    (fact,) = remembered("consent.changed", body).facts

    assert (fact.value, fact.trust) == ("withdrawn", trust)


@pytest.mark.parametrize(
    ("state", "row", "known"),
    [
        ("delivered", a_ledger_row(), (an_exposure(effect_id="f1"),)),
        ("failed", a_ledger_row(), ()),
        ("delivered", a_ledger_row(purpose="internal"), ()),
        ("delivered", a_ledger_row(channel=""), ()),
        ("delivered", a_ledger_row(id="other"), ()),
    ],
    ids=["already known", "failed", "internal", "no person", "not loaded"],
)
def test_an_effect_that_touches_nobody_anew_adds_nothing(state: str, row: Any, known: Any) -> None:
    memory = remembered("effect.settled", {"effect": "f1", "state": state}, ledger=(row,), exposures=known)

    assert memory == Memory()


def test_a_mood_fades_after_three_days() -> None:
    percept = Percept("m", decision="accept", mood="angry", mood_ppm=900_000, sentiment=-700_000)

    memory = remembered("message.received", {"channel": "sms", "text": "!"}, percept=percept)

    assert {(f.predicate, f.value, f.trust) for f in memory.facts} == {
        ("mood", "angry", "claimed"),
        ("mood_ppm", 900_000, "claimed"),
        ("sentiment", -700_000, "claimed"),
    }
    assert {f.valid_to for f in memory.facts} == {NOW + 72 * HOUR}


def test_wishes_are_kept_with_their_words_but_never_as_consent() -> None:
    wishes = (
        Preference("not_before", 600, "not before 10"),
        Preference("avoid_channel", "email", "no mails"),
        Preference("pause_days", 3, "in three days"),
        Preference("stop", "all", "STOP"),
    )
    percept = Percept("m", decision="accept", preferences=wishes)

    memory = remembered("message.received", {"channel": "sms", "text": "..."}, percept=percept)

    assert stored(memory) == {
        (ANN, "preference.not_before", "", 600),
        (ANN, "preference.avoid_channel", "email", True),
        (ANN, "preference.pause_until", "", NOW + 3 * DAY),
    }
    assert memory.facts[0].words == "not before 10"


def test_a_pause_until_march_ends_at_midnight_where_the_person_is() -> None:
    percept = Percept("m", decision="accept", preferences=(Preference("pause_until", "--07", "in July"),))
    zone = a_fact("time_zone", "America/New_York")

    memory = remembered("message.received", {"channel": "sms", "text": "..."}, zone, percept=percept)

    assert stored(memory) == {(ANN, "preference.pause_until", "", instant("2026-07-01T00:00-04:00"))}


def test_an_absence_lasts_until_its_day_and_ends_when_the_person_writes() -> None:
    automatic = Percept("m", intents=(Intent("out_of_office", 950_000),), away_until="d+3")
    known = a_fact("away_until", NOW + 3 * DAY, trust="claimed")

    told = remembered("message.received", {"channel": "email", "text": "..."}, percept=automatic)
    back = remembered("message.received", {"channel": "email", "text": "..."}, known, percept=Percept("m"))

    assert [fact.predicate for fact in told.facts] == ["away_until"]
    assert stored(back) == {(ANN, "away_until", "", None)}


def test_a_mood_that_only_a_note_tells_is_kept_and_a_calm_note_leaves_the_last_one() -> None:
    turns = {"turns": [{"speaker": "customer", "text": "..."}]}

    lost = remembered("meeting.noted", turns, percept=Percept("m", mood="confused", mood_ppm=900_000))
    calm = remembered("meeting.noted", turns, percept=Percept("m", mood="calm", mood_ppm=550_000))

    assert (ANN, "mood", "", "confused") in stored(lost)
    assert calm.facts == ()


def test_who_asks_for_a_channel_no_longer_avoids_it() -> None:
    avoided = a_fact("preference.avoid_channel", value=True, qualifier="email", trust="claimed")
    percept = Percept("m", decision="accept", preferences=(Preference("channel", "email", "mail me"),))

    memory = remembered("message.received", {"channel": "sms", "text": "..."}, avoided, percept=percept)

    assert (ANN, "preference.avoid_channel", "email", None) in stored(memory)


def test_the_mood_of_a_colleagues_message_is_not_the_customers() -> None:
    percept = Percept("m", decision="accept", mood="angry", mood_ppm=900_000)

    memory = remembered("message.sent", {"channel": "email", "by": "rep:anna", "text": "!"}, percept=percept)

    assert {fact.predicate for fact in memory.facts} == {"conversation.written_by"}


@pytest.mark.parametrize("kind", ["gate.requested", "timer.fired", "detector.fired", "approval.given"])
def test_signals_about_segues_own_work_add_nothing(kind: str) -> None:
    assert remembered(kind, {}) == Memory()


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("message.received", {"channel": "sms"}, "text"),
        ("message.received", {"channel": "SMS!", "text": "x"}, "channel"),
        ("message.received", {"channel": "sms", "text": "x", "thread": 3}, "thread"),
        ("message.sent", {"channel": "sms"}, "by"),
        ("message.sent", {"channel": "sms", "by": "tool:x", "purpose": "fun"}, "purpose"),
        ("call.transcribed", {"turns": "hello"}, "turns"),
        ("call.transcribed", {"turns": [{"text": "hello"}]}, "turns[0].speaker"),
        ("page.viewed", {"path": 3}, "path"),
        ("event.tracked", {"properties": {}}, "event"),
        ("usage.recorded", {"count": "3.5"}, "count"),
        ("usage.recorded", {"count": True}, "count"),
        ("usage.recorded", {"count": 1, "day": "yesterday"}, "day"),
        ("ticket.opened", {"ticket": "1"}, "topic"),
        ("meeting.booked", {"meeting": "1", "starts_at": "2026-03-01T10:00:00"}, "starts_at"),
        ("meeting.booked", {"meeting": "1", "starts_at": "soon"}, "starts_at"),
        ("consent.changed", {"channel": "sms", "state": "maybe"}, "state"),
        ("outcome.reached", {"outcome": "renewal_savd"}, "renewal_saved"),
        ("outcome.reached", {"outcome": "demo_booked", "value": 3}, "value"),
        ("profile.updated", {"facts": []}, "facts"),
        ("profile.updated", {"facts": {"time_zone": "Europe/Pariss"}}, "facts.time_zone"),
        ("profile.updated", {"facts": {"name": 3}}, "facts.name"),
        ("account.updated", {"facts": {"arr": {"amount": 1, "currency": "QQQ"}}}, "facts.arr"),
        ("account.updated", {"facts": {"arr": 12}}, "facts.arr"),
        ("account.updated", {"facts": {"churn": "much"}}, "facts.churn"),
        ("account.updated", {"facts": {"renews_at": 5}}, "facts.renews_at"),
        ("control.changed", {"by": "ops"}, "kill_switch"),
        ("control.changed", {"pause": "book-dem", "by": "ops"}, "book-demo"),
        ("effect.settled", {"effect": "f1"}, "state"),
    ],
)
def test_a_bad_body_is_refused_by_the_name_of_its_field(kind: str, body: dict[str, Any], field: str) -> None:
    with pytest.raises(SignalError, match=f"`{kind}`.*`{field.replace('[', r'.').replace(']', r'.')}`"):
        remembered(kind, body)


def test_a_message_that_names_no_person_is_refused() -> None:
    context = a_context(profile_id="", profile_ids=(), person_id="")

    with pytest.raises(SignalError, match="names no person"):
        remember(a_signal("message.received", {"channel": "sms", "text": "x"}), None, context, PLAYBOOK)


def test_an_unknown_channel_is_told_with_a_suggestion() -> None:
    with pytest.raises(SignalError, match="field `channel` `emial` is unknown; did you mean `email`"):
        remembered("message.received", {"channel": "emial", "text": "Hi"})
