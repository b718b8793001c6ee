"""An opt-out in a message withdraws consent from that moment."""

from segue.core.records.memory import Fact
from segue.core.records.percepts import Percept, Preference
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.privacy import opt_out_facts, suppression_key

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
            Instant(3),
            "claimed",
            "s1",
            qualifier="acme",
            words="STOP",
        ),
    )


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
