"""One authored file outside the playbook directory, such as settings of the doors, read and checked alike."""

from pathlib import Path
from typing import TypeVar

from segue.core.errors import PlaybookError
from segue.playbook.problems import PlaybookErrors
from segue.playbook.validating import validate
from segue.playbook.yamlfile import read

T = TypeVar("T")


def read_form(path: Path, form: type[T]) -> T:
    """Read one YAML file into a form.

    Args:
        path: The file; it exists.
        form: A pydantic model.

    Raises:
        PlaybookErrors: Everything that is wrong with it, each with file, line, column and a suggestion.
    """
    problems: list[PlaybookError] = []
    try:
        document = read(path.read_bytes(), path.name)
    except PlaybookError as error:
        raise PlaybookErrors([error]) from error
    except OSError as error:
        unreadable = PlaybookError(f"cannot be read: {error.strerror}", file=path.name)
        raise PlaybookErrors([unreadable]) from error
    found = validate(document, form, problems)
    if found is None or problems:
        raise PlaybookErrors(problems)
    return found
