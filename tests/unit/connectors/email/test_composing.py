"""Nothing in an argument of a mail can become a header, and every reader finds what it needs."""

import base64
import json
import os
from email.parser import BytesParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dkim  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from segue.connectors.email.composing import Composed, compose, one_line
from segue.connectors.email.rendering import html_of
from segue.connectors.email.settings import DkimForm, EmailForm
from segue.connectors.email.signing import Signer
from segue.core.errors import InputError, RefusedError
from segue.perception.mail import read_mail, spoken
from tests.build import NOW
from tests.mails import IDS, KEY

if TYPE_CHECKING:
    from email.message import Message

FORM = EmailForm.model_validate({"smtp": {"host": "localhost", "security": "plain"}})
COMMERCIAL: dict[str, Any] = {
    "purpose": "commercial",
    "brand": "acme",
    "unsubscribe": "tok",
    "unsubscribe_url": f"https://segue.acme.example/u/{'t' * 120}",
}


def composed(form: EmailForm = FORM, /, **arguments: Any) -> Composed:
    given = {"to": "ann@x.io", "from": "hello@acme.example", "subject": "Training", "text": "Hello"}
    return compose(KEY, {**given, **arguments}, form, IDS, NOW)


def parsed(made: Composed) -> "Message[str, str]":
    return BytesParser().parsebytes(made.as_bytes())


def a_form(**more: Any) -> EmailForm:
    return EmailForm.model_validate({**FORM.model_dump(), **more})


def test_a_mail_has_its_text_twice_plain_first() -> None:
    mail = parsed(composed(text="1 < 2\n\nSee https://acme.example/a."))

    assert mail.get_content_type() == "multipart/alternative"
    plain, rich = (part.get_payload(decode=True) for part in mail.get_payload())  # type: ignore[union-attr]
    assert b"1 < 2" in plain
    assert b"<p>1 &lt; 2</p>" in rich
    assert b'<a href="https://acme.example/a">https://acme.example/a</a>.' in rich


@pytest.mark.parametrize("name", ["to", "from"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "nobody",
        "a@b",
        "ann@x.io, bob@x.io",
        "Ann <ann@x.io>",
        "ann@x.io\r\nBcc: bob@x.io",
        "ann@x.io\nBcc: bob@x.io",
        "ann @x.io",
        "ann@x.io>",
        "a" * 65 + "@x.io",
        "ann@-x.io",
        "ann\x00@x.io",
    ],
)
def test_what_is_not_exactly_one_address_is_refused(name: str, value: str) -> None:
    with pytest.raises(RefusedError, match=f"in `{name}`"):
        composed(**{name: value})


def test_a_mail_without_words_is_refused() -> None:
    with pytest.raises(RefusedError, match="needs a text"):
        composed(text=" \n")


@given(st.text(max_size=200), st.text(max_size=80))
def test_no_subject_and_no_name_adds_a_header(subject: str, name: str) -> None:
    mail = parsed(composed(subject=f"a\r\nBcc: x@y.io\n{subject}", from_name=f"b\nCc: x@y.io\r{name}"))

    assert set(mail.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
        "Content-Type", "MIME-Version",
    }  # fmt: skip


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=500))
def test_any_words_arrive_as_they_were_written(text: str) -> None:
    words = text.replace("\r\n", "\n").replace("\r", "\n")

    mail = read_mail(composed(text=f"- {text}.").as_bytes().replace(b"Message-ID: <", b"Message-ID: <x"), IDS)

    assert mail.text == f"- {words}."


def test_letters_beyond_ascii_are_encoded_where_headers_want_it() -> None:
    made = composed(subject="Schulung für Jörg 😀", from_name="Jörg von Acme, GmbH", to="ann@bücher.example")

    raw = made.as_bytes()

    assert raw.isascii()
    assert read_mail(raw.replace(b"Message-ID: <", b"Message-ID: <x"), IDS).subject == "Schulung für Jörg 😀"
    assert (made.to, made.needs_utf8) == ("ann@xn--bcher-kva.example", False)


def test_an_answer_names_what_it_answers_in_one_piece() -> None:
    ids = [f"{'r' * 100}{n}@x.io" for n in range(20)]

    mail = parsed(composed(in_reply_to=ids[-1], references=ids, thread="t1"))

    assert mail["In-Reply-To"] == f"<{ids[-1]}>"
    assert mail["References"].split() == [f"<{item}>" for item in ids]
    assert mail["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize("answered", ["a@x.io>\r\nBcc: b@x.io", "a b@x.io", "<", "a\nb", "x" * 300])
def test_a_reference_that_is_no_message_id_is_left_out(answered: str) -> None:
    mail = parsed(composed(in_reply_to=answered, references=[answered]))

    assert mail["In-Reply-To"] is None
    assert mail["References"] is None


def test_commercial_mail_can_be_unsubscribed_with_one_click_and_by_mail() -> None:
    mail = parsed(composed(**COMMERCIAL))

    https, by_mail = mail["List-Unsubscribe"].split(", ")
    assert https == f"<{COMMERCIAL['unsubscribe_url']}>"
    assert by_mail == "<mailto:unsubscribe@acme.example?subject=unsubscribe%20tok>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Feedback-ID"] == "acme:commercial:mail:segue"


def test_without_a_page_only_the_mail_way_out_is_named() -> None:
    mail = parsed(composed(a_form(unsubscribe="out@acme.example"), **{**COMMERCIAL, "unsubscribe_url": ""}))

    assert mail["List-Unsubscribe"] == "<mailto:out@acme.example?subject=unsubscribe%20tok>"
    assert mail["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize("purpose", ["", "service", "mandatory", "internal"])
def test_other_mail_has_no_way_out_of_a_list(purpose: str) -> None:
    mail = parsed(composed(**{**COMMERCIAL, "purpose": purpose}))

    assert mail["List-Unsubscribe"] is None


def test_the_footer_stands_below_commercial_mail_only_with_its_link() -> None:
    form = a_form(footer="Acme GmbH, Berlin. Unsubscribe: {link}")

    commercial, service = composed(form, **COMMERCIAL), composed(form)

    plain = commercial.mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().endswith(f"Acme GmbH, Berlin. Unsubscribe: {COMMERCIAL['unsubscribe_url']}\n")
    assert str(commercial.mail).count("Acme GmbH") == 2
    assert "Acme GmbH" not in str(service.mail)


@pytest.mark.parametrize(
    ("purpose", "language", "line"),
    [
        ("service", "", "Choose what we write about: "),
        ("", "fr", "Choose what we write about: "),
        ("commercial", "de-AT", "Wählen Sie, worüber wir Ihnen schreiben: "),
    ],
)
def test_a_customers_mail_names_the_page_where_they_choose(purpose: str, language: str, line: str) -> None:
    page = COMMERCIAL["unsubscribe_url"]
    form = a_form(footer="Acme GmbH, Berlin")

    made = composed(form, purpose=purpose, language=language, preferences_url=page)

    plain, rich = (made.mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    assert plain.get_content().endswith(f"\n{line}{page}\n")
    assert f'<a href="{page}">' in rich.get_content()
    assert plain.get_content().count("Acme GmbH") == (1 if purpose == "commercial" else 0)


@pytest.mark.parametrize(
    "page", ["javascript:alert(1)", "https://x.example/ y", "https://x.example/\r\nBcc: a@b"]
)
def test_a_page_that_is_no_link_is_not_named(page: str) -> None:
    assert "Choose what" not in str(composed(preferences_url=page).mail)


def test_mail_to_colleagues_has_no_way_out_and_no_page_of_choices() -> None:
    form = a_form(footer="Acme GmbH, Berlin. Unsubscribe: {link}")

    made = composed(form, **{**COMMERCIAL, "purpose": "internal", "preferences_url": "https://x.example/u/t"})

    mail = parsed(made)
    assert [mail[name] for name in ("List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID")] == [None] * 3
    assert not [word for word in ("Choose what", "Acme GmbH") if word in str(made.mail)]


def test_a_mail_comes_back_to_an_address_of_its_own() -> None:
    made = composed(a_form(bounces="bounces@acme.example"))

    assert made.envelope_from.startswith(f"bounces+{KEY}.")
    assert composed().envelope_from == "hello@acme.example"


def test_a_signature_covers_the_headers_to_unsubscribe() -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    signer = _signer(pem)

    signed = signer.sign(composed(**COMMERCIAL).as_bytes())

    assert dkim.verify(signed, dnsfunc=lambda name, timeout=5: record)
    covered = BytesParser().parsebytes(signed)["DKIM-Signature"].partition("h=")[2].partition(";")[0].lower()
    assert {"list-unsubscribe", "list-unsubscribe-post"} <= {name.strip() for name in covered.split(":")}
    changed = signed.replace(b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Lost")
    assert not dkim.verify(changed, dnsfunc=lambda name, timeout=5: record)


def test_a_key_that_is_none_is_told() -> None:
    with pytest.raises(InputError, match="DKIM key"):
        _signer(b"no key").sign(composed().as_bytes())


def _signer(pem: bytes) -> Signer:
    signer = Signer(DkimForm(domain="acme.example", selector="segue", key="env:NONE"))
    signer.__dict__["_key"] = pem
    return signer


@pytest.mark.parametrize(
    "text", ["<script>x</script>", "a & b", '"quoted"', "javascript:alert(1)", "http://x"]
)
def test_a_text_becomes_no_markup_of_its_own(text: str) -> None:
    page = html_of(text)

    assert "<script>" not in page
    assert 'href="javascript' not in page


def test_a_header_text_is_one_line_without_control_characters() -> None:
    assert one_line("a\x00b\r\n\tc\u2028d\ud800") == "a b c d?"


def test_spoken_words_of_an_own_mail_are_its_text() -> None:
    assert (
        spoken(read_mail(composed().as_bytes().replace(b"Message-ID: <", b"Message-ID: <x"), IDS)) == "Hello"
    )


NAUGHTY = (
    "undefined", "1/0", "\x01\x02\x7f\x85", "\u200b\u202eabc\u202c", "Ω≈ç√∫˜µ", "田中さんにあげて下さい",
    "👩🏽‍💻 🇺🇸", "﷽", "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟", "<script>alert(1)</script>", "{{ 7*7 }}", "=?utf-8?q?x?=",
    "From here on", ".", "..", "--", "> quoted", "Robert'); DROP TABLE", "\ufeff", "𝕋𝕙𝕖", "=3D=20",
    "\x0b\x0c\x1c\u2028\u2029 line ends",
)  # fmt: skip


def naughty_strings() -> list[str]:
    """A list of our own, and that of the file `NAUGHTY_STRINGS` names, if it does."""
    named = os.environ.get("NAUGHTY_STRINGS")
    return [*NAUGHTY, *(json.loads(Path(named).read_text(encoding="utf-8")) if named else ())]


@pytest.mark.parametrize("naughty", naughty_strings(), ids=ascii)
def test_naughty_strings_survive_the_way_out_and_in(naughty: str) -> None:
    text = f"It says {naughty} here"

    raw = composed(text=text, subject=naughty, from_name=naughty).as_bytes()
    mail = read_mail(raw.replace(b"Message-ID: <", b"Message-ID: <x"), IDS)

    assert mail.text == text.replace("\r\n", "\n").replace("\r", "\n")
    assert mail.sender == "hello@acme.example"
    assert mail.subject == " ".join(one_line(naughty).split())
