"""A memory card on a terminal: what is known of a person, where each item comes from, how to correct it."""

from typing import Any

from rich.console import Console
from rich.markup import escape

from segue.bootstrap.memories import Item, MemoryCard
from segue.bootstrap.public import public
from segue.cli.output import emit
from segue.core.units import to_datetime


def show_memory(card: MemoryCard, *, as_json: bool) -> None:
    """Print a memory card, and what was recalled where something was asked."""
    if as_json:
        emit(public(card, ""))
        return
    console = Console()
    console.print(f"[bold]{escape(card.person_id)}[/]")
    for item in card.items:
        console.print(f"  {escape(_line(item))}", soft_wrap=True)
        console.print(f"    [dim]from {escape(_source(item))}; {escape(item.correct)}[/]", soft_wrap=True)
    for found in card.recalled:
        where = f"{found.at:%Y-%m-%d %H:%M} {found.channel} {found.by}"
        console.print(f"  [dim]{escape(where)}[/] {escape(found.text[:200])}", soft_wrap=True)


def _line(item: Item) -> str:
    qualifier = f"[{item.qualifier}]" if item.qualifier else ""
    value: Any = item.value
    if item.state:
        due = "" if not value else f" by {to_datetime(int(value)):%Y-%m-%d %H:%M}"
        return f"{item.predicate}{qualifier}: {item.state}{due}"
    return f"{item.predicate}{qualifier} = {value} ({item.trust})"


def _source(item: Item) -> str:
    words = f' "{item.words}"' if item.words else ""
    return f"{item.source} {item.source_id}{words}".strip() or "a source that is gone"
