"""What commands print: one JSON object with `--json`, else readable lines; errors in one line each."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from segue.core.errors import (
    BusyError,
    ConflictError,
    InputError,
    IntegrityError,
    MissingError,
    SegueError,
)

EXITS: tuple[tuple[type[SegueError], int], ...] = (
    (InputError, 2),
    (MissingError, 3),
    (BusyError, 4),
    (IntegrityError, 5),
    (ConflictError, 6),
)
"""Exit code by what the caller does next; any other error exits 1."""

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="SEGUE_HOME", help="Home directory of the tenant.", show_default=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
DEFAULT_HOME = Path("home")


def emit(value: Any) -> None:  # noqa: ANN401 - JSON has no narrower type
    """Print a value as JSON."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


@contextmanager
def told(*, as_json: bool) -> Iterator[None]:
    """Turn the errors of the error tree into one line and an exit code; a closed pipe ends quietly."""
    try:
        yield
    except SegueError as error:
        if as_json:
            emit({"error": {"code": error.code, "message": str(error)}})
        else:
            sys.stderr.write(f"segue: {error}\n")
        raise typer.Exit(next((code for kind, code in EXITS if isinstance(error, kind)), 1)) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
