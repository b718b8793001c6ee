"""`segue vectors`: how many messages have token vectors for recall, and making those that are missing."""

from typing import Annotated

import typer

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told


def vectors(
    home: HomeOption = DEFAULT_HOME,
    fill: Annotated[
        bool, typer.Option("--fill", help="Make those that are missing, in a home that nothing runs.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Count token vectors, or make those that are missing; cut off, it goes on where it was."""
    from dataclasses import asdict

    from rich.console import Console
    from rich.progress import Progress

    from segue.bootstrap.operations import vectors as operation

    with told(as_json=as_json):
        if fill:
            with Progress(console=Console(stderr=True), transient=True, disable=as_json) as shown:
                task = shown.add_task("token vectors", total=None)
                report = operation.fill(
                    home, lambda kept, total: shown.update(task, completed=kept, total=total)
                )
        else:
            report = operation.vectors_of(home)
        if as_json:
            emit(asdict(report))
            return
        of_all = f"{report.kept:,} of {report.messages:,} messages have token vectors"
        switch = "recall uses them" if report.switched_on else "recall goes by words alone"
        typer.echo(f"{of_all}, {report.bytes / 1024**2:,.1f} MB; {switch}")
