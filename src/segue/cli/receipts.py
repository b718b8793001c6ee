"""Receipts on a terminal: one line a decision, and the whole story of one."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from segue.bootstrap.public import money, public
from segue.bootstrap.recollecting import public_receipt, recollected
from segue.cli.output import emit
from segue.core.ports import Receipt
from segue.core.records.decisions import Considered, Decision
from segue.core.records.effects import Approval
from segue.core.units import to_datetime

MARKS = {
    "act": "[green]→[/]",
    "allow": "[green]✓[/]",
    "approve": "[yellow]?[/]",
    "hold": "[yellow]‖[/]",
    "deny": "[red]✗[/]",
    "nothing": "[dim]·[/]",
    "draft": "[cyan]✎[/]",
    "shadow": "[dim]☾[/]",
}
"""One sign per mode, for lists."""


def line(decision: Decision) -> str:
    """One decision in one line, as Rich markup."""
    at = to_datetime(decision.at).strftime("%Y-%m-%d %H:%M")
    what = f"{decision.play or decision.question}: {decision.action}"
    return f"{MARKS[decision.mode]} [dim]{at}[/] {escape(what):44} {escape(decision.because)}"


def show_decisions(found: Sequence[tuple[int, Decision]], reporting: str, *, as_json: bool) -> None:
    """Print decisions, newest first."""
    if as_json:
        rows = [{"position": seq, **public(decision, reporting)} for seq, decision in found]
        emit({"decisions": rows, "next_before": found[-1][0] if found else None})
        return
    console = Console()
    for _, decision in found:
        console.print(f"[dim]{decision.id[:8]}[/] {line(decision)}", soft_wrap=True)
    if not found:
        console.print("no decisions")


def show_approvals(found: Sequence[Approval], reporting: str, *, as_json: bool) -> None:
    """Print approvals, the most valuable first."""
    if as_json:
        emit({"approvals": [public(item, reporting) for item in found]})
        return
    console = Console()
    for item in found:
        worth = money(item.value_micro, reporting)
        console.print(f"{item.id[:8]} {worth:>16}  {item.play}: {item.action}  {escape(item.because)}")
    if not found:
        console.print("nothing waits")


def show_receipt(receipt: Receipt, reporting: str, *, as_json: bool) -> None:
    """Print everything about one decision."""
    if as_json:
        emit(public_receipt(receipt, reporting))
        return
    console = Console()
    decision = receipt.decision
    console.print(f"[bold]{escape(decision.action)}[/] ({decision.mode}): {escape(decision.because)}")
    console.print(f"  decision {decision.id} at {to_datetime(decision.at).isoformat()} in {decision.lane}")
    signal = receipt.signal
    console.print(f"\n[bold]signal[/] {signal.kind} from {signal.source} ({signal.source_id})")
    console.print(f"  {escape(str(signal.body))}")
    if receipt.percept is not None:
        intents = ", ".join(f"{i.label} {i.p_ppm / 1e6:.2f}" for i in receipt.percept.intents) or "no intent"
        console.print(f"\n[bold]percept[/] {receipt.percept.decision}: {intents}; {receipt.percept.mood}")
    for one in recollected(receipt):
        where = f"{one.channel} of {to_datetime(one.at):%Y-%m-%d}, message {one.message_id}, {one.by}"
        console.print(f"  [dim]recalled[/] {escape(where)}: {escape(one.text[:120])}")
    console.print("\n[bold]facts used[/]")
    for fact in decision.facts:
        console.print(f"  {fact.name} = {escape(str('unknown' if fact.value is None else fact.value))}")
    console.print(_candidates(decision, reporting))
    _show_ledger(console, receipt)
    console.print(f"\n[dim]engine {decision.engine[:16]}; draws {dict(decision.draws)}[/]")


def _candidates(decision: Decision, reporting: str) -> Table:
    table = Table(title="candidates", title_justify="left", header_style="bold")
    for column in ("action", "play", "dropped at", "because", "score", "policies"):
        table.add_column(column, overflow="fold")
    for item in decision.considered:
        chosen = item.candidate.id == decision.chosen
        policies = "; ".join(f"{m.rule} ({m.then})" for m in item.verdict.matches)
        table.add_row(
            f"[green]{escape(item.candidate.action)}[/]" if chosen else escape(item.candidate.action),
            item.candidate.play,
            "chosen" if chosen else item.dropped_at,
            escape(item.because),
            _score(item, reporting),
            escape(policies),
        )
    return table


def _score(item: Considered, reporting: str) -> str:
    if item.score is None:
        return ""
    parts = [f"{name} {money(amount, reporting)}" for name, amount in item.score.items]
    return "\n".join([*parts, f"= {money(item.score.total, reporting)}"])


def _show_ledger(console: Console, receipt: Receipt) -> None:
    for row in receipt.ledger:
        effect = row.effect
        console.print(f"\n[bold]{effect.connector}.{effect.verb}[/] {row.state} (key {effect.id})")
        for name, value in effect.arguments.items():
            console.print(f"  {name}: {escape(str(value))}")
        for attempt in row.attempts:
            console.print(f"  attempt {attempt.number}: {attempt.state} {attempt.reference} {attempt.detail}")
    for approval in receipt.approvals:
        console.print(f"\n[bold]approval[/] {approval.status} {approval.by}")
    for outcome in receipt.outcomes:
        console.print(f"\n[bold]outcome[/] {outcome.name}")
