"""Whose words are whose, in the forms that common mail programs write."""

import pytest

from segue.perception.mail.quoting import apart

FORMS = {
    "gmail": "Thursday.\n\nOn Mon, 5 Oct 2026 at 10:00, Acme <hello@acme.example> wrote:\n\n> Which day?\n",
    "gmail wrapped": (
        "Thursday.\n\nOn Mon, 5 Oct 2026 at 10:00, Acme Customer Success Team\n<hello@acme.example> wrote:\n"
        "> Which day?"
    ),
    "no marks": "Thursday.\n\nOn Mon, 5 Oct 2026 at 10:00, Acme <hello@acme.example> wrote:\n\nWhich day?\n",
    "outlook": (
        "Thursday.\n\n________________________________\nFrom: Acme <hello@acme.example>\n"
        "Sent: Monday, October 5, 2026 10:00\nTo: Ann\nSubject: Training\n\nWhich day?"
    ),
    "outlook german": (
        "Thursday.\n\nVon: Acme <hello@acme.example>\nGesendet: Montag, 5. Oktober 2026 10:00\n"
        "An: Ann\nBetreff: Schulung\n\nWelcher Tag?"
    ),
    "outlook starred": (
        "Thursday.\n\n*From:* Acme <hello@acme.example>\n*Sent:* Monday\n*To:* Ann\n*Subject:* Training\n\nHi"
    ),
    "apple german": "Thursday.\n\nAm 05.10.2026 um 10:00 schrieb Acme <h@acme.example>:\n\n> Welcher Tag?",
    "french": "Thursday.\n\nLe lun. 5 oct. 2026 à 10:00, Acme <h@acme.example> a écrit :\n\n> Quel jour ?",
    "old outlook": "Thursday.\n\n-----Original Message-----\nFrom: Acme\n\nWhich day?",
    "german outlook": "Thursday.\n\n-----Ursprüngliche Nachricht-----\nVon: Acme\n\nWelcher Tag?",
    "phone": "Thursday.\n\nSent from my iPhone\n\n> On 5 Oct 2026, at 10:00, Acme wrote:\n> Which day?",
    "german phone": "Thursday.\n\nVon meinem iPhone gesendet\n-- \nAnn",
    "forwarded": "Thursday.\n\n---------- Forwarded message ---------\nFrom: Bob\n\nWhich day?",
    "apple forwarded": "Thursday.\n\nBegin forwarded message:\n\nFrom: Bob\n\nWhich day?",
    "signature": "Thursday.\n-- \nAnn Smith\nAlder Ltd\n+49 30 1234",
    "closing": "Thursday.\n\nKind regards,\nAnn Smith\nHead of Operations\nAlder Ltd",
    "german closing": "Thursday.\n\nMit freundlichen Grüßen\nAnn Schmidt",
    "disclaimer": "Thursday.\n\nThis e-mail is confidential and intended only for the addressee.\nDelete it.",
    "windows lines": "Thursday.\r\n\r\nOn Mon, 5 Oct 2026, Acme <h@acme.example> wrote:\r\n> Which day?\r\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_only_the_own_words_are_left(text: str) -> None:
    assert apart(text).own == "Thursday."


@pytest.mark.parametrize(
    "text",
    [
        "We need:\n- more seats\n- a discount",
        "Best regards to your team, they were great.\nBut we have a problem with the invoice of May.",
        "Thanks\nCan you also tell me the price?",
        "From: Berlin we travel on Monday.",
        "On Monday I wrote to you: no answer.",
        "Best",
        "I got this: your message was confidential?",
        "Date: Thursday\nTo: whom it may concern",
    ],
)
def test_what_only_looks_like_a_quote_or_a_signature_stays(text: str) -> None:
    assert apart(text).own == text


def test_answers_between_quoted_lines_are_own_words() -> None:
    words = apart("Am 5.10. schrieb Acme:\n> Which day?\nThursday.\n> What time?\nTen.\n")

    assert words.own == "Thursday.\nTen."
    assert "> What time?" in words.quoted


def test_each_room_keeps_what_it_was_given() -> None:
    words = apart(
        "Thursday.\n\nCheers,\nAnn\n\nThis message is confidential and intended for you.\n"
        "---------- Forwarded message ---------\nFrom: Bob\n"
    )

    assert (words.own, words.signature.split()) == ("Thursday.", ["Cheers,", "Ann"])
    assert words.disclaimer.startswith("This message is confidential")


def test_a_mail_that_only_quotes_has_no_own_words() -> None:
    assert apart("> Which day?\n> Thursday?").own == ""
