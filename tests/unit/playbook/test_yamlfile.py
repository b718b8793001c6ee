"""YAML is read without its traps, and each thing read knows its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.core.errors import PlaybookError
from segue.playbook.yamlfile import MAX_BYTES, Place, read


def refused(text: str | bytes) -> str:
    with pytest.raises(PlaybookError) as caught:
        read(text if isinstance(text, bytes) else text.encode(), "f.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("0.1", "0.1"),
        ("1e3", "1e3"),
        ("2026-10-01", "2026-10-01"),
        ("12:30", "12:30"),
        ("007", "007"),
        ("0x10", "0x10"),
        ("7", 7),
        ("-7", -7),
        ("'7'", "7"),
        ("true", True),
        ("null", None),
        ("", None),
        ("9" * 30, "9" * 30),
    ],
)
def test_plain_words_stay_words(text: str, value: object) -> None:
    assert read(f"a: {text}".encode(), "f.yaml").data == {"a": value}


def test_places_are_of_keys_and_values() -> None:
    document = read(b"a:\n  - b: 'x'\n    c: |\n      text\n", "f.yaml")

    assert document.keys["a", 0, "b"] == Place(2, 5)
    assert document.values["a", 0, "b"] == Place(2, 9)
    assert document.values["a", 0, "c"] == Place(4, 7)


def test_a_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x]\nb: [*a, *a, *a]\n"

    assert refused(bomb).startswith(
        "`f.yaml` line 1 column 4: anchors and aliases (`&`, `*`) are not allowed"
    )
    assert "anchors and aliases" in refused("a: *b")


def test_tags_are_refused() -> None:
    assert "line 1 column 4: tags (`!`) are not allowed" in refused("a: !!python/object:os.system x")


def test_a_key_said_twice_is_refused() -> None:
    assert (
        refused("a: 1\nb: 2\na: 3\n")
        == "`f.yaml` line 3 column 1: key `a` is said twice; the first is on line 1"
    )


def test_deep_big_and_many_are_refused() -> None:
    assert "nested more than 12 deep" in refused("[" * 500)
    assert "bytes" in refused("a" * (MAX_BYTES + 1))
    assert "values in one file" in refused("[" + "1," * 25_000 + "1]")


def test_what_is_no_utf8_and_no_yaml_is_located() -> None:
    assert refused(b"a: 1\nb: \xff") == "`f.yaml` line 2: file is not UTF-8"
    assert refused("a: b: c") == (
        "`f.yaml` line 1 column 5: cannot read this as YAML: mapping values are not allowed in this context; "
        "put text that holds `: ` into quotes"
    )
    assert "a second document begins" in refused("a: 1\n---\nb: 2\n")
    assert "a key must be plain text" in refused("? [a, b]\n: 1\n")


def outcome(raw: bytes) -> str | None:
    """File that an error names, or that of the document."""
    try:
        return read(raw, "f.yaml").file
    except PlaybookError as error:
        return error.file


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert outcome(text.encode()) == "f.yaml"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    assert outcome(raw) == "f.yaml"
