"""`segue export` and `segue import`: everything known of a person as JSON Lines, and into another home."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told


def export(
    who: Annotated[str, typer.Argument(help="An identifier such as email:ann@x.io, or a person id.")],
    home: HomeOption = DEFAULT_HOME,
    to: Annotated[Path | None, typer.Option(help="File to write; the terminal if not given.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write everything known of a person as JSON Lines: signals, facts, decisions, effects, outcomes."""
    from segue.bootstrap import read_home
    from segue.bootstrap.operations.exporting import export_person
    from segue.runtime.clock import SystemClock

    with told(as_json=as_json), read_home(home) as readings:
        lines = list(export_person(readings, who, SystemClock().now()))
        content = b"".join(line + b"\n" for line in lines)
        if to is None:
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
            return
        _write(to, content)
        if as_json:
            emit({"to": str(to), "events": len(lines) - 1})
        else:
            typer.echo(f"wrote {len(lines) - 1} events to {to}; it holds personal data in the clear")


def import_(
    file: Annotated[Path, typer.Argument(help="What `segue export` wrote.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Take a person over from another home; stop what runs this one first."""
    from dataclasses import asdict

    from segue.bootstrap import Home
    from segue.bootstrap.operations.importing import import_person
    from segue.core.errors import InputError
    from segue.runtime.clock import SystemClock
    from segue.stores import SqliteStore

    with told(as_json=as_json):
        try:
            lines = file.read_bytes().splitlines()
        except OSError as error:
            raise InputError(f"cannot read `{file}`: {error.strerror}") from error
        place = Home(home)
        store = SqliteStore.open(place.path, master_key=place.master_key())
        try:
            report = import_person(store, lines, SystemClock().now())
        finally:
            store.close()
        if as_json:
            emit(asdict(report))
        else:
            typer.echo(
                f"took over {report.person}: {report.events} events, {report.ended} open matters ended"
            )


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read."""
    from segue.core.errors import InputError

    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"cannot write `{path}`: {error.strerror}") from error
