"""Effects on a terminal: list what failed, is unknown or waits, and say what became of what nobody knew."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segue.cli.output import DEFAULT_HOME, HomeOption, JsonOption, emit, told

if TYPE_CHECKING:
    from segue.runtime.admission import Accepted

app = typer.Typer(name="effects", help="List effects that somebody may want to look into, and settle them.")


@app.callback(invoke_without_command=True)
def effects(
    context: typer.Context,
    home: HomeOption = DEFAULT_HOME,
    state: Annotated[str, typer.Option(help="failed, unknown, pending, ...; empty is these three.")] = "",
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1, max=10_000)] = 50,
    as_json: JsonOption = False,
) -> None:
    """List effects that failed, of which nobody knows, or that wait."""
    if context.invoked_subcommand is not None:
        source = context.get_parameter_source("home")
        if source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter(f"write `--home` behind `{context.invoked_subcommand}`")
        return
    from segue.bootstrap import read_home
    from segue.cli.ledger import show_effects

    with told(as_json=as_json), read_home(home) as readings:
        show_effects(readings.effects(state, limit=limit), readings.reporting, as_json=as_json)


@app.command()
def settle(
    effect_id: Annotated[str, typer.Argument(help="Id of an unknown effect, or the beginning of one.")],
    word: Annotated[str, typer.Option("--as", help="What you found in the tool: `happened` or `did_not`.")],
    by: Annotated[str, typer.Option(help="Who looked, for example `rep:anna`.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Say what became of an effect nobody knows of; where a server runs the home, use its pages or API."""
    with told(as_json=as_json):
        found, receipt = asyncio.run(_settled(home, effect_id, word, by))
        if as_json:
            emit({"effect": found, "signal": receipt.id, "state": receipt.state})
        else:
            typer.echo(f"effect {found[:8]} is settled as `{word}`")


async def _settled(home: Path, beginning: str, word: str, by: str) -> "tuple[str, Accepted]":
    from segue.bootstrap import open_door

    async with open_door(home) as door:
        effect_id = door.app.unknown_effect(beginning)
        return effect_id, await door.app.settle_effect(effect_id, word, by)
