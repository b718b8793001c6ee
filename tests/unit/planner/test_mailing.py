"""What a mail carries besides its words: its thread, its sender's name, and the way out."""

from dataclasses import replace
from typing import Any

from segue.core.ids import derive
from segue.core.records.playbook import Playbook
from segue.core.records.signals import Kind, Signal
from segue.privacy.links import Subscription, verify
from tests.build import SETTINGS, a_fact, a_message, a_signal
from tests.unit.planner.build import IDS, an_action, book, decide, listens, upgrade_play


def the_arguments(playbook: Playbook, *facts: Any, **fields: Any) -> dict[str, Any]:
    (effect,) = decide(playbook, *facts, **fields).effects
    return effect.arguments


def answering(**fields: Any) -> Playbook:
    play = upgrade_play(listen=(listens(Kind.MESSAGE_RECEIVED),))
    return book(play, actions=(an_action(purpose="service", bypass_score=True),), **fields)


def a_reply(**body: Any) -> Signal:
    given = {
        "channel": "email",
        "text": "How?",
        "message_id": "r1@x.io",
        "references": ["m1@acme"],
        "thread": "t1",
    }
    return a_signal(Kind.MESSAGE_RECEIVED, {**given, **body})


def test_a_commercial_mail_carries_its_purpose_and_a_signed_way_out() -> None:
    found = the_arguments(book())

    assert found["purpose"] == "commercial"
    assert verify(IDS, found["unsubscribe"]) == Subscription("ann", "acme", "commercial", "email")
    assert "unsubscribe_url" not in found


def test_the_way_out_is_a_link_where_pages_can_be_reached() -> None:
    found = the_arguments(book(settings=replace(SETTINGS, public_base_url="https://segue.acme.test")))

    assert found["unsubscribe_url"] == f"https://segue.acme.test/u/{found['unsubscribe']}"
    assert found["preferences_url"] == found["unsubscribe_url"]


def test_a_service_mail_leads_to_the_page_of_choices_and_unsubscribes_from_nothing() -> None:
    settings = replace(SETTINGS, public_base_url="https://segue.acme.test")
    actions = (an_action(purpose="service", bypass_score=True),)
    german = a_fact("language", "de")

    found, unreachable = (
        the_arguments(book(actions=actions, **more), german) for more in ({"settings": settings}, {})
    )

    page, _, token = found["preferences_url"].rpartition("/")
    assert page == "https://segue.acme.test/u"
    assert verify(IDS, token) == Subscription("ann", "acme", "service", "email")
    assert found["language"] == "de"
    assert not {"purpose", "unsubscribe", "unsubscribe_url"} & set(found)
    assert not {"preferences_url", "language"} & set(unreachable)


def test_what_must_be_said_offers_no_choice() -> None:
    settings = replace(SETTINGS, public_base_url="https://segue.acme.test")

    found = the_arguments(
        book(settings=settings, actions=(an_action(purpose="mandatory", bypass_score=True),))
    )

    assert not {"preferences_url", "unsubscribe"} & set(found)


def test_a_mail_says_who_speaks() -> None:
    assert the_arguments(book())["from_name"] == "Team Acme"


def test_an_answer_stands_in_the_thread_of_what_it_answers() -> None:
    found = the_arguments(answering(), signal=a_reply())

    assert (found["thread"], found["in_reply_to"], found["references"]) == (
        "t1",
        "r1@x.io",
        ["m1@acme", "r1@x.io"],
    )


def test_an_answer_keeps_the_subject_that_segue_began_with() -> None:
    own = a_message(
        thread=derive("thread", "email", "t1"),
        by="segue",
        direction="out",
        subject="A session for your team?",
    )

    found = the_arguments(answering(), signal=a_reply(subject="Re: whatever"), messages=(own,))

    assert found["subject"] == "Re: A session for your team?"


def test_a_subject_that_somebody_else_wrote_is_never_repeated() -> None:
    found = the_arguments(answering(), signal=a_reply(subject="Call +49 900 1 at once"))

    assert found["subject"] == "The bigger plan"


def test_a_long_thread_is_cut_to_its_newest_references() -> None:
    found = the_arguments(answering(), signal=a_reply(references=[f"m{n}@acme" for n in range(50)]))

    assert len(found["references"]) == 20
    assert found["references"][-2:] == ["m49@acme", "r1@x.io"]


def test_nobody_is_written_to_at_an_address_that_is_dead() -> None:
    dead = a_fact("undeliverable", "ann@acme.test", qualifier="email")
    phone = a_fact("phone", "+491701234567")
    playbook = book(actions=(an_action(channel="preferred"),))

    stepped = decide(playbook, dead, phone)

    assert [item.candidate.channel for item in stepped.decision.considered][:1] == ["sms"]  # type: ignore[union-attr]
