"""The effect ledger on a terminal: what failed, what nobody knows of, what waits."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from segue.bootstrap.public import public
from segue.cli.output import emit
from segue.core.records.context import LedgerRow
from segue.core.units import to_datetime


def show_effects(found: Sequence[LedgerRow], reporting: str, *, as_json: bool) -> None:
    """Print effects, newest first."""
    if as_json:
        emit({"effects": [public(row, reporting) for row in found]})
        return
    console = Console()
    for row in found:
        effect = row.effect
        at = to_datetime(effect.not_before).strftime("%Y-%m-%d %H:%M")
        what = f"{effect.connector}.{effect.verb} {effect.action}"
        console.print(
            f"[dim]{effect.id[:8]} {at}[/] {row.state:8} {escape(what):44} {escape(_last(row))} "
            f"[dim]decision {effect.decision_id[:8]}[/]",
            soft_wrap=True,
        )
    if not found:
        console.print("nothing failed, nothing is unknown, nothing waits")


def _last(row: LedgerRow) -> str:
    """How often it was tried, what was said last, and what happens next."""
    if not row.attempts:
        return "not tried yet"
    last = row.attempts[-1]
    tries = f"{len(row.attempts)} attempt{'s' if len(row.attempts) > 1 else ''}"
    if last.retry_at is not None and row.state in {"pending", "unknown"}:
        again = f"again at {to_datetime(last.retry_at):%Y-%m-%d %H:%M}"
    else:
        again = "only a human can tell" if row.state == "unknown" else ""
    return "; ".join(part for part in (tries, last.detail, again) if part)
