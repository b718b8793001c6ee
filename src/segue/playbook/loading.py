"""Load: a directory of YAML becomes one immutable, compiled playbook, or every error at once."""

from pathlib import Path

from segue.core.encoding import digest
from segue.core.errors import PlaybookError
from segue.core.records.playbook import Playbook
from segue.playbook import parts, rules
from segue.playbook.authored import SettingsFile
from segue.playbook.compiler import Compiler
from segue.playbook.onefile import read_form
from segue.playbook.problems import PlaybookErrors
from segue.playbook.sections import Written, gather
from segue.playbook.vocabulary import vocabulary


def load(directory: Path) -> Playbook:
    """Load and compile a playbook directory.

    Raises:
        PlaybookErrors: Everything that is wrong with it, each with file, line, column and a suggestion.
    """
    return load_written(directory)[0]


def load_settings(directory: Path) -> SettingsFile:
    """Load `settings.yaml` alone, as it was written: who only reads a home needs no play that works.

    Raises:
        PlaybookErrors: Everything that is wrong with this one file.
    """
    return read_form(directory / "settings.yaml", SettingsFile)


def load_written(directory: Path) -> tuple[Playbook, Written]:
    """Load a playbook together with what was authored, which holds the tests.

    Raises:
        PlaybookErrors: As for `load`.
    """
    if not directory.is_dir():
        raise PlaybookErrors([PlaybookError("there is no such playbook directory", file=directory.name)])
    problems: list[PlaybookError] = []
    written = gather(directory, problems)
    playbook = _compile(written, problems)
    if playbook is None or problems:
        raise PlaybookErrors(problems)
    return playbook, written


def _compile(written: Written, problems: list[PlaybookError]) -> Playbook | None:
    if written.settings is None:
        return None
    rates = parts.rates_of(written.settings.form)
    schema, facts = vocabulary(written, rates, problems)
    compiler = Compiler(schema, rates, problems, written.facts.names - set(schema.facts), facts)
    settings = parts.settings(written.settings, compiler)
    brands = settings.brands
    return Playbook(
        hash=digest({document.file: document.data for document in written.documents}),
        settings=settings,
        schema=schema,
        facts=facts,
        plays=rules.plays(written, compiler),
        actions=parts.actions(written, compiler),
        policies=rules.policies(written, compiler),
        detectors=parts.detectors(written, compiler),
        offers=parts.offers(written, compiler),
        senders=parts.senders(written, compiler, brands),
        answers=parts.answers(written, compiler, brands),
        templates=parts.templates(written, compiler, brands),
        outcomes=parts.outcomes(written, compiler),
        caps=parts.caps(written, compiler),
        windows=parts.windows(written),
        intents=parts.intents(written, compiler),
        entities=parts.entities(written, compiler),
    )
