"""Commands of the operator: backup, restore, doctor, upgrade, reload, tenants; each a thin door."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told
from segue.core.errors import InputError

if TYPE_CHECKING:
    from segue.stores.copying import Progress

MARKS = {"ok": "[green]ok  [/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}
_LONG = 20_000
"""Of so many events on a copy says how far it is."""

_MASTER_KEY_HELP = "File with the master key, which no backup holds."


def register(app: typer.Typer) -> None:
    """Add the operator's commands."""
    for command in (backup, restore, doctor, upgrade, reload):
        app.command()(command)
    app.add_typer(tenant, name="tenant")


tenant = typer.Typer(help="Make, list and delete the tenants below one directory.", no_args_is_help=True)
TenantsOption = Annotated[
    Path, typer.Option("--tenants", envvar="SEGUE_TENANTS", help="Directory whose children are homes.")
]
DEFAULT_TENANTS = Path("tenants")


def backup(
    to: Annotated[Path, typer.Option(help="New directory for the encrypted log.")],
    keys_to: Annotated[Path, typer.Option(help="New directory elsewhere for wrapped keys and settings.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Back a home up to two places, also while it runs."""
    from dataclasses import asdict

    from segue.bootstrap.operations.backup import backup as back_up
    from segue.runtime.clock import SystemClock

    with told(as_json=as_json):
        report = back_up(home, to, keys_to, SystemClock(), _progress(quiet=as_json))
        if as_json:
            emit(asdict(report))
            return
        typer.echo(f"backup {report.backup[:8]} at log position {report.position}")
        typer.echo(f"  log   {report.log_bytes:>14,} bytes in {to}")
        typer.echo(f"  keys  {report.keys_bytes:>14,} bytes in {keys_to}, with {report.settings} settings")
        typer.echo(
            f"  keep {home / 'master.key'} in a third place: it is in neither, and nothing opens without"
        )
        if report.in_the_clear:
            typer.echo(
                f"  in the clear beside the keys: {', '.join(report.in_the_clear)}; encrypt that place"
            )
        if report.same_disk:
            typer.echo("  both places are on one disk: copy one of them elsewhere")


def restore(
    source: Annotated[Path, typer.Option("--from", help="Directory with the encrypted log.")],
    keys_from: Annotated[Path, typer.Option(help="Directory with the keys, of this backup or a later one.")],
    home: Annotated[Path, typer.Option("--home", help="New directory for the restored home.")],
    master_key: Annotated[
        Path | None, typer.Option(envvar="SEGUE_MASTER_KEY_FILE", help=_MASTER_KEY_HELP)
    ] = None,
    tombstones: Annotated[
        Path | None, typer.Option(help="Newer keys, or the lost home: whoever they erased stays erased.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a home out of both halves of a backup; what may have gone out since is asked about first."""
    from dataclasses import asdict

    from segue.bootstrap.operations.restore import restore as put_back
    from segue.runtime.clock import SystemClock

    with told(as_json=as_json):
        if master_key is None:
            raise InputError(
                "no master key; say `--master-key FILE`: it is `master.key` of the home that was backed up, "
                "and stands in no backup"
            )
        report = put_back(
            source, keys_from, home, master_key=master_key, clock=SystemClock(), tombstones=tombstones
        )
        if as_json:
            emit(asdict(report))
            return
        typer.echo(f"restored {home} to log position {report.position}, as of {report.made_at}")
        typer.echo(
            f"  {report.doubted} effects may have gone out since: they are looked up before anything is sent"
        )
        if report.forgotten:
            typer.echo(f"  {report.forgotten} profiles that were erased since are erased here too")
        if report.held:
            typer.echo(
                f"  held by the newer keys, but not under `hold` of the settings that were restored: "
                f"{', '.join(report.held)}; their words stay, name them there"
            )


def doctor(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Look at a home and the machine it runs on, also while it runs; exit 1 if something is wrong."""
    import os
    from dataclasses import asdict

    from segue.bootstrap.operations.doctor import examine
    from segue.runtime.clock import SystemClock

    with told(as_json=as_json):
        findings = examine(home, SystemClock(), os.environ)
        worst = next((state for state in ("fail", "warn") if any(f.state == state for f in findings)), "ok")
        if as_json:
            emit({"state": worst, "checks": [asdict(finding) for finding in findings]})
        else:
            console = Console()
            for finding in findings:
                hint = f"; {escape(finding.hint)}" if finding.hint else ""
                console.print(
                    f"{MARKS[finding.state]} [bold]{finding.check}[/]: {escape(finding.said)}{hint}",
                    soft_wrap=True,
                    highlight=False,
                )
        raise typer.Exit(1 if worst == "fail" else 0)


def upgrade(
    home: HomeOption = DEFAULT_HOME,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Put back the log as it was before the last upgrade.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring a home's log to this version, keeping a copy; stop what runs it first."""
    from dataclasses import asdict

    from segue.bootstrap.operations.upgrade import roll_back
    from segue.bootstrap.operations.upgrade import upgrade as bring_up
    from segue.runtime.clock import SystemClock

    with told(as_json=as_json):
        report = roll_back(home) if rollback else bring_up(home, SystemClock())
        if as_json:
            emit(asdict(report))
        else:
            typer.echo(report.said)


def reload(
    home: HomeOption = DEFAULT_HOME,
    timeout_s: Annotated[float, typer.Option("--timeout", help="How long to wait, in seconds.")] = 10.0,
    as_json: JsonOption = False,
) -> None:
    """Have the running server put the changed playbook in force; a bad one leaves the old one running."""
    import asyncio

    from segue.bootstrap.operations.reloading import ask_to_reload
    from segue.runtime.clock import SystemClock

    with told(as_json=as_json):
        playbook = asyncio.run(ask_to_reload(home, SystemClock(), timeout_s))
        if as_json:
            emit({"playbook": playbook})
        else:
            typer.echo(f"playbook {playbook[:8]} is in force")


@tenant.command()
def create(
    name: Annotated[str, typer.Argument(help="Small letters, digits and hyphens.")],
    tenants: TenantsOption = DEFAULT_TENANTS,
    library: Annotated[str, typer.Option(help="Bundled playbook to start from, or a directory.")] = "saas",
    as_json: JsonOption = False,
) -> None:
    """Make a tenant: a home of its own."""
    from segue.bootstrap.operations.tenants import create_tenant

    with told(as_json=as_json):
        made = create_tenant(tenants, name, library=Path(library) if Path(library).is_dir() else library)
        if as_json:
            emit({"tenant": name, "home": str(made.path)})
        else:
            typer.echo(f"made {made.path}")


@tenant.command("list")
def list_(tenants: TenantsOption = DEFAULT_TENANTS, as_json: JsonOption = False) -> None:
    """List the tenants and who runs them."""
    from dataclasses import asdict

    from segue.bootstrap.operations.tenants import list_tenants

    with told(as_json=as_json):
        found = list_tenants(tenants)
        if as_json:
            emit({"tenants": [asdict(item) for item in found]})
            return
        for item in found:
            state = f"run by process {item.run_by}" if item.run_by else "at rest"
            typer.echo(f"{item.name:32} {item.problem or state}")
        if not found:
            typer.echo("no tenants")


@tenant.command()
def delete(
    name: Annotated[str, typer.Argument(help="The tenant.")],
    tenants: TenantsOption = DEFAULT_TENANTS,
    yes: Annotated[str, typer.Option(help="The name once more: there is no way back.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Delete a tenant: its keys first, so that no copy of the log can be read, then its files."""
    from segue.bootstrap.operations.tenants import delete_tenant

    with told(as_json=as_json):
        delete_tenant(tenants, name, yes=yes)
        if as_json:
            emit({"deleted": name})
        else:
            typer.echo(f"deleted {name}; destroy its backed-up keys and master key as well")


def _progress(*, quiet: bool) -> "Progress":
    """Say how far a long copy is, on standard error, at most once per tenth."""
    told_last: dict[str, int] = {}

    def tell(what: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if not quiet and total > _LONG and told_last.get(what) != tenth:
            told_last[what] = tenth
            typer.echo(f"{what}: {done:,} of {total:,}", err=True)

    return tell
