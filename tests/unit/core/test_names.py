"""Names and addresses on record are found exactly: whole words, any case, across hyphens."""

import pytest

from segue.core.names import Names
from segue.core.redact import find


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Ann Lee", "ask ANN LEE about it", ["ANN LEE"]),
        ("Anne-Marie Groß", "Anne Marie GROSS here", ["Anne Marie GROSS"]),
        ("Ann Lee", "Ann-Lee's invoice", ["Ann-Lee"]),
        ("Hauptstraße 5, Bonn", "to Hauptstraße 5\nBonn please", ["Hauptstraße 5\nBonn"]),
        ("Lee", "Leeds and Ashlee", []),
        ("Ann Lee", "Ann asked Lee", []),
        ("Al", "Al is here", []),
        ("", "Al is here", []),
    ],
)
def test_a_name_is_found_as_whole_words_only(name: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in Names([name]).find(text)] == found


def test_the_hash_tells_the_names_whatever_their_order() -> None:
    assert Names(["Ann Lee", "Bob"]).hash == Names(["bob", "ANN  LEE"]).hash
    assert Names(["Ann Lee"]).hash != Names(["Ann Li"]).hash
    assert Names([]).hash == ""


def test_a_name_within_an_address_is_the_address() -> None:
    spans = find("ann.lee@x.io wrote, Ann Lee too", Names(["Ann Lee"]))

    assert [span.kind for span in spans] == ["email", "name"]
