"""An opt-out in a message withdraws consent from the moment it is heard."""

import msgspec

from segue.core.records.context import Context
from segue.core.records.memory import Fact, Links
from segue.core.records.percepts import Percept, Preference
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.privacy import allows, opt_out_facts, suppression_key

MESSAGE = Signal("s1", "sms", "1", Kind.MESSAGE_RECEIVED, (), Instant(3), Instant(4), {"text": "STOP"})


def a_percept(*preferences: Preference) -> Percept:
    return Percept("m", preferences=preferences)


def test_stop_withdraws_consent_for_its_channel_and_brand() -> None:
    facts = opt_out_facts(MESSAGE, a_percept(Preference("stop", "sms", "STOP")), "p1", "acme")

    assert facts == (
        Fact(
            "profile:p1",
            "consent.sms",
            "withdrawn",
            Instant(4),
            "claimed",
            "s1",
            qualifier="acme",
            words="STOP",
        ),
    )


def test_a_slow_clock_does_not_let_a_consent_outlive_a_stop() -> None:
    consented = Fact("profile:p1", "consent.sms", "granted", Instant(3), "verified", "s0")
    stop = a_percept(Preference("stop", "sms", "STOP"))

    for said_at in (Instant(1), Instant(3)):
        late = msgspec.structs.replace(MESSAGE, occurred_at=said_at)
        facts = (consented, *opt_out_facts(late, stop, "p1", ""))
        context = Context(Instant(4), 0, "", Links("p1", person_id="u1"), profile_ids=("p1",), facts=facts)

        assert allows(context, "sms", "") is False


def test_a_stop_told_for_the_record_holds_from_when_it_was_said() -> None:
    told = msgspec.structs.replace(MESSAGE, history=True)

    (fact,) = opt_out_facts(told, a_percept(Preference("stop", "sms", "STOP")), "p1", "")

    assert fact.valid_from == Instant(3)


def test_other_wishes_withdraw_nothing() -> None:
    wish = Preference("avoid_channel", "email", "don't e-mail me")

    assert opt_out_facts(MESSAGE, a_percept(wish), "p1", "") == ()
    assert opt_out_facts(MESSAGE, None, "p1", "") == ()


def test_saying_it_twice_is_one_fact() -> None:
    twice = a_percept(
        Preference("stop", "email", "no more mails"), Preference("stop", "email", "unsubscribe me")
    )

    assert len(opt_out_facts(MESSAGE, twice, "p1", "")) == 1


def test_a_tombstone_is_of_one_identifier_and_channel() -> None:
    keys = {suppression_key(hashed, channel) for hashed in ("a", "b") for channel in ("sms", "email", "all")}

    assert len(keys) == 6
