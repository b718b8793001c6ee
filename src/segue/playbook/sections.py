"""From a directory to authored entries: which file holds what, and where each entry stands."""

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final, Generic, TypeVar

from segue.core.errors import PlaybookError
from segue.playbook.authored import (
    ActionEntry,
    AnswerEntry,
    CapEntry,
    DetectorEntry,
    EntityEntry,
    FactEntry,
    IntentEntry,
    OfferEntry,
    OutcomeEntry,
    PlayEntry,
    PolicyEntry,
    SenderEntry,
    SettingsFile,
    TemplateEntry,
    WindowEntry,
)
from segue.playbook.problems import nearest
from segue.playbook.validating import validate
from segue.playbook.yamlfile import MAX_BYTES, Document, Path, read

T = TypeVar("T")

MAX_FILES: Final = 500
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_FOLDERS: Final = {"plays": "play", "policies": "policy", "templates": "template"}
_FORMS: Final[Mapping[str, type]] = {
    "facts": FactEntry,
    "actions": ActionEntry,
    "caps": CapEntry,
    "windows": WindowEntry,
    "outcomes": OutcomeEntry,
    "offers": OfferEntry,
    "senders": SenderEntry,
    "answers": AnswerEntry,
    "intents": IntentEntry,
    "entities": EntityEntry,
    "detectors": DetectorEntry,
    "plays": PlayEntry,
    "policies": PolicyEntry,
    "templates": TemplateEntry,
}
_FILES: Final = ("settings.yaml", *(f"{name}.yaml" for name in _FORMS if name not in _FOLDERS))


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One authored thing, and where it stands.

    Attributes:
        path: Keys and indexes that lead to it inside its document.
    """

    name: str
    form: T
    document: Document = field(repr=False)
    path: Path = ()

    def error(
        self, path: Path, message: str, hint: str | None = None, *, at_key: bool = False
    ) -> PlaybookError:
        """Make an error located at a part of this entry."""
        return self.document.error((*self.path, *path), message, hint, at_key=at_key)


@dataclass(frozen=True, slots=True)
class Section(Generic[T]):
    """All entries of one kind that fit their form; `names` holds those that do not as well."""

    entries: tuple[Entry[T], ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """A playbook directory as its authors wrote it, checked key by key but not yet as a whole."""

    documents: tuple[Document, ...]
    settings: Entry[SettingsFile] | None
    facts: Section[FactEntry]
    actions: Section[ActionEntry]
    caps: Section[CapEntry]
    windows: Section[WindowEntry]
    outcomes: Section[OutcomeEntry]
    offers: Section[OfferEntry]
    senders: Section[SenderEntry]
    answers: Section[AnswerEntry]
    intents: Section[IntentEntry]
    entities: Section[EntityEntry]
    detectors: Section[DetectorEntry]
    plays: Section[PlayEntry]
    policies: Section[PolicyEntry]
    templates: Section[TemplateEntry]


def gather(directory: FilePath, problems: list[PlaybookError]) -> Written:
    """Read every file of a playbook directory; what is wrong is added to `problems`."""
    documents = []
    for file in _files(directory, problems):
        try:
            documents.append(read((directory / file).read_bytes(), file))
        except PlaybookError as error:
            problems.append(error)
        except OSError as error:
            problems.append(PlaybookError(f"cannot read this file: {error.strerror}", file=file))
    if not any(document.file == "settings.yaml" for document in documents) and not problems:
        problems.append(PlaybookError("there is no `settings.yaml`", file=directory.name, hint="add it"))
    sections: dict[str, Any] = {
        name: _section(name, form, documents, problems) for name, form in _FORMS.items()
    }
    return Written(tuple(documents), _settings(documents, problems), **sections)


def _files(directory: FilePath, problems: list[PlaybookError]) -> list[str]:
    """List the files to read, sorted; whatever does not belong here is a problem, not a guess."""
    root = directory.resolve()
    found = []
    for path in sorted(directory.rglob("*")):
        file = path.relative_to(directory).as_posix()
        if path.is_symlink() and not path.exists():
            problems.append(PlaybookError("this link leads nowhere", file=file, hint="remove it"))
            continue
        if path.is_dir() or path.name.startswith(".") or path.suffix == ".md":
            continue
        if not path.resolve().is_relative_to(root):
            problems.append(PlaybookError("this link leads out of the playbook directory", file=file))
        elif (hint := _misplaced(file)) is not None:
            problems.append(
                PlaybookError("this file has no place in a playbook", file=file, hint=hint or None)
            )
        elif path.stat().st_size > MAX_BYTES:
            message = f"file has {path.stat().st_size} bytes, {MAX_BYTES} are allowed"
            problems.append(PlaybookError(message, file=file, hint="split it"))
        else:
            found.append(file)
    if len(found) > MAX_FILES:
        problems.append(PlaybookError(f"{len(found)} files, {MAX_FILES} are allowed", file=directory.name))
    return found[:MAX_FILES]


def _misplaced(file: str) -> str | None:
    """Say where a file that is not read here should go, or None where it is in its place."""
    folder, _, name = file.rpartition("/")
    if not name.endswith(".yaml"):
        return (
            f"name it `{name.rpartition('.')[0] or name}.yaml`"
            if name.endswith(".yml")
            else "only `.yaml` is read"
        )
    if folder in _FOLDERS or (not folder and file in _FILES):
        return None
    if folder:
        return nearest(folder.partition("/")[0], _FOLDERS) or ""
    return nearest(name, _FILES) or ""


def _settings(documents: list[Document], problems: list[PlaybookError]) -> Entry[SettingsFile] | None:
    document = next((item for item in documents if item.file == "settings.yaml"), None)
    form = validate(document, SettingsFile, problems) if document else None
    return Entry("settings", form, document) if document and form else None


def _section(
    name: str, form: type[T], documents: list[Document], problems: list[PlaybookError]
) -> Section[T]:
    entries: dict[str, Entry[T]] = {}
    names: dict[str, str] = {}
    for document in documents:
        if document.file.partition("/")[0].removesuffix(".yaml") != name or document.data is None:
            continue
        for key, path in _parts(name, document, problems):
            if key in names:
                hint = f"the first is in `{names[key]}`"
                problems.append(document.error(path, f"`{key}` is there twice", hint))
                continue
            if (wrong := _unfit(name, key)) is not None:
                problems.append(document.error(path, f"`{key[:40]}` is no name", wrong, at_key=True))
                continue
            names[key] = document.file
            authored = validate(document, form, problems, path)
            if authored is not None:
                entries[key] = Entry(key, authored, document, path)
    return Section(tuple(entries.values()), frozenset(names))


def _unfit(section: str, key: str) -> str | None:
    """Say how to write a name instead, or None where it fits; facts have a form of their own."""
    if section in {"facts", "windows"}:
        return None
    if section == "outcomes":
        fits = key.isascii() and key.isidentifier() and not keyword.iskeyword(key)
        return None if fits else "write letters, digits and `_`, such as `demo_booked`"
    return None if _NAME.fullmatch(key) else "write letters, digits, `_` and `-`, such as `renewal-rescue`"


def _parts(name: str, document: Document, problems: list[PlaybookError]) -> Iterator[tuple[str, Path]]:
    """Yield name and path of each entry of a document."""
    data = document.data
    nameless = re.sub(r"\W", "-", f"entry-{document.file}")[:60]
    if name == "windows" or (name in _FOLDERS and isinstance(data, list)):
        if not isinstance(data, list):
            problems.append(document.error((), "expected a list", "begin each entry with `-`"))
            return
        for index, item in enumerate(data):
            own = item.get(_FOLDERS.get(name, "")) if isinstance(item, dict) else None
            yield (own if isinstance(own, str) else f"{nameless}-{index}"), (index,)
    elif not isinstance(data, dict):
        problems.append(document.error((), "expected a mapping of names to entries"))
    elif name in _FOLDERS:
        own = data.get(_FOLDERS[name])
        yield (own if isinstance(own, str) else nameless), ()
    else:
        for key in data:
            yield key, (key,)
