"""From plain data to authored models: pydantic's findings retold in the author's words, at their place."""

import types
from collections.abc import Mapping
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from segue.core.errors import PlaybookError
from segue.playbook.problems import nearest
from segue.playbook.yamlfile import Document, Path

T = TypeVar("T")

_EXPECTED = {
    "string_type": "text; put it into quotes",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "bool_type": "`true` or `false`",
    "bool_parsing": "`true` or `false`",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "list_type": "a list",
}


def validate(document: Document, form: type[T], problems: list[PlaybookError], below: Path = ()) -> T | None:
    """Check the data of a document, or the part below a path, against a form.

    Returns:
        The authored model, or None after adding what is wrong to `problems`.
    """
    data = document.data
    for step in below:
        data = data[step]
    try:
        return TypeAdapter(form).validate_python(data)
    except ValidationError as error:
        seen: set[Path] = set()
        for found in error.errors(include_url=False):
            path = (*below, *_existing(found["loc"], data))
            if path not in seen:
                problems.append(_retold(document, form, path, found, len(below)))
            seen.add(path)
        return None


def _existing(loc: tuple[int | str, ...], data: Any) -> Path:  # noqa: ANN401 - authored data
    """Drop the names of union members that pydantic mixes into a location."""
    path: list[int | str] = []
    for step in loc:
        if _holds(data, step):
            data = data[step]
        elif step is not loc[-1] or not isinstance(data, dict | list):
            continue
        path.append(step)
    return tuple(path)


def _holds(data: Any, step: int | str) -> bool:  # noqa: ANN401 - authored data
    return step in data if isinstance(data, dict) else isinstance(data, list) and step in range(len(data))


def _retold(
    document: Document,
    form: Any,  # noqa: ANN401 - a type
    path: Path,
    found: Mapping[str, Any],
    depth: int,
) -> PlaybookError:
    kind, name = found["type"], str(path[-1]) if path else ""
    shown = _shown(found.get("input"))
    if kind == "extra_forbidden":
        hint = nearest(name, _keys_at(form, path[depth:-1]))
        return document.error(path, f"unknown key `{name}`", hint, at_key=True)
    if kind == "missing":
        return document.error(path[:-1], f"key `{found['loc'][-1]}` is missing", "add it")
    if kind == "value_error":
        message, _, hint = str(found["ctx"]["error"]).partition("; ")
        return document.error(path, message, hint or None)
    if kind == "literal_error":
        words = [word.strip("' ") for word in found["ctx"]["expected"].replace(" or ", ",").split(",")]
        hint = nearest(shown, words) or f"write one of {', '.join(f'`{word}`' for word in words)}"
        return document.error(path, f"unknown word `{shown}`", hint)
    if kind in _EXPECTED:
        return document.error(path, f"expected {_EXPECTED[kind]}, found `{shown}`")
    message = found["msg"]
    return document.error(path, f"`{shown}` does not fit: {message[:1].lower()}{message[1:]}")


def _shown(value: object) -> str:
    text = (
        {True: "true", False: "false", None: "nothing"}.get(value) if isinstance(value, bool | None) else None
    )
    return text or str(value).replace("\n", " ")[:60]


def _keys_at(form: Any, path: Path) -> list[str]:  # noqa: ANN401 - a type
    """Keys that a form allows at a path."""
    options = _options(form)
    for step in path:
        options = [inner for option in options for inner in _options(_below(option, step))]
    return [key for option in options for key in _fields(option)]


def _below(option: Any, step: int | str) -> Any:  # noqa: ANN401 - a type
    if get_origin(option) in {dict, list}:
        return get_args(option)[-1]
    return _fields(option)[str(step)].annotation if str(step) in _fields(option) else None


def _fields(option: Any) -> Mapping[str, FieldInfo]:  # noqa: ANN401 - a type
    return option.model_fields if isinstance(option, type) and issubclass(option, BaseModel) else {}


def _options(form: Any) -> list[Any]:  # noqa: ANN401 - a type
    """Members of a union, else the form itself."""
    if get_origin(form) in {Union, types.UnionType}:
        return [option for part in get_args(form) for option in _options(part)]
    return [form]
