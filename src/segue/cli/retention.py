"""`segue retention`: what was kept for long enough, by class of data, and letting it go."""

from typing import TYPE_CHECKING, Annotated

import typer

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told

if TYPE_CHECKING:
    from segue.bootstrap.operations.retention import ClassReport


def retention(
    home: HomeOption = DEFAULT_HOME,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would go; works beside a running server.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Let go of what was kept for long enough; there is no way back. A running server does so by itself."""
    from segue.bootstrap.operations.retention import retain
    from segue.bootstrap.public import public
    from segue.runtime.clock import SystemClock

    with told(as_json=as_json):
        report = retain(home, SystemClock(), dry_run=dry_run)
        if as_json:
            emit(public(report, ""))
            return
        for name, one in report.classes.items():
            typer.echo(f"{name.replace('_', ' '):12} {_line(one, dry_run=dry_run)}")
        if any(one.before_at is not None for one in report.classes.values()):
            word = "would lose" if dry_run else "lost"
            typer.echo(
                f"{report.changed:,} events in all {word} something; one may be counted by several classes"
            )
        if report.held:
            typer.echo(f"{report.held:,} events stay: they are of people whose data is held")
        for name in report.unknown:
            typer.echo(
                f"nobody is known as `{name}` under `hold`: nothing goes until it is mended or taken out"
            )
        if report.waits:
            typer.echo(f"{report.waits:,} events stay for now: something in them is still to be done")


def _line(one: "ClassReport", *, dry_run: bool) -> str:
    from segue.core.units import to_datetime

    if one.days is None or one.before_at is None:
        return "kept for ever"
    word = "would lose" if dry_run else "lost"
    return (
        f"kept {one.days} days: {one.events:,} events before {to_datetime(one.before_at):%Y-%m-%d} {word} it"
    )
