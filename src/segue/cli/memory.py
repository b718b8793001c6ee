"""A memory card on a terminal: what is known of a person, where each item comes from, how to correct it."""

import asyncio
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape

from segue.bootstrap.memories import GROUPS, Item, MemoryCard
from segue.bootstrap.public import public
from segue.cli.output import emit
from segue.cli.written import written
from segue.core.errors import InputError
from segue.core.units import PPM, to_datetime
from segue.runtime.clock import SystemClock

if TYPE_CHECKING:
    from segue.bootstrap.correcting import Correction
    from segue.runtime.admission import Accepted

_HUNDRED = 100


def show_memory(card: MemoryCard, *, as_json: bool) -> None:
    """Print a memory card, and what was recalled where something was asked."""
    if as_json:
        emit(public(card, ""))
        return
    console = Console()
    console.print(f"[bold]{escape(card.person_id)}[/]")
    console.print(f"[dim]{card.kept.sentence_at(SystemClock().now())}[/]", soft_wrap=True)
    for group, items in groupby(card.items, key=lambda item: item.group):
        console.print(f"[bold]{GROUPS[group]}[/]")
        for item in items:
            console.print(f"  {escape(_line(item))}", soft_wrap=True)
            told = f"since {to_datetime(item.valid_from):%Y-%m-%d}, from {_source(item)}; {item.correct}"
            console.print(f"    [dim]{escape(told)}[/]", soft_wrap=True)
    for found in card.recalled:
        where = f"{found.at:%Y-%m-%d %H:%M} {found.channel} {found.by}"
        console.print(f"  [dim]{escape(where)}[/] {escape(found.text[:200])}", soft_wrap=True)


def correct_item(
    home: Path,
    who: str,
    correct: tuple[str, str] | None,
    forget: str,
    named: Mapping[str, str],
    *,
    as_json: bool,
) -> None:
    """Correct an item or have it forgotten; where a server runs the home, use its pages or API.

    Raises:
        InputError: Both were asked for, nobody says who or why, or the item cannot be corrected.
    """
    from segue.bootstrap.correcting import Correction

    if correct and forget:
        raise InputError("write `--correct` or `--forget`, not both")
    predicate, value = correct or (forget, None)
    receipt = asyncio.run(_corrected(home, who, Correction(predicate, value, **named)))
    if as_json:
        emit({"signal": receipt.id, "state": receipt.state, "item": predicate})
    else:
        typer.echo(f"`{predicate}` is {'corrected' if correct else 'forgotten'}")


async def _corrected(home: Path, who: str, said: "Correction") -> "Accepted":
    from segue.bootstrap import open_door

    async with open_door(home) as door:
        return await door.app.correct(who, said)


def _line(item: Item) -> str:
    qualifier = f"[{item.qualifier}]" if item.qualifier else ""
    value: Any = item.value
    if item.state:
        due = "" if not value else f" by {to_datetime(int(value)):%Y-%m-%d %H:%M}"
        return f"{item.predicate}{qualifier}: {item.state}{due}"
    sure = f", {item.confidence_ppm * _HUNDRED // PPM}%" if item.confidence_ppm < PPM else ""
    return f"{item.predicate}{qualifier} = {written(item.predicate, value)} ({item.trust}{sure})"


def _source(item: Item) -> str:
    words = f' "{item.words}"' if item.words else ""
    return f"{item.source} {item.source_id}{words}".strip() or "a source that is gone"
