"""The promise ledger on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from segue.bootstrap.promised import PromiseLine
from segue.bootstrap.public import public
from segue.cli.output import emit
from segue.core.units import to_datetime


def show_promises(found: Sequence[PromiseLine], *, as_json: bool) -> None:
    """Print promises, the newest first."""
    if as_json:
        emit({"promises": [public(line, "") for line in found]})
        return
    console = Console()
    for line in found:
        due = f" by {to_datetime(line.due_at):%Y-%m-%d %H:%M}" if line.due_at else ""
        what = f"{line.who}: {line.what.replace('_', ' ')}{due}"
        said = f'said {to_datetime(line.said_at):%Y-%m-%d} by {line.by} "{line.words}"'
        console.print(
            f"[dim]{line.person_id[:8]}[/] {line.state:9} {escape(what)} [dim]{escape(said)}[/]",
            soft_wrap=True,
        )
    if not found:
        console.print("nothing was promised")
