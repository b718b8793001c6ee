"""Whatever stands in a playbook file, loading it gives a playbook or located errors, nothing else."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from segue.core.records.playbook import Playbook
from segue.playbook import PlaybookErrors, load
from tests.unit.playbook.building import FILES, a_directory

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.sampled_from(
        [
            "",
            "x",
            "account.health",
            "EUR 1e999999",
            "NaN",
            "99999d",
            "-1%",
            "{{",
            "{{ a.b.c }}",
            "*",
            "a\x85b",
            "𝔘",
            "é",
        ]
    )
    | st.text(max_size=20)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


def paths(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [here, *(path for key, value in below for path in paths(value, (*here, key)))]


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = replaced(data[path[0]], path[1:], value)
    return copy


PLACES = [(name, path) for name, text in FILES.items() for path in paths(yaml.safe_load(text))]


@given(st.sampled_from(PLACES), VALUES)
def test_any_value_anywhere_loads_or_is_told(place: tuple[str, tuple[Any, ...]], value: Any) -> None:
    name, path = place
    text = json.dumps(replaced(yaml.safe_load(FILES[name]), path, value), default=str)

    with tempfile.TemporaryDirectory() as root:
        outcome = load_or_errors(a_directory(Path(root), {name: text}))

    if isinstance(outcome, PlaybookErrors):
        assert all(error.file and error.message for error in outcome.errors)


def load_or_errors(directory: Path) -> Playbook | PlaybookErrors:
    try:
        return load(directory)
    except PlaybookErrors as errors:
        return errors


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize(
    "text", ["", "just words", "[1, 2]", "a: b", "- - -\n", "\t", "%", "{", "\ufeffa: 1"]
)
def test_a_file_of_another_shape_loads_or_is_told(name: str, text: str, tmp_path: Path) -> None:
    outcome = load_or_errors(a_directory(tmp_path, {name: text}))

    if isinstance(outcome, PlaybookErrors):
        assert all(error.file for error in outcome.errors)


def test_two_entries_of_one_name_are_told(tmp_path: Path) -> None:
    outcome = load_or_errors(a_directory(tmp_path, {"plays/twin.yaml": FILES["plays/rescue.yaml"]}))

    assert (
        str(outcome)
        == "`plays/twin.yaml` line 1 column 1: `rescue` is there twice; the first is in `plays/rescue.yaml`"
    )
