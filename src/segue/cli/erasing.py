"""`segue erase`: forget a person, in the log and in every other file of a home."""

from typing import Annotated

import typer

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told


def erase(
    who: Annotated[str, typer.Argument(help="An identifier such as email:ann@x.io, or a person id.")],
    home: HomeOption = DEFAULT_HOME,
    yes: Annotated[str, typer.Option(help="The same once more: there is no way back.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Erase a person: their keys, and every word in every file; stop what runs the home first."""
    from dataclasses import asdict

    from segue.bootstrap.operations.erasing import erase as erase_person
    from segue.core.errors import InputError
    from segue.runtime.clock import SystemClock

    with told(as_json=as_json):
        if yes != who:
            raise InputError(f"there is no way back; say `--yes {who[:60]}` to erase that person")
        report = erase_person(home, who, SystemClock())
        if as_json:
            emit(asdict(report))
        else:
            typer.echo(
                f"erased a person of {report.profiles} profiles; {report.suppressed} opt-outs outlive them"
            )
