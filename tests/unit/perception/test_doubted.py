"""Opt-outs in doubt go to a human: not swallowed, and not taken from who wished for none."""

import pytest

from segue.core.records.percepts import Percept
from segue.perception import RulePerceiver
from segue.perception.doubted import RISK
from tests.unit.perception.read_by import read_by

PERCEIVER = RulePerceiver.of({"not_interested": {"phrases": ["not interested", "no thanks"]}})


def perceive(text: str) -> Percept:
    return read_by(PERCEIVER, text)


def opts_out(percept: Percept) -> bool:
    return any(wish.kind in {"stop", "avoid_channel"} for wish in percept.preferences)


@pytest.mark.parametrize(
    "text",
    [
        "No thanks, please don't write again",
        "Not interested. Please remove me.",
        "I asked you to stop",
        "I said STOP",
        "Cease and desist contacting me",
        "I already unsubscribed",
        "Too expensive. Don't contact us again",
        "Great product but please don't write me",
        "Kindly discontinue these communications.",
        "How do I unsubscribe?",
        "I revoke my consent to marketing",
        "stop emailling me",
        "pls stop emialing me",
        "plz unsubcribe me",
        "unsubscirbe",
        "I no longer wish to receive these",
        "please don't write to me anymore",
        "I'd rather you stopped emailing me",
        "Remove me",
        "put me on your do-not-call list",
        "I never want to see another email from you people",
        "ＳＴＯＰ",
        "ST\u200bOP emailing me",
        "unsubscribe everyone at our company",
        "No me envíen más correos",
        "date de baja por favor",
        "Não me enviem mais emails",
        "parem de me ligar",
        "Non scrivetemi più",
        "Basta con queste email",
        "Disiscrivetemi",
        "proszę o wypisanie z newslettera",
        "Przestańcie do mnie dzwonić",
        "Bitte schreiben Sie mir nicht mehr, hören Sie auf",
        "Arrêtez de m'appeler",
        "Schrijf mij uit, geen nieuwsbrieven",
    ],
)
def test_what_may_be_an_opt_out_is_one_or_goes_to_a_human(text: str) -> None:
    percept = perceive(text)

    assert opts_out(percept) or (percept.decision == "escalate" and RISK in percept.risk)


@pytest.mark.parametrize(
    "text",
    [
        "Please do not remove me from the list",
        "please don't take me off the list!",
        "no need to stop emailing me",
        "Not asking you to stop emailing me, just less",
        "Did you stop sending emails? I haven't had one in weeks",
        "She wrote 'stop emailing me' and you ignored it",
        "unsubscribe me from the pro plan",
        "I'd like to unsubscribe from the Team plan",
    ],
)
def test_who_wished_for_no_opt_out_gets_none_and_a_human_reads_it(text: str) -> None:
    percept = perceive(text)

    assert not any(wish.kind == "stop" for wish in percept.preferences)
    assert (percept.decision, RISK in percept.risk) == ("escalate", True)


@pytest.mark.parametrize(
    "text",
    [
        "I told you: stop emailing me",
        "I said: unsubscribe me",
        "We told you already, stop calling us",
        "I don't want this please stop emailing me",
        "I did not ask for this, stop emailing me",
        "stop emailing me offers from your product",
        "Why don't you listen? Unsubscribe me!",
    ],
)
def test_a_plain_opt_out_holds_at_once_however_it_is_led_up_to(text: str) -> None:
    percept = perceive(text)

    assert any(wish.kind == "stop" for wish in percept.preferences)
    assert RISK not in percept.risk


@pytest.mark.parametrize(
    "text",
    [
        "What does the pro plan cost?",
        "The export stops at row nine",
        "Don't call before 10, please",
        "Please don't write to me on Sundays",
        "I do not understand the last invoice",
        "How do I stop the emails to our customers?",
        "Can I remove a user from the team?",
        "We never received the invoice you mailed",
        "Please call me on Thursday, not on Friday",
        "Can you delete the old report?",
        "I don't know whom to call about the contract",
        "The list of seats is wrong",
        "Nicht schlecht, danke! Wann sprechen wir?",
        "Please send the newsletter, I love it",
    ],
)
def test_other_matters_are_left_alone(text: str) -> None:
    assert RISK not in perceive(text).risk


def test_who_speaks_of_ending_their_life_is_read_by_a_human() -> None:
    percept = perceive("I want to kill myself")

    assert (percept.decision, percept.risk) == ("escalate", ("self_harm",))
