"""What a mail is: a message, a bounce, a complaint, an unsubscribe, a receipt, or our own."""

from datetime import UTC, datetime

import pytest

from segue.core.ids import IdKey
from segue.perception.mail import effect_of, own_local_part, read_mail, spoken
from segue.privacy.links import Subscription, sign
from tests.mails import IDS, KEY, OURS, a_bounce, a_complaint, a_mail, a_report

TOKEN = sign(IDS, Subscription("0" * 26, "acme", "commercial", "email"))


def test_a_reply_is_read_with_its_thread() -> None:
    mail = read_mail(a_mail(References=f"{OURS} <a@alder.test>", In_Reply_To="<a@alder.test>"), IDS)

    assert (mail.kind, mail.sender, mail.message_id) == ("message", "ann@alder.test", "reply-1@alder.test")
    assert mail.references == (OURS.strip("<>"), "a@alder.test")
    assert mail.effect == KEY
    assert mail.sent_at == datetime(2026, 10, 5, 8, tzinfo=UTC)
    assert spoken(mail) == "Thursday suits me."


def test_another_tenants_message_id_is_not_ours() -> None:
    mail = read_mail(a_mail(References=OURS), IdKey(b"another key of 16"))

    assert mail.effect == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "ann@alder.test"},
        {"From": '"boss@acme.example" <ANN@alder.test>'},
        {"From": "=?utf-8?q?Ann_Schr=C3=B6der?= <ann@alder.test>"},
        {"From": "Ann (boss@acme.example) <ann@alder.test>"},
    ],
)
def test_the_sender_is_the_address_and_not_the_name(headers: dict[str, str]) -> None:
    assert read_mail(a_mail(**headers), IDS).sender == "ann@alder.test"


@pytest.mark.parametrize("value", ["", "nobody", "a@x.io, b@x.io", "<a@x.io> <b@x.io>"])
def test_a_sender_that_is_not_exactly_one_is_none(value: str) -> None:
    assert read_mail(a_mail(From=value), IDS).sender == ""


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [
        ("iso-8859-1", "Grüße aus Köln".encode("iso-8859-1")),
        ("utf-8", "Grüße aus Köln".encode()),
        ("us-ascii", "Grüße aus Köln".encode()),
        ("no-such-thing", "Grüße aus Köln".encode("cp1252")),
        ("punycode", "Grüße aus Köln".encode()),
    ],
)
def test_a_charset_that_lies_hinders_nobody(charset: str, encoded: bytes) -> None:
    head = a_mail("", Content_Type=f"text/plain; charset={charset}").rstrip()

    assert spoken(read_mail(head + b"\r\n\r\n" + encoded, IDS)) == "Grüße aus Köln"


def test_the_plain_part_is_read_before_the_html_and_attachments_are_named_only() -> None:
    body = (
        "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
        "--c\nContent-Type: text/plain\n\nPlain words.\n--c\n"
        "Content-Type: text/html\n\n<p>Rich words.\n--c--\n"
        "--b\nContent-Type: application/pdf\n"
        "Content-Disposition: attachment; filename*=utf-8''R%C3%A9sum%C3%A9.pdf\n"
        "Content-Transfer-Encoding: base64\n\nAAAA\n"
        "--b\nContent-Type: text/plain; name=notes.txt\nContent-Disposition: attachment\n\nsecret\n--b--\n"
    )

    mail = read_mail(a_mail(body, Content_Type="multipart/mixed; boundary=b"), IDS)

    assert spoken(mail) == "Plain words."
    assert [(item.name, item.type, item.size) for item in mail.attachments] == [
        ("Résumé.pdf", "application/pdf", 3),
        ("notes.txt", "text/plain", 6),
    ]


def test_html_alone_is_read_as_text() -> None:
    mail = read_mail(a_mail("<p>Rich words.</p>", Content_Type="text/html"), IDS)

    assert spoken(mail) == "Rich words."


def test_softly_wrapped_lines_are_joined() -> None:
    mail = read_mail(a_mail("one \ntwo", Content_Type="text/plain; format=flowed"), IDS)

    assert spoken(mail) == "one two"


@pytest.mark.parametrize(
    ("text", "subject", "said"),
    [
        ("", "Please call me", "Please call me"),
        ("", "", "[no text]"),
        ("> Which day?", "Re: Training", "> Which day?"),
    ],
)
def test_a_mail_without_own_words_says_what_it_can(text: str, subject: str, said: str) -> None:
    assert spoken(read_mail(a_mail(text, Subject=subject), IDS)) == said


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Auto-Submitted": "auto-replied"}, "reply"),
        ({"Auto-Submitted": "auto-generated; x=1"}, "notice"),
        ({"Auto-Submitted": "no"}, ""),
        ({"X-Autoreply": "yes"}, "reply"),
        ({"X-Autorespond": "1"}, "reply"),
        ({"Precedence": "bulk"}, "notice"),
        ({"Precedence": "auto_reply"}, "reply"),
        ({"List-Id": "<news.alder.test>"}, "list"),
        ({"Return-Path": "<>"}, "notice"),
        ({"X-Auto-Response-Suppress": "All"}, "notice"),
        ({"From": "no-reply@alder.test"}, "notice"),
        ({"Subject": "Automatic reply: Training"}, "out_of_office"),
        ({"Subject": "Abwesenheitsnotiz: Training"}, "out_of_office"),
        ({"Subject": "Out of Office"}, "out_of_office"),
        ({"Subject": "=?utf-8?q?R=C3=A9ponse_automatique_=3A_Formation?="}, "out_of_office"),
        ({"Subject": "Question about your out of office policy"}, ""),
        ({}, ""),
    ],
)
def test_what_a_machine_wrote_is_marked(headers: dict[str, str], kind: str) -> None:
    assert read_mail(a_mail(**headers), IDS).automatic == kind


def test_our_own_mail_is_known_again() -> None:
    assert read_mail(a_mail(**{"Message-ID": OURS}), IDS).kind == "own"


@pytest.mark.parametrize(
    ("action", "status", "said", "severity"),
    [
        ("failed", "5.1.1", "550 5.1.1 no such user", "hard"),
        ("failed", "5.2.1", "550 disabled", "hard"),
        ("failed", "5.0.0", "550 User unknown", "hard"),
        ("failed", "5.7.1", "550 5.7.1 unknown user", "hard"),
        ("failed", "5.2.2", "552 mailbox full", "soft"),
        ("failed", "5.7.1", "550 5.7.1 looks like spam", "soft"),
        ("failed", "4.4.7", "message expired", "soft"),
        ("delayed", "4.2.0", "450 greylisted", "soft"),
    ],
)
def test_a_bounce_tells_its_effect_and_whether_the_address_is_dead(
    action: str, status: str, said: str, severity: str
) -> None:
    mail = read_mail(a_bounce(action, status, said), IDS)

    assert (mail.kind, mail.effect) == ("bounce", KEY)
    assert mail.bounce is not None
    assert (mail.bounce.severity, mail.bounce.status) == (severity, status)


def test_a_report_of_success_is_a_receipt() -> None:
    assert read_mail(a_bounce("delivered", "2.0.0", "250 ok"), IDS).kind == "receipt"


def test_a_bounce_about_a_mail_of_another_names_no_effect() -> None:
    fields = "Final-Recipient: rfc822; x@y.test\nAction: failed\nStatus: 5.1.1\n"

    assert read_mail(a_report("delivery-status", fields, "Message-ID: <x@y.test>"), IDS).effect == ""


def test_a_bounce_to_the_address_of_the_effect_needs_no_original() -> None:
    fields = "Final-Recipient: rfc822; ann@alder.test\nAction: failed\nStatus: 5.1.1\n"
    raw = a_report(
        "delivery-status", fields, "Subject: none", To=f"bounces+{own_local_part(IDS, KEY)}@acme.example"
    )

    assert read_mail(raw, IDS).effect == KEY


def test_a_mail_server_that_writes_no_report_is_understood() -> None:
    text = f"This is the qmail-send program.\n<ann@alder.test>:\n550 5.1.1 no such user\nMessage-ID: {OURS}\n"

    mail = read_mail(a_mail(text, From="MAILER-DAEMON@mx.alder.test", Subject="failure notice"), IDS)

    assert (mail.kind, mail.effect) == ("bounce", KEY)


def test_a_person_who_quotes_a_bounce_has_not_bounced() -> None:
    assert read_mail(a_mail("I got: 550 5.1.1 no such user. Help?"), IDS).kind == "message"


def test_a_complaint_tells_its_effect() -> None:
    mail = read_mail(a_complaint(), IDS)

    assert (mail.kind, mail.complaint, mail.effect) == ("complaint", "abuse", KEY)


def test_a_report_that_a_mail_was_no_spam_is_no_complaint() -> None:
    assert read_mail(a_complaint("not-spam"), IDS).complaint == ""


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"To": "unsubscribe@acme.example", "Subject": f"unsubscribe {TOKEN}"}, TOKEN),
        ({"To": "unsubscribe@acme.example", "Subject": "x"}, ""),
        ({"Subject": f"Unsubscribe {TOKEN.upper()}"}, TOKEN.upper()),
        ({"Subject": "unsubscribe"}, ""),
    ],
)
def test_a_wish_to_unsubscribe_is_known_by_address_or_subject(headers: dict[str, str], token: str) -> None:
    mail = read_mail(a_mail(**headers), IDS)

    assert mail.kind == "unsubscribe"
    assert mail.token == token


@pytest.mark.parametrize("subject", ["Re: how do I unsubscribe?", "unsubscribe my colleague please"])
def test_a_subject_that_speaks_of_unsubscribing_is_read_as_a_message(subject: str) -> None:
    assert read_mail(a_mail(Subject=subject), IDS).kind == "message"


@pytest.mark.parametrize("text", ["", "k1.@x.io", "k1.aaaaaaaaaaaa@x.io", f"{KEY}.{'0' * 12}@x.io"])
def test_a_forged_message_id_names_no_effect(text: str) -> None:
    assert effect_of(IDS, [text]) == ""
