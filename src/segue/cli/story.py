"""`segue demo` on a terminal: progress, decisions as they fall, then what came of them, and the scenes."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from segue.bootstrap import remove_demo
from segue.cli.output import emit
from segue.cli.receipts import line
from segue.core.records.decisions import Decision
from segue.simulation import DemoReport, Progress, SceneReport, run_demo


def run(home: Path, *, scenes: Sequence[int] | None, twins: bool, fresh: bool, as_json: bool) -> None:
    """Run the story and print it."""
    if fresh:
        remove_demo(home)
    if as_json:
        report = asyncio.run(run_demo(home, scenes=scenes, twins=twins))
        emit(report.to_json())
        raise typer.Exit(0 if report.passed else 1)
    console = Console()
    columns = (TextColumn("{task.description:40}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("history")

        def moved(now: Progress) -> None:
            bar.update(task, description=f"{now.phase}: {now.what}", completed=now.done, total=now.total)

        def fell(decision: Decision) -> None:
            console.print(line(decision), soft_wrap=True)

        report = asyncio.run(run_demo(home, scenes=scenes, twins=twins, progress=moved, on_decision=fell))
    _show(console, report)
    raise typer.Exit(0 if report.passed else 1)


def _show(console: Console, report: DemoReport) -> None:
    if report.stored:
        console.print("this demo was run before; its home is as it was (`--fresh` runs it again)\n")
    counts = report.counts
    console.print("[bold]what happened[/]")
    for name in (
        "people",
        "accounts",
        "countries",
        "currencies",
        "brands",
        "signals",
        "decisions",
        "effects",
    ):
        console.print(f"  {name:12} {_told(counts.get(name))}", soft_wrap=True)
    console.print("\n[bold]what came of it[/]")
    for name in ("outcomes", "harms", "tools"):
        console.print(f"  {name:12} {_told(counts.get(name)) or 'none'}", soft_wrap=True)
    console.print("\n[bold]what was held back, and why[/]")
    for kind, tally in counts.get("held_back", {}).items():
        for name, number in sorted(tally.items(), key=lambda item: -item[1]):
            console.print(f"  {number:6} {kind.removeprefix('by_')} {escape(name)}")
    console.print("\n[bold]scenes[/]")
    for scene in report.scenes:
        console.print(_scene(scene), soft_wrap=True)
    took = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report.timings.items())
    console.print(f"\n[dim]{took}; decisions {report.decision_hash[:16]}[/]")


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)


def _scene(scene: SceneReport) -> str:
    sign = "[green]✓[/]" if scene.passed else "[yellow]…[/]"
    twin = scene.twin
    mirrored = "" if twin is None else (" [green]twin ✓[/]" if twin.passed else " [red]twin ✗[/]")
    detail = f"  [dim]{escape(scene.missing)}[/]" if scene.missing else ""
    return f"  {sign} {scene.number:2} {escape(scene.name)}{mirrored}{detail}"
