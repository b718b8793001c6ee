"""What sounds like an opt-out, a cancellation or a promise and is none, in many wordings."""

import pytest

from segue.core.records.percepts import Percept
from segue.core.records.signals import Kind, Signal
from segue.core.units import Instant
from segue.perception import RulePerceiver
from segue.perception.tiers import is_contrary, is_denied, promises_another
from tests.unit.perception.read_by import read_by

PERCEIVER = RulePerceiver.of({"cancel": {"phrases": ["want to cancel", "like to cancel", "cancel my"]}})


def perceive(text: str) -> Percept:
    return read_by(PERCEIVER, text)


def stops(text: str) -> set[object]:
    return {wish.value for wish in perceive(text).preferences if wish.kind in {"stop", "avoid_channel"}}


@pytest.mark.parametrize(
    "text",
    [
        "Unsubscribe Bob, not me",
        "Please take my colleague off the list",
        "Please remove my former boss from your mailing list.",
        "Can you remove Peter Brown from the newsletter? I still want it.",
        "My assistant gets your mails too: please unsubscribe her",
        "stop emailing my wife",
        "Please stop sending emails to our CEO",
        "Don't contact my manager again",
        "Opt Maria out, please",
        "I want my colleague removed from this list",
        "Bitte nehmen Sie meine Kollegin aus dem Verteiler",
        "Bitte meinen Chef vom Newsletter abmelden",
        "Merci de désabonner mon collègue",
    ],
)
def test_an_opt_out_for_somebody_else_goes_to_a_human_and_leaves_the_writer(text: str) -> None:
    percept = perceive(text)

    assert stops(text) == set()
    assert not percept.has("opt_out")
    assert (percept.decision, percept.risk) == ("escalate", ("opt_out_of_another",))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Please unsubscribe me", "email"),
        ("Unsubscribe me and my colleague", "email"),
        ("Stop emailing Bob and me", "email"),
        ("Take me off the list", "email"),
        ("Remove my address from your list", "email"),
        ("Unsubscribe Now", "email"),
        ("Please remove me from the newsletter. Monday at the latest.", "email"),
        ("Take us off your mailing list please", "email"),
        ("Stop calling me", "phone"),
        ("How do I unsubscribe from your emails?", "email"),
        ("Stop sending me your newsletter", "email"),
    ],
)
def test_an_opt_out_of_the_writer_stays_one(text: str, value: str) -> None:
    assert stops(text) == {value}
    assert perceive(text).has("opt_out")


@pytest.mark.parametrize(
    "text",
    [
        "How can I stop my own newsletter?",
        "How do we stop our own mailings on Fridays?",
        "How can I stop our newsletter from going out twice?",
        "Can I unsubscribe Bob from my course?",
        "How do I remove my colleague from the distribution list in the app?",
        "Where can we take users off a list?",
        "I want to pause my own campaign emails",
    ],
)
def test_a_question_of_use_is_no_opt_out(text: str) -> None:
    assert stops(text) == set()
    assert perceive(text).risk == ()


@pytest.mark.parametrize(
    "text",
    [
        "I'd hate to cancel",
        "We would really hate to cancel my plan",
        "I don't want to cancel",
        "Please don't cancel my account",
        "I would never want to cancel",
        "I do not wish to cancel my subscription",
        "We'd be sad to cancel my plan",
        "No need to cancel my plan",
        "I have no intention to cancel my plan",
    ],
)
def test_what_is_refused_is_no_cancellation(text: str) -> None:
    assert not perceive(text).has("cancel")


@pytest.mark.parametrize(
    "text",
    ["I want to cancel", "I'd like to cancel", "Please cancel my account", "I hate this, cancel my plan"],
)
def test_what_is_wished_is_a_cancellation(text: str) -> None:
    assert perceive(text).has("cancel")


@pytest.mark.parametrize(
    "clause",
    [
        "I'd hate to cancel",
        "Please don't cancel my account",
        "We have no plans to cancel",
        "never cancel it",
        "We have no intention of cancelling",
        "Cancelling is not an option for us",
        "Don't you dare cancel my account!",
        "I did not ask to cancel",
        "I never said I want to cancel",
    ],
)
def test_a_refused_label_is_denied_whatever_the_nearest_example_says(clause: str) -> None:
    assert is_denied(clause, "I'd like to quit the service", "cancel")


@pytest.mark.parametrize(
    ("clause", "nearest", "label"),
    [
        ("No I want to cancel", "I'd like to quit the service", "cancel"),
        ("Please cancel it", "I'd like to quit the service", "cancel"),
        ("I'm not interested", "We are not interested", "not_interested"),
        ("The export does not work", "It stopped working", "problem"),
    ],
)
def test_what_is_asked_for_is_not_denied(clause: str, nearest: str, label: str) -> None:
    assert not is_denied(clause, nearest, label)


@pytest.mark.parametrize(
    "text",
    [
        "Our lawyer will be in touch",
        "My attorney will call you tomorrow",
        "You'll hear from our solicitor",
        "Our legal counsel will get back to you",
        "I'll call my lawyer",
        "I will forward this to the police",
    ],
)
def test_a_legal_threat_is_no_promise(text: str) -> None:
    assert perceive(text).promises == ()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Our accountant will be in touch", "reply"),
        ("My colleague will call you tomorrow", "call"),
        ("I'll forward this to our finance team", "send"),
        ("I'll send you the contract after our lawyer has read it", "send"),
        ("Our lawyer will send the signed contract on Friday", "send"),
    ],
)
def test_what_others_of_the_company_will_do_is_promised(text: str, what: str) -> None:
    assert [one.what for one in perceive(text).promises] == [what]


def test_what_is_sent_confirms_no_meeting() -> None:
    assert promises_another({"send"}, "Confirmed, I'll be there")
    assert not promises_another({"meet"}, "Confirmed, I'll be there")
    assert not promises_another({"pay"}, "The invoice is settled")


@pytest.mark.parametrize(
    ("clause", "nearest"),
    [
        ("Your support was great", "Your support is terrible"),
        ("The worst onboarding", "A perfect onboarding"),
    ],
)
def test_praise_is_not_taken_for_blame(clause: str, nearest: str) -> None:
    assert is_contrary(clause, nearest)


@pytest.mark.parametrize(
    ("clause", "nearest"),
    [("It is not great", "Your support is terrible"), ("The export failed", "It is broken"), ("Hi", "Awful")],
)
def test_words_that_do_not_contradict_are_left_to_the_encoder(clause: str, nearest: str) -> None:
    assert not is_contrary(clause, nearest)


@pytest.mark.parametrize(
    "text",
    [
        "My colleague wants to unsubscribe",
        "My boss doesn't want your emails any more",
        "My assistant would like to be removed from your list",
    ],
)
def test_what_a_colleague_wants_goes_to_a_human(text: str) -> None:
    assert perceive(text).risk == ("opt_out_of_another",)
    assert stops(text) == set()


def test_a_newsletter_that_is_cancelled_is_an_opt_out_and_no_cancellation() -> None:
    percept = perceive("Please cancel my subscription to the newsletter")

    assert (percept.has("opt_out"), percept.has("cancel")) == (True, False)


def test_a_phrase_that_is_part_of_another_intents_is_not_meant() -> None:
    rules = {"cancel": {"phrases": ["cancel my"]}, "reschedule": {"phrases": ["cancel * meeting"]}}
    body = {"text": "Cancel my meeting tomorrow please", "channel": "email"}
    percept = RulePerceiver.of(rules).perceive(
        Signal("s", "x", "1", Kind.MESSAGE_RECEIVED, (), Instant(0), Instant(0), body)
    )

    assert percept is not None
    assert [one.label for one in percept.intents] == ["reschedule"]


@pytest.mark.parametrize("text", ["It crashes only twice a day", "We're moving to Monday.com"])
def test_what_only_sounds_like_a_wish_or_a_time_is_none(text: str) -> None:
    percept = perceive(text)

    assert (percept.preferences, percept.entities) == ((), ())


def test_an_address_hidden_from_machines_is_personal_and_nothing_to_write_to() -> None:
    percept = perceive("Contact ben (at) acme.example")

    assert [span.kind for span in percept.pii] == ["email"]
    assert percept.entities == ()


@pytest.mark.parametrize("text", ["No more calls after 5", "No more calls on Mondays please"])
def test_no_more_at_some_times_is_no_opt_out(text: str) -> None:
    assert not perceive(text).has("opt_out")
