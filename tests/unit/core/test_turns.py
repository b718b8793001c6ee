"""Transcripts and notes in the forms that tools write: who says what, and whose words are the customer's."""

import pytest

from segue.core.turns import Turn, customers_only, turns, turns_of

FORMS = {
    "names and roles": "Agent: Hello, how can I help?\nCustomer: I want to cancel",
    "times in brackets": "[00:12] Agent: Hello, how can I help?\n[00:15] Customer: I want to cancel",
    "bare times": "00:00:12 Support: Hello, how can I help?\n00:00:15 Ann Lee: I want to cancel",
    "times behind": "Sales rep (0:12): Hello, how can I help?\nAnn (0:15): I want to cancel",
    "a line of its own": "Host  0:12\nHello, how can I help?\n\nAnn Lee  0:15\nI want to cancel",
    "stars": "**Agent:** Hello, how can I help?\n**Client:** I want to cancel",
    "web captions with voices": (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\n<v Agent>Hello, how can I help?</v>\n\n"
        "2\n00:00:04.000 --> 00:00:06.000\n<v Customer>I want to\n\n"
        "3\n00:00:06.000 --> 00:00:07.000\ncancel</v>"
    ),
    "web captions": (
        "WEBVTT Kind: captions\n\nNOTE made by a machine\n\n"
        "00:01.000 --> 00:03.000\nAgent: Hello, how can I help?\n\n"
        "00:04.000 --> 00:06.000\nAnn: I want to cancel"
    ),
    "roles in brackets": "[10:02] Maria (Support): Hello, how can I help?\n[10:03] Ann: I want to cancel",
    "who wrote": "Support - Maria wrote: Hello, how can I help?\nMe: I want to cancel",
    "a role without a time": "Maria (Acme Support): Hello, how can I help?\nAnn Lee: I want to cancel",
    "dates and times": (
        "[12/11/2026, 10:02] Maria (Support): Hello, how can I help?\n"
        "[12/11/2026, 10:03] Ann: I want to cancel"
    ),
    "german": "Berater: Hello, how can I help?\nKundin: I want to cancel",
}


@pytest.mark.parametrize("form", FORMS)
def test_the_customers_words_are_told_from_the_companys(form: str) -> None:
    found = turns(FORMS[form])

    assert [turn.text for turn in found if turn.speaker == "customer"] == ["I want to cancel"]
    assert [turn.text for turn in found if turn.speaker != "customer"] == ["Hello, how can I help?"]


def test_a_name_on_record_is_the_customer() -> None:
    found = turns("Ann: cancel it\nBob: why?", customers=["Ann Lee"])

    assert found == (Turn("customer", "cancel it"), Turn("Bob", "why?"))


def test_where_nobody_is_known_nobody_is_the_customer() -> None:
    assert all(turn.speaker != "customer" for turn in turns("Ann: cancel it\nBob: why?"))


def test_a_note_without_speakers_has_no_turns() -> None:
    assert turns("Met at 10:30. They want to cancel, see https://x.io") == ()


def test_given_turns_stand_as_they_are() -> None:
    body = {"turns": [{"speaker": "rep:anna", "text": "Hi"}, {"speaker": "customer", "text": 7}, "x"]}

    assert turns_of(body) == (Turn("rep:anna", "Hi"),)


def test_a_pasted_conversation_keeps_only_what_the_customer_said() -> None:
    text = "See our chat:\nAgent: We will cancel your plan.\nCustomer: No, please keep it\nfor now"

    kept = customers_only(text)

    assert kept.split("\n")[2:] == ["          No, please keep it", "for now"]
    assert len(kept) == len(text)
    assert "cancel" not in kept


@pytest.mark.parametrize(
    "text",
    [
        "Agent: We will cancel your plan.\nAnn: Keep it",
        "[10:02] Maria (Support): We will cancel your plan.\n[10:03] Ann: Keep it",
        "Support - Maria wrote: Do you want to cancel?\nMe: Keep it",
        "Chatbot: cancel?\nMe: Keep it",
        "Maria (Support): We will cancel your plan.\n\nKeep it",
        "Keep it\n\n[10:02] Maria (Support): We will cancel your plan.\ncancel it now?",
        "Live agent: cancel?\nAnn Lee: Keep it\nLive agent: then cancel",
    ],
)
def test_an_agents_words_are_not_the_customers(text: str) -> None:
    kept = customers_only(text)

    assert kept.split() == ["Keep", "it"]
    assert len(kept) == len(text)


def test_what_is_written_around_a_pasted_conversation_is_kept() -> None:
    text = "See what was said:\nAgent: We cancel it.\nCustomer: No.\n\nPlease refund me."

    assert customers_only(text).split() == ["See", "what", "was", "said:", "No.", "Please", "refund", "me."]


@pytest.mark.parametrize(
    "text",
    [
        "Subject: billing\nPlan: pro\nplease cancel",
        "Hello: I want\nto cancel",
        "Support: terrible\nPrice: fine\nSales: rude",
        "We need:\nSales: 12 seats\nMarketing: 3 seats",
        "Summary: it crashed\nService: down since Monday\nplease fix it",
        "Assistant: no idea what that is\nplease explain",
        "I did what your agent said: cancel it\nand it failed",
        "Note (urgent): the report is wrong\nplease help",
    ],
)
def test_what_is_no_conversation_stays(text: str) -> None:
    assert customers_only(text) == text
