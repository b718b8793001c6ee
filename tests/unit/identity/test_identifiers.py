"""Identifiers are spelt one way, and malformed ones are refused with a suggestion."""

import pytest

from segue.core.errors import SignalError
from segue.identity import MAX_LENGTH, normalise, normalise_all


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("email:Ann@Example.COM", "email:ann@example.com"),
        (" Email : ann@x.io ", "email:ann@x.io"),
        ("email:ann@bücher.example", "email:ann@xn--bcher-kva.example"),
        ("email:ann@BÜCHER.example", "email:ann@xn--bcher-kva.example"),
        ("email:ann+news@x.io", "email:ann+news@x.io"),
        ("email:ann@straße.de", "email:ann@xn--strae-oqa.de"),
        ("phone:+49 (0)30 123456", "phone:+4930123456"),
        ("whatsapp:+49 30 123456", "phone:+4930123456"),
        ("phone:+49 30 123456 ext. 7", "phone:+4930123456;ext=7"),
        ("phone:+4930123456;ext=7", "phone:+4930123456;ext=7"),
        ("hubspot: 123 ", "hubspot:123"),
        ("cookie:AbC:9", "cookie:AbC:9"),
        ("user:e\u0301", "user:\u00e9"),
    ],
)
def test_an_identifier_has_one_spelling(written: str, spelt: str) -> None:
    assert normalise(written) == spelt


def test_a_national_number_needs_its_country() -> None:
    assert normalise("phone:030 123456", "DE") == "phone:+4930123456"
    with pytest.raises(SignalError, match="is no phone number"):
        normalise("phone:030 123456")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("ann@x.io", r"did you mean `email:ann@x.io`\?"),
        ("+4930123456", r"did you mean `phone:\+4930123456`\?"),
        ("42", "write it like `user:42`"),
        ("e-mail:ann@x.io", r"did you mean `email`\?"),
        ("1user:7", r"did you mean `user`\?"),
        ("user:", "has no value"),
        ("user:" + "x" * (MAX_LENGTH + 1), "longer than 320"),
        ("user:a\x00b", "control characters"),
        ("user:a\u2028b", "control characters"),
        ("user:\ud800", "lone surrogate"),
        ("email:ann", "is no e-mail address"),
        ("email:Ann <ann@x.io>", "is no e-mail address"),
        ("email:a\u200bnn@x.io", "is no e-mail address"),
        ("email:ann@localhost", "no valid domain"),
        ("email:ann@x..io", "no valid domain"),
        ("email:" + "a" * 65 + "@x.io", "is no e-mail address"),
        ("phone:+49", "phone number"),
        ("phone:+4930123456789012345", "phone number|digits"),
        ("phone:+1 555 0100", "wrong number of digits"),
        ("phone:hello", "is no phone number"),
    ],
)
def test_a_malformed_identifier_is_refused_with_a_suggestion(written: str, message: str) -> None:
    with pytest.raises(SignalError, match=message):
        normalise(written)


@pytest.mark.parametrize(
    "junk",
    [
        "user:null",
        "user:undefined",
        "user:None",
        "crm:n/a",
        "user: anonymous ",
        "user:0",
        "user:00000000-0000-0000-0000-000000000000",
        "phone:0000000000",
        "phone:+1111111111",
        "email:test@test.com",
        "email:Test@Example.com",
        "email:none@none.de",
        "email:null",
    ],
)
def test_what_many_people_share_identifies_nobody(junk: str) -> None:
    assert normalise_all([junk, "user:7"]) == ("user:7",)


@pytest.mark.parametrize(
    "real", ["email:ann@test.com", "email:test@acme.io", "user:10", "user:nullan", "crm:111111"]
)
def test_what_only_looks_like_junk_is_kept(real: str) -> None:
    assert normalise_all([real]) == (real,)


def test_repetitions_are_dropped_and_the_order_stays() -> None:
    written = ["user:7", "whatsapp:+4930123456", "phone:+49 30 123456", "user:7", "email:A@x.io"]

    assert normalise_all(written) == ("user:7", "phone:+4930123456", "email:a@x.io")


def test_one_malformed_identifier_refuses_all() -> None:
    with pytest.raises(SignalError):
        normalise_all(["user:7", "email:ann"])


def test_a_namespace_is_a_short_word() -> None:
    with pytest.raises(SignalError, match="is no lower-case word") as caught:
        normalise("a" * 1_000_000 + ":b")

    assert len(str(caught.value)) < 300
