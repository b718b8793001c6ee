"""`segue identity`: who is one person, said by a human: split, merge, and what either would change."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told
from segue.core.records.signals import Kind

if TYPE_CHECKING:
    from segue.bootstrap import IdentityPlan

app = typer.Typer(name="identity", help="Who is one person, and who is not.", no_args_is_help=True)

_One = Annotated[str, typer.Argument(help="An identifier of the one, such as `email:ann@x.io`.")]
_Other = Annotated[str, typer.Argument(help="An identifier of the other.")]
_MoreOne = Annotated[list[str] | None, typer.Option("--one", help="Another identifier of the one.")]
_MoreOther = Annotated[list[str] | None, typer.Option("--other", help="Another identifier of the other.")]
_By = Annotated[str, typer.Option(help="Who says so.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")]


@app.command()
def split(
    one: _One,
    other: _Other,
    more_one: _MoreOne = None,
    more_other: _MoreOther = None,
    by: _By = "operator",
    dry_run: _DryRun = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Say that what was taken for one person is two; no later signal joins them again."""
    sides = [one, *(more_one or ())], [other, *(more_other or ())]
    _judge(Kind.IDENTITY_SPLIT, sides, by, home, dry_run=dry_run, as_json=as_json)


@app.command()
def merge(
    one: _One,
    other: _Other,
    by: _By = "operator",
    dry_run: _DryRun = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Say that two people are one, whatever the rules say."""
    sides = [one], [other]
    _judge(Kind.IDENTITY_MERGE, sides, by, home, dry_run=dry_run, as_json=as_json)


@app.command()
def proposals(
    at_least: Annotated[float, typer.Option(min=0.0, max=1.0, help="Least chance of one person.")] = 0.5,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """List people who may be one, with the evidence for and against; nothing is merged."""
    from dataclasses import asdict

    from segue.bootstrap import read_home
    from segue.bootstrap.proposals import proposals as proposed

    with told(as_json=as_json), read_home(home) as readings:
        found = proposed(readings, at_least=at_least, limit=limit)
        if as_json:
            emit({"proposals": [asdict(item) for item in found]})
            return
        for item in found:
            typer.echo(f"{item.chance:7.1%}  {item.one}  {item.other}")
            for part in item.because:
                typer.echo(f"         {part.bits:+6.1f} bits  {part.field} {part.like}")
        if not found:
            typer.echo("nobody is like anybody else")


def _judge(
    kind: Kind,
    sides: tuple[list[str], list[str]],
    by: str,
    home: Path,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    from segue.bootstrap.public import public

    with told(as_json=as_json):
        plan = _planned(kind, sides, home) if dry_run else asyncio.run(_done(kind, sides, by, home))
        emit({**public(plan, ""), "done": not dry_run}) if as_json else _print(plan, dry_run=dry_run)


def _planned(kind: Kind, sides: tuple[list[str], list[str]], home: Path) -> "IdentityPlan":
    from segue.bootstrap import Home, plan_of, read_home, sides_of
    from segue.playbook import load

    rules = load(Home(home).playbook).settings.identity
    with read_home(home) as readings:
        return plan_of(readings, kind, *sides_of(readings, *sides), rules)


async def _done(kind: Kind, sides: tuple[list[str], list[str]], by: str, home: Path) -> "IdentityPlan":
    from segue.bootstrap import open_door

    async with open_door(home) as door:
        judge = door.app.split if kind is Kind.IDENTITY_SPLIT else door.app.merge
        return await judge(*sides, by=by)


def _print(plan: "IdentityPlan", *, dry_run: bool) -> None:
    from segue.core.units import to_datetime

    word = "would be" if dry_run else "is"
    if not plan.changes:
        typer.echo("nobody moves: that is how it is known already")
    if plan.merged_at is not None:
        typer.echo(f"one person since {to_datetime(plan.merged_at):%Y-%m-%d %H:%M} UTC")
    for side in plan.sides:
        typer.echo(f"person {side.person_id} {word}:")
        for namespace, name in side.identifiers:
            typer.echo(f"  {name if name.startswith(f'{namespace}:') else f'{namespace}: {name}'}")
        for profile in side.profiles:
            moves = "moves here" if profile.moves else "stays"
            typer.echo(
                f"  profile {profile.profile_id} ({profile.namespace or '?'}) {moves}, with all its signals; "
                f"{profile.while_merged} messages came while they were one"
            )
        for message in side.messages:
            typer.echo(f"  message {message.id} {to_datetime(message.at):%Y-%m-%d %H:%M} {message.channel}")
        for decision in side.decisions:
            mark = ", on a signal of the other" if decision.id in plan.between else ""
            at = f"{to_datetime(decision.at):%Y-%m-%d %H:%M}"
            typer.echo(f"  decision {decision.id} {at} {decision.action} ({decision.mode}){mark}")
    for namespace, name in plan.nobodys:
        typer.echo(f"of nobody among them: {name if name.startswith(namespace) else f'{namespace}: {name}'}")
