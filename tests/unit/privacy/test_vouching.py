"""A site vouches for its visitors by a signature over user id and address; nothing else counts."""

import pytest

from segue.core.ids import IdKey
from segue.privacy.vouching import Vouched, signature, site_secret, vouched

IDS = IdKey(b"0123456789abcdef")
SECRET = site_secret(IDS, "https://www.example.com")


def test_a_signature_vouches_for_user_and_address() -> None:
    found = vouched(SECRET, "42", "ann@x.io", signature(SECRET, "42", "ann@x.io"))

    assert found == Vouched("42", "ann@x.io")
    assert found.identifiers == ("user:42", "email:ann@x.io")


@pytest.mark.parametrize(
    ("user", "email", "signed"),
    [
        ("42", "ann@x.io", ""),
        ("42", "ann@x.io", "0" * 64),
        ("42", "ann@x.io", signature(SECRET, "42")),
        ("43", "ann@x.io", signature(SECRET, "42", "ann@x.io")),
        ("42", "eve@x.io", signature(SECRET, "42", "ann@x.io")),
        ("42", "ann@x.io", signature("another secret", "42", "ann@x.io")),
        ("", "", signature(SECRET, "", "")),
        ("42\nann@x.io", "", signature(SECRET, "42", "ann@x.io\n")),
        ("42", "ann@x.io", "é" * 64),
        ("4" * 400, "", signature(SECRET, "4" * 400)),
    ],
)
def test_what_is_not_signed_as_it_is_vouches_for_nobody(user: str, email: str, signed: str) -> None:
    assert vouched(SECRET, user, email, signed) is None


def test_each_site_and_each_version_has_a_secret_of_its_own() -> None:
    others = {
        site_secret(IDS, "https://shop.example.com"),
        site_secret(IDS, "https://www.example.com", 2),
        site_secret(IdKey(b"another key 1234"), "https://www.example.com"),
    }

    assert SECRET not in others
    assert len(others) == 3


def test_the_user_id_tells_users_apart_whatever_their_address() -> None:
    assert Vouched("42", "old@x.io").key == Vouched("42", "new@x.io").key
    assert Vouched("", "Ann@x.io").key == Vouched("", "ann@X.io").key
    assert Vouched("42").key != Vouched("43").key
