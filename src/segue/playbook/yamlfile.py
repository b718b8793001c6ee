"""YAML for people: no anchors, tags, floats, dates or surprises, and the place of every key and value."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, TypeAlias

import yaml

from segue.core.encoding import nfc
from segue.core.errors import PlaybookError
from segue.playbook.problems import UNREADABLE

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 12
MAX_VALUES: Final = 20_000

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_PLAIN: Final[Mapping[str, bool | None]] = {
    "": None, "~": None, "null": None, "true": True, "True": True, "false": False, "False": False,
}  # fmt: skip

_START: Final = yaml.Mark("", 0, 0, 0, None, 0)

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indexes that lead to a value, such as `("tests", 0, "given")`."""


@dataclass(frozen=True, slots=True)
class Place:
    """1-based line and column of the first character of a key or value."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file read: plain data, and where each key and value stands.

    Attributes:
        file: Path below the playbook directory, with `/`.
        data: Mappings, lists, text, int, bool and None; decimals and dates stay text.
        keys: Place of the key of each mapping entry.
        values: Place of each value.
    """

    file: str
    data: Any
    keys: Mapping[Path, Place] = field(repr=False)
    values: Mapping[Path, Place] = field(repr=False)

    def error(
        self, path: Path, message: str, hint: str | None = None, *, at_key: bool = False
    ) -> PlaybookError:
        """Make an error located at a value (or its key), else at the nearest thing around it."""
        place = self.place(path, at_key=at_key)
        return PlaybookError(message, file=self.file, line=place.line, column=place.column, hint=hint)

    def place(self, path: Path, *, at_key: bool = False) -> Place:
        """Find where a path stands, or the nearest enclosing value."""
        if at_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(1, 1))


def read(raw: bytes, file: str) -> Document:
    """Read one file.

    Raises:
        PlaybookError: Too big, no UTF-8, no YAML, nested too deep, an anchor, a tag, a key said twice.

    >>> read(b"cost: 0.10", "a.yaml").data
    {'cost': '0.10'}
    """
    if len(raw) > MAX_BYTES:
        raise PlaybookError(f"file has {len(raw)} bytes, {MAX_BYTES} are allowed", file=file, hint="split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PlaybookError("file is not UTF-8", file=file, line=line) from error
    builder = _Builder(file, text)
    try:
        data = builder.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, file) from None
    except yaml.YAMLError as error:
        raise PlaybookError(f"{UNREADABLE}: {str(error).splitlines()[0]}", file=file) from None
    return Document(file, data, builder.keys, builder.values)


def _unreadable(error: yaml.MarkedYAMLError, file: str) -> PlaybookError:
    mark = error.problem_mark or error.context_mark
    hint = None
    problem = error.problem or "unknown problem"
    if "mapping values are not allowed" in problem:
        hint = "put text that holds `: ` into quotes"
    elif "cannot start any token" in problem:
        hint = "indent with spaces, and put text that starts with a sign into quotes"
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    return PlaybookError(f"{UNREADABLE}: {problem}", file=file, line=line, column=column, hint=hint)


class _Builder:
    """Builds plain data from parser events, so that nothing is ever constructed by tag."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.lines = file, text.split("\n")
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}

    def document(self, events: Iterator[yaml.Event]) -> Any:  # noqa: ANN401 - authored data
        data: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(event, "a second document begins", "remove `---`; use one file for each")
            elif isinstance(event, yaml.NodeEvent):
                data = self.node(event, events, ())
        return data

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Any:  # noqa: ANN401
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.refuse(
                event, "anchors and aliases (`&`, `*`) are not allowed", "write it out, or quote the text"
            )
        if getattr(event, "tag", None):
            self.refuse(event, "tags (`!`) are not allowed", "write the plain value, or quote the text")
        if len(path) > MAX_DEPTH:
            self.refuse(event, f"nested more than {MAX_DEPTH} deep")
        if len(self.values) > MAX_VALUES:
            self.refuse(event, f"more than {MAX_VALUES} values in one file", "split it")
        self.values[path] = self.place(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, path)
        return self.mapping(events, path)

    def sequence(self, events: Iterator[yaml.Event], path: Path) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.node(event, events, (*path, len(items))))
        return items

    def mapping(self, events: Iterator[yaml.Event], path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or getattr(event, "anchor", None):
                self.refuse(event, "a key must be plain text")
            key = nfc(self.clean(event))
            if key in found:
                first = self.keys[(*path, key)].line
                self.refuse(event, f"key `{key}` is said twice", f"the first is on line {first}")
            self.keys[(*path, key)] = self.place(event)
            found[key] = self.node(next(events), events, (*path, key))
        return found

    def scalar(self, event: yaml.ScalarEvent) -> str | int | bool | None:
        text = self.clean(event)
        if event.style in {"'", '"', "|", ">"}:
            return text
        if text in _PLAIN:
            return _PLAIN[text]
        return int(text) if _INT.fullmatch(text) else text

    def clean(self, event: yaml.ScalarEvent) -> str:
        text: str = event.value
        if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
            self.refuse(event, "text holds half a character (a lone surrogate)")
        return text

    def place(self, event: yaml.Event) -> Place:
        """Where the text itself begins: after the quote, or on the line below `|` and `>`."""
        mark = event.start_mark or _START
        style = getattr(event, "style", None)
        if style in {"|", ">"} and mark.line + 1 < len(self.lines):
            below = self.lines[mark.line + 1]
            return Place(mark.line + 2, len(below) - len(below.lstrip()) + 1)
        return Place(mark.line + 1, mark.column + (2 if style in {"'", '"'} else 1))

    def refuse(self, event: yaml.Event, message: str, hint: str | None = None) -> NoReturn:
        mark = event.start_mark or _START
        raise PlaybookError(message, file=self.file, line=mark.line + 1, column=mark.column + 1, hint=hint)
