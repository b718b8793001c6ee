"""Connecting: which tools a home acts through and which places it watches, as its `connectors.yaml` says."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from segue.bootstrap.home import Home
from segue.connectors.email import EMAIL, Book, EmailConnector, EmailForm, EmailInlet, People
from segue.connectors.sandbox import SandboxCompany
from segue.core.errors import SignalError
from segue.core.ids import IdKey
from segue.core.ports import Clock, Connector, Inlet
from segue.playbook import read_form
from segue.runtime.tenant import Note
from segue.stores import SqliteStore

Normalise = Callable[[Sequence[str]], Sequence[str]]


class ConnectorsFile(BaseModel):
    """`connectors.yaml`: a section for each tool that is real.

    Attributes:
        sandbox: Whether what has no section here is the sandbox company's; else there is no such tool.
        email: Mail servers and the mailbox.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sandbox: bool = False
    email: EmailForm | None = None


@dataclass(frozen=True, slots=True)
class Connected:
    """What a home acts through, and what it watches."""

    tools: Mapping[str, Connector]
    inlets: tuple[Inlet, ...] = ()
    sandbox: SandboxCompany | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What connectors are made of, besides their settings."""

    home: Home
    clock: Clock
    ids: IdKey
    people: People
    note: Note


def read_connectors(home: Home) -> ConnectorsFile:
    """Read a home's `connectors.yaml`; without one everything is the sandbox company's.

    Raises:
        PlaybookErrors: The file is wrong; every error has its line and column.
    """
    path = home.connectors
    return read_form(path, ConnectorsFile) if path.is_file() else ConnectorsFile(sandbox=True)


def connect(around: Surroundings, closing: ExitStack) -> Connected:
    """Make the tools and inlets of a home.

    Args:
        around: What they are made of.
        closing: Closes what was opened.

    Raises:
        PlaybookErrors: `connectors.yaml` is wrong.
    """
    file = read_connectors(around.home)
    sandbox: SandboxCompany | None = None
    tools: dict[str, Connector] = {}
    inlets: list[Inlet] = []
    if file.sandbox:
        sandbox = SandboxCompany(around.home.sandbox, around.clock)
        closing.callback(sandbox.close)
        tools |= sandbox.connectors
    # One line for each section of the file; what is real takes the place of the sandbox company's.
    if file.email is not None:
        _email(file.email, around, closing, tools, inlets)
    return Connected(tools, tuple(inlets), sandbox)


def people_of(store: SqliteStore, normalise: Normalise) -> People:
    """Whom a tenant knows, asked of its store; may be called from any thread."""

    def is_known(identifiers: Sequence[str]) -> bool:
        try:
            spelt = normalise(identifiers)
        except SignalError:
            return False
        with store.read() as reader:
            return bool(reader.known([store.ids.identifier_hash(item) for item in spelt]))

    def subject_of(effect_id: str) -> str:
        with store.read() as reader:
            row = reader.effect(effect_id)
        return f"profile:{row.effect.profile_id}" if row is not None and row.effect.profile_id else ""

    return People(is_known, subject_of)


def _email(
    form: EmailForm,
    around: Surroundings,
    closing: ExitStack,
    tools: dict[str, Connector],
    inlets: list[Inlet],
) -> None:
    book = Book(around.home.email, around.ids)
    closing.callback(book.close)
    book.forget(around.clock.now())
    tools[EMAIL] = EmailConnector(form, around.ids, around.clock, book)
    if form.imap is not None:
        inlet = EmailInlet(
            form, form.imap, around.people, around.ids, clock=around.clock, book=book, note=around.note
        )
        inlets.append(inlet)
