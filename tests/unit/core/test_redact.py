"""Personal data is found by form and checksum, and what only looks like it is left alone."""

import pytest

from segue.core.errors import InputError
from segue.core.redact import find, mask, mask_value


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("", ""),
        ("nothing to see here: std::vector, 3 of 12, 50%", "nothing to see here: std::vector, 3 of 12, 50%"),
        ("mailto:Ann.O'Neil+x@mail.example.co.uk, thanks", "mailto:[email], thanks"),
        ("'bob@x.io' to=eve@x.io?u=a%40b.de", "'[email]' to=[email]?u=[email]"),
        ("jörg@müller.de and root@localhost.", "[email] and [email]."),
        ("odd (at) odd.example, or odd[at]odd.example", "[email], or [email]"),
        ("write to ann at acme dot example please", "write to [email] please"),
        ("ann.lee {at} acme (dot) example (dot) org.", "[email]."),
        ("meet (at) noon, look at acme.example or at 10", "meet (at) noon, look at acme.example or at 10"),
        ("I looked at the dot on the page (at last)", "I looked at the dot on the page (at last)"),
        ("@ann ann@ a@b @x.io", "@ann ann@ a@b @x.io"),
        ("4111 1111 1111 1111, 4111-1111-1111-1111", "[card], [card]"),
        ("amex 378282246310005 order 99 5555555555554444", "amex [card] order 99 [card]"),
        ("4111 1111 1111 1112 fails the check digit", "4111 1111 1111 1112 fails the check digit"),
        ("DE89 3704 0044 0532 0130 00 is my IBAN", "[iban] is my IBAN"),
        ("gb29nwbk60161331926819.", "[iban]."),
        ("DE89370400440532013001", "DE89370400440532013001"),
        ("card 675984103431 and 180016070420458", "card [card] and [card]"),
        ("order 675984103432 of 123 45 678", "order 675984103432 of [phone]"),
        ("Phone: 467 3395, mobile 72 128 827", "Phone: [phone], mobile [phone]"),
        ("call me on 450 0840 about 450 0841", "call me on [phone] about 450 0841"),
        ("+1-903-140-4508x769 or 71-33-52-22 ext. 12", "[phone] or [phone]"),
        ("ssn 078-05-1120, 078 05 1120", "ssn [ssn], [ssn]"),
        ("000-12-3456 is no ssn", "[phone] is no ssn"),
        ("10.0.0.1, 255.255.255.255:80 and 2001:db8::1.", "[ip], [ip]:80 and [ip]."),
        ("::ffff:1.2.3.4 [fe80::1%eth0]", "[ip] [[ip]%eth0]"),
        ("1.2.3 and 1.2.3.4.5 and 300.1.1.1 and 12:30:45", "1.2.3 and 1.2.3.4.5 and 300.1.1.1 and 12:30:45"),
        ("call +49 (0)171 1234567 or 0171/1234567!", "call [phone] or [phone]!"),
        ("(415) 555-2671, 415-555-2671, 4155552671, 555-2671", "[phone], [phone], [phone], [phone]"),
        ("01 23 45 67 89 und 601 234 567", "[phone] und [phone]"),
        ("0171 1234567 0172 7654321", "[phone] [phone]"),
        ("415-555-2671 415-555-2672", "[phone] [phone]"),
        ("24.11.2026, 2026-11-24 10:30:00, 12/24/26", "24.11.2026, 2026-11-24 10:30:00, 12/24/26"),
        ("2026-11-24 0171 1234567", "2026-11-24 [phone]"),
        ("EUR 5,000.00 50 000, #12345678, 1767225600", "EUR 5,000.00 50 000, #12345678, 1767225600"),
        ("id 550e8400-e29b-41d4-a716-446655440000", "id 550e8400-e29b-41d4-a716-446655440000"),
    ],
)  # fmt: skip
def test_personal_data_is_masked_and_the_rest_stays(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_spans_are_ordered_and_do_not_overlap() -> None:
    text = "078-05-1120 ann@x.io ::ffff:1.2.3.4 +1 415 555 2671"

    spans = find(text)

    assert [(text[s.start : s.end], s.kind) for s in spans] == [
        ("078-05-1120", "ssn"),
        ("ann@x.io", "email"),
        ("::ffff:1.2.3.4", "ip"),
        ("+1 415 555 2671", "phone"),
    ]


def test_known_values_are_masked_in_any_case_and_with_what_they_overlap() -> None:
    known = ["Ann Lee", "Lee Street 5", "ann", "a*b", ""]

    masked = mask("ANN LEE of Lee Street 5, ann.lee@x.io. Ann's a*b", known)

    assert masked == "[known] of [known], [email]. [known]'s [known]"


def test_overlapping_known_values_leave_nothing_between_them() -> None:
    assert mask("x Ann Lee Smith y", known=["Ann Lee", "Lee Smith"]) == "x [known] y"


def test_nested_log_values_are_masked() -> None:
    event = {
        "event": "mail to ann@x.io",
        "Email": "ann@x.io",
        "user-email": ["ann@x.io"],
        "address": {"street": "Lee Street 5"},
        "token": None,
        "ann@x.io": 3,
        "raw": b"ann@x.io \xff",
        "deep": ({"error": ValueError("bad number +49 171 1234567")}, 1.5, True),
    }

    assert mask_value(event) == {
        "event": "mail to [email]",
        "Email": "[email]",
        "user-email": "[user_email]",
        "address": "[address]",
        "token": None,
        "[email]": 3,
        "raw": "[email] \ufffd",
        "deep": [{"error": "bad number [phone]"}, 1.5, True],
    }


def test_a_log_value_that_holds_itself_ends() -> None:
    loop: list[object] = []
    loop.append(loop)

    assert "[deep]" in str(mask_value(loop))


NASTY = [
    "4 ", "4", "4111 1111 1111 1111 ", "a@", "a@a.", "@aaaa", "DE89 ", "a:b:", "1.2.3.", "+49 ", "(0", "%40",
    "01.02.2026 ", "ann@x.io ", "- ", "a.a", "é@é.", "１２３ ", "٣", "²", "\ud800@\ud800.", "\x00", "İ",
    "4\u200b", "\u200b", "4111\u200b1111 ", "ssn: ", "ni ni 12 ", "ABCDEF12", "1 ", "version 1.",
    "invoice 2026-1",
    " (at) ", "a (at) a.", " at a dot ", "a at ", "(at)a(dot)",
    "🇩🇪1", "%s{0}", "\u202e1", "<script>", "aaaa", "::",
]  # fmt: skip


@pytest.mark.parametrize("seed", NASTY)
def test_nasty_text_is_masked_in_one_pass(seed: str) -> None:
    text = (seed * 50_000)[:50_000]

    masked = mask(text, known=["İx", "\ud800"])

    assert "ann@x.io" not in masked
    assert "4111 1111" not in masked


@pytest.mark.parametrize(
    ("given", "kind"), [(None, "NoneType"), (b"ann@x.io", "bytes"), (["ann@x.io"], "list")]
)
def test_what_is_no_text_is_told(given: object, kind: str) -> None:
    with pytest.raises(InputError, match=f"text: must be text, not `{kind}`; "):
        find(given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("card 4111\u200b1111\u200b1111\u200b1111 now", "card [card] now"),
        ("to ann@x\u200b.io, a\u00adnn@x.io", "to [email], [email]"),
        ("4111111111111111\u200b5555555555554444", "[card]\u200b[card]"),
        ("\u200b４１１１ １１１１ １１１１ １１１１\ufeff", "\u200b[card]\ufeff"),
        ("ＤＥ８９３７０４００４４０５３２０１３０００, ann＠ｘ．ｉｏ", "[iban], [email]"),
        ("call +４９ １７１ １２３４５６７", "call [phone]"),
        ("me\u200d and 👩\u200d💻 are 3\u200b fine", "me\u200d and 👩\u200d💻 are 3\u200b fine"),
    ],
)  # fmt: skip
def test_other_digits_and_what_has_no_width_hide_nothing(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("My NI number is AB123456C.", "My NI number is [national_id]."),
        ("NINO: QQ 12 34 56 C", "NINO: [national_id]"),
        ("national insurance no. ab123456c", "national insurance no. [national_id]"),
        ("AB 12 34 56 C", "[national_id]"),
        ("GB123456C and AB123456E and XAB123456C", "GB123456C and AB123456E and XAB123456C"),
        ("DNI 12345678Z, 12.345.678-Z, 12345678-Z", "DNI [national_id], [national_id], [national_id]"),
        ("NIE X1234567L and Y-1234567-X", "NIE [national_id] and [national_id]"),
        ("order 12345678A, X1234567A", "order 12345678A, X1234567A"),
        ("1 85 05 78 006 084 91", "[national_id]"),
        ("185057800608491 or 2 85 05 2A 006 084 82", "[national_id] or [national_id]"),
        ("codice fiscale RSSMRA85T10A562S, rssmra85t10a562s", "codice fiscale [national_id], [national_id]"),
        ("RSSMRA85T10A562T is none", "RSSMRA85T10A562T is none"),
        ("BSN 111222333", "BSN [national_id]"),
        ("burgerservicenummer: 1112.22.333", "burgerservicenummer: [national_id]"),
        ("PESEL: 44051401359", "PESEL: [national_id]"),
        ("ssn: 123456789, SSN is 123 45 6789", "ssn: [ssn], SSN is [ssn]"),
        ("my social security number is 123456789", "my social security number is [ssn]"),
        ("order 123456789 of ssn 12345", "order 123456789 of ssn 12345"),
    ],
)  # fmt: skip
def test_national_numbers_are_masked_by_check_digit_form_or_label(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "version 1.2.3.4 and Versions 10.0.19041.1",
        "firmware: 5.1.0.2",
        "invoice 2026-11-26-0001",
        "Invoice no. INV-2026-00012 of 2026-11-26",
        "2026-11-26-0001",
    ],
)
def test_versions_and_references_are_no_personal_data(text: str) -> None:
    assert mask(text) == text


def test_an_address_or_a_telephone_beside_such_words_is_found() -> None:
    text = "version 1.2.3.4 at 10.0.0.1, invoice 2026-11-26-0001: 0171 1234567"

    assert mask(text) == "version 1.2.3.4 at [ip], invoice 2026-11-26-0001: [phone]"
