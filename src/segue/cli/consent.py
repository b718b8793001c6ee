"""`segue consent`: lists of who allows what, and of whom not to contact."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from segue.cli.output import DEFAULT_HOME, EXITS, HomeOption, JsonOption, emit, told
from segue.core.errors import ConflictError, InputError

if TYPE_CHECKING:
    from segue.bootstrap.consent_import import ImportReport, Moved

app = typer.Typer(
    name="consent", help="Lists of who allows what, and of whom not to contact.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Keep `import` a command of its own."""


@app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8, with a header.")],
    home: HomeOption = DEFAULT_HOME,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count, and keep nothing.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Keep the good lines of a bad file.")] = False,
    suppress: Annotated[
        bool,
        typer.Option("--suppress", help="A list of whom not to contact: channel and state may be left out."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Import a consent or suppression list; importing it again changes nothing."""
    with told(as_json=as_json):
        wishes = {"dry_run": dry_run, "skip_bad": skip_bad, "suppress": suppress}
        report = asyncio.run(_imported(home, file, wishes, _moved(as_json=as_json)))
        kept = not dry_run and (skip_bad or not report.bad)
        emit(_shown(report, kept=kept)) if as_json else _print(report, kept=kept, dry_run=dry_run)
        raise typer.Exit(_code(report, skip_bad=skip_bad))


def _code(report: "ImportReport", *, skip_bad: bool) -> int:
    """2: the file is bad and nothing was kept; 6: something else came under a line's key first; else 0."""
    exits = dict(EXITS)
    if report.bad and not skip_bad:
        return exits[InputError]
    return exits[ConflictError] if report.lost else 0


async def _imported(home: Path, file: Path, wishes: dict[str, bool], moved: "Moved") -> "ImportReport":
    from segue.bootstrap import open_door
    from segue.bootstrap.consent_import import import_consent

    async with open_door(home) as door:
        return await import_consent(door.app, file, moved=moved, **wishes)


def _moved(*, as_json: bool) -> "Moved":
    def tell(phase: str, lines: int) -> None:
        if not as_json and sys.stderr.isatty():
            sys.stderr.write(f"\r{phase} {lines:,} lines ")
            sys.stderr.flush()

    return tell


def _shown(report: "ImportReport", *, kept: bool) -> dict[str, Any]:
    return {
        "lines": report.lines,
        "bad": report.bad,
        "kept": kept,
        "accepted": report.accepted,
        "known": report.known,
        "lost": report.lost,
        "granted": _scopes(report.granted),
        "withdrawn": _scopes(report.withdrawn),
        "problems": [{"line": item.line, "message": item.message} for item in report.problems],
    }


def _scopes(counted: dict[tuple[str, str, str], int]) -> list[dict[str, Any]]:
    return [
        {"channel": channel, "brand": brand or "all", "purpose": purpose or "all", "lines": number}
        for (channel, brand, purpose), number in sorted(counted.items())
    ]


def _print(report: "ImportReport", *, kept: bool, dry_run: bool) -> None:
    for item in report.problems:
        typer.echo(f"line {item.line}: {item.message}", err=True)
    if (untold := report.bad + report.lost - len(report.problems)) > 0:
        typer.echo(f"... and {untold:,} more", err=True)
    for word, counted in (("granted", report.granted), ("withdrawn", report.withdrawn)):
        for row in _scopes(counted):
            where = f"{row['channel']}, brand {row['brand']}, purpose {row['purpose']}"
            typer.echo(f"{row['lines']:>9,} {word}: {where}")
    typer.echo(f"{report.lines:,} lines, {report.bad:,} bad, {report.known:,} known before")
    if kept:
        typer.echo(f"kept {report.accepted:,}" + (f", lost {report.lost:,}" if report.lost else ""))
    else:
        typer.echo("nothing was kept" + ("" if dry_run else "; mend the lines, or add `--skip-bad`"))
