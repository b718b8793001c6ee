"""The demo: the whole story on the virtual clock, then its judges, then every twin on a home of its own."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from segue.bootstrap import Home
from segue.core.errors import InputError, MissingError
from segue.core.records.decisions import Decision
from segue.core.units import SECOND
from segue.runtime.clock import SystemClock
from segue.simulation import background
from segue.simulation.cast import accounts, members
from segue.simulation.crowd import run_crowd
from segue.simulation.happening import Happening
from segue.simulation.report import DemoReport, SceneReport, TwinReport, counts_of, decision_hash
from segue.simulation.scene import Findings, Scene, Twin, World
from segue.simulation.scenes import all_scenes
from segue.simulation.staging import Staged, played, twin_of
from segue.simulation.telling import DAYS, START

SECOND_TENANT = "second-tenant"
_CROWD_SCENE = 23


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the demo is.

    Attributes:
        phase: `story`, `second tenant` or `twins`.
        done: Virtual days or twins that are done, of `total`.
        what: The day or scene at hand.
    """

    phase: str
    done: int
    total: int
    what: str


def keep_quiet(_: Progress) -> None:
    """Tell nobody."""


async def run_demo(
    home: Path,
    *,
    progress: Callable[[Progress], None] = keep_quiet,
    on_decision: Callable[[Decision], None] | None = None,
    scenes: Sequence[int] | None = None,
    twins: bool = True,
) -> DemoReport:
    """Run the story in a new home, judge its scenes, and run their twins.

    Where the home holds a finished demo, nothing is run and its stored report is returned.

    Args:
        home: Made if missing.
        progress: Told after each virtual day and each twin.
        on_decision: Told each decision of the main story as it falls.
        scenes: Numbers of the scenes wanted, without everyday life around them; None is the whole story.
        twins: Whether twins are run.

    Raises:
        InputError: The directory holds other things.
        MissingError: There is no such scene.
    """
    wanted = _wanted(scenes)
    asked = {"scenes": [scene.number for scene in wanted], "whole": scenes is None, "twins": twins}
    stored = _stored(home, asked)
    if stored is not None:
        return stored
    stopwatch = _Stopwatch()
    staged = _whole_story(wanted) if scenes is None else _part(wanted)

    def watch(day: datetime, fell: Sequence[Decision]) -> None:
        for decision in fell if on_decision else ():
            on_decision(decision)  # type: ignore[misc]
        progress(Progress("story", (day - START).days, DAYS, f"{day:%d %b %Y}"))

    async with played(staged, home, watch, lambda: _write(home, {"asked": asked})) as world:
        stopwatch.lap("story")
        if any(scene.number == _CROWD_SCENE for scene in wanted):
            progress(Progress("second tenant", 0, 1, "5,000 accounts"))
            world = replace(world, crowd=await run_crowd(home / SECOND_TENANT))  # noqa: PLW2901
            stopwatch.lap("second tenant")
        reports = [_judged(scene, world) for scene in wanted]
        found = [accounts()[key] for key in staged.accounts]
        counts = counts_of(world, [p for account in found for p in members(account)], found)
        hashed = decision_hash(world.trail.decisions)
        main = {s.number: s.twin.observe(world) for s in wanted if s.twin is not None}
    if twins:
        reports = [await _with_twin(s, r, main, progress) for s, r in zip(wanted, reports, strict=True)]
        stopwatch.lap("twins")
    report = DemoReport(counts, stopwatch.laps(), tuple(reports), hashed)
    _write(home, {"asked": asked, "report": report.to_json()})
    return report


def _write(home: Path, told: Mapping[str, Any]) -> None:
    Home(home).story.write_text(json.dumps(told, indent=2, ensure_ascii=False), encoding="utf-8")


def _stored(home: Path, asked: Mapping[str, Any]) -> DemoReport | None:
    """The report of the same demo that was run here before, or None where nothing was."""
    file = Home(home).story
    if file.is_file():
        return _read(home, file, asked)
    if home.exists() and any(home.iterdir()):
        hint = "name another directory, or run it afresh with `--fresh`"
        raise InputError(f"`{home}` is not empty and holds no finished demo; {hint}")
    return None


def _read(home: Path, file: Path, asked: Mapping[str, Any]) -> DemoReport:
    again = "name another directory, or run it afresh with `--fresh`"
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        known, report = told["asked"], told.get("report")
        stored = DemoReport.from_json(report) if report else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"`{file}` is damaged and tells of no demo; {again}") from error
    if stored is None:
        raise InputError(f"the demo in `{home}` did not come to its end; {again}")
    if known != asked:
        raise InputError(f"`{home}` holds a demo of other scenes or twins than asked for; {again}")
    return stored


def _wanted(numbers: Sequence[int] | None) -> list[Scene]:
    known = {scene.number: scene for scene in all_scenes()}
    for number in numbers or ():
        if number not in known:
            raise MissingError(f"no scene `{number}`; there are {min(known)} to {max(known)}")
    return [scene for scene in known.values() if numbers is None or scene.number in numbers]


def _whole_story(scenes: Sequence[Scene]) -> Staged:
    return Staged(
        accounts=tuple(accounts()),
        happenings=[*background.happenings(), *_events(scenes)],
        past=True,
        everyday=background.people(),
    )


def _part(scenes: Sequence[Scene]) -> Staged:
    """Some scenes alone, with the accounts they need."""
    until = max((scene.usage_until for scene in scenes), default="")
    keys = dict.fromkeys(key for scene in scenes for key in scene.accounts)
    return Staged(
        accounts=tuple(keys) or background.EVERYDAY[:1],
        happenings=_events(scenes),
        past=True,
        usage_until=date.fromisoformat(until) if until else None,
    )


def _events(scenes: Sequence[Scene]) -> list[Happening]:
    return [event for scene in scenes if scene.events for event in scene.events(change=False)]


def _judged(scene: Scene, world: World) -> SceneReport:
    found = scene.judge(world) if scene.judge else Findings()
    if scene.waits_for:
        found.missing.append(scene.waits_for)
    return SceneReport(
        number=scene.number,
        name=scene.name,
        starred=scene.starred,
        passed=found.passed,
        evidence=tuple(found.evidence),
        missing="; ".join(found.missing),
        twin=None,
    )


async def _with_twin(
    scene: Scene, report: SceneReport, main: dict[int, str], progress: Callable[[Progress], None]
) -> SceneReport:
    """The report with its twin's; a twin that would see the same in the main story proves nothing."""
    if scene.twin is None:
        return report
    progress(Progress("twins", scene.number, max(main), scene.name))
    observed = await _observed(scene, scene.twin)
    twin = TwinReport(
        change=scene.twin.change,
        expected=scene.twin.expected,
        observed=observed,
        passed=observed == scene.twin.expected != main[scene.number],
    )
    return replace(report, twin=twin)


async def _observed(scene: Scene, twin: Twin) -> str:
    with TemporaryDirectory(prefix="segue-twin-") as place:
        async with played(twin_of(scene), Path(place) / "home") as world:
            if twin.hit:
                run = await run_crowd(Path(place) / SECOND_TENANT, twin.hit)
                return twin.observe(replace(world, crowd=run))
            return twin.observe(world)


class _Stopwatch:
    """Wall-clock seconds by phase."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._first = self._last = self._clock.now()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """A phase ended."""
        now = self._clock.now()
        self._laps[name] = round((now - self._last) / SECOND, 2)
        self._last = now

    def laps(self) -> dict[str, float]:
        """All phases, and the whole."""
        return {**self._laps, "total": round((self._clock.now() - self._first) / SECOND, 2)}
