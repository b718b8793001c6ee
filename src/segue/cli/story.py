"""`segue demo` on a terminal: progress, decisions as they fall, then what came of them, and the scenes."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from segue.cli.output import emit
from segue.cli.receipts import line
from segue.core.records.decisions import Decision
from segue.simulation import DemoReport, Progress, run_demo


def run(home: Path, *, scenes: Sequence[int] | None, twins: bool, as_json: bool) -> None:
    """Run the story and print it."""
    if as_json:
        emit(asyncio.run(run_demo(home, scenes=scenes, twins=twins)).to_json())
        return
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


def _show(console: Console, report: DemoReport) -> None:
    told: dict[str, Any] = report.to_json()
    for title in ("counts", "outcomes", "held_back", "timings"):
        console.print(f"\n[bold]{title.replace('_', ' ')}[/]")
        for name, value in told.get(title, {}).items():
            console.print(f"  {escape(str(name)):44} {escape(str(value))}")
    console.print("\n[bold]scenes[/]")
    for scene in told["scenes"]:
        console.print(_scene(scene), soft_wrap=True)


def _scene(scene: dict[str, Any]) -> str:
    sign = "[green]✓[/]" if scene["passed"] else "[yellow]…[/]"
    twin = scene.get("twin")
    mirrored = "" if not twin else (" [green]twin ✓[/]" if twin["passed"] else " [red]twin ✗[/]")
    missing = scene["missing"] if isinstance(scene["missing"], str) else "; ".join(scene["missing"])
    detail = f"  [dim]{escape(missing)}[/]" if missing else ""
    return f"  {sign} {scene['number']:2} {escape(scene['name'])}{mirrored}{detail}"
